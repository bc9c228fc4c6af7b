"""Tests that cached operations are answered without parsing, with the same bytes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import neo4j
import pytest

from service.http.app import create_app
from service.http.middleware import RequestPolicy
from service.settings import Settings
from tests.serving import client_of

PAGE = """
query Page($first: Int, $after: String, $text: String, $all: Boolean!) {
  people(first: $first, after: $after, orderBy: [{name: ASC}], where: {name: {contains: $text}}) {
    totalCount @include(if: $all)
    pageInfo { hasNextPage endCursor }
    nodes { id name }
  }
}
"""
ORDERED = """
query ($order: [StatementOrder!], $where: StatementWhere, $after: String, $before: String) {
  statements(first: 3, orderBy: $order, where: $where, after: $after) {
    pageInfo { endCursor hasPreviousPage }
    nodes { __typename id text }
  }
  last: statements(last: 2, before: $before) { nodes { id } }
}
"""
PAGES = """
query ($order: [StatementOrder!], $after: String) {
  statements(first: 7, orderBy: $order, after: $after) { pageInfo { endCursor } nodes { id } }
}
"""
SEARCH = """
query ($words: String!, $first: Int) {
  search(text: $words, first: $first) { hits { snippet node { id } } counts { type count } }
}
"""
BY_ID = "query ($id: ID!, $ids: [ID!]!) { person(id: $id) { id caption } nodes(ids: $ids) { id } }"
DAY = (
    "query ($day: EDTF) @asOf(validTime: $day) { affiliations(first: 3) { nodes { id validity } } }"
)
SCHEMA = "{ a: __typename __schema { queryType { name } } people(first: 1) { nodes { name } } }"

TRUMP, FREELAND = "person:donald-trump", "person:chrystia-freeland"
ASKED: list[tuple[str, list[Any]]] = [
    (
        PAGE,
        [
            {"all": True},
            {"all": False},
            {"all": True, "first": 2, "text": "a"},
            {"all": True, "first": 3, "text": "e"},
            {"all": True, "first": 1000},
            {"all": True, "first": "two"},
            {"all": True, "after": "nonsense"},
            {"all": None},
            {"all": True, "first": None, "text": None},
            {},
            None,
        ],
    ),
    (
        ORDERED,
        [
            {},
            {"order": [{"saidOn": "DESC"}]},
            {"order": [{"saidOn": "ASC"}, {"text": "DESC"}]},
            {"where": {"or": [{"text": {"contains": "tariff"}}, {"saidOn": {"within": "2017"}}]}},
            {"where": {"or": [{"text": {"contains": "nafta"}}, {"saidOn": {"within": "2016"}}]}},
            {"where": {"saidOn": {"within": "soon"}}},
            {"where": {"id": {"in": []}}},
            {"where": {"id": {"in": ["a", "b"]}}},
            {"order": [{"saidOn": "ASC", "text": "ASC"}]},
            {"where": {"text": {"contains": "\ud800"}}},
        ],
    ),
    (
        SEARCH,
        [
            {"words": "dairy"},
            {"words": "automotive content", "first": 2},
            {"words": "dairy", "first": 1},
            {"words": "???"},
            {"words": "auto", "first": -1},
            {"words": 7},
        ],
    ),
    (
        BY_ID,
        [
            {"id": TRUMP, "ids": [FREELAND, "no:such"]},
            {"id": FREELAND, "ids": TRUMP},
            {"id": 12345678901234567890, "ids": []},
            {"id": TRUMP, "ids": [TRUMP] * 101},
        ],
    ),
    (DAY, [{}, {"day": "2017-11"}, {"day": "1999"}, {"day": None}, {"day": "x"}]),
    (SCHEMA, [{}]),
    ("{ people { nope } }", [{}]),
    ("{ people {", [{}]),
]


SAME_ID = {"x-request-id": "same"}
"""Errors have it."""


@pytest.fixture(scope="module")
async def clients(
    article: neo4j.Driver, settings: Settings
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    slow = settings.model_copy(update={"fast_path": False})
    fast = settings.model_copy(update={"answer_cache": 0})
    async with serving(fast) as one, serving(slow) as other:
        yield one, other


def serving(settings: Settings) -> httpx.AsyncClient:
    return client_of(create_app(settings))


async def post(client: httpx.AsyncClient, body: Any) -> tuple[int, bytes, str]:
    headers = {"content-type": "application/json", **SAME_ID}
    # Escaped, so that half a surrogate pair can be sent.
    response = await client.post("/graphql", content=json.dumps(body), headers=headers)
    return response.status_code, response.content, response.headers["content-type"]


async def count_hits(client: httpx.AsyncClient) -> dict[str, int]:
    kept = (await client.get("/healthz")).json()["kept"]
    return {name: one["hits"] for name, one in kept.items()}


@pytest.mark.parametrize(("query", "given"), ASKED, ids=[q.split("(")[0][:30] for q, _ in ASKED])
async def test_it_gives_the_same_bytes(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient], query: str, given: list[Any]
) -> None:
    fast, slow = clients
    for _ in range(2):
        for variables in given:
            body = {"query": query, "variables": variables}
            assert await post(fast, body) == await post(slow, body), variables


async def test_pages_follow_one_another_by_the_same_plan(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    fast, slow = clients
    variables: dict[str, Any] = {"order": [{"saidOn": "DESC"}], "after": None}
    seen: list[str] = []
    while True:
        body = {"query": PAGES, "variables": variables}
        answer = await fast.post("/graphql", json=body)
        assert answer.content == (await slow.post("/graphql", json=body)).content
        page = answer.json()["data"]["statements"]
        seen += [one["id"] for one in page["nodes"]]
        if not page["nodes"]:
            break
        variables["after"] = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) > 50


async def test_what_was_asked_before_is_found_again(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    fast, slow = clients
    query = "query ($id: ID!) { person(id: $id) { name } }  # once more"
    before = await count_hits(fast)
    for one in (TRUMP, FREELAND, TRUMP):
        status, content, _ = await post(fast, {"query": query, "variables": {"id": one}})
        assert status == 200
        assert content
    after = await count_hits(fast)
    assert after["operations"] - before["operations"] == 2
    assert after["plans"] - before["plans"] == 2
    await post(slow, {"query": query, "variables": {"id": TRUMP}})
    await post(slow, {"query": query, "variables": {"id": TRUMP}})
    assert (await count_hits(slow))["operations"] == 0


async def test_named_operations_are_kept_apart(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    fast, slow = clients
    query = "query A { people(first: 1) { totalCount } } query B { issues { totalCount } }"
    for _ in range(2):
        for name in ("A", "B", "C", None):
            body = {"query": query, "operationName": name}
            assert await post(fast, body) == await post(slow, body), name


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b'{"query": 7}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "operationName": 3}',
        b"\xff",
    ],
)
async def test_other_bodies_go_on_to_the_endpoint(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient], raw: bytes
) -> None:
    found = []
    for client in clients:
        headers = {"content-type": "application/json", **SAME_ID}
        response = await client.post("/graphql", content=raw, headers=headers)
        found.append((response.status_code, response.content))
    assert found[0] == found[1]


async def test_what_is_not_kept_is_looked_for_once(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
) -> None:
    fast, _ = clients

    async def misses() -> int:
        return int((await fast.get("/healthz")).json()["kept"]["operations"]["misses"])

    for headers in ({"accept": "*/*"}, {"origin": "http://localhost:5173"}):
        before = await misses()
        query = f"{{ issues {{ totalCount }} }}  # new, with {headers}"
        await fast.post("/graphql", json={"query": query}, headers=headers)
        assert await misses() == before + 1


KEPT = json.dumps({"query": "{ people(first: 1) { nodes { name } } }"}).encode()
LONG = KEPT + b" " * 1_000_000


async def parts(body: bytes) -> AsyncIterator[bytes]:
    yield body[:10]
    yield body[10:]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ([], KEPT, 200),
        ([("host", "localhost:8000")], KEPT, 200),
        ([("host", "LOCALHOST")], KEPT, 200),
        ([("host", "[::1]:8000")], KEPT, 200),
        ([("host", "localhost:")], KEPT, 400),
        ([("host", "localhost:http")], KEPT, 400),
        ([("host", "evil.example")], KEPT, 400),
        ([("host", "evil.example"), ("host", "localhost")], KEPT, 400),
        ([("origin", "http://localhost:5173")], KEPT, 200),
        ([("origin", "https://evil.example")], KEPT, 200),
        ([], LONG, 413),
        ([], parts, 200),
        ([], lambda: parts(LONG), 413),
    ],
)
async def test_what_was_asked_before_is_checked_as_before(
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient],
    headers: list[tuple[str, str]],
    body: Any,
    status: int,
) -> None:
    found = []
    for client in clients:
        assert (await post(client, json.loads(KEPT)))[0] == 200
        content = body if isinstance(body, bytes) else body(KEPT) if body is parts else body()
        every = [("content-type", "application/json"), *SAME_ID.items(), *headers]
        response = await client.post("/graphql", content=content, headers=every)
        assert response.headers.pop("server-timing")
        found.append((response.status_code, response.content, dict(response.headers)))
    assert found[0] == found[1]
    assert found[0][0] == status


def test_headers_that_no_check_could_refuse_are_accepted_at_once() -> None:
    async def app(*_: Any) -> None:
        raise AssertionError("nothing is asked")

    def policy(host: str) -> RequestPolicy:
        return RequestPolicy(app, Settings(allowed_hosts=(host,), body_limit=50))

    plain = [(b"host", b"localhost:8000"), (b"content-length", b"50")]
    accepts = policy("localhost").accepts
    assert accepts(plain)
    assert not accepts([*plain, (b"origin", b"http://localhost")])
    assert not accepts([*plain, (b"host", b"localhost")])
    for length in (b"51", b"9" * 5000, b"-1", b""):
        assert not accepts([*plain[:1], (b"content-length", length)])
    assert not accepts(plain[:1])
    assert not accepts([(b"host", b"other"), *plain[1:]])
    assert policy("*").accepts([(b"host", b"other"), *plain[1:]])
