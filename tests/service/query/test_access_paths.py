"""Tests of access paths, by what queries read of the database."""

import asyncio
import json
from typing import Any

import neo4j
import pytest
from graphql import parse

from benchmarks.generate import generate_records
from graph_seed import load
from schema.domain import DOMAIN
from service.graphql.plan.cache import PlanCache
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema
from service.query.operation import DIALECT
from tests.conftest import DATABASE, clear
from tests.profile import total_db_hits

STATEMENTS = 300
SCHEMA = make_schema(DOMAIN)
RARE = """\
MATCH (i:Issue)<-[:ABOUT]-(s:Statement)-[:SAID_BY]->(a:Actor)
WITH i, a ORDER BY COUNT { (i)<-[:ABOUT]-() } DESC, COUNT { (a)<-[:SAID_BY]-() }, a.id LIMIT 1
RETURN i.id, a.id, COUNT { (i)<-[:ABOUT]-() },
  COLLECT { MATCH (i)<-[:ABOUT]-(s:Statement)-[:SAID_BY]->(a) RETURN s.id ORDER BY s.id }"""
ABOUT = 'about: {some: {issue: {id: {eq: "%s"}}}}'
SAID_BY = 'speakers: {some: {id: {eq: "%s"}}}'


@pytest.fixture(scope="module")
def invented(driver: neo4j.Driver) -> neo4j.Driver:
    clear(driver)
    load(driver, generate_records(STATEMENTS), database=DATABASE)
    driver.execute_query("CALL db.prepareForReplanning()", database_=DATABASE)
    return driver


def ask(driver: neo4j.Driver, document: str) -> tuple[Any, int]:
    """Return an answer, and what was read of the database for it."""
    read: list[int] = []
    with driver.session(database=DATABASE) as session:

        async def profiled(queries: Any) -> Any:
            rows = []
            for one in queries:
                text = one.text.replace(DIALECT, f"{DIALECT} PROFILE", 1)
                result = session.run(text, one.parameters)
                rows.append(result.single(strict=True).values())
                read.append(total_db_hits(result.consume().profile or {}))
            return rows

        engine = Engine(PlanCache(DOMAIN), profiled)
        answer = asyncio.run(engine.answer(SCHEMA._schema, parse(document), None, {}))
    assert not answer.errors, answer.errors
    return answer.data, sum(read)


@pytest.mark.parametrize("parts", [(0, 1), (1, 0)], ids=["hub first", "hub last"])
@pytest.mark.parametrize("known", ["", '@asOf(systemTime: "%s")'], ids=["now", "then"])
def test_of_two_named_neighbours_the_one_with_fewer_relationships_is_begun_at(
    invented: neo4j.Driver, parts: tuple[int, int], known: str
) -> None:
    ((issue, actor, degree, wanted),) = invented.execute_query(RARE, database_=DATABASE).records
    latest = "MATCH (l:Load) RETURN toString(max(l.at))"
    ((at,),) = invented.execute_query(latest, database_=DATABASE).records
    conditions = (ABOUT % issue, SAID_BY % actor)
    where = ", ".join(conditions[part] for part in parts)
    directive = known % at if known else ""
    document = f"query Q {directive} {{ statements(where: {{{where}}}) {{ nodes {{ id }} }} }}"
    data, read = ask(invented, document)
    assert [one["id"] for one in data["statements"]["nodes"]] == wanted
    assert degree > 50
    assert read < degree, "each statement about the issue was looked at"


@pytest.mark.parametrize("known", ["", '@asOf(systemTime: "%s")'], ids=["now", "then"])
def test_an_exact_name_is_found_in_the_index_of_names(invented: neo4j.Driver, known: str) -> None:
    latest = "MATCH (l:Load) RETURN toString(max(l.at))"
    ((at,),) = invented.execute_query(latest, database_=DATABASE).records
    some = "MATCH (i:Issue) RETURN i.id, i.name, COUNT { MATCH (:Issue) } ORDER BY i.id LIMIT 1"
    ((issue, name, issues),) = invented.execute_query(some, database_=DATABASE).records
    directive = known % at if known else ""
    condition = f"where: {{name: {{eq: {json.dumps(name)}}}}}"
    data, read = ask(
        invented, f"query Q {directive} {{ issues({condition}) {{ nodes {{ id }} }} }}"
    )
    assert issue in [one["id"] for one in data["issues"]["nodes"]]
    assert issues > 20
    assert read < 2 * issues, "each issue was looked at"


PAGE = 20


@pytest.fixture(scope="module")
def one_day(driver: neo4j.Driver) -> neo4j.Driver:
    """Load statements half of which were said on one day, the others on other days or none."""
    clear(driver)
    said = iter(range(STATEMENTS))
    given = (
        {**one, "saidOn": "2031-05-05"} if "statement" in one and next(said) % 2 else one
        for one in generate_records(STATEMENTS)
    )
    load(driver, given, database=DATABASE)
    driver.execute_query("CALL db.prepareForReplanning()", database_=DATABASE)
    return driver


@pytest.mark.parametrize("direction", ["DESC", "ASC"])
def test_a_page_begins_within_a_day_however_many_share_it(
    one_day: neo4j.Driver, direction: str
) -> None:
    day = "s.saidOnEarliest"
    order = f"MATCH (s:Statement) RETURN s.id ORDER BY {day} IS NULL, {day} {direction}, s.id"
    wanted = [one[0] for one in one_day.execute_query(order, database_=DATABASE).records]
    found: list[str] = []
    after, costs = "", []
    while True:
        data, read = ask(
            one_day,
            f"{{ statements(orderBy: [{{saidOn: {direction}}}], first: {PAGE}{after}) "
            "{ nodes { id } pageInfo { hasNextPage endCursor } } }",
        )
        found += [one["id"] for one in data["statements"]["nodes"]]
        costs.append(read)
        if not data["statements"]["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{data["statements"]["pageInfo"]["endCursor"]}"'
    assert found == wanted
    within = STATEMENTS // 2 // PAGE - 1
    assert sum(one < 2 * PAGE for one in costs) >= within, "each of the day was looked at"


def test_a_page_of_changes_does_not_read_the_whole_history(invented: neo4j.Driver) -> None:
    document = "{{ changes(since: 0, {}) {{ pageInfo {{ endCursor }} nodes {{ id }} }} }}"
    data, read = ask(invented, document.format("first: 30"))
    assert len(data["changes"]["nodes"]) == 30
    after = f'first: 30, after: "{data["changes"]["pageInfo"]["endCursor"]}"'
    data, next_read = ask(invented, document.format(after))
    assert len(data["changes"]["nodes"]) == 30
    _, last_read = ask(invented, document.format("last: 30"))
    ((nodes,),) = invented.execute_query("MATCH (n:Node) RETURN count(n)", database_=DATABASE)[0]
    assert max(read, next_read, last_read) < nodes
