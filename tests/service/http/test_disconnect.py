"""Tests that a client that goes away, or a deadline, ends its query in the database."""

import json
import socket
from collections.abc import Sequence

import neo4j
import pytest

from service.db.database import Database
from service.db.last_commit import READ_COMMIT
from service.query.decoding import Row
from service.query.operation import Query
from service.settings import Settings
from tests.service.db.test_cypher import running_queries
from tests.service.managed.test_owner import wait_until
from tests.serving import serve_in_thread

LONG = "CYPHER 5 UNWIND range(1, 100000000000) AS i RETURN count(i)"
ASKED = {"query": "{ people { totalCount } }"}
GONE_SECONDS = 5
"""The longest until the query is gone: generous, as the machine that runs the tests is busy."""


@pytest.fixture
def slow_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every read of an answer take as long as it may."""
    read = Database.read

    async def read_slowly(self: Database, queries: Sequence[Query]) -> list[Row]:
        if queries == [READ_COMMIT]:
            return await read(self, queries)
        return await read(self, [Query(LONG, {}, (0,))])

    monkeypatch.setattr(Database, "read", read_slowly)


def is_running(driver: neo4j.Driver) -> bool:
    return any(LONG in query for query in running_queries(driver))


def post() -> bytes:
    body = json.dumps(ASKED).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"content-type: application/json\r\n\r\n" + body


GET = b"GET /graphql?query={people{totalCount}} HTTP/1.1\r\nhost: localhost\r\n\r\n"


@pytest.mark.usefixtures("slow_reads")
def test_a_client_that_goes_away_ends_its_query(settings: Settings, driver: neo4j.Driver) -> None:
    with serve_in_thread(settings) as port:
        for request in (post(), post(), GET):  # cold, warm, and by the other route
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(request)
                wait_until("the query runs", lambda: is_running(driver))
            wait_until("the query is gone", lambda: not is_running(driver), GONE_SECONDS)


@pytest.mark.usefixtures("slow_reads")
def test_a_deadline_ends_its_query(settings: Settings, driver: neo4j.Driver) -> None:
    hasty = settings.model_copy(update={"deadline": 1.5})
    with (
        serve_in_thread(hasty) as port,
        socket.create_connection(("127.0.0.1", port), timeout=30) as client,
    ):
        client.sendall(post())
        wait_until("the query runs", lambda: is_running(driver))
        assert client.recv(65536).startswith(b"HTTP/1.1 504")
        wait_until("the query is gone", lambda: not is_running(driver), GONE_SECONDS)
