"""Tests of the line that the log has for each request."""

import json
from typing import Any

import httpx
import neo4j
import pytest
import strawberry

from service.http.app import create_app
from service.settings import Settings
from tests.serving import ask_until_kept, client_of

SECRET = "Not to be logged"
NAMED = """\
query People($name: String!) { people(where: {name: {eq: $name}}, first: 3) { nodes { name } } }
"""
ASKED = {"query": "query Some { people(first: 3) { nodes { name } } }"}


def requests(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the entries of requests that were logged since the last call."""
    logged = capsys.readouterr().err
    assert SECRET not in logged
    entries = [json.loads(line) for line in logged.splitlines()]
    return [one for one in entries if one["event"] in {"request", "slow request"}]


async def test_a_line_says_what_a_request_did(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.post("/graphql", json=ASKED)
    capsys.readouterr()
    response = await client.post(
        "/graphql", json={"query": NAMED, "variables": {"name": SECRET}, "extensions": {}}
    )
    (entry,) = requests(capsys)
    assert entry.pop("timestamp").endswith("Z")
    assert 0 < entry["db_ms"] <= entry["ms"]
    assert entry == {
        "event": "request", "level": "info", "method": "POST", "path": "/graphql",
        "request_id": response.headers["x-request-id"], "status": 200,
        "bytes": len(response.content), "operation": "People", "kept": False, "rows": 0,
        "cost": 3, "ms": entry["ms"], "db_ms": entry["db_ms"],
    }  # fmt: skip


async def test_the_rows_of_all_lists_count(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "{ people(first: 2) { nodes { statements(first: 2) { edges { cursor } } } } }"
    response = await client.post("/graphql", json={"query": query})
    people = response.json()["data"]["people"]["nodes"]
    (entry,) = requests(capsys)
    assert entry["rows"] == 2 + sum(len(one["statements"]["edges"]) for one in people) > 2
    assert "operation" not in entry


async def test_a_line_says_that_an_answer_was_kept(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.post("/graphql", json=ASKED)
    response = await ask_until_kept(lambda: client.post("/graphql", json=ASKED))
    first, *_, last = requests(capsys)
    assert first["kept"] is False
    assert (last["kept"], last["operation"], last["bytes"]) == (True, "Some", first["bytes"])
    assert response.headers["server-timing"].startswith("kept, check;dur=")
    get = {"query": ASKED["query"]}
    response = await ask_until_kept(lambda: client.get("/graphql", params=get))
    headers = {"if-none-match": response.headers["etag"]}
    assert (await client.get("/graphql", params=get, headers=headers)).status_code == 304
    last = requests(capsys)[-1]
    assert (last["kept"], last["status"], last["bytes"]) == (True, 304, 0)


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/graphql", "{ nope }", 200, "GRAPHQL_VALIDATION_FAILED"),
        ("/graphql", "{ people(first: -1) { totalCount } }", 200, "BAD_USER_INPUT"),
        ("/graphql", "query A { __typename } query B { __typename }", 400, "BAD_USER_INPUT"),
        ("/nothing", "{ __typename }", 404, "NOT_FOUND"),
    ],
)
async def test_a_line_has_the_code_of_the_error(
    client: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
    path: str,
    query: str,
    status: int,
    code: str,
) -> None:
    response = await client.post(path, json={"query": query})
    (entry,) = requests(capsys)
    assert (entry["status"], entry["code"]) == (status, code)
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": code, "requestId": entry["request_id"]}


async def test_a_table_is_one_request(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    actor = {"actor": "person:robert-lighthizer"}
    response = await client.get("/q/actor-statements.csv", params=actor)
    assert response.status_code == 200, response.text
    (entry,) = requests(capsys)
    assert entry["path"] == "/q/actor-statements.csv"
    assert entry["rows"] >= response.text.count("\n") - 1 > 0
    assert entry["cost"] >= entry["rows"]


async def test_the_path_is_cut_and_the_query_string_left_out(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.get("/" + "x" * 5000, params={"query": SECRET})
    (entry,) = requests(capsys)
    assert len(entry["path"]) < 600


async def test_a_slow_request_is_logged_with_its_shape(
    settings: Settings,
    article: neo4j.Driver,
    one_schema: strawberry.Schema,
    immediate_log: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = create_app(settings.model_copy(update={"slow_seconds": 0, "request_log": False}))
    async with app.router.lifespan_context(app), client_of(app) as client:
        body = {"query": NAMED, "variables": {"name": SECRET}}
        assert (await client.post("/graphql", json=body)).status_code == 200
    (entry,) = requests(capsys)
    assert (entry["event"], entry["level"]) == ("slow request", "warning")
    assert entry["shape"] == "query People {people(where, first){nodes{name}}}"
    assert set(entry["stages_ms"]) == {"plan", "queue", "db", "decode", "encode"}


async def test_without_the_request_log_only_failures_are_logged(
    settings: Settings,
    tmp_path: Any,
    one_schema: strawberry.Schema,
    capsys: pytest.CaptureFixture[str],
) -> None:
    away = {"request_log": False, "data_dir": tmp_path}
    async with client_of(create_app(settings.model_copy(update=away))) as client:
        await client.post("/graphql", json={"query": "{ __typename }"})
        await client.post("/graphql", json={"query": "{ nope }"})
        assert requests(capsys) == []
        assert (await client.get("/readyz")).status_code == 503
    (entry,) = requests(capsys)
    assert (entry["path"], entry["code"]) == ("/readyz", "SERVICE_UNAVAILABLE")
