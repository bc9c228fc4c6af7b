"""Tests of ``/metrics``, as Prometheus reads it."""

import json
import re
import time
from pathlib import Path

import httpx
import neo4j
import strawberry
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.bystander import serve_process
from service.generate import ROOT
from service.http.app import create_app
from service.managed.connection import ConnectionInfo
from service.observe.metrics import find_route
from service.settings import Settings
from tests.serving import ask_until_kept, client_of

ASKED = {"query": "query Some { people(first: 3) { nodes { name } } }"}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parse(text: str) -> Samples:
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def read(client: httpx.AsyncClient) -> Samples:
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return parse(response.text)


def requests(path: str, status: int, code: str = "") -> tuple[str, tuple[tuple[str, str], ...]]:
    labels = (("code", code), ("path", path), ("status", str(status)))
    return "parley_requests_total", labels


async def test_requests_are_counted_by_path_status_and_code(client: httpx.AsyncClient) -> None:
    sent = 0

    async def ask() -> httpx.Response:
        nonlocal sent
        sent += 1
        return await client.post("/graphql", json=ASKED)

    await ask_until_kept(ask)
    await ask_until_kept(ask)
    await client.post("/graphql", json={"query": "{ nope }"})
    await client.get("/q/none.csv")
    await client.get("/any/path/of/a/client")
    found = await read(client)
    assert found[requests("/graphql", 200)] == sent
    assert found[requests("/graphql", 200, "GRAPHQL_VALIDATION_FAILED")] == 1
    assert found[requests("/q", 404, "NOT_FOUND")] == 1
    assert found[requests("other", 404, "NOT_FOUND")] == 1
    times = {
        kept: found["parley_request_seconds_count", (("kept", kept), ("path", "/graphql"))]
        for kept in ("yes", "no")
    }
    assert sum(times.values()) == sent + 1
    assert times["yes"] >= 2
    read_count = found["parley_stage_seconds_count", (("stage", "db"),)]
    assert read_count == times["no"] - 1  # the wrong document reads nothing
    assert found["parley_answer_rows_total", ()] == 3 * read_count


async def test_caches_reads_and_the_graph_are_shown(client: httpx.AsyncClient) -> None:
    await ask_until_kept(lambda: client.post("/graphql", json=ASKED))
    found = await read(client)
    kept = (await client.get("/healthz")).json()["kept"]
    for cache in ("answers", "operations", "plans"):
        labels = (("cache", cache),)
        assert found["parley_cache_entries", labels] == kept[cache]["held"] > 0
        assert found["parley_cache_bytes", labels] == kept[cache]["weight"]
        assert found["parley_cache_hits_total", labels] == kept[cache]["hits"]
        assert found["parley_cache_misses_total", labels] == kept[cache]["misses"]
    assert found["parley_reads_running", ()] == found["parley_reads_waiting", ()] == 0
    assert found["parley_reads_limit", ()] > 0
    assert found["parley_database_up", ()] == 1
    body = {"query": "{ loads(first: 1, orderBy: [{at: DESC}]) { nodes { version } } }"}
    answer = (await client.post("/graphql", json=body)).json()
    version = answer["data"]["loads"]["nodes"][0]["version"]
    assert found["parley_graph_version", ()] == version
    age = time.time() - found["parley_graph_version_timestamp_seconds", ()]
    assert 0 <= age < 3600
    assert found["parley_process_resident_memory_bytes", ()] > 1_000_000


async def test_a_database_that_is_away_is_shown(
    settings: Settings, tmp_path: Path, one_schema: strawberry.Schema
) -> None:
    app = create_app(settings.model_copy(update={"data_dir": tmp_path}))
    async with client_of(app) as client:
        assert (await read(client))["parley_database_up", ()] == 0


async def test_openmetrics_is_answered_too(client: httpx.AsyncClient) -> None:
    headers = {"accept": "application/openmetrics-text; version=1.0.0"}
    response = await client.get("/metrics", headers=headers)
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


def test_paths_are_few() -> None:
    assert find_route("/graphql") == "/graphql"
    assert find_route("/graphqlx") == "other"
    assert find_route("/q/people.csv") == "/q"
    assert find_route("/docs/frontend/http.md") == "/docs"
    assert find_route("/") == "other"


def test_any_worker_answers_for_all(connection: ConnectionInfo, article: neo4j.Driver) -> None:
    with serve_process(connection, workers=2) as service:
        address = service.url
        for _ in range(40):  # each on a connection of its own, which either process may take
            assert httpx.post(f"{address}/graphql", json=ASKED).status_code == 200
        for _ in range(4):
            found = parse(httpx.get(f"{address}/metrics").text)
            assert found[requests("/graphql", 200)] == 40
            assert found["parley_reads_limit", ()] % 2 == 0
            assert found["parley_database_up", ()] == 1


async def test_the_dashboard_shows_metrics_that_exist(client: httpx.AsyncClient) -> None:
    await client.post("/graphql", json=ASKED)
    known = {name.removesuffix("_bucket") for name, _ in await read(client)}
    dashboard = json.loads((ROOT / "docs/operator/dashboard.json").read_text("utf-8"))
    asked = [t["expr"] for panel in dashboard["panels"] for t in panel.get("targets", ())]
    named = {name for one in asked for name in re.findall(r"parley_\w+", one)}
    assert len(asked) >= 5
    assert {name.removesuffix("_bucket") for name in named} <= known
    page = (ROOT / "docs/operator/observing.md").read_text("utf-8")
    assert set(re.findall(r"parley_\w+", page)) - {"parley_process_"} <= known
