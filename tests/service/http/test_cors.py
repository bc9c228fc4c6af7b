"""Tests of requests from pages of other origins: preflights, headers to read, refusals."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from service.graphql.run.engine import Engine
from service.http.app import create_app
from service.http.cors import EXPOSED
from service.settings import CLIENT_HEADERS, Settings
from tests.serving import client_of

PAGE, FOREIGN = "http://localhost:5173", "https://evil.example"
QUERY = "/graphql?query={__typename}"
FETCH = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")
ASKED = b'{"query": "{ __typename }"}'


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose database does not run: nothing here asks it."""
    return Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None)


@pytest.fixture(scope="module")
def app(nowhere: Settings) -> FastAPI:
    return create_app(nowhere)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as one:
        yield one


async def preflight(
    client: httpx.AsyncClient, origin: str, method: str = "POST", headers: str = "content-type"
) -> httpx.Response:
    given = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
    }
    return await client.options("/graphql", headers=given)


def refusal_message(response: httpx.Response, status: int, code: str) -> str:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == code
    return str(error["message"])


# --- preflights ---


@pytest.mark.parametrize(
    "headers",
    [
        # Apollo Client; Apollo's mobile clients; urql; Relay's usual network layer
        "apollographql-client-name,apollographql-client-version,content-type",
        "X-APOLLO-OPERATION-ID, X-APOLLO-OPERATION-NAME, Apollo-Require-Preflight",
        "content-type,authorization",
        "authorization,x-request-id",
        # OpenTelemetry; Sentry
        "baggage,traceparent,tracestate",
        "baggage,sentry-trace,content-type",
        "If-None-Match",
        ", ".join(CLIENT_HEADERS),
    ],
)
async def test_headers_of_common_clients_are_allowed(
    client: httpx.AsyncClient, headers: str
) -> None:
    response = await preflight(client, PAGE, headers=headers)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == PAGE
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert {one.strip().lower() for one in headers.split(",")} <= set(allowed)


async def test_a_refused_preflight_names_the_headers(client: httpx.AsyncClient) -> None:
    response = await preflight(client, PAGE, headers="content-type, x-mine,x-yours")
    message = refusal_message(response, 400, "BAD_REQUEST")
    assert "x-mine, x-yours" in message
    assert "content-type" not in message
    assert "PARLEY_CORS_HEADERS" in message


async def test_a_refused_preflight_names_the_origin_or_the_method(
    client: httpx.AsyncClient,
) -> None:
    response = await preflight(client, FOREIGN)
    assert FOREIGN in refusal_message(response, 403, "ORIGIN_NOT_ALLOWED")
    assert "access-control-allow-origin" not in response.headers
    response = await preflight(client, PAGE, "DELETE")
    assert "DELETE" in refusal_message(response, 400, "BAD_REQUEST")


async def test_headers_and_origins_are_settings(nowhere: Settings) -> None:
    mine = {"cors_headers": ("x-mine",), "cors_origins": r"https://my\.example"}
    async with client_of(create_app(nowhere.model_copy(update=mine))) as client:
        assert (await preflight(client, "https://my.example", headers="x-mine")).status_code == 200
        assert (await preflight(client, PAGE, headers="x-mine")).status_code == 403
        response = await preflight(client, "https://my.example", headers="authorization")
        assert "authorization" in refusal_message(response, 400, "BAD_REQUEST")
    any_header = {"cors_headers": ("*",)}
    async with client_of(create_app(nowhere.model_copy(update=any_header))) as client:
        assert (await preflight(client, PAGE, headers="x-any")).status_code == 200


async def test_a_page_may_read_the_headers_that_say_how_to_go_on(
    client: httpx.AsyncClient,
) -> None:
    for response in (
        await client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": PAGE}),
        await client.get("/readyz", headers={"origin": PAGE}),
    ):
        exposed = response.headers["access-control-expose-headers"].split(", ")
        assert exposed == list(EXPOSED)
        assert response.headers["access-control-allow-origin"] == PAGE


# --- requests that a page of any origin may send without asking ---


@contextmanager
def executing_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail if an operation is executed."""

    async def fail(*_: object, **__: object) -> None:
        raise AssertionError("an operation was executed")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "execute", fail)
        patch.setattr(Engine, "run", fail)
        yield


SIMPLE_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
SENT_BY = [
    # a modern browser: fetch with no-cors, a form, an image; then browsers without Fetch Metadata
    {"origin": FOREIGN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"origin": FOREIGN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    {"origin": "null", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"origin": FOREIGN},
    {},
]


@pytest.mark.parametrize("headers", SENT_BY)
@pytest.mark.parametrize("content_type", SIMPLE_TYPES)
async def test_a_simple_post_executes_nothing(
    client: httpx.AsyncClient,
    content_type: str | None,
    headers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = headers | ({"content-type": content_type} if content_type else {})
    with executing_nothing(monkeypatch):
        for body in (ASKED, b"query=%7B__typename%7D"):
            response = await client.post("/graphql", content=body, headers=given)
            assert response.status_code in {403, 415}
            assert response.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": FOREIGN},
        {"origin": "null"},
        {"origin": FOREIGN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
        {"origin": "http://localhost.evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_a_simple_get_of_a_foreign_page_executes_nothing(
    client: httpx.AsyncClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with executing_nothing(monkeypatch):
        for path in (QUERY, "/readyz", "/schema.json"):
            response = await client.get(path, headers=headers)
            refusal_message(response, 403, "ORIGIN_NOT_ALLOWED")
            assert (await client.head(path, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": PAGE, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
        {"origin": "http://localhost"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
        # a link on another page
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
        },
    ],
)
async def test_other_requests_are_answered(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    given = headers | {"accept": "application/json"}
    assert (await client.get(QUERY, headers=given)).json() == {"data": {"__typename": "Query"}}


async def test_a_page_of_the_service_itself_may_post(nowhere: Settings) -> None:
    elsewhere = nowhere.model_copy(update={"allowed_hosts": ("graph.example",)})
    async with client_of(create_app(elsewhere), "https://graph.example") as client:
        own = {"origin": "https://graph.example", "sec-fetch-site": "same-origin"}
        response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=own)
        assert response.status_code == 200
        assert (await client.get(QUERY, headers=own)).status_code == 200
