"""Tests that log entries are bounded in size and time, whatever an error holds."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
import structlog
from graphql import GraphQLError, parse

from schema.domain import DOMAIN
from service import logs
from service.graphql.plan.cache import PlanCache
from service.graphql.types.schema import make_schema
from service.http import app as app_module
from service.http.app import create_app
from service.observe.record import current_record
from service.settings import Settings
from tests.serving import client_of

MOST = 20_000
"""Bytes that the log of one error may have."""
SCHEMA = cache(lambda: make_schema(DOMAIN))
Break = Callable[[], NoReturn]


def with_locals() -> NoReturn:
    kept = {number: [str(number)] * 10 for number in range(100_000)}
    raise RuntimeError(f"broken with {len(kept)} values beside it")


def with_a_long_message() -> NoReturn:
    raise ValueError("é\n\x1b[31m" * 2_000_000)


def with_large_values() -> NoReturn:
    raise ValueError(list(range(3_000_000)), {"a": "x" * 1_000_000})


def with_a_long_key() -> NoReturn:
    raise KeyError("k" * 1_000_000)


def with_many_causes() -> NoReturn:
    last: Exception = ValueError("the first")
    for number in range(3000):
        made = RuntimeError(f"number {number} " + "x" * 1000)
        made.__cause__ = last
        last = made
    raise last


def with_a_circle_of_causes() -> NoReturn:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    raise one


def deep(number: int = 0) -> NoReturn:
    if number > 800:
        raise RuntimeError("far down")
    deep(number + 1)


def without_a_message() -> NoReturn:
    class Mute(RuntimeError):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    raise Mute


def of_many() -> NoReturn:
    raise ExceptionGroup("many", [ValueError("x" * 10_000)] * 5000)


def with_a_document() -> NoReturn:
    document = parse("{" + "a\n" * 20_000 + "}")
    (operation,) = document.definitions
    nodes = list(operation.selection_set.selections)  # type: ignore[attr-defined]
    raise GraphQLError("a mistake", nodes)


BREAKS: list[Break] = [
    with_locals, with_a_long_message, with_large_values, with_a_long_key, with_many_causes,
    with_a_circle_of_causes, deep, without_a_message, of_many, with_a_document,
]  # fmt: skip


KINDS = (RuntimeError, ValueError, KeyError, GraphQLError, ExceptionGroup)


def error_of(break_: Break) -> Exception:
    try:
        break_()
    except KINDS as error:
        return error


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    """Configure logs as a service does, and restore them afterwards."""
    before = logging.getLogger().handlers[:]
    structure = structlog.get_config()
    logs.configure()
    yield
    logging.getLogger().handlers[:] = before
    structlog.configure(**structure)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    monkeypatch.setattr(app_module, "make_schema", lambda *_, **__: SCHEMA())
    app = create_app(Settings(data_dir=tmp_path, neo4j_uri=None, request_log=True))
    return client_of(app)


async def measure_worst_wait(client: httpx.AsyncClient, until: asyncio.Event) -> float:
    """Return the longest time that a bystander waited meanwhile."""
    worst = 0.0
    while not until.is_set():
        began = time.perf_counter()
        await client.get("/healthz")
        worst = max(worst, time.perf_counter() - began)
        await asyncio.sleep(0.005)
    return worst


def entries(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


async def test_an_error_keeps_nobody_waiting_and_is_logged_in_short(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with client:
        for number in range(200):
            query = f"query Q{number}($v: Boolean!) {{ a{number}: __typename @include(if: $v) "
            query += "__schema { queryType { name } } }" if number % 20 == 0 else "}"
            body = {"query": query, "variables": {"v": bool(number % 2)}}
            assert (await client.post("/graphql", json=body)).status_code == 200
        ready = PlanCache.coerce
        broken: list[Break] = []

        def fail(self: PlanCache, operation: Any, given: Any) -> Any:
            if "number" in given:
                BREAKS[given["number"]]()
            return ready(self, operation, given)

        monkeypatch.setattr(PlanCache, "coerce", fail)
        capsys.readouterr()

        async def ask(number: int) -> httpx.Response:
            body = {"query": "{ __typename }", "variables": {"number": number}}
            return await client.post("/graphql", json=body)

        done = asyncio.Event()
        bystander = asyncio.create_task(measure_worst_wait(client, done))
        for number, break_ in enumerate(BREAKS):
            for response in await asyncio.gather(*(ask(number) for _ in range(5))):
                code = response.json()["errors"][0]["extensions"]["code"]
                assert (response.status_code, code) == (500, "INTERNAL"), break_
                assert len(response.content) < 1000
            logged = capsys.readouterr().err
            found = [one for one in entries(logged) if "exception" in one]
            assert len(found) == 5, break_
            assert max(len(line.encode()) for line in logged.splitlines()) < MOST, break_
            assert break_.__name__ in found[0]["exception"] or break_ is deep
            assert all(one["request_id"] for one in found)
            broken.append(break_)
        done.set()
        assert broken == BREAKS
        assert await bystander < 1


async def test_the_log_has_the_id_of_the_response(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> NoReturn:
        raise RuntimeError("broken")

    monkeypatch.setattr(PlanCache, "coerce", fail)
    async with client:
        for given in (None, "a-client-s-own"):
            headers = {"x-request-id": given} if given else {}
            body = {"query": "{ __typename }"}
            response = await client.post("/graphql", json=body, headers=headers)
            entry, line = entries(capsys.readouterr().err)
            assert line["event"] == "request"
            assert entry["request_id"] == response.headers["x-request-id"]
            assert given is None or entry["request_id"] == given
            assert "RuntimeError: broken" in entry["exception"]
    assert current_record() is None


async def test_what_breaks_outside_the_operation_is_answered_in_json(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> NoReturn:
        raise RuntimeError("x" * 100_000)

    monkeypatch.setattr("service.http.router.read_head", fail)
    async with client:
        response = await client.post("/graphql", json={"query": "{ __typename }"})
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    entry, line = entries(capsys.readouterr().err)
    assert (line["status"], line["code"]) == (500, "INTERNAL")
    assert entry["request_id"] == line["request_id"] == response.headers["x-request-id"]
    assert len(str(entry)) < MOST


async def test_a_client_s_mistakes_have_no_entry_of_their_own(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    async with client:
        for query in ("{ nope }", "{", "{ a: nope " * 50, "query A { __typename } query A { x }"):
            response = await client.post("/graphql", json={"query": query})
            assert response.json()["errors"]
    logged = entries(capsys.readouterr().err)
    assert [one["event"] for one in logged] == ["request"] * 4


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncio", "strawberry.execution", "other"])
def test_what_libraries_log_is_bounded_too(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    # Pytest's own handlers print whole tracebacks.
    own = [one for one in root.handlers if not type(one).__module__.startswith("_pytest")]
    monkeypatch.setattr(root, "handlers", own)
    for break_ in BREAKS:
        logging.getLogger(name).error("%s: failed", "y" * 100_000, exc_info=error_of(break_))
        logged = capsys.readouterr().err
        (entry,) = entries(logged)
        assert len(logged.encode()) < MOST
        assert (entry["logger"], entry["level"]) == (name, "error")
        assert break_.__name__ in entry["exception"] or break_ is deep


def test_the_driver_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("neo4j.io").error("a stack and an address")
    assert capsys.readouterr().err == ""


async def test_a_task_that_fails_unseen_is_logged_in_short(
    capsys: pytest.CaptureFixture[str],
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.log_task_error)
    try:

        async def fail() -> None:
            with_large_values()

        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
    finally:
        loop.set_exception_handler(None)
    (entry,) = entries(logged := capsys.readouterr().err)
    assert len(logged) < MOST
    assert entry["event"] == "a background task failed"
    assert "with_large_values" in entry["exception"]


def test_values_are_bounded_and_stay_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger()
    log.warning("w", text="a\nb\x1b[0m\ud800" * 1000, number=10**5000, many=[["x"] * 1000] * 1000,
                error=ValueError("z" * 1000), plain=7, none=None)  # fmt: skip
    logged = capsys.readouterr().err
    (entry,) = entries(logged)
    assert len(logged) < MOST
    assert (entry["plain"], entry["none"]) == (7, None)
    assert "\n" not in entry["text"]
    assert "\x1b" not in entry["text"]


def test_on_a_terminal_a_line_is_for_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for break_ in BREAKS:
        structlog.get_logger().error("operation failed", exc_info=error_of(break_))
        logged = capsys.readouterr().err
        assert not logged.startswith("{")
        assert "operation failed" in logged
        assert "Error" in logged or "Exception" in logged or "Mute" in logged
        assert len(logged.encode()) < MOST
