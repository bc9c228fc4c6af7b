"""Tests of an operator's own questions, and of what a folder is refused for."""

from pathlib import Path

import neo4j
import pytest

from service.errors import BadUserInput
from service.generate import ROOT
from service.graphql.plan.limits import Limits
from service.http.app import create_app
from service.questions.document import RESERVED, read_question
from service.questions.folder import read_questions
from service.settings import Settings
from tests.pages import blocks
from tests.querying import SCHEMA
from tests.serving import client_of

OWN = """\
# title: People
# description: People by name.
# $letters: How the name begins.
query People($letters: String, $kinds: [ID!]) {
  people(where: { name: { startsWith: $letters }, id: { in: $kinds } }) { nodes { name } }
}
"""


async def test_an_operator_adds_questions_in_a_folder(
    article: neo4j.Driver, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "people.graphql").write_text(OWN, "utf-8")
    own = settings.model_copy(update={"questions": tmp_path})
    async with client_of(create_app(own)) as one:
        found = await one.get("/q/people.csv?letters=chad")
        assert found.text == "name\r\nChad Bown\r\n"
        several = await one.get("/q/people.csv?kinds=person:chad-bown&kinds=person:gary-cohn")
        assert sorted(several.text.split("\r\n")) == ["", "Chad Bown", "Gary Cohn", "name"]
        assert "q/people" in (await one.get("/")).text


def test_the_example_of_the_documentation_is_a_question_with_a_feed() -> None:
    (block,) = (one for one in blocks(ROOT / "docs/operator/questions.md") if one.name)
    question = read_question(SCHEMA._schema, "people", block.text, Limits())
    assert [one.name for one in question.columns] == ["name", "statements"]
    assert question.formats == ("json", "csv", "atom")
    assert question.paging


PROBLEMS = {
    "Bad_Name": (OWN, "its name has to be of small letters"),
    "no-title": (OWN.partition("\n")[2], "its header has no title"),
    "no-header": ("# a note\n{ people { nodes { name } } }", "begins with 'a note'"),
    "wrong-field": ("# title: x\n{ peple { nodes { name } } }", "Cannot query field"),
    "syntax": ("# title: x\n{ people { nodes { name } }", "Syntax Error"),
    "two": ("# title: x\nquery A { __typename } query B { __typename }", "one operation, a query"),
    "no-list": ('# title: x\n{ person(id: "x") { name } }', "has no list"),
    "rows": ("# title: x\n# rows: issues\n{ people { nodes { name } } }", "selected as issues"),
    "scalar": ('# title: x\n# rows: node\n{ node(id: "x") { id } }', "node is no list"),
    "columns": ("# title: x\n# columns: age\n{ people { nodes { name } } }", "selected as age"),
    "twice": (
        "# title: x\n# columns: name as a, id as a\n{ people { nodes { id name } } }",
        "two columns a; give one an alias",
    ),
    "reserved": (
        "# title: x\nquery ($version: Int) { people(first: $version) { nodes { name } } }",
        "$version is the name of a parameter of every question; rename it",
    ),
    "as-of": ("# title: x\nquery @asOf { people { nodes { name } } }", "has @asOf"),
    "input": (
        "# title: x\nquery ($where: PersonWhere) { people(where: $where) { nodes { name } } }",
        "$where is an input object",
    ),
    "no-example": (
        "# title: x\nquery ($id: ID!) { node(id: $id) { evidence: history { version } } }",
        "$id has to be given, so its line in the header needs an Example:",
    ),
    "strange": ("# title: x\n# $id: An id.\n{ people { nodes { name } } }", "$id is in the header"),
}


def test_all_problems_of_a_folder_are_reported_at_once(tmp_path: Path) -> None:
    for name, (text, _) in PROBLEMS.items():
        (tmp_path / f"{name}.graphql").write_text(text, "utf-8")
    with pytest.raises(BadUserInput) as raised:
        read_questions(SCHEMA._schema, Limits(), tmp_path)
    said = dict(one.split(": ", 1) for one in str(raised.value).split(": ", 1)[1].split(" | "))
    assert set(said) == {f"{name}.graphql" for name in PROBLEMS}
    for name, (_, message) in PROBLEMS.items():
        assert message in said[f"{name}.graphql"], said[f"{name}.graphql"]
    with pytest.raises(BadUserInput, match="PARLEY_QUESTIONS: there is no folder"):
        read_questions(SCHEMA._schema, Limits(), tmp_path / "absent")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_reserved_name_is_that_of_a_variable(name: str) -> None:
    used = f"people(where: {{ name: {{ startsWith: ${name} }} }}) {{ nodes {{ name }} }}"
    text = f"# title: x\nquery (${name}: String) {{ {used} }}"
    with pytest.raises(ValueError, match="is the name of a parameter of every question"):
        read_question(SCHEMA._schema, "x", text, Limits())
