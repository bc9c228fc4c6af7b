"""Tests that malformed requests are refused as JSON, with a code."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from service.http.app import create_app
from service.settings import Settings
from tests.serving import client_of

NAMES = "query A { __typename } query B { b: __typename }"
HALVES = [r"\ud800", r"\udfff", r"\uDBFF", r"a\uDC00\uD800b", r"\ud83d"]


@pytest.fixture(scope="module", params=[True, False], ids=["fast", "slow"])
async def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service without a database, which no test here needs."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None, fast_path=request.param
    )
    async with client_of(create_app(settings)) as one:
        yield one


def refusal_message(response: httpx.Response, status: int = 400) -> str:
    """Return the message of a refusal, which has a code and is JSON."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] not in {"INTERNAL", ""}
    return str(error["message"])


async def post(client: httpx.AsyncClient, raw: str | bytes, **headers: str) -> httpx.Response:
    every = {"content-type": "application/json", **headers}
    return await client.post("/graphql", content=raw, headers=every)


# --- the name of the operation ---


@pytest.mark.parametrize("name", ["", None])
async def test_an_empty_operation_name_is_none(client: httpx.AsyncClient, name: Any) -> None:
    for _ in range(2):
        response = await client.get(
            "/graphql", params={"query": "{ __typename }", "operationName": name or ""}
        )
        assert response.json() == {"data": {"__typename": "Query"}}
        body = {"query": "{ __typename }", "operationName": name}
        assert (await client.post("/graphql", json=body)).json() == response.json()
        several = await client.post("/graphql", json={"query": NAMES, "operationName": name})
        assert "operationName" in refusal_message(several)
        several = await client.get("/graphql", params={"query": NAMES, "operationName": name or ""})
        assert "operationName" in refusal_message(several)


@pytest.mark.parametrize("name", [3, True, [], {}, ["A"]])
async def test_an_operation_name_is_a_text(client: httpx.AsyncClient, name: Any) -> None:
    body = {"query": NAMES, "operationName": name}
    for _ in range(2):
        assert "operationName" in refusal_message(await client.post("/graphql", json=body))


async def test_the_operation_that_is_named_is_answered(client: httpx.AsyncClient) -> None:
    for name, data in (("A", {"__typename": "Query"}), ("B", {"b": "Query"})) * 2:
        body = {"query": NAMES, "operationName": name}
        assert (await client.post("/graphql", json=body)).json() == {"data": data}
        assert (await client.get("/graphql", params=body)).json() == {"data": data}
    response = await client.post("/graphql", json={"query": NAMES, "operationName": "C"})
    assert response.status_code == 400


# --- methods ---

ROUTES = {
    "/graphql": {"GET", "HEAD", "POST"},
    "/healthz": {"GET", "HEAD"},
    "/readyz": {"GET", "HEAD"},
}


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (path, method)
        for path, method in itertools.product(
            ROUTES, ["PUT", "DELETE", "PATCH", "OPTIONS", "POST", "TRACE", "BREW"]
        )
        if method not in ROUTES[path]
    ],
)
async def test_another_method_is_told_which_there_are(
    client: httpx.AsyncClient, path: str, method: str
) -> None:
    response = await client.request(method, path)
    refusal_message(response, 405)
    assert set(response.headers["allow"].split(", ")) == ROUTES[path]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/readyz", 503), ("/graphql?query={__typename}", 200), ("/graphql", 400)],
)
async def test_head_has_the_status_of_get(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    for method in ("GET", "HEAD"):
        response = await client.request(method, path, headers={"accept": "application/json"})
        assert response.status_code == status


@pytest.mark.parametrize("path", ["/nope", "/graphql/x", "/%ff", "/graphql%00"])
async def test_another_path_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        refusal_message(await client.request(method, path), 404)


# --- long numbers ---


@pytest.mark.parametrize("name", ["variables", "extensions", "other"])
async def test_a_long_number_is_refused_as_what_it_is(client: httpx.AsyncClient, name: str) -> None:
    for number in ("9" * 10_000, "-" + "1" * 4_301):
        body = f'{{"query":"{{ __typename }}","{name}":{{"n":{number}}}}}'
        assert "number that is too long" in refusal_message(await post(client, body))


# --- half a surrogate pair ---


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(
    "body",
    [
        '{"query":"{ __typename } # %s"}',
        '{"query":"query A($v: ID!) { node(id: $v) { id } }","variables":{"v":"%s"}}',
        '{"query":"query A { __typename }","operationName":"%s"}',
        '{"query":"{ __typename }","variables":{"%s":1}}',
        '{"query":"{ __typename }","variables":{"v":{"a":[{"b":"%s"}]}}}',
        '{"query":"{ __typename }","extensions":{"a":"%s"}}',
        '{"query":"{ __typename }","%s":1}',
        '{"query":"{ n(x: \\"%s\\") }"}',
        '"%s"',
        '["%s"]',
    ],
)
async def test_half_a_surrogate_pair_is_refused(
    client: httpx.AsyncClient, body: str, half: str
) -> None:
    for _ in range(2):
        assert "surrogate" in refusal_message(await post(client, body % half))


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("name", ["variables", "extensions"])
async def test_half_a_surrogate_pair_in_a_parameter_is_refused(
    client: httpx.AsyncClient, name: str, half: str
) -> None:
    for value in (f'{{"a":"{half}"}}', f'{{"{half}":1}}'):
        params = {"query": "{ __typename }", name: value}
        assert "surrogate" in refusal_message(await client.get("/graphql", params=params))


async def test_half_a_surrogate_pair_as_bytes_is_refused(client: httpx.AsyncClient) -> None:
    half = "\udfff".encode("utf-8", "surrogatepass")
    refusal_message(await post(client, b'{"query":"{ __typename } # ' + half + b'"}'))
    for name in ("query", "operationName", "variables", "extensions", "other"):
        # The bytes of a query string that are not UTF-8 are replaced.
        given = quote(b"{ __typename } #" if name == "query" else b"") + quote(half)
        also = "" if name == "query" else "query=%7B__typename%7D&"
        response = await client.get(f"/graphql?{also}{name}={given}")
        assert response.status_code in {200, 400}
        assert response.headers["content-type"] == "application/json"


async def test_a_whole_pair_is_one_character(client: httpx.AsyncClient) -> None:
    body = r'{"query":"{ __typename } # \ud83d\ude00 \\ud800"}'
    for _ in range(2):
        assert (await post(client, body)).json() == {"data": {"__typename": "Query"}}


# --- other oddities ---


@pytest.mark.parametrize(
    "raw",
    [
        b'{"query":"{ __typename }","variables":{"v":NaN}}',
        b'{"query":"{ __typename }","variables":{"v":-Infinity}}',
        b'{"query":"{ __typename }","variables":{"v":' + b"9" * 5000 + b"}}",
        b'{"query":"{ __typename }","variables":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"query":"{ __typename }","variables":[]}',
        b'{"query":"{ __typename }","variables":"x"}',
        b'{"query":"{ __typename }","extensions":[]}',
        b'{"query":"{ __typename }","extensions":"x"}',
        b'{"query":["{ __typename }"]}',
        b'{"query":null}',
        b'{"query":""}',
        b"{}",
        b"[]",
        b"[{}]",
        b'"{ __typename }"',
        b"7",
        b"null",
        b"",
        b"\xff\xfe",
        '{"query":"{ __typename }"}'.encode("utf-16"),
    ],
)
async def test_what_is_no_request_is_refused(client: httpx.AsyncClient, raw: bytes) -> None:
    assert (await post(client, b'{"query":"{ __typename }"}')).status_code == 200
    for _ in range(2):
        refusal_message(await post(client, raw))


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("value", ["x", "[", "[1]", "7", '"x"', "{", "[" * 20_000, "9" * 5000])
async def test_a_parameter_that_is_no_object_is_refused(
    client: httpx.AsyncClient, name: str, value: str
) -> None:
    refusal_message(await client.get("/graphql", params={"query": "{ __typename }", name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"content-type", b"\xff\xfe"),
        (b"content-type", b"application/json; charset=\"'"),
        (b"content-type", b"application/json; " + b"a=b;" * 5000),
        (b"content-type", b""),
        (b"content-type", b"=?utf-8?q?application/json?="),
        (b"accept", b"\xff" * 50),
        (b"accept", b"text/html;q=x, */*;q=;;"),
        (b"host", b"\xe4\xf6"),
        (b"host", b""),
        (b"host", b"localhost:99999999999"),
        (b"host", b"[::1"),
        (b"origin", b"\xff"),
        (b"origin", b"null"),
        (b"cookie", b"\x80=\xff; ;=;"),
        (b"x-request-id", b"\xff"),
        (b"content-encoding", b"\xff"),
        (b"accept-encoding", b"\xff;q=2"),
    ],
)
async def test_odd_headers_break_nothing(
    client: httpx.AsyncClient, name: bytes, value: bytes
) -> None:
    for method in ("POST", "GET", "OPTIONS", "DELETE"):
        given = [(b"content-type", b"application/json")] if name != b"content-type" else []
        response = await client.request(
            method, "/graphql", headers=[*given, (name, value)],
            content=b'{"query":"{ __typename }"}',
        )  # fmt: skip
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert json.loads(response.content)["errors"][0]["extensions"]["code"]


# --- the request's id ---


async def test_each_response_has_the_id_of_its_request(client: httpx.AsyncClient) -> None:
    seen: set[str] = set()
    for method, path in (("GET", "/healthz"), ("POST", "/graphql"), ("PUT", "/x")) * 2:
        seen.add((await client.request(method, path)).headers["x-request-id"])
    assert len(seen) == 6
    for given in ("a1", "0af7651916cd43dd-8448eb211c80319c", "A:b/c+d=.e_"[:10]):
        response = await client.get("/healthz", headers={"x-request-id": given})
        assert response.headers.get_list("x-request-id") == [given]


@pytest.mark.parametrize("given", [b"", b"a b", b"x" * 129, b"a\tb", b"\xc3\xa4", b'"', b"a,b"])
async def test_an_id_that_is_long_or_odd_is_replaced(
    client: httpx.AsyncClient, given: bytes
) -> None:
    response = await client.get("/healthz", headers=[(b"x-request-id", given)])
    (own,) = response.headers.get_list("x-request-id")
    assert own.encode() != given
    assert len(own) < 64
