"""Tests that the example operation in docs/developer/architecture.md compiles as it says."""

import re
from collections.abc import Iterator

import neo4j
import orjson
from graphql import VariableValues, get_variable_values, parse

from schema.domain import DOMAIN
from service.generate import ROOT
from service.graphql.plan.arguments import Arguments
from service.graphql.plan.cache import PlanCache, find_operation
from service.graphql.plan.document import Document
from service.graphql.plan.paging import PageLimits
from service.graphql.plan.planner import Planner
from service.graphql.types.schema import make_schema
from tests.conftest import DATABASE

PAGE = (ROOT / "docs/developer/architecture.md").read_text("utf-8")
VARIABLES = {"issue": "issue:contentious-us-demands"}
SCHEMA = make_schema(DOMAIN)._schema


NEAR = ("", "graph_seed", "service", "service/graphql")
"""The folders below which the page names modules, as in `plan.document`."""
CODE = "".join(path.read_text("utf-8") for path in (ROOT / "service").rglob("*.py"))


def test_the_modules_that_the_page_names_exist() -> None:
    named = re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", PAGE)
    modules = [one for one in named if not one.endswith(".py")]
    assert modules
    for one in modules:
        path = f"{one.replace('.', '/')}.py"
        assert any((ROOT / near / path).exists() for near in NEAR), one


def test_the_classes_that_the_page_names_exist() -> None:
    prose = re.sub(r"^ *```.*?^ *```", "", PAGE, flags=re.S | re.M)
    for one in re.findall(r"`([A-Z][a-z]+\w*)[`.]", prose):
        assert f"class {one}" in CODE, one


def block(language: str) -> str:
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```", PAGE, re.S | re.M)
    assert len(found) == 1, language
    return str(found[0])


def tree(field: object, depth: int = 0) -> Iterator[str]:
    """Yield a line for each field of a plan, indented by its depth."""
    yield f"{'  ' * depth}{type(field).__name__} {getattr(field, 'key', '')}"
    selection = getattr(field, "selection", None)
    below = getattr(selection or field, "fields", ())
    for one in below:
        if hasattr(one, "key"):
            yield from tree(one, depth + 1)


def test_the_plan_is_as_the_page_draws_it() -> None:
    found = find_operation(SCHEMA, parse(block("graphql")), None, None)
    declared = found.definition.variable_definitions or ()
    variables = get_variable_values(SCHEMA, declared, VARIABLES)
    assert isinstance(variables, VariableValues)
    document = Document(SCHEMA, found.definition, found.fragments, variables)
    plan = Planner(DOMAIN, document, Arguments(DOMAIN, PageLimits())).plan()
    drawn = [line.removeprefix("   ") for line in block("text").splitlines()]
    assert [line for one in plan.fields for line in tree(one)] == drawn


def test_the_query_and_its_row_are_those_of_the_page(article: neo4j.Driver) -> None:
    plans = PlanCache(DOMAIN)
    operation = plans.prepare(SCHEMA, parse(block("graphql")), None, None)
    (query,) = plans.bind(operation, VARIABLES).queries
    assert query.text.split() == block("cypher").split()
    with article.session(database=DATABASE) as session:
        row = session.run(query.text, dict(query.parameters)).single(strict=True)
    assert row.values() == orjson.loads(block("json"))
