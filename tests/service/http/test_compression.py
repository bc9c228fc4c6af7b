"""Tests of compressed responses, kept introspection and the schema's files."""

import gzip
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import brotli
import httpx
import pytest
import zstandard
from graphql import (
    GraphQLObjectType,
    build_client_schema,
    build_schema,
    get_introspection_query,
    lexicographic_sort_schema,
    print_schema,
)
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from service.http.app import create_app
from service.http.compression import (
    CODINGS,
    SMALLEST,
    THOROUGH,
    CompressionMiddleware,
    choose_encoding,
)
from service.settings import Settings
from tests.serving import client_of

ACCEPTABLE_BYTES = 60_000
DECODERS: dict[str, Any] = {
    "zstd": lambda data: zstandard.ZstdDecompressor().decompress(data),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
WORDS = b"word " * 1000
WHOLE = {"query": get_introspection_query(), "operationName": "IntrospectionQuery"}


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None))
    async with plain_client(app) as one:
        yield one


def plain_client(app: Any) -> httpx.AsyncClient:
    """Return a client that names no encodings by itself."""
    one = client_of(app)
    one.headers.pop("accept-encoding")
    return one


async def read_raw(
    client: httpx.AsyncClient, method: str, path: str, coding: str | None = None, **also: Any
) -> tuple[httpx.Response, bytes]:
    """Return a response and its bytes on the wire."""
    headers = dict(also.pop("headers", {})) | ({"accept-encoding": coding} if coding else {})
    async with client.stream(method, path, headers=headers, **also) as response:
        raw = b"".join([part async for part in response.aiter_raw()])
    return response, raw


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.2, br;q=0.3, zstd;q=0.1", "br"),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=0.5, identity", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity", None),
        ("deflate, compress", None),
        ("gzip;q=0", None),
        ("gzip;q=x", None),
        ("", None),
    ],
)
async def test_the_coding_of_the_highest_quality_is_used(accept: str, expected: str | None) -> None:
    async with plain_client(CompressionMiddleware(PlainTextResponse(WORDS))) as client:
        response, raw = await read_raw(client, "GET", "/", accept)
    assert response.headers.get("content-encoding") == expected
    assert int(response.headers["content-length"]) == len(raw)
    assert (DECODERS[expected](raw) if expected else raw) == WORDS


@given(st.binary(max_size=60))
def test_any_header_is_read(accept: bytes) -> None:
    assert choose_encoding(accept) in {None, *CODINGS}


@pytest.mark.parametrize("size", [10, 150_000])
@pytest.mark.parametrize("codings", [CODINGS, THOROUGH], ids=["fast", "thorough"])
def test_each_coding_gives_the_body_back(codings: Any, size: int) -> None:
    body = bytes(range(256)) * size
    for coding, compress in codings.items():
        assert DECODERS[coding.decode()](compress(body)) == body


@pytest.mark.parametrize(
    "app",
    [
        PlainTextResponse(WORDS[: SMALLEST - 1]),
        Response(WORDS, media_type="image/png"),
        Response(WORDS),
        Response(WORDS, headers={"content-encoding": "deflate"}, media_type="text/plain"),
        PlainTextResponse(WORDS, 206),
        StreamingResponse(iter([WORDS, WORDS]), media_type="text/plain"),
    ],
    ids=["short", "image", "unknown", "compressed", "partial", "in parts"],
)
async def test_what_gains_nothing_is_sent_as_it_is(app: ASGIApp) -> None:
    async with plain_client(CompressionMiddleware(app)) as client:
        response, raw = await read_raw(client, "GET", "/", "gzip")
        plain = (await read_raw(client, "GET", "/"))[1] if isinstance(app, Response) else b""
    assert response.headers.get("content-encoding") != "gzip"
    assert raw in {plain, WORDS, WORDS + WORDS}


async def test_a_strong_etag_becomes_weak() -> None:
    for tag, expected in (('"a"', 'W/"a"'), ('W/"a"', 'W/"a"')):
        app = CompressionMiddleware(JSONResponse(["a" * 5000], headers={"etag": tag}))
        async with plain_client(app) as client:
            response, _ = await read_raw(client, "GET", "/", "br")
            assert response.headers["etag"] == expected
            response, _ = await read_raw(client, "GET", "/")
            assert response.headers["etag"] == tag


# --- in the application ---


@pytest.mark.parametrize("origin", [{}, {"origin": "http://localhost:3000"}])
async def test_caches_are_told_what_decides_the_form(
    client: httpx.AsyncClient, origin: dict[str, str]
) -> None:
    for path in ("/graphql?query={__typename}", "/healthz"):
        for coding in ("gzip", None):
            response, _ = await read_raw(client, "GET", path, coding, headers=origin)
            vary = {one.strip() for one in response.headers["vary"].split(",")}
            times = {"Parley-System-Time", "Parley-Valid-Time", "Parley-Version"}
            assert vary == {"Accept", "Accept-Encoding", "Origin"} | times


@pytest.mark.parametrize("coding", [*DECODERS, None])
async def test_introspection_is_small_and_kept(
    client: httpx.AsyncClient, coding: str | None
) -> None:
    answers: list[bytes] = []
    for attempt in range(4):  # new, cached, kept
        began = time.perf_counter()
        response, raw = await read_raw(client, "POST", "/graphql", coding, json=WHOLE)
        took = time.perf_counter() - began
        assert response.status_code == 200
        assert response.headers.get("content-encoding") == coding
        assert int(response.headers["content-length"]) == len(raw)
        answers.append(DECODERS[coding](raw) if coding else raw)
        if attempt == 3:
            assert took < 0.05
            assert coding is None or len(raw) < ACCEPTABLE_BYTES
    assert len(set(answers)) == 1
    build_client_schema(json.loads(answers[0])["data"])


async def test_introspection_with_variables_or_data_is_not_kept(client: httpx.AsyncClient) -> None:
    query = (
        "query ($name: String!) { __schema { queryType { name } } __type(name: $name) { name } }"
    )
    for name in ("Person", "Issue", "Person"):
        body = {"query": query, "variables": {"name": name}}
        answer = (await client.post("/graphql", json=body)).json()
        assert answer["data"]["__type"] == {"name": name}
    body = {"query": "{ __schema { queryType { name } } people { totalCount } }"}
    for _ in range(3):
        assert (await client.post("/graphql", json=body)).status_code == 503


async def test_kept_introspection_has_the_type_that_is_accepted(client: httpx.AsyncClient) -> None:
    body = {"query": "{ __schema { queryType { name } } } # each type"}
    for accept in ("application/json", "application/graphql-response+json") * 3:
        response = await client.post("/graphql", json=body, headers={"accept": accept})
        assert response.headers["content-type"] == accept
        assert response.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


FILES = ["/schema.graphql", "/schema.json", "/possible-types.json", "/client-settings.json"]


@pytest.mark.parametrize("path", FILES)
async def test_a_file_of_the_schema(client: httpx.AsyncClient, path: str) -> None:
    plain, body = await read_raw(client, "GET", path)
    assert plain.status_code == 200
    assert plain.headers["cache-control"] == "public, no-cache"
    for coding, decode in DECODERS.items():
        response, raw = await read_raw(client, "GET", path, coding)
        assert decode(raw) == body
        assert len(raw) < ACCEPTABLE_BYTES
        assert response.headers["content-encoding"] == coding
        assert response.headers["etag"] == plain.headers["etag"]
    head = await client.head(path)
    assert (head.status_code, head.headers["etag"]) == (200, plain.headers["etag"])


@pytest.mark.parametrize("path", FILES)
async def test_a_file_that_the_client_has_is_not_sent(client: httpx.AsyncClient, path: str) -> None:
    tag = (await client.get(path)).headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        response = await client.get(path, headers={"if-none-match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == tag
        assert "accept-encoding" in response.headers["vary"].lower()
    for other in ('"x"', "", f'W/"{"0" * 32}"'):
        response = await client.get(path, headers={"if-none-match": other})
        assert response.status_code == 200


async def test_the_files_say_the_same(client: httpx.AsyncClient) -> None:
    sdl, result, types, settings = [(await client.get(path)) for path in FILES]
    assert sdl.headers["content-type"] == "text/plain; charset=utf-8"
    schema = build_schema(sdl.text)
    read = build_client_schema(result.json()["data"])
    first, second = (print_schema(lexicographic_sort_schema(one)) for one in (read, schema))
    assert first == second
    assert types.json()["Node"] == sorted(
        one.name
        for one in schema.get_possible_types(schema.type_map["Node"])  # type: ignore[arg-type]
    )
    assert "SearchHit" not in types.json()
    assert settings.json()["possibleTypes"] == types.json()
    without_id = set(settings.json()["typesWithoutId"])
    assert {"EdtfDate", "PageInfo", "SearchHit", "StatementConnection"} <= without_id
    for name, one in schema.type_map.items():
        if isinstance(one, GraphQLObjectType) and not name.startswith("__") and name != "Query":
            assert ("id" in one.fields) != (name in without_id)
