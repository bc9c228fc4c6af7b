"""The compiled answer of random operations equals that of a naive execution, field by field.

Some of them ask what was recorded by an earlier version, of a graph that was changed since.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import neo4j
import orjson
import pytest
from graphql import parse, validate
from hypothesis import Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph_seed import load, prepare
from schema.domain import DOMAIN
from service.errors import QueryTooComplex
from service.graphql.engine import Engine
from service.graphql.limits import Limits
from service.graphql.prepared import Preparer
from service.graphql.types import make_schema
from tests.conftest import DATABASE, clear
from tests.generate import sources
from tests.operations import Operation, operations
from tests.oracle import Graph, Oracle

OPERATIONS = int(os.environ.get("PARLEY_TEST_OPERATIONS", "250"))
SEED = int(os.environ.get("PARLEY_TEST_SEED", "1"))
"""Another seed makes other operations. So do other tests in the same run, since Hypothesis draws
constants from the modules it finds imported: to find a failure again, take what it prints."""
SCHEMA = make_schema(DOMAIN)
KEYS = ("one", "two", "three")
SUBQUERIES = 150
"""Of one root field at most; planning twice as many takes ten times as long, and shows no more."""
ONE_IN = 8
"""Of so many operations one asks what was recorded then: planning it takes three times as long."""


@dataclass
class Both:
    """The compiled execution and naive ones: over the graph, and over what it was ``then``."""

    engine: Engine
    now: Graph
    then: Graph
    moment: str
    """After the last load of then."""
    loop: asyncio.AbstractEventLoop

    def compiled(self, operation: Operation, *, then: bool) -> Any:
        """The answer, by the plan that was made for other values of the same shape."""
        known = f'@asOf(known: "{self.moment}")'
        text = operation.directed(known) if then else operation.document
        document = parse(text)
        assert validate(SCHEMA._schema, document) == [], operation
        for variables in (others(operation.variables), operation.variables):
            answer = self.engine.answer(SCHEMA._schema, document, None, variables, text)
            found = self.loop.run_until_complete(answer)
        return found


def others(value: Any) -> Any:
    """Other values of the same shape: ids of nothing, texts backwards, other numbers."""
    if isinstance(value, dict):
        return {name: others(one) for name, one in value.items()}
    if isinstance(value, list):
        return [others(one) for one in value]
    if isinstance(value, str) and ":" in value and " " not in value:
        return value + "-of-nothing"
    if isinstance(value, str) and value.isalpha() and value.islower():
        return value[::-1]
    if isinstance(value, int) and not isinstance(value, bool):
        return 1 if value != 1 else 2
    return value


@pytest.fixture(scope="module")
def both(driver: neo4j.Driver) -> Iterator[Both]:
    clear(driver)
    prepare(driver, DATABASE)
    graphs: list[Graph] = []
    for number in (8, 7):
        for facts in sources(DOMAIN, number, KEYS, size=7, across=number == 7):
            load(driver, facts, database=DATABASE)
        graphs.append(Graph.read(driver, DATABASE, DOMAIN))
    then, now = graphs
    assert min(len(then.nodes), len(now.nodes)) > 100
    loop = asyncio.new_event_loop()
    with driver.session(database=DATABASE) as session:
        latest = "MATCH (l:Load {version: $v}) RETURN toString(l.at)"
        moment = session.run(latest, v=len(KEYS)).single(strict=True)[0]

        async def read(queries: Any) -> Any:
            rows = [session.run(one.text, one.parameters).single(strict=True) for one in queries]
            return [row.values() for row in rows]

        limits = Limits(conditions=2_000, subqueries=SUBQUERIES)
        engine = Engine(Preparer(DOMAIN, limits=limits), read)
        yield Both(engine, now, then, moment, loop)
    loop.close()


def answers_something(data: Any) -> bool:
    if isinstance(data, dict):
        return any(answers_something(v) for k, v in data.items() if k != "__typename")
    if isinstance(data, list):
        return any(answers_something(one) for one in data)
    return data not in (None, 0, False)


def test_compiled_and_naive_give_the_same_bytes(both: Both) -> None:
    answered: list[bool] = []
    refused: list[Operation] = []
    graphs = {True: both.then, False: both.now}
    oracles = {then: Oracle(SCHEMA.as_str(), graph) for then, graph in graphs.items()}
    drawn = st.sampled_from([True, *[False] * (ONE_IN - 1)]).flatmap(
        lambda then: st.tuples(operations(DOMAIN, graphs[then]), st.just(then))
    )

    @seed(SEED)
    @hypothesis_settings(max_examples=OPERATIONS, phases=[Phase.generate])
    @given(drawn)
    def run(one: tuple[Operation, bool]) -> None:
        operation, then = one
        try:
            fast = both.compiled(operation, then=then)
        except QueryTooComplex:
            refused.append(operation)
            return
        codes = {error.extensions.get("code") for error in fast.errors or ()}
        if codes == {QueryTooComplex.code}:
            refused.append(operation)
            return
        slow = oracles[then].answer(operation.document, operation.variables)
        assert not slow.errors, operation
        assert not fast.errors, operation
        assert orjson.dumps(fast.data) == orjson.dumps(slow.data), operation
        answered.append(answers_something(fast.data))

    run()
    assert both.engine.preparer.plans.hits > len(answered) / 2, "plans were not used again"
    assert len(refused) <= 0.15 * OPERATIONS, "too many operations are too much"
    assert sum(answered) >= 0.8 * len(answered), "too many operations answer nothing"
