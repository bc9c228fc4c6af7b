"""Parley, the bare endpoint and the resolvers answer every operation alike, on a small graph."""

from collections.abc import Iterator

import httpx
import neo4j
import pytest
from fastapi import FastAPI

from benchmarks.answers import alike
from benchmarks.generate import records
from benchmarks.operations import BARE, OPERATIONS, PARLEY, PEER, RESOLVERS, Operation
from benchmarks.rivals import bare, resolvers
from benchmarks.samples import Samples
from graph_seed import load
from service.app import create_app
from service.managed.connection import Connection
from service.settings import Settings
from tests.conftest import DATABASE, clear

STATEMENTS = 60
ANSWERS = 5
APPLICATIONS = {PARLEY: create_app, BARE: bare.create_app, RESOLVERS: resolvers.create_app}


@pytest.fixture(scope="module")
def samples(driver: neo4j.Driver) -> Iterator[Samples]:
    clear(driver)
    load(driver, records(STATEMENTS), database=DATABASE)
    yield Samples(driver, DATABASE)
    clear(driver)


@pytest.fixture(scope="module")
def reaching(connection: Connection) -> Settings:
    return Settings(neo4j_uri=connection.uri, neo4j_password=connection.password)


async def answers(
    rival: str, app: FastAPI, operation: Operation, asked: list[dict[str, object]]
) -> list[object]:
    """What a rival answers, in the form that answers are compared in."""
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
            found.append(alike(rival, operation.name, response.json()["data"]))
    return found


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
async def test_rivals_answer_alike(
    operation: Operation, samples: Samples, reaching: Settings
) -> None:
    asked = samples.of(operation.name)[:ANSWERS]
    assert asked
    said = {
        rival: await answers(rival, make(reaching), operation, asked)
        for rival, make in APPLICATIONS.items()
        if rival in operation.texts
    }
    assert said[PARLEY] == said[BARE]
    assert said.get(RESOLVERS, said[BARE]) == said[BARE]
    assert any(_holds_something(one) for one in said[BARE])


def _holds_something(answer: object) -> bool:
    if isinstance(answer, dict):
        return any(map(_holds_something, answer.values()))
    return bool(answer)


def test_the_peer_is_asked_all_but_what_it_has_no_words_for() -> None:
    assert {one.name for one in OPERATIONS if PEER not in one.texts} == {"as-of", "group-by"}


def test_samples_are_many_and_the_same_each_time(samples: Samples, driver: neo4j.Driver) -> None:
    first, again = (Samples(driver, DATABASE).of("point") for _ in range(2))
    assert first == again
    assert len({str(one) for one in first}) == STATEMENTS
