"""Tests that no request, however odd, is answered with status 500."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.http.app import create_app
from service.settings import Settings
from tests.serving import client_of

DOCUMENTS = st.sampled_from(
    [
        "{ __typename }",
        "{ a: __typename __schema { queryType { name } } }",
        "{",
        "",
        "query A { b }",
        "mutation { a }",
        "query ($a: Int!) { __typename }",
        "subscription { a }",
        "fragment F on X { a }",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | DOCUMENTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(["query", "operationName", "variables", "extensions", "a"])
BODIES = (
    st.dictionaries(NAMES, VALUES, max_size=5).map(lambda one: json.dumps(one).encode())
    | VALUES.map(lambda one: json.dumps(one).encode())
    | st.binary(max_size=60)
)
PARTS = ["application", "json", "graphql-response+json", "/", "*", ";", "q=", "0.5", "1", ",", " ",
         "charset=utf-8", '"', "=", "gzip", "br", "zstd", "identity", "text/html", "http://a", "\\",
         "localhost", ":", "x-", "\xff"]  # fmt: skip
ODD = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "accept",
                "content-type",
                "accept-encoding",
                "origin",
                "sec-fetch-site",
                "cookie",
                "access-control-request-method",
                "access-control-request-headers",
                "if-none-match",
            ]
        ),
        ODD | st.sampled_from(["application/json", "*/*", "gzip", "GET", "cross-site"]),
    ),
    max_size=5,
)
PATHS = st.sampled_from(["/graphql", "/graphql?query={__typename}", "/healthz", "/readyz", "/x"])
METHODS = st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "ODD"])


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None))
    with asyncio.Runner() as runner:
        client = client_of(app)

        def send(*given: Any, **also: Any) -> httpx.Response:
            return runner.run(client.request(*given, **also))

        yield send
        runner.run(client.aclose())


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(METHODS, PATHS, HEADERS, BODIES, st.dictionaries(NAMES, ODD | DOCUMENTS, max_size=3))
def test_any_request_is_answered_without_a_fault(
    ask: Any,
    method: str,
    path: str,
    headers: list[tuple[str, str]],
    body: bytes,
    given: dict[str, str],
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    response = ask(method, path, params=given or None, headers=raw, content=body)
    assert response.status_code != 500, response.text
    if response.status_code >= 400 and method != "HEAD":
        for error in response.json()["errors"]:
            assert error["extensions"]["code"] not in {"INTERNAL", ""}
