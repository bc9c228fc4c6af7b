"""Tests that adding a value type takes one row in each folder, with durations as an example.

Only the rows below name durations. They are checked, stored with a derived column, filtered,
ordered, grouped and shown.
"""

import re
from pathlib import Path
from typing import Annotated

import neo4j
import pytest
from graphql import print_type

from graph_seed import check, cite, ensure_schema, load
from graph_seed.values import ValueProblem
from graph_seed.values import value_types as in_facts
from schema import scalars
from schema.build import build_vocabulary
from schema.declare import INDEXED
from schema.domain import DECLARATIONS, DOMAIN
from schema.lint import lint
from schema.nodes import Fact
from schema.vocabulary import Vocabulary
from service.composition import make_engine
from service.db.database import Database
from service.graphql.types import scalars as in_graphql
from service.graphql.types.schema import make_schema
from service.query import value_types as in_queries
from service.query.operators import EQUALITY, Operator
from service.settings import Settings
from tests.conftest import DATABASE, clear


class Duration(str):
    """A number of days or weeks, as ISO 8601 writes it: `P3W`."""

    __slots__ = ()


DAYS = "Days"
DURATION = scalars.Scalar(
    "Duration", Duration, "A number of days or weeks: `P3W`.", derived=(DAYS,), order=DAYS
)


def days_of(text: object) -> int:
    found = re.fullmatch(r"P([0-9]{1,4})([DW])", str(text))
    if found is None:
        raise ValueProblem("write days or weeks, as in P3W")
    return int(found[1]) * (7 if found[2] == "W" else 1)


def parse_duration(text: object) -> str:
    days_of(text)
    return str(text)


def text_of(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


LONGER = Operator(
    "longerThan", "{days} > {v}", "Longer than this.", values=lambda v: {"v": days_of(v)}
)


@pytest.fixture
def with_durations(monkeypatch: pytest.MonkeyPatch) -> Vocabulary:
    """Give each table its row, and return a vocabulary with a property of this type."""
    monkeypatch.setitem(scalars.BY_PYTHON, Duration, DURATION)
    monkeypatch.setitem(
        in_facts.VALUE_TYPES,
        DURATION,
        in_facts.FactValueType(
            parse_duration,
            lambda value: isinstance(value, str) and bool(days_of(value)),
            {"type": "string"},
            derive=lambda name, value: {name + DAYS: days_of(value)},
        ),
    )
    monkeypatch.setitem(
        in_queries.VALUE_TYPES,
        DURATION,
        in_queries.ValueType(
            (*EQUALITY, LONGER), text_of, lambda key: key, "Duration", is_text=True
        ),
    )
    monkeypatch.setitem(
        in_graphql.GRAPHQL_TYPES,
        DURATION,
        in_graphql.GraphQLType(DURATION.name, DURATION.name, parse_duration),
    )

    class Recess(Fact, kind="recess", plural="recesses", caption="a recess of {lasted}"):
        """A recess of talks, which lasts for some time."""

        lasted: Annotated[Duration, "How long it lasted: `P3W`.", INDEXED]

    return lint(build_vocabulary([*DECLARATIONS, Recess]))


BODY = """
source: {id: source:recesses, type: invented}
facts:
- {recess: short, lasted: P3D, find: three days}
- {recess: long, lasted: P2W, find: two weeks}
- {recess: middle, lasted: P9D, find: nine days}
"""
TEXT = "Invented: the talks rested for three days, then two weeks, then nine days.\n"
ASKED = """{
  recesses(where: {lasted: {longerThan: "P1W"}}, orderBy: [{lasted: DESC}], first: 1) {
    nodes { lasted caption }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
  all: recesses(orderBy: [{lasted: ASC}]) {
    nodes { lasted }
    aggregate { lasted { count countDistinct } }
    groupBy(by: {lasted: true}, orderBy: {key: ASC}) { key { value } count }
  }
}"""


async def test_a_value_type_is_one_row_in_each_room(
    empty: neo4j.Driver, settings: Settings, tmp_path: Path, with_durations: Vocabulary
) -> None:
    path = tmp_path / "recesses.yaml"
    path.write_text(BODY.replace("P9D", "nine days"), "utf-8")
    cite(path, TEXT, with_durations)
    (problem,) = check([path], with_durations).problems
    assert (problem.code, problem.message) == ("VALUE", "lasted: write days or weeks, as in P3W")
    path.write_text(BODY, "utf-8")
    assert cite(path, TEXT, with_durations).problems == []
    checked = check([path], with_durations, for_load=True)
    assert checked.problems == []
    ensure_schema(empty, DATABASE, with_durations)
    load(empty, checked.facts, database=DATABASE, vocabulary=with_durations)
    stored, _, _ = empty.execute_query("MATCH (n:Recess) RETURN n.lastedDays ORDER BY n.lastedDays")
    assert [row[0] for row in stored] == [3, 9, 14]

    schema = make_schema(with_durations)
    assert "longerThan: Duration" in print_type(schema._schema.type_map["DurationFilter"])
    async with Database(settings) as database:
        engine = make_engine(settings, database, with_durations)
        result, _ = await engine.execute(schema._schema, ASKED)
        assert result.errors is None
        data = result.data
        assert data is not None
        page = data["recesses"]
        assert page["nodes"] == [{"lasted": "P2W", "caption": "a recess of P2W"}]
        assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
        assert [one["lasted"] for one in data["all"]["nodes"]] == ["P3D", "P9D", "P2W"]
        assert data["all"]["aggregate"] == {"lasted": {"count": 3, "countDistinct": 3}}
        groups = [one["key"]["value"] for one in data["all"]["groupBy"]]
        assert groups == ["P3D", "P9D", "P2W"]
        after = ASKED.replace("first: 1", f'first: 1, after: "{page["pageInfo"]["endCursor"]}"')
        result, _ = await engine.execute(schema._schema, after)
        assert result.data is not None
        assert [one["lasted"] for one in result.data["recesses"]["nodes"]] == ["P9D"]
        wrong = ASKED.replace("P1W", "a week")
        result, _ = await engine.execute(schema._schema, wrong)
        assert "write days or weeks" in str(result.errors)
    clear(empty)
    ensure_schema(empty, DATABASE, DOMAIN)
