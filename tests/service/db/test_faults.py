"""Tests that the service answers in time while the database fails, and recovers after it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import neo4j
import pytest
from neo4j.exceptions import DriverError

import graph_seed
from graph_seed.graph.ensure_schema import repair_gate
from schema.domain import DOMAIN
from service import logs
from service.db import database as database_module
from service.db.database import Database, translate_driver_error
from service.errors import ParleyError, ServiceUnavailable
from service.http import app as app_module
from service.http.app import create_app, prepare_graph
from service.managed.connection import ConnectionInfo
from service.managed.owner import Owner
from service.settings import Settings
from tests.conftest import DATABASE
from tests.serving import client_of

GATE = "MATCH (g:Gate) "
LOCK = "MATCH (c:Clock) SET c.lock = true"
AS_OF = {"query": "query @asOf { people(first: 1) { nodes { name } } }"}
READ = {"query": "{ people(first: 1) { nodes { name } } }"}


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(settings.model_copy(update={"deadline": 15.0}))) as one:
        yield one


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


# --- a database that froze ---


async def test_a_frozen_database_is_noticed_in_time(
    client: httpx.AsyncClient, settings: Settings, owner: Owner
) -> None:
    assert (await client.post("/graphql", json=READ)).status_code == 200
    assert owner.pid is not None
    async with client_of(create_app(settings)) as other:
        os.kill(owner.pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            found = await asyncio.gather(
                *(client.post("/graphql", json=READ) for _ in range(20)),
                client.get("/readyz"),
                other.post("/graphql", json=READ),
            )
            assert time.monotonic() - began < 6
        finally:
            os.kill(owner.pid, signal.SIGCONT)
        for response in found:
            assert response.status_code == 503
            assert code(response) in {"SERVICE_UNAVAILABLE", "OVERLOADED"}
        for one in (client, other):
            assert (await one.post("/graphql", json=READ)).status_code == 200


async def test_a_slow_read_is_left_alone(settings: Settings, article: neo4j.Driver) -> None:
    from service.db.liveness import Liveness

    checks = 0

    async def answers() -> None:
        nonlocal checks
        checks += 1

    watched = Liveness(answers, 1)

    async def slow() -> str:
        await asyncio.sleep(3.5)
        return "done"

    assert await watched.watch(slow()) == "done"
    assert checks == 3
    assert watched._waiting == {}


async def test_a_command_is_patient_with_a_database_that_just_started(settings: Settings) -> None:
    from service.db.liveness import PATIENT_CHECK_SECONDS

    assert Database(settings, patient=True)._liveness._timeout == PATIENT_CHECK_SECONDS
    assert Database(settings)._liveness._timeout < 5


async def test_what_began_after_the_check_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from service.db import liveness

    monkeypatch.setattr(liveness, "SLOW_SECONDS", 0.05)
    ended = asyncio.Event()

    async def never() -> None:
        await ended.wait()

    watched = liveness.Liveness(never, 0.2)
    old = asyncio.create_task(watched.watch(ended.wait()))
    await asyncio.sleep(0.15)
    young = asyncio.create_task(watched.watch(ended.wait()))
    with pytest.raises(ServiceUnavailable):
        await old
    assert not young.done()
    ended.set()
    assert await young
    watched.close()


# --- connections ---


async def test_an_exhausted_pool_says_so(settings: Settings, article: neo4j.Driver) -> None:
    few = settings.model_copy(
        update={"pool_size": 1, "reads_at_once": 50, "connection_timeout": 0.3}
    )
    database = Database(few)
    held = database._session()
    result = await held.run("UNWIND range(1, 1000) AS i RETURN i")
    try:
        with pytest.raises(ParleyError) as refused:
            await database.check()
        assert refused.value.code == "OVERLOADED"
        assert "connections" in str(refused.value)
    finally:
        await result.consume()
        await held.close()
        await database.close()


def test_each_error_of_the_driver_is_one_of_ours() -> None:
    from neo4j import exceptions

    found = {
        name: translate_driver_error(kind("x")).code
        for name, kind in vars(exceptions).items()
        if isinstance(kind, type) and issubclass(kind, DriverError) and kind is not DriverError
    }
    assert found.pop("ConnectionAcquisitionTimeoutError") == "OVERLOADED"
    assert set(found.values()) == {"SERVICE_UNAVAILABLE"}


async def test_readers_that_reconnect_at_once_leak_no_driver(
    settings: Settings, connection: ConnectionInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[neo4j.AsyncDriver] = []
    make = neo4j.AsyncGraphDatabase.driver

    def counting(*arguments: Any, **options: Any) -> neo4j.AsyncDriver:
        opened.append(make(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(neo4j.AsyncGraphDatabase, "driver", counting)

    elsewhere = ConnectionInfo("bolt://127.0.0.1:9", connection.user, connection.password, DATABASE)
    monkeypatch.setattr(database_module, "resolve_connection", lambda _: elsewhere)
    database = Database(settings.model_copy(update={"connection_timeout": 1.0}))
    await database._session().close()
    monkeypatch.setattr(database_module, "resolve_connection", lambda _: connection)
    from service.query.operation import Query

    async def read() -> Any:
        return await database.read([Query("RETURN 1", {}, (0,))])

    try:
        found = await asyncio.gather(*(read() for _ in range(30)), return_exceptions=True)
        assert [one for one in found if not isinstance(one, Exception)][:1] == [[[1]]]
    finally:
        await database.close()
    # At least one for each address; a slow machine adds those of liveness checks.
    assert len(opened) >= 2
    assert all(one._closed for one in opened)


# --- the task that makes the graph ready ---


async def test_the_graph_is_made_ready_after_any_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from neo4j.exceptions import SessionExpired

    from graph_seed import LoadError

    errors: list[Exception] = [
        SessionExpired("gone"), SessionExpired("gone"), OSError("disk"), KeyError("odd"),
        LoadError("UNDECLARED", "strange"), ServiceUnavailable("down"), RuntimeError("odd"),
    ]  # fmt: skip
    tried = 0

    def fail(*_: Any, **__: Any) -> bool:
        nonlocal tried
        tried += 1
        if tried <= len(errors):
            raise errors[tried - 1]
        return True

    monkeypatch.setattr(app_module, "ensure_schema", fail)
    monkeypatch.setattr(app_module, "RETRY_SECONDS", 0.001)
    logs.configure()
    capsys.readouterr()
    await asyncio.wait_for(prepare_graph(settings, DOMAIN), 30)
    assert tried == len(errors) + 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(errors) - 1, "the same reason is logged once"
    assert "disk" in said[1]


# --- the Gate ---


def run(driver: neo4j.Driver, text: str) -> list[Any]:
    return [one.values() for one in driver.execute_query(text, database_=DATABASE).records]


def leave_between(driver: neo4j.Driver) -> None:
    """Leave the Gate as a load does that is killed between its two writes."""
    run(driver, GATE + "SET g.opening = g.open + 1")


@pytest.fixture
def between(article: neo4j.Driver) -> Iterator[neo4j.Driver]:
    leave_between(article)
    yield article
    run(article, GATE + "SET g.opening = g.open")


@pytest.fixture
def committing(article: neo4j.Driver) -> Iterator[neo4j.Driver]:
    """Hold the lock of a load between its two writes; what repairs a dead one leaves it alone."""
    with article.session(database=DATABASE) as session, session.begin_transaction() as load:
        load.run(LOCK).consume()
        leave_between(article)
        yield article
        run(article, GATE + "SET g.opening = g.open")
        load.rollback()


async def test_a_gate_that_a_dead_load_left_is_mended(
    client: httpx.AsyncClient, between: neo4j.Driver
) -> None:
    began = time.monotonic()
    found = await asyncio.gather(*(client.post("/graphql", json=AS_OF) for _ in range(5)))
    assert [one.status_code for one in found] == [200] * 5, found[0].text
    assert time.monotonic() - began < 10
    assert run(between, GATE + "RETURN g.open = g.opening") == [[True]]


async def test_a_gate_is_not_mended_while_a_load_goes_on(
    client: httpx.AsyncClient, committing: neo4j.Driver
) -> None:
    assert not await asyncio.to_thread(repair_gate, committing, DATABASE)
    asked = asyncio.create_task(client.post("/graphql", json=AS_OF))
    await asyncio.sleep(4)
    assert not asked.done(), "it is waited for, within the deadline"
    assert run(committing, GATE + "RETURN g.open = g.opening") == [[False]]
    run(committing, GATE + "SET g.opening = g.open")
    assert (await asked).status_code == 200


async def test_what_waits_too_long_for_a_commit_is_told_so(
    settings: Settings, committing: neo4j.Driver
) -> None:
    hasty = create_app(settings.model_copy(update={"deadline": 1.0}))
    async with client_of(hasty) as one:
        response = await one.post("/graphql", json=AS_OF)
    assert (response.status_code, code(response)) == (503, "SERVICE_UNAVAILABLE")
    assert response.headers["retry-after"] == "1"


def test_a_gate_in_order_is_left_alone(empty: neo4j.Driver, tmp_path: Path) -> None:
    assert not repair_gate(empty, DATABASE)
    assert not graph_seed.ensure_schema(empty, DATABASE)
    leave_between(empty)
    assert repair_gate(empty, DATABASE)
    assert not repair_gate(empty, DATABASE)
