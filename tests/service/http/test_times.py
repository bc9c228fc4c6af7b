"""Tests of times and extensions that a request asks for by its address, headers or extensions."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import neo4j
import pytest

from graph_seed import load
from service.http.app import create_app
from service.settings import Settings
from tests.builders import facts, record
from tests.conftest import DATABASE, clear
from tests.serving import client_of

GRAPHQL = "/graphql"
ISSUES = "query Q { issues(orderBy: [{id: ASC}]) { nodes { name } } }"
HEADERS = {
    "version": "parley-version",
    "systemTime": "parley-system-time",
    "validTime": "parley-valid-time",
}


@pytest.fixture(scope="module")
async def client(driver: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Three versions of one source: Toll 1, Toll 2, Toll 3."""
    clear(driver)
    for number in (1, 2, 3):
        toll = record("issue:toll", name=f"Toll {number}")
        meeting = record("event:talks", eventType="meeting", date=f"201{number}")
        load(driver, facts("tolls", toll, meeting), database=DATABASE)
    app = create_app(settings)
    async with app.router.lifespan_context(app), client_of(app) as found:
        yield found


async def ask(
    client: httpx.AsyncClient,
    query: str = ISSUES,
    *,
    address: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **body: Any,
) -> dict[str, Any]:
    """Ask twice by POST (a new operation, then a cached one) and by GET; all are the same."""
    given = {HEADERS[name]: one for name, one in (headers or {}).items()}
    given["x-request-id"] = "same"  # errors have it
    found = [
        (
            await client.post(GRAPHQL, params=address, json={"query": query, **body}, headers=given)
        ).json()
        for _ in range(3)
    ]
    parameters = {name: json.dumps(one) for name, one in body.items()}
    by_get = await client.get(
        GRAPHQL, params={"query": query, **(address or {}), **parameters}, headers=given
    )
    assert [*found[1:], by_get.json()] == found[:1] * 3
    answer: dict[str, Any] = found[0]
    return answer


def names_of(answer: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in answer["data"]["issues"]["nodes"]]


def code_of(answer: Mapping[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("way", ["address", "headers"])
async def test_a_version_is_answered_and_echoed(client: httpx.AsyncClient, way: str) -> None:
    for number in (2, 1, 3):
        given = {"version": str(number)}
        by_address = way == "address"
        answer = await ask(
            client, address=given if by_address else None, headers=None if by_address else given
        )
        assert names_of(answer) == [f"Toll {number}"]
        assert answer["extensions"] == {"version": number, "asOf": {"version": number}}
    assert names_of(await ask(client)) == ["Toll 3"]
    assert "extensions" not in await ask(client)


async def test_all_three_times_are_taken(client: httpx.AsyncClient) -> None:
    loads = "{ loads(orderBy: [{version: ASC}]) { nodes { at } } }"
    moments = [one["at"] for one in (await ask(client, loads))["data"]["loads"]["nodes"]]
    answer = await ask(client, address={"systemTime": moments[1]})
    assert names_of(answer) == ["Toll 2"]
    assert answer["extensions"]["version"] == 2
    events = "{ events { nodes { date { edtf } validity } } }"
    for header, number in (({"validTime": "2012"}, 3), ({"validTime": "2012", "version": "2"}, 2)):
        answer = await ask(client, events, headers=header)
        held = [one["date"]["edtf"] for one in answer["data"]["events"]["nodes"]]
        assert held == (["2012"] if number == 2 else [])
        assert answer["extensions"]["asOf"]["validTime"] == "2012"


async def test_a_directive_is_echoed_too(client: httpx.AsyncClient) -> None:
    query = 'query ($v: Int) @asOf(version: $v, validTime: "2012") { issues { nodes { name } } }'
    for number in (1, 2):
        answer = await ask(client, query, variables={"v": number})
        assert answer["extensions"]["asOf"] == {"version": number, "validTime": "2012"}


async def test_a_directive_that_differs_is_a_conflict(client: httpx.AsyncClient) -> None:
    query = "query ($v: Int) @asOf(version: $v) { issues { nodes { name } } }"
    same = await ask(client, query, address={"version": "2"}, variables={"v": 2})
    assert names_of(same) == ["Toll 2"]
    for address in ({"version": "1"}, {"version": "2", "validTime": "2012"}, {"validTime": "2012"}):
        answer = await ask(client, query, address=address, variables={"v": 2})
        assert code_of(answer) == "AS_OF_CONFLICT"
        assert "data" not in answer
    bare = "query @asOf { issues { nodes { name } } }"
    assert names_of(await ask(client, bare, headers={"version": "1"})) == ["Toll 1"]
    both = await ask(client, address={"version": "1"}, headers={"version": "2"})
    assert code_of(both) == "AS_OF_CONFLICT"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"version": "x"}, "version"),
        ({"version": "-1"}, "version"),
        ({"version": "9" * 30}, "version"),
        ({"version": "99"}, "not reached"),
        ({"version": "1", "systemTime": "2017-01-01T00:00:00Z"}, "not both"),
        ({"systemTime": "yesterday"}, "systemTime"),
        ({"validTime": "2017-13"}, "validTime"),
    ],
)
async def test_a_wrong_time_is_named(
    client: httpx.AsyncClient, address: dict[str, str], said: str
) -> None:
    answer = await ask(client, address=address)
    assert code_of(answer) == "BAD_USER_INPUT"
    assert said in answer["errors"][0]["message"]
    assert "__parley" not in str(answer)


async def test_a_time_that_is_given_twice_is_refused(client: httpx.AsyncClient) -> None:
    twice = await client.post(f"{GRAPHQL}?version=1&version=2", json={"query": ISSUES})
    assert (twice.status_code, code_of(twice.json())) == (400, "BAD_REQUEST")


async def test_extensions_are_included_on_request(client: httpx.AsyncClient) -> None:
    answer = await ask(client, extensions={"parley": {"include": ["version", "cost"]}})
    assert answer["extensions"]["version"] == 3
    assert answer["extensions"]["cost"] == {"nodes": 20, "limit": 50_000}
    assert names_of(answer) == ["Toll 3"]
    cost = await ask(client, extensions={"parley": {"include": ["cost"]}})
    assert list(cost["extensions"]) == ["cost"]
    by_get = await client.get(GRAPHQL, params={"query": ISSUES, "include": "version"})
    assert by_get.json()["extensions"] == {"version": 3}


@pytest.mark.parametrize("parley", [7, [], {"include": "version"}, {"include": ["else"]}])
async def test_a_wrong_include_is_refused(client: httpx.AsyncClient, parley: object) -> None:
    found = await client.post(GRAPHQL, json={"query": ISSUES, "extensions": {"parley": parley}})
    assert found.status_code == 400
    assert code_of(found.json()) in {"BAD_REQUEST", "BAD_USER_INPUT"}


async def test_a_link_leads_to_the_same_answer_at_its_version(client: httpx.AsyncClient) -> None:
    asked = {"query": ISSUES, "include": "version"}
    for _ in range(3):
        found = await client.get(GRAPHQL, params=asked)
        target, _, relation = found.headers["link"].partition(">; ")
        assert relation == 'rel="bookmark"'
    linked = await client.get(target.removeprefix("<"))
    assert linked.json()["data"] == found.json()["data"]
    assert linked.json()["extensions"]["version"] == 3
    former = await client.get(GRAPHQL, params={"query": ISSUES, "version": "2"})
    assert former.headers["link"].count("version=2") == 1
    plain = await client.get(GRAPHQL, params={"query": ISSUES})
    assert "link" not in plain.headers
