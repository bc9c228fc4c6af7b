"""Tests of the application as clients see it: answers, refusals, error codes, health."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import neo4j
import pytest
from graphql import get_introspection_query

from service.http.app import create_app
from service.managed.owner import Owner
from service.settings import Settings
from tests.serving import client_of


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings) as one:
        yield one


def serving(settings: Settings) -> httpx.AsyncClient:
    return client_of(create_app(settings))


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    response = await client.post("/graphql", json=body)
    answer: dict[str, Any] = response.json()
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_an_answer(client: httpx.AsyncClient) -> None:
    answer = await ask(
        client,
        "query ($n: String!) { people(where: {name: {contains: $n}}) { nodes { id name } } }",
        n="hasenfratz",
    )
    assert answer == {
        "data": {
            "people": {"nodes": [{"id": "person:linda-hasenfratz", "name": "Linda Hasenfratz"}]}
        }
    }


async def test_an_answer_that_is_exact_says_of_which_version_it_is(
    client: httpx.AsyncClient,
) -> None:
    plain = await ask(client, "{ people { totalCount } }")
    assert "version" not in (plain.get("extensions") or {})
    exact = await ask(client, "query @asOf { people { totalCount } }")
    assert exact == {**plain, "extensions": {"version": 2}}
    wrong = await ask(client, 'query @asOf(validTime: "soon") { people { totalCount } }')
    assert codes(wrong) == ["GRAPHQL_VALIDATION_FAILED"]
    later = await ask(
        client,
        "query ($t: DateTime!) @asOf(systemTime: $t) { people { totalCount } }",
        t="2999-01-01T00:00:00Z",
    )
    assert codes(later) == ["BAD_USER_INPUT"]


async def test_get_asks_too(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_name_is_found_by_its_aliases(client: httpx.AsyncClient) -> None:
    query = '{ organizations(where: {name: {startsWith: "ustr"}}) { nodes { id } } }'
    assert (await ask(client, query))["data"]["organizations"]["nodes"] == [
        {"id": "organization:ustr"}
    ]


async def test_introspection_and_data_in_one_operation(client: httpx.AsyncClient) -> None:
    answer = await ask(
        client,
        '{ a: __type(name: "Issue") { kind } issues(first: 1) { totalCount } '
        "__schema { queryType { name } } }",
    )
    assert list(answer["data"]) == ["a", "issues", "__schema"]
    assert answer["data"]["a"] == {"kind": "OBJECT"}
    whole = await ask(client, get_introspection_query())
    assert "errors" not in whole


async def test_search(client: httpx.AsyncClient) -> None:
    query = """query ($t: String!) { search(text: $t, first: 3) {
      hits { property snippet node { id caption } passage { locator } } counts { type count } } }"""
    for text in ("dairy", "dary", "dai", "DAIRY"):
        found = (await ask(client, query, t=text))["data"]["search"]
        assert any(hit["node"]["id"] == "issue:dairy" for hit in found["hits"]), text
        assert all("<mark>" in hit["snippet"] for hit in found["hits"]), text
        assert sum(one["count"] for one in found["counts"]) >= len(found["hits"])


@pytest.mark.parametrize(
    "text", ["", "!!!", "a AND", '"', "(", "*", "a:b", "\\", "~", "AND OR NOT", "/", "𝔘", "\u0000"]
)
async def test_any_input_is_a_search(client: httpx.AsyncClient, text: str) -> None:
    answer = await ask(
        client, "query ($t: String!) { search(text: $t) { hits { score } } }", t=text
    )
    assert "errors" not in answer


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("{ people(", "GRAPHQL_PARSE_FAILED", "Syntax Error"),
        ("{ people { nodes { nmae } } }", "GRAPHQL_VALIDATION_FAILED", "Did you mean 'name'"),
        ("{ people(first: 2, last: 2) { totalCount } }", "BAD_USER_INPUT", "first or last"),
        ("{ people(first: 101) { totalCount } }", "BAD_USER_INPUT", "from 0 to 100"),
        ("{ people(first: -1) { totalCount } }", "BAD_USER_INPUT", "from 0 to 100"),
        ('{ people(after: "x") { totalCount } }', "BAD_USER_INPUT", "not a cursor"),
        ('{ statements(where: {saidOn: {within: "2031-13"}}) { totalCount } }',
         "GRAPHQL_VALIDATION_FAILED", "2031-13"),
        ("query ($n: Int!) { people(first: $n) { totalCount } }", "BAD_USER_INPUT", "$n"),
        ("query A { __typename } query B { __typename }", "BAD_USER_INPUT", "operationName"),
        ("mutation { x }", "GRAPHQL_VALIDATION_FAILED", "mutation"),
        ("{ issues { nodes {" + " statements { nodes { about { nodes { ... on Issue {" * 5 + " id "
         + "} } } } }" * 5 + "} } }", "QUERY_TOO_COMPLEX", "depth"),
        ("{" + " ".join(f"a{i}: __typename" for i in range(51)) + "}", "QUERY_TOO_COMPLEX", "root"),
    ],
)  # fmt: skip
async def test_a_mistake_has_a_code_and_says_what_to_do(
    client: httpx.AsyncClient, query: str, code: str, words: str
) -> None:
    answer = await ask(client, query)
    assert "data" not in answer
    assert codes(answer) == [code]
    assert words in answer["errors"][0]["message"]


async def test_all_mistakes_are_said_at_once_with_their_paths(client: httpx.AsyncClient) -> None:
    answer = await ask(
        client,
        "{ a: people(first: 999) { nodes { s: statements(first: 1, last: 1) { totalCount } } } }",
    )
    assert [error["path"] for error in answer["errors"]] == [["a"], ["a", "nodes", "s"]]


async def test_a_fragment_bomb_is_refused_at_once(client: httpx.AsyncClient) -> None:
    levels = " ".join(f"fragment F{i} on Person {{ ...F{i + 1} ...F{i + 1} }}" for i in range(60))
    query = "{ people { nodes { ...F0 } } } " + levels + " fragment F60 on Person { id }"
    answer = await ask(client, query)
    assert codes(answer) == ["QUERY_TOO_COMPLEX"]


@pytest.mark.parametrize(
    "body",
    [b'"hi"', b"5", b"null", b"\xff\xfe", b"{", b"[" * 100_000, b'{"query": ' + b"9" * 5000 + b"}"],
)
async def test_a_malformed_body_is_a_client_error(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/graphql", content=body, headers=headers)
    assert 400 <= response.status_code < 500
    assert codes(response.json()) == ["BAD_REQUEST"]


async def test_a_body_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    origin = "http://localhost:3000"
    headers = {"content-type": "application/json", "origin": origin}
    response = await client.post("/graphql", content=b" " * 2_000_000, headers=headers)
    assert (response.status_code, codes(response.json())) == (413, ["PAYLOAD_TOO_LARGE"])
    assert response.headers["access-control-allow-origin"] == origin, "a page may read why"


async def test_other_hosts_are_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz", headers={"host": "evil.example"})
    assert (response.status_code, codes(response.json())) == (400, ["BAD_REQUEST"])


async def test_origins(client: httpx.AsyncClient) -> None:
    for origin, allowed in (("http://localhost:3000", True), ("https://evil.example", False)):
        response = await client.get("/healthz", headers={"origin": origin})
        assert (response.headers.get("access-control-allow-origin") == origin) == allowed


async def test_health(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json()["status"] == "ok"
    assert (await client.get("/readyz")).json()["status"] == "ok"


async def test_pages_put_together_are_the_whole_list(client: httpx.AsyncClient) -> None:
    fields = "edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }"
    order = "orderBy: [{saidOn: DESC}, {text: ASC}]"
    whole = await ask(client, f"{{ statements(first: 100, {order}) {{ {fields} }} }}")
    ids = [edge["node"]["id"] for edge in whole["data"]["statements"]["edges"]]
    assert len(ids) > 40
    for size, argument, cursor, more in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        query = f"query ($c: String) {{ statements({size}: 7, {argument}: $c, {order}) {{ {fields} }} }}"
        pages: list[list[str]] = []
        at = None
        while True:
            page = (await ask(client, query, c=at))["data"]["statements"]
            pages.append([edge["node"]["id"] for edge in page["edges"]])
            at = page["pageInfo"][cursor]
            if not page["pageInfo"][more]:
                break
        if size == "last":
            pages.reverse()
        assert [one for page_ in pages for one in page_] == ids


async def test_without_a_database_it_starts_and_says_so(tmp_path: Any) -> None:
    settings = Settings(data_dir=tmp_path, connection_timeout=1)
    async with serving(settings) as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, codes(ready.json())) == (503, ["SERVICE_UNAVAILABLE"])
        assert ready.headers["retry-after"] == "1"
        response = await client.post("/graphql", json={"query": "{ people { totalCount } }"})
        assert (response.status_code, codes(response.json())) == (503, ["SERVICE_UNAVAILABLE"])
        assert response.headers["retry-after"] == "1"


async def test_a_database_of_ones_own_that_is_wrong(
    settings: Settings, article: neo4j.Driver
) -> None:
    from service.managed.connection import find_running

    to = find_running(settings)
    assert to is not None
    for given, code in (
        ({"neo4j_uri": "bolt://127.0.0.1:9"}, "SERVICE_UNAVAILABLE"),
        ({"neo4j_uri": to.uri, "neo4j_password": "wrong"}, "DATABASE_REFUSED"),
        ({"neo4j_uri": to.uri, "neo4j_password": to.password.get_secret_value(),
          "neo4j_database": "none"}, "DATABASE_REFUSED"),
    ):  # fmt: skip
        async with serving(Settings.model_validate({"connection_timeout": 1, **given})) as client:
            answer = await ask(client, "{ people { totalCount } }")
            assert codes(answer) == [code]
            assert "127.0.0.1" not in str(answer)
    good = Settings(neo4j_uri=to.uri.replace("bolt:", "neo4j:"), neo4j_password=to.password)
    async with serving(good) as client:
        assert "errors" not in await ask(client, "{ people { totalCount } }")


async def test_a_database_that_comes_up_later_is_made_ready(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", connection_timeout=2)
    app = create_app(settings)
    search = '{ search(text: "dairy") { hits { score } } }'
    async with (
        app.router.lifespan_context(app),
        client_of(app) as client,
    ):
        assert codes(await ask(client, search)) == ["SERVICE_UNAVAILABLE"]
        owner = await asyncio.to_thread(Owner(settings).__enter__)
        try:
            answer: dict[str, Any] = {}
            for _ in range(300):
                answer = await ask(client, search)
                if "errors" not in answer:
                    break
                assert codes(answer) == ["SERVICE_UNAVAILABLE"]
                await asyncio.sleep(0.2)
            assert answer == {"data": {"search": {"hits": []}}}
            assert (await client.get("/readyz")).status_code == 200
        finally:
            await asyncio.to_thread(owner.stop)
