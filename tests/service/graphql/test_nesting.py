"""Tests that deeply nested operations are planned or refused with a code."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from graphql import ExecutionResult

from schema.domain import DOMAIN
from service.errors import ServiceUnavailable
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.planner import MOST_LOGIC
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema

SCHEMA = make_schema(DOMAIN)._schema
REFUSED = {
    "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX",
}  # fmt: skip


def execute(text: str, variables: dict[str, Any] | None = None) -> ExecutionResult:
    """Return what comes of an operation; one that reaches the database is SERVICE_UNAVAILABLE."""

    async def read(_: object) -> Any:
        raise ServiceUnavailable("planned")

    engine = Engine(PlanCache(DOMAIN), read)
    found, _ = asyncio.run(engine.execute(SCHEMA, text, None, variables))
    return found


def code_of(found: ExecutionResult) -> str:
    codes = {(error.extensions or {}).get("code") for error in found.errors or ()}
    assert not any("recursion" in error.message for error in found.errors or ())
    (code,) = codes or {"data"}
    return str(code)


def where(begin: str, end: str, n: int) -> str:
    return f'{{ people(where: {begin * n}{{id: {{eq: "x"}}}}{end * n}) {{ totalCount }} }}'


def chain(n: int) -> str:
    spreads = " ".join(f"fragment f{i} on Query {{ ...f{i + 1} }}" for i in range(n))
    return f"{{ ...f0 }} {spreads} fragment f{n} on Query {{ __typename }}"


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "fragments": chain,
    "inline fragments": lambda n: "{" + "... on Query {" * n + "__typename" + "}" * n + "}",
    "fields": lambda n: "{people{nodes{" + "statements{nodes{" * n + "id" + "}}" * n + "}}}",
    "not": lambda n: where("{not: ", "}", n),
    "and": lambda n: where("{and: [", "]}", n),
    "or": lambda n: where('{or: [{id: {eq: "y"}}, ', "]}", n),
    "links": lambda n: where("{statements: {some: {speakers: {some: {person: ", "}}}}}", n),
    "unknown": lambda n: where("{x: ", "}", n),
    "lists": lambda n: f"{{ nodes(ids: {'[' * n}{']' * n}) {{ id }} }}",
    "types": lambda n: f"query ($x: {'[' * n}Int{']' * n}) {{ __typename }}",
    "defaults": lambda n: f"query ($x: [ID!] = {'[' * n}{']' * n}) {{ nodes(ids: $x) {{ id }} }}",
}


@pytest.mark.parametrize("shape", DOCUMENTS)
def test_a_deep_document_is_planned_or_refused(shape: str) -> None:
    codes = [code_of(execute(DOCUMENTS[shape](n))) for n in (4, 40, 150, 500, 3000)]
    assert codes[0] in {"data", "SERVICE_UNAVAILABLE", *REFUSED}
    assert codes[-1] in REFUSED
    assert {*codes} <= {"data", "SERVICE_UNAVAILABLE", *REFUSED}


@pytest.mark.parametrize("key", ["not", "and", "or"])
@pytest.mark.parametrize("n", [10, 60, 120, 400, 900])
def test_a_deep_variable_is_planned_or_refused(key: str, n: int) -> None:
    value: dict[str, Any] = {"id": {"eq": "x"}}
    listed: list[Any] = []
    for _ in range(n):
        value = {key: value if key == "not" else [value, {"id": {"eq": "y"}}]}
        listed = [listed]
    asked = execute("query ($w: PersonWhere) { people(where: $w) { totalCount } }", {"w": value})
    assert code_of(asked) == "SERVICE_UNAVAILABLE" if n <= MOST_LOGIC else code_of(asked) in REFUSED
    asked = execute("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": listed})
    assert code_of(asked) in REFUSED
