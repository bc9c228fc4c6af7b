"""Tests that the service refuses to answer from a graph that another version migrated."""

import asyncio

import httpx
import neo4j
import pytest

from graph_seed import LoadError, load
from graph_seed.graph.ensure_schema import ensure_schema
from schema.domain import DOMAIN
from schema.storage import fingerprint
from service.db import vocabulary_watch
from service.db.database import Database
from service.errors import MigrationNeeded
from service.settings import Settings
from tests.builders import facts, record
from tests.conftest import DATABASE
from tests.graph_seed.loading.test_load import rows
from tests.service.http.test_app import serving

ASKED = {"query": "{ people { nodes { name } } }"}


@pytest.fixture
def graph(empty: neo4j.Driver) -> neo4j.Driver:
    load(empty, facts("one", record("person:ada")), database=DATABASE)
    return empty


async def asked(client: httpx.AsyncClient) -> tuple[int, str | None]:
    response = await client.post("/graphql", json=ASKED)
    errors = response.json().get("errors")
    return response.status_code, errors[0]["extensions"]["code"] if errors else None


async def test_a_read_that_fails_tells_that_the_graph_was_migrated(
    graph: neo4j.Driver, settings: Settings
) -> None:
    async with serving(settings) as client:
        assert await asked(client) == (200, None)
        # Another version may store names elsewhere.
        rows(graph, "MATCH (p:Person) SET p.title = p.name REMOVE p.name")
        _, code = await asked(client)
        assert code == "INTERNAL"
        rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
        for _ in range(2):
            assert await asked(client) == (503, "MIGRATION_NEEDED")
        ready = await client.get("/readyz")
        (error,) = ready.json()["errors"]
        assert (ready.status_code, error["extensions"]["code"]) == (503, "MIGRATION_NEEDED")


async def test_the_graph_is_looked_at_now_and_then(
    graph: neo4j.Driver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary_watch, "CHECK_SECONDS", 0.01)
    database = Database(settings)
    watching = asyncio.create_task(database.vocabulary.run())

    async def until_refused(refused: bool) -> None:
        async with asyncio.timeout(30):
            while True:
                try:
                    database.vocabulary.raise_if_changed()
                except MigrationNeeded:
                    if refused:
                        return
                else:
                    if not refused:
                        return
                await asyncio.sleep(0.01)

    try:
        rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
        await until_refused(True)
        with pytest.raises(MigrationNeeded):
            await database.read([])
        ours = fingerprint(DOMAIN)
        rows(graph, f"MATCH (c:Clock) SET c.vocabulary = '{ours}'")
        await until_refused(False)
    finally:
        watching.cancel()
        await database.close()


def test_what_makes_a_graph_ready_for_a_service_does_not_migrate_it(graph: neo4j.Driver) -> None:
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    with pytest.raises(LoadError) as caught:
        ensure_schema(graph, DATABASE, migrate=False)
    assert caught.value.code == "MIGRATION_NEEDED"
    assert rows(graph, "MATCH (c:Clock) RETURN c.vocabulary") == [["another"]]
