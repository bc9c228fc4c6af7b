"""Tests that large answers are written in parts, and bounded in bytes."""

import httpx
import neo4j
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import QueryTooComplex
from service.http.app import create_app
from service.http.graphql_response import encode_large
from service.settings import Settings
from tests.serving import client_of

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=30,
)
LARGE = "{ issues(first: 100) { nodes { name statements(first: 20) { nodes { text } } } } }"
"""It could have more than a thousand nodes."""


@given(VALUES)
def test_parts_make_the_same_bytes(value: object) -> None:
    assert encode_large(value, 10**6) == orjson.dumps(value)


def test_no_more_parts_are_made_than_are_allowed() -> None:
    many = {"nodes": [{"name": "x" * 10} for _ in range(1000)]}
    size = len(orjson.dumps(many))
    assert len(encode_large(many, size)) == size
    with pytest.raises(QueryTooComplex, match="more than 5,000 bytes"):
        encode_large(many, 5000)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_answer_that_is_too_large_is_refused(
    article: neo4j.Driver, settings: Settings, method: str
) -> None:
    app = create_app(settings.model_copy(update={"answer_limit": 2000}))
    async with app.router.lifespan_context(app), client_of(app) as client:
        for _ in range(3):  # new, cached, and kept if it were answered
            response = await ask(client, method)
            assert response.status_code == 400
            (error,) = response.json()["errors"]
            assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
            assert "2,000 bytes" in error["message"]
    whole = create_app(settings)
    async with whole.router.lifespan_context(whole), client_of(whole) as client:
        assert len((await ask(client, method)).json()["data"]["issues"]["nodes"]) > 10


async def ask(client: httpx.AsyncClient, method: str) -> httpx.Response:
    if method == "GET":
        return await client.get("/graphql", params={"query": LARGE})
    return await client.post("/graphql", json={"query": LARGE})
