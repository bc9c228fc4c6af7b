"""Tests that the compiled answer of an operation equals that of a naive executor.

Operations are random, and some have ``@asOf``. Targeted operations cover what of the schema the
random ones do not reach, so that no field and no argument is left out.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import neo4j
import orjson
import pytest
from graphql import parse, validate
from hypothesis import Phase, given, reject, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph_seed import ensure_schema, load
from schema.domain import DOMAIN
from service.errors import QueryTooComplex
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.limits import Limits
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema
from tests.conftest import DATABASE, clear
from tests.coordinates import reached_coordinates, schema_coordinates
from tests.operations import Operation, operations
from tests.oracle import Graph, Oracle, cursor_at, write_cursor
from tests.random_facts import random_sources
from tests.targeted_operations import TargetedOperations, format_operation

OPERATIONS = int(os.environ.get("PARLEY_TEST_OPERATIONS", "250"))
SEED = int(os.environ.get("PARLEY_TEST_SEED", "1"))
"""Another seed makes other operations. So do other tests in the same run, since Hypothesis draws
constants from the modules it finds imported: to find a failure again, take what it prints."""
SCHEMA = make_schema(DOMAIN)
KEYS = ("one", "two", "three")
SUBQUERIES = 50
"""Of one root field at most; planning twice as many takes ten times as long, and shows no more."""
NOW, THEN, VERSION, DAY = "now", "then", "version", "day"
ASKED = [*[NOW] * 6, THEN, DAY]
"""Few operations read a former version: planning them takes three times as long."""
DAYS = "2031-05-07"
"""The day that operations as of a day ask for: some facts hold on it, some do not."""


@dataclass
class Both:
    """The compiled execution and the states of the graph, for naive ones.

    ``states`` holds the graph at each version, from 0 on; ``moment`` is after the last load of
    version ``then``; ``missing`` holds what of the schema no operation has reached yet.
    """

    engine: Engine
    states: list[Graph]
    then: int
    moment: str
    loop: asyncio.AbstractEventLoop
    missing: set[str] = field(default_factory=lambda: schema_coordinates(SCHEMA._schema))

    def oracle(self, asked: str) -> Oracle:
        """Return the naive execution as of a time."""
        version = self.then if asked in {THEN, VERSION} else len(self.states) - 1
        before = self.states[:version]
        return Oracle(SCHEMA.as_str(), self.states[version], before, DAYS if asked == DAY else None)

    def compiled(self, operation: Operation, asked: str) -> Any:
        """Return the answer, by the plan that was made for other values of the same shape."""
        directive = {
            THEN: f'@asOf(systemTime: "{self.moment}")',
            VERSION: f"@asOf(version: {self.then})",
            DAY: f'@asOf(validTime: "{DAYS}")',
        }
        text = operation.document
        if asked in directive:
            text = operation.with_directive(directive[asked])
        document = parse(text)
        assert validate(SCHEMA._schema, document) == [], operation
        self.missing -= reached_coordinates(SCHEMA._schema, document, operation.variables)
        for variables in (change_values(operation.variables), operation.variables):
            answer = self.engine.answer(SCHEMA._schema, document, None, variables, text)
            found = self.loop.run_until_complete(answer)
            if variables == operation.variables:
                break
        return found


def change_values(value: Any) -> Any:
    """Return other values of the same shape: unknown ids, reversed texts, other numbers."""
    if isinstance(value, dict):
        return {name: change_values(one) for name, one in value.items()}
    if isinstance(value, list):
        return [change_values(one) for one in value]
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
    ensure_schema(driver, DATABASE)
    states = [Graph(DOMAIN, [], [])]
    for number in (8, 7):
        for facts in random_sources(DOMAIN, number, KEYS, size=7, across=number == 7):
            load(driver, facts, database=DATABASE)
            states.append(Graph.read(driver, DATABASE, DOMAIN))
    then = len(KEYS)
    assert min(len(states[then].nodes), len(states[-1].nodes)) > 100
    loop = asyncio.new_event_loop()
    with driver.session(database=DATABASE) as session:
        latest = "MATCH (l:Load {version: $v}) RETURN toString(l.at)"
        moment = session.run(latest, v=then).single(strict=True)[0]

        async def read(queries: Any) -> Any:
            rows = [session.run(one.text, one.parameters).single(strict=True) for one in queries]
            return [row.values() for row in rows]

        limits = Limits(conditions=2_000, subqueries=SUBQUERIES, cost=1_000_000_000)
        engine = Engine(PlanCache(DOMAIN, limits=limits), read)
        yield Both(engine, states, then, moment, loop)
    loop.close()


def without_order(data: Any) -> Any:
    """Return an answer with the hits of searches by id, without what the index alone says."""
    if isinstance(data, list):
        return [without_order(one) for one in data]
    if not isinstance(data, dict):
        return data
    found = {key: without_order(one) for key, one in data.items()}
    if isinstance(hits := found.get("hits"), list):
        hits.sort(key=lambda one: str(one["node"]["id"]))
        for one in hits:
            for name in ("score", "property", "snippet"):
                one.pop(name, None)
    return found


def answers_something(data: Any) -> bool:
    if isinstance(data, dict):
        return any(answers_something(v) for k, v in data.items() if k != "__typename")
    if isinstance(data, list):
        return any(answers_something(one) for one in data)
    return data not in (None, 0, False)


def test_compiled_and_naive_give_the_same_bytes(both: Both) -> None:
    """As many operations are answered as are asked for; Hypothesis draws others for the refused."""
    answered: list[bool] = []
    oracles = {asked: both.oracle(asked) for asked in (NOW, THEN, VERSION, DAY)}
    drawn = st.sampled_from(ASKED).flatmap(
        lambda asked: st.tuples(operations(DOMAIN, oracles[asked].graph), st.just(asked))
    )

    @seed(SEED)
    @hypothesis_settings(max_examples=OPERATIONS, phases=[Phase.generate])
    @given(drawn)
    def run(one: tuple[Operation, str]) -> None:
        operation, asked = one
        try:
            fast = both.compiled(operation, asked)
        except QueryTooComplex:
            reject()
        if {error.extensions.get("code") for error in fast.errors or ()} == {QueryTooComplex.code}:
            reject()
        slow = oracles[asked].answer(operation.document, operation.variables)
        assert not slow.errors, operation
        assert not fast.errors, operation
        assert orjson.dumps(fast.data) == orjson.dumps(slow.data), (asked, operation)
        answered.append(answers_something(fast.data))

    run()
    assert len(answered) >= OPERATIONS
    assert both.engine.plan_cache.plans.hits > len(answered) / 2, "plans were not used again"
    assert sum(answered) >= 0.8 * len(answered), "too many operations answer nothing"


def test_every_field_and_argument_is_reached(both: Both) -> None:
    """What random operations did not reach is asked too, and nothing is left then."""
    limits = Limits(conditions=2_000, cost=1_000_000_000)
    both = replace(both, engine=Engine(PlanCache(DOMAIN, limits=limits), both.engine.read))
    graph = both.states[-1]
    oracle = both.oracle(NOW)
    related = Counter(end for one in graph.relationships for end in (one.start, one.end))
    everything = sorted(graph.nodes, key=lambda one: (-related[one], one))

    def ids(type_name: str) -> list[str]:
        of = DOMAIN.nodes.get(type_name)
        found = [one for one in everything if of is None or graph.nodes[one].type.is_a(of)]
        return found[:3] or everything[:3]

    def cursor(type_name: str) -> str:
        of = type_name.removesuffix("Connection")
        if of == "GraphChange":
            return write_cursor(["changes", 3, everything[0], "", ""])
        return cursor_at(graph, [], graph.nodes[ids(of)[-1]])

    for asked in (THEN, VERSION, DAY):
        both.compiled(Operation("query Q { people { totalCount } }", {}, "query Q"), asked)
    reacher = TargetedOperations(SCHEMA._schema, random.Random(SEED), ids, cursor, both.missing)
    failed: list[str] = []
    for coordinate in sorted(both.missing):
        if coordinate not in both.missing:
            continue
        operation = reacher.operation(coordinate)
        fast = both.compiled(operation, NOW)
        slow = oracle.answer(operation.document)
        same = orjson.dumps(without_order(fast.data)) == orjson.dumps(without_order(slow.data))
        if fast.errors or slow.errors or not same:
            failed.append(f"{coordinate}\n{format_operation(operation)}\n{fast}\n{slow}")
        assert coordinate not in both.missing, format_operation(operation)
    assert failed == []
