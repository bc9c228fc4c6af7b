"""Tests of unusual operations: odd values, limits, filters on subtypes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import neo4j
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis_graphql import strategies

from service.settings import Settings
from tests.service.http.test_app import ask, codes, serving

SDL = (Path(__file__).parents[3] / "schema/generated/schema.graphql").read_text("utf-8")


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings) as one:
        yield one


# --- kinds ---


async def test_an_id_of_another_kind_is_none_of_this_kind(client: httpx.AsyncClient) -> None:
    query = """{ a: person(id: "issue:dairy") { id } b: statement(id: "country:us") { text }
      c: actor(id: "issue:dairy") { id } d: country(id: "country:us") { id }
      e: actor(id: "country:us") { id __typename } }"""
    assert (await ask(client, query))["data"] == {
        "a": None, "b": None, "c": None, "d": {"id": "country:us"},
        "e": {"id": "country:us", "__typename": "Country"},
    }  # fmt: skip


async def test_a_filter_asks_for_a_kind_below_another(client: httpx.AsyncClient) -> None:
    query = """{
      all: statements { totalCount }
      by: statements(where: {speakers: {some: {person: {}}}}) { totalCount }
      group: statements(where: {speakers: {some: {group: {size: {eq: "2"}}}}}) { nodes { id } }
      passages(where: {supports: {some: {fact: {position: {stance: {eq: OPPOSES}}}}}}) { totalCount }
      positions(where: {stance: {eq: OPPOSES}}) { nodes { evidence { nodes { id } } } }
    }"""
    data = (await ask(client, query))["data"]
    assert 0 < data["by"]["totalCount"] < data["all"]["totalCount"]
    assert data["group"]["nodes"] == [{"id": "statement:nafta-round-five/extension-sought"}]
    cited = {p["id"] for one in data["positions"]["nodes"] for p in one["evidence"]["nodes"]}
    assert data["passages"]["totalCount"] == len(cited) > 0


# --- values ---


async def test_an_empty_or_holds_of_nothing(client: httpx.AsyncClient) -> None:
    query = """{ none: people(where: {or: []}) { totalCount }
      every: people(where: {not: {or: []}}) { totalCount } people { totalCount }
      silent: people(where: {statements: {all: {or: []}}}) { totalCount }
      same: people(where: {statements: {none: {}}}) { totalCount } }"""
    data = {k: v["totalCount"] for k, v in (await ask(client, query))["data"].items()}
    assert data["none"] == 0
    assert data["every"] == data["people"] > 0
    assert data["silent"] == data["same"]


async def test_no_operator_but_is_null_is_true_of_an_absent_value(
    client: httpx.AsyncClient,
) -> None:
    query = """{ a: statements(where: {medium: {notIn: []}}) { totalCount }
      b: statements(where: {medium: {isNull: false}}) { totalCount }
      c: tradeFigures(where: {lower: {notIn: []}}) { totalCount }
      d: tradeFigures(where: {lower: {isNull: false}}) { totalCount } }"""
    data = {k: v["totalCount"] for k, v in (await ask(client, query))["data"].items()}
    assert data["a"] == data["b"] > 0
    assert data["c"] == data["d"] > 0


async def test_a_moment_is_found_as_it_was_shown(client: httpx.AsyncClient) -> None:
    loads = (await ask(client, "{ loads(orderBy: [{at: ASC}]) { nodes { id at } } }"))["data"]
    shown = loads["loads"]["nodes"]
    assert len(shown) > 1
    query = "query ($at: DateTime!) { loads(where: {at: {eq: $at}}) { nodes { id at } } }"
    for one in shown:
        for at in (one["at"], one["at"].replace("Z", "+00:00")):
            found = (await ask(client, query, at=at))["data"]["loads"]["nodes"]
            assert one in found


async def test_moments_page_to_the_end(client: httpx.AsyncClient) -> None:
    query = """query ($c: String) { loads(first: 1, after: $c, orderBy: [{at: ASC}]) {
      nodes { id } pageInfo { endCursor hasNextPage } } }"""
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        page = (await ask(client, query, c=cursor))["data"]["loads"]
        seen += [one["id"] for one in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) > 1


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($v: DateTime!) { loads(where: {at: {gt: $v}}) { totalCount } }",
         {"v": "0001-01-01T00:00:00+14:00"}),
        ("query ($v: Long!) { groups(where: {size: {eq: $v}}) { totalCount } }",
         {"v": "9" * 30}),
    ],
)  # fmt: skip
async def test_a_value_that_cannot_be_is_the_askers_mistake(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    body = json.dumps({"query": query, "variables": variables})
    headers = {"content-type": "application/json"}
    answer = (await client.post("/graphql", content=body, headers=headers)).json()
    assert codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "query",
    [
        "query ($v: ID!) { node(id: $v) { id } }",
        "query ($v: String!) { people(where: {name: {contains: $v}}) { totalCount } }",
    ],
)
async def test_half_a_surrogate_pair_is_no_text(client: httpx.AsyncClient, query: str) -> None:
    body = json.dumps({"query": query, "variables": {"v": "\ud800"}})
    headers = {"content-type": "application/json"}
    answer = await client.post("/graphql", content=body, headers=headers)
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_REQUEST"]
    assert "utf-8" not in answer.text


# --- too much ---


async def test_a_filter_over_many_links_is_refused_at_once(client: httpx.AsyncClient) -> None:
    for quantifier, refused in (("none", True), ("some", False)):
        inner = '{name: {eq: "x"}}'
        for _ in range(10):
            inner = f"{{statements: {{some: {{speakers: {{{quantifier}: {inner}}}}}}}}}"
        answer = await ask(client, f"{{ actors(where: {inner}) {{ totalCount }} }}")
        if refused:
            assert codes(answer) == ["QUERY_TOO_COMPLEX"]
            assert "depth of 11; 10 are allowed" in answer["errors"][0]["message"]
        else:
            assert answer == {"data": {"actors": {"totalCount": 0}}}


async def test_many_conditions_are_refused_once(client: httpx.AsyncClient) -> None:
    many = ", ".join(['{name: {eq: "x"}}'] * 260)
    fields = " ".join(f"a{i}: people(where: {{or: [{many}]}}) {{ totalCount }}" for i in range(3))
    answer = await ask(client, f"{{ {fields} }}")
    assert codes(answer) == ["QUERY_TOO_COMPLEX"]
    assert answer["errors"][0]["path"] == ["a1"]


async def test_a_root_field_of_too_many_subqueries_is_refused(client: httpx.AsyncClient) -> None:
    parts = " ".join(f"a{i}: statements {{ nodes {{ caption }} }}" for i in range(200))
    answer = await ask(client, f"{{ people {{ nodes {{ {parts} }} }} }}")
    assert codes(answer) == ["QUERY_TOO_COMPLEX"]


async def test_over_the_budget_it_is_several_queries_and_the_same_answer(
    article: neo4j.Driver, settings: Settings, client: httpx.AsyncClient
) -> None:
    query = '{ a: people { nodes { caption } } t: __typename b: issue(id: "issue:dairy") { name } }'
    whole = await ask(client, query)
    async with serving(settings.model_copy(update={"subquery_budget": 1})) as frugal:
        assert await ask(frugal, query) == whole
    assert list(whole["data"]) == ["a", "t", "b"]


async def test_what_takes_too_long_is_ended(article: neo4j.Driver, settings: Settings) -> None:
    async with serving(settings.model_copy(update={"deadline": 0.000001})) as hasty:
        response = await hasty.post("/graphql", json={"query": "{ people { totalCount } }"})
    assert (response.status_code, codes(response.json())) == (504, ["TIMEOUT"])


# --- searches ---


@pytest.mark.parametrize(
    "text", ["dairy " * 1500, " ".join(f"w{i}" for i in range(1500)), "x" * 9000]
)
async def test_a_search_may_be_long(client: httpx.AsyncClient, text: str) -> None:
    query = "query ($t: String!) { search(text: $t) { hits { node { id } } counts { count } } }"
    assert "errors" not in await ask(client, query, t=text)


async def test_signs_that_fold_to_other_signs_find_nothing(client: httpx.AsyncClient) -> None:
    answer = await ask(client, '{ search(text: "⑴", first: 100) { hits { snippet } } }')
    assert all("1" in hit["snippet"] for hit in answer["data"]["search"]["hits"])


@pytest.mark.parametrize("types", ["[Passage]", "[Load, Passage]", "[]"])
async def test_types_without_texts_have_no_hits(client: httpx.AsyncClient, types: str) -> None:
    answer = await ask(
        client,
        f'{{ search(text: "dairy", types: {types}) {{ hits {{ score }} counts {{ count }} }} }}',
    )
    assert answer == {"data": {"search": {"hits": [], "counts": []}}}


@pytest.mark.parametrize("typo", ["daiyr", "dary", "dairyy", "daury"])
async def test_one_typo_is_found_and_marked(client: httpx.AsyncClient, typo: str) -> None:
    answer = await ask(
        client,
        f'{{ search(text: "{typo}", types: [Issue]) {{ hits {{ snippet node {{ id }} }} }} }}',
    )
    hits = {hit["node"]["id"]: hit["snippet"] for hit in answer["data"]["search"]["hits"]}
    assert "<mark>" in hits["issue:dairy"]


# --- anything ---


def test_no_operation_is_our_fault(article: neo4j.Driver, settings: Settings) -> None:
    """Whatever a generic strategy makes of the schema is answered, or refused with a code."""
    import asyncio

    loop = asyncio.new_event_loop()
    app = serving(settings)

    @hypothesis_settings(
        max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
    )
    @given(strategies.queries(SDL))
    def run(query: str) -> None:
        response = loop.run_until_complete(app.post("/graphql", json={"query": query}))
        assert response.status_code < 500, response.text
        refused = response.json().get("errors", [])
        assert all(e["extensions"]["code"] != "INTERNAL" for e in refused), response.text

    try:
        run()
    finally:
        loop.run_until_complete(app.aclose())
        loop.close()
