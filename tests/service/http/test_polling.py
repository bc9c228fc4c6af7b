"""Tests of clients that ask again and again for what is new."""

import asyncio

import neo4j

from graph_seed import load, unload
from service.http import app as app_module
from service.settings import Settings
from tests.builders import facts, record, statement
from tests.conftest import DATABASE
from tests.serving import client_of

KEYS = ("one", "two")
LIST = "changes(since: $since, first: {}, after: $after)"
FIELDS = "{ until pageInfo { hasNextPage endCursor } nodes { id } }"


async def test_a_poller_misses_and_repeats_nothing_beside_loads(
    empty: neo4j.Driver, settings: Settings, one_schema: object
) -> None:
    """It asks for what is new since the last version that it has, page by page, during loads."""
    found: list[str] = []
    done = asyncio.Event()

    def write() -> None:
        for number in range(12):
            for key in KEYS:
                issues = [record(f"issue:{key}-{i}", name=f"{i} {number}") for i in range(number)]
                said = statement(f"statement:{key}/s", {"about": [one.id for one in issues]})
                load(empty, facts(key, *issues, said), database=DATABASE)
        unload(empty, "source:one", database=DATABASE)

    async def load_all() -> None:
        await asyncio.to_thread(write)
        done.set()

    app = app_module.create_app(settings.model_copy(update={"deadline": 120.0}))
    start = "query Poll($since: Int!, $after: String)"
    query = f"{start} {{ {LIST.format(7)} {FIELDS} }}"
    everything = f"{start} {{ {LIST.format(100)} {FIELDS} }}"
    async with client_of(app) as client:
        loading = asyncio.create_task(load_all())
        since, after, is_last = 0, None, False
        try:
            while True:
                variables = {"since": since, "after": after}
                answered = await client.post(
                    "/graphql", json={"query": query, "variables": variables}
                )
                page = answered.json()["data"]["changes"]
                found += [one["id"] for one in page["nodes"]]
                if page["pageInfo"]["hasNextPage"]:
                    after = page["pageInfo"]["endCursor"]
                    continue
                since, after = page["until"], None
                if is_last:
                    break
                is_last = done.is_set()
        finally:
            await loading  # a failure leaves no load behind

        once: list[str] = []
        while True:
            variables = {"since": 0, "after": after}
            body = {"query": everything, "variables": variables}
            page = (await client.post("/graphql", json=body)).json()["data"]["changes"]
            once += [one["id"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
    assert len(found) > 100
    assert found == once
    assert len(set(found)) == len(found)
