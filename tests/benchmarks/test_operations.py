"""Tests that all rivals give the same answers, and of what Parley's queries read."""

from collections.abc import Iterator, Mapping

import httpx
import neo4j
import orjson
import pytest
from fastapi import FastAPI

from benchmarks.answers import normalize
from benchmarks.generate import generate_records
from benchmarks.operations import BARE, OPERATIONS, PARLEY, PEER, RESOLVERS, Operation
from benchmarks.rivals import bare, resolvers
from benchmarks.samples import Samples
from graph_seed import load
from schema.domain import DOMAIN
from service.composition import make_engine
from service.graphql.types.schema import make_schema
from service.http.app import create_app
from service.managed.connection import ConnectionInfo
from service.settings import Settings
from tests.conftest import DATABASE, clear
from tests.profile import total_db_hits
from tests.recording import RecordingDatabase

STATEMENTS = 200
ANSWERS = 5
SCHEMA = make_schema(DOMAIN)
APPLICATIONS = {PARLEY: create_app, BARE: bare.create_app, RESOLVERS: resolvers.create_app}


@pytest.fixture(scope="module")
def samples(driver: neo4j.Driver) -> Iterator[Samples]:
    clear(driver)
    load(driver, generate_records(STATEMENTS), database=DATABASE)
    # Else what a query reads depends on when its plan was made.
    driver.execute_query("CALL db.prepareForReplanning()", database_=DATABASE)
    yield Samples(driver, DATABASE)
    clear(driver)


@pytest.fixture(scope="module")
def reaching(connection: ConnectionInfo) -> Settings:
    return Settings(neo4j_uri=connection.uri, neo4j_password=connection.password)


async def answer_of(
    rival: str, app: FastAPI, operation: Operation, asked: list[dict[str, object]]
) -> list[object]:
    """Return the normalized answer of a rival."""
    found: list[object] = []
    transport = httpx.ASGITransport(app=app)
    headers = {"content-type": "application/json"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        for one in asked:
            body = operation.body(rival, one)
            response = await client.post(operation.path(rival), content=body, headers=headers)
            assert response.status_code == 200, response.text
            assert "errors" not in response.json(), response.text
            found.append(normalize(rival, operation.name, response.json()["data"]))
    return found


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
async def test_rivals_answer_alike(
    operation: Operation, samples: Samples, reaching: Settings
) -> None:
    asked = samples.of(operation.name)[:ANSWERS]
    assert asked
    said = {
        rival: await answer_of(rival, make(reaching), operation, asked)
        for rival, make in APPLICATIONS.items()
        if rival in operation.texts
    }
    assert said[PARLEY] == said[BARE]
    assert said.get(RESOLVERS, said[BARE]) == said[BARE]
    assert any(_is_not_empty(one) for one in said[BARE])


def _is_not_empty(answer: object) -> bool:
    if isinstance(answer, dict):
        return any(map(_is_not_empty, answer.values()))
    return bool(answer)


HITS = 1.1
"""The most that Parley's Cypher may read of the database by what hand-written Cypher reads."""
HITS_OF_OTHERS = {
    # The type of each actor is read, to refuse what may not stand there: one hit for each.
    "issue-deep": 1.15,
    "participants": 1.2,
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
async def test_an_operation_reads_no_more_than_hand_written_cypher(
    operation: Operation, samples: Samples, reaching: Settings, driver: neo4j.Driver
) -> None:
    async with RecordingDatabase(reaching) as database:
        engine = make_engine(reaching, database)
        drawn = samples.of(operation.name)[:ANSWERS]
        for variables in drawn:
            given = orjson.loads(operation.body(PARLEY, variables))["variables"]
            result, _ = await engine.execute(SCHEMA._schema, operation.texts[PARLEY], None, given)
            assert result.errors is None
    assert len(database.asked) == len(drawn), "an operation is one Cypher query"
    ours = sum(db_hits_of(driver, query.text, query.parameters) for query in database.asked)
    theirs = sum(db_hits_of(driver, operation.texts[BARE], variables) for variables in drawn)
    assert 0 < ours <= HITS_OF_OTHERS.get(operation.name, HITS) * theirs


def db_hits_of(driver: neo4j.Driver, text: str, parameters: Mapping[str, object]) -> int:
    """Return the database hits of a query."""
    with driver.session(database=DATABASE) as session:
        plan = session.run(f"PROFILE {text}", dict(parameters)).consume().profile
    return total_db_hits(plan)


def test_the_peer_is_asked_all_but_what_it_has_no_words_for() -> None:
    assert {one.name for one in OPERATIONS if PEER not in one.texts} == {"as-of", "group-by"}


def test_samples_are_many_and_the_same_each_time(samples: Samples, driver: neo4j.Driver) -> None:
    first, again = (Samples(driver, DATABASE).of("point") for _ in range(2))
    assert first == again
    assert len({str(one) for one in first}) == STATEMENTS
