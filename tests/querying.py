"""Run operations with an engine over the tests' database, without HTTP."""

import asyncio
from collections.abc import Mapping
from typing import Any

import neo4j
from graphql import ExecutionResult, parse, validate

from schema.domain import DOMAIN
from service.graphql.plan.cache import PlanCache
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema
from tests.conftest import DATABASE

SCHEMA = make_schema(DOMAIN)


def execute(
    driver: neo4j.Driver, document: str, variables: Mapping[str, Any] | None = None
) -> ExecutionResult:
    """Return the result of a valid operation."""
    with driver.session(database=DATABASE) as session:

        async def read(queries: Any) -> Any:
            rows = [session.run(one.text, one.parameters).single(strict=True) for one in queries]
            return [row.values() for row in rows]

        parsed = parse(document)
        assert validate(SCHEMA._schema, parsed) == []
        engine = Engine(PlanCache(DOMAIN), read, deadline=120.0)  # plans are cold, machines busy
        return asyncio.run(engine.answer(SCHEMA._schema, parsed, None, dict(variables or {})))


def answer(
    driver: neo4j.Driver, document: str, variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the data of an operation; fails if it has errors."""
    result = execute(driver, document, variables)
    assert not result.errors, result.errors
    assert result.data is not None
    return result.data
