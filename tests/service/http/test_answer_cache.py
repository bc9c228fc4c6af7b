"""Tests of kept answers: they are sent again, and none is older than its request."""

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import neo4j
import pytest
from graphql import ExecutionResult
from neo4j.exceptions import DriverError, Neo4jError

from benchmarks.bystander import serve_process
from graph_seed import load, unload
from graph_seed.problems import LoadError
from service.db.last_commit import LastCommit
from service.errors import ParleyError
from service.http.answer_cache import AnswerCache
from service.http.app import create_app
from service.managed.connection import ConnectionInfo
from service.query.decoding import Row
from service.query.operation import Query
from service.settings import Settings
from tests.builders import TEXT, facts, record
from tests.conftest import DATABASE
from tests.serving import ask_until_kept, client_of

GRAPHQL = "/graphql"
ASKED = '{ issue(id: "issue:toll") { name evidence { nodes { exact } } } }'
EXACTLY = f"query @asOf {ASKED}"
"""The same of one version: without the directive, a read may see half a commit."""
BODY = json.dumps({"query": EXACTLY}).encode()
ANSWERS = int(os.environ.get("PARLEY_TEST_ANSWERS", "5000"))
"""How many answers are checked with one worker process, and again with two."""
READERS = 8
EACH = 50
"""How many answers a reader asks for on one connection."""
Answer = tuple[str, str | None] | None
"""The issue's name and the words of its passage; None without the issue."""


@pytest.fixture
async def client(settings: Settings, empty: neo4j.Driver) -> AsyncIterator[httpx.AsyncClient]:
    store(empty, "Toll")
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as found:
        yield found


def store(driver: neo4j.Driver, name: str, *, attach: bool = False) -> None:
    source = facts("tolls", record("issue:toll", name=name))
    load(driver, source, database=DATABASE, texts={"source:tolls": TEXT} if attach else None)


async def counters(client: httpx.AsyncClient) -> dict[str, int]:
    found: dict[str, int] = (await client.get("/healthz")).json()["kept"]["answers"]
    return found


async def settle(client: httpx.AsyncClient, query: str = ASKED) -> httpx.Response:
    """Ask until the answer is kept, with the commit that is the last one, if it may be."""
    for _ in range(4):
        found = await client.post(GRAPHQL, json={"query": query})
    if "errors" in found.json():
        return found
    return await ask_until_kept(lambda: client.post(GRAPHQL, json={"query": query}))


# --- what is kept ---


async def test_an_answer_is_sent_again_until_something_is_committed(
    client: httpx.AsyncClient, empty: neo4j.Driver
) -> None:
    first = await settle(client)
    before = await counters(client)
    assert (await client.post(GRAPHQL, json={"query": ASKED})).content == first.content
    after = await counters(client)
    assert (after["hits"], after["checks"]) == (before["hits"] + 1, before["checks"] + 1)
    for name, attach in (("Toll road", False), ("Toll road", True)):
        store(empty, name, attach=attach)
        found = (await client.post(GRAPHQL, json={"query": ASKED})).json()["data"]["issue"]
        words = TEXT[:10] if attach else None
        assert found == {"name": name, "evidence": {"nodes": [{"exact": words}]}}
    unload(empty, "source:tolls", database=DATABASE)
    answer = await client.post(GRAPHQL, json={"query": ASKED})
    assert answer.json()["data"] == {"issue": None}


async def test_waiting_requests_share_one_read_of_the_last_commit(
    client: httpx.AsyncClient,
) -> None:
    await settle(client)
    before = await counters(client)
    await asyncio.gather(*(client.post(GRAPHQL, json={"query": ASKED}) for _ in range(50)))
    after = await counters(client)
    assert after["hits"] == before["hits"] + 50
    assert after["checks"] <= before["checks"] + 3


async def test_what_has_errors_is_not_kept(client: httpx.AsyncClient) -> None:
    before = await counters(client)
    for query in ("{ nope }", "{ people(first: -1) { totalCount } }", "{"):
        await settle(client, query)
    after = await counters(client)
    assert (after["held"], after["hits"]) == (before["held"], before["hits"])


async def test_nothing_is_kept_while_a_commit_is_in_progress(
    client: httpx.AsyncClient, empty: neo4j.Driver
) -> None:
    await settle(client)
    gate = "MATCH (g:Gate) "
    empty.execute_query(gate + "SET g.before = g.commit REMOVE g.commit", database_=DATABASE)
    before = await counters(client)
    query = ASKED.replace("name", "id name")
    for _ in range(4):
        await client.post(GRAPHQL, json={"query": query})
    empty.execute_query(gate + "SET g.commit = g.before REMOVE g.before", database_=DATABASE)
    await client.post(GRAPHQL, json={"query": query})
    assert (await counters(client))["held"] <= before["held"] + 1
    answer = await client.post(GRAPHQL, json={"query": ASKED})
    assert answer.json()["data"]["issue"]["name"] == "Toll"


async def test_introspection_is_kept_without_asking_the_graph(client: httpx.AsyncClient) -> None:
    query = "{ __schema { queryType { name } } }"
    before = await counters(client)
    answers = {(await client.post(GRAPHQL, json={"query": query})).content for _ in range(3)}
    after = await counters(client)
    assert len(answers) == 1
    assert after["held"] == before["held"]


async def test_an_own_neo4j_keeps_none_unless_that_is_wanted() -> None:
    own = Settings(neo4j_uri="bolt://localhost:1")
    assert own.answer_bytes == 0
    assert own.model_copy(update={"answer_cache": 7}).answer_bytes == 7
    assert Settings(neo4j_uri=None).answer_bytes > 0


async def test_kept_answers_are_compressed_for_who_asks(client: httpx.AsyncClient) -> None:
    query = (
        "{ countries(first: 1) { nodes { id } } "
        + "".join(f"a{n}: issues {{ nodes {{ id name }} }} " for n in range(40))
        + "}"
    )
    plain = await settle(client, query)
    assert len(plain.content) > 1000
    for coding in ("gzip", "br", "zstd", "gzip"):
        found = await client.post(
            GRAPHQL, json={"query": query}, headers={"accept-encoding": coding}
        )
        assert found.headers["content-encoding"] == coding
        assert int(found.headers["content-length"]) < len(plain.content) / 2
        assert found.json() == plain.json()


def test_memory_is_bounded_by_the_capacity() -> None:
    async def never(_: Sequence[Query]) -> list[Row]:
        raise AssertionError("nothing is read")

    result = ExecutionResult(data={})
    cache = AnswerCache(LastCommit(never), capacity=100_000)
    for number in range(1000):
        cache.put(number.to_bytes(8), result, b"x" * 1000, "commit")
    assert cache.answers.weight <= 100_000
    assert 30 < cache.answers.counters()["held"] < 100
    cache.put(b"large", result, b"x" * 10_000, "commit")
    assert cache.answers.get(b"large") is None


# --- HTTP ---


async def test_a_get_is_checked_by_its_etag(client: httpx.AsyncClient, empty: neo4j.Driver) -> None:
    for _ in range(3):
        found = await client.get(GRAPHQL, params={"query": ASKED})
    assert found.headers["cache-control"] == "no-cache"
    etag = found.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await client.get(GRAPHQL, params={"query": ASKED}, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    other = {"query": ASKED.replace("name", "id")}
    assert (await client.get(GRAPHQL, params=other)).headers["etag"] != etag
    store(empty, "Toll road")
    changed = await client.get(GRAPHQL, params={"query": ASKED}, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.json()["data"]["issue"]["name"] == "Toll road"
    assert changed.headers["etag"] != etag


async def test_a_browser_s_get_is_not_answered_with_json(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await client.get(GRAPHQL, params={"query": ASKED})
    accept = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await client.get(GRAPHQL, params={"query": ASKED}, headers=accept)
    assert page.headers["content-type"].startswith("text/html")


async def test_what_answers_depend_on_is_part_of_their_key(client: httpx.AsyncClient) -> None:
    mine = "application/graphql-response+json"
    for _ in range(3):
        found = [
            await client.post(GRAPHQL, json={"query": ASKED}, headers={"accept": accept})
            for accept in ("application/json", mine)
        ]
    assert [one.headers["content-type"] for one in found] == ["application/json", mine]


# --- freshness ---


@dataclass
class Timeline:
    """The answers that are right in turn; the loader has finished all up to ``done``."""

    answers: list[Answer] = field(default_factory=list)
    done: int = 0
    failed: BaseException | None = None

    def may_be(self, answer: Answer, since: int) -> bool:
        """Return whether an answer was right at some time since a state was finished."""
        return answer in self.answers[since : self.done + 2]


def change_all_the_time(driver: neo4j.Driver, line: Timeline, stop: threading.Event) -> None:
    """Load, attach a text, and unload, until told to stop."""
    try:
        number = 0
        while not stop.is_set():
            number += 1
            for step in ("load", "attach", "unload"):
                name = f"Toll {number}"
                if step == "unload":
                    line.answers.append(None)
                    unload(driver, "source:tolls", database=DATABASE)
                else:
                    attach = step == "attach"
                    line.answers.append((name, TEXT[:10] if attach else None))
                    store(driver, name, attach=attach)
                line.done = len(line.answers) - 1
    except (ParleyError, LoadError, Neo4jError, DriverError) as error:
        line.failed = error


class Reader:
    """A client that asks on one connection after another, by POST or by GET."""

    def __init__(self, port: int, line: Timeline, *, by_get: bool) -> None:
        self._port, self._line, self._by_get = port, line, by_get
        self._known: tuple[str, Answer] | None = None
        self.unchanged = 0
        """The number of responses with status 304."""

    async def read(self, number: int) -> list[str]:
        """Ask ``number`` times; return what was wrong."""
        stale: list[str] = []
        for _ in range(number // EACH):  # another connection may reach another process
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            for _ in range(EACH):
                since = self._line.done
                writer.write(self._request())
                answer = await self._response(reader)
                if not self._line.may_be(answer, since):
                    stale.append(f"{answer} in place of {self._line.answers[since : since + 3]}")
            writer.close()
            await writer.wait_closed()
        return stale

    def _request(self) -> bytes:
        if not self._by_get:
            head = f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
            return b"POST /graphql HTTP/1.1\r\nhost: localhost\r\n" + head.encode() + BODY
        query = str(httpx.QueryParams({"query": EXACTLY}))
        known = f"if-none-match: {self._known[0]}\r\n" if self._known else ""
        return f"GET /graphql?{query} HTTP/1.1\r\nhost: localhost\r\n{known}\r\n".encode()

    async def _response(self, reader: asyncio.StreamReader) -> Answer:
        raw = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = (line.partition(": ") for line in raw.split("\r\n")[1:] if line)
        head = httpx.Headers([(name, value) for name, _, value in pairs])
        body = await reader.readexactly(int(head.get("content-length", 0)))
        if raw.startswith("HTTP/1.1 304") and self._known:
            self.unchanged += 1
            return self._known[1]
        assert raw.startswith("HTTP/1.1 200"), raw
        issue = json.loads(body)["data"]["issue"]
        answer = issue and (issue["name"], issue["evidence"]["nodes"][0]["exact"])
        self._known = (head["etag"], answer) if "etag" in head else None
        return answer


@pytest.mark.parametrize("workers", [1, 2])
async def test_no_answer_is_older_than_its_request(
    connection: ConnectionInfo, empty: neo4j.Driver, workers: int
) -> None:
    line = Timeline([None])
    stop = threading.Event()
    changing = threading.Thread(target=change_all_the_time, args=(empty, line, stop))
    with serve_process(connection, {"PARLEY_ANSWER_CACHE": "1000000"}, workers) as service:
        port = service.port
        readers = [Reader(port, line, by_get=turn % 2 == 1) for turn in range(READERS)]
        changing.start()
        try:
            found = await asyncio.gather(*(one.read(ANSWERS // READERS) for one in readers))
        finally:
            stop.set()
            changing.join()
        kept = httpx.get(f"http://127.0.0.1:{port}/healthz").json()["kept"]["answers"]
    assert line.failed is None
    assert [one for stale in found for one in stale] == []
    assert line.done > 10, "too little changed"
    assert kept["hits"] > 100, "too little was kept"
    assert sum(one.unchanged for one in readers) > 20
