"""Tests of the concurrency limiter: order of waiters, long work, refusals."""

import asyncio

import pytest

from service.db import concurrency
from service.db.concurrency import ConcurrencyLimiter
from service.db.database import read_limit
from service.errors import Overloaded
from service.settings import Settings


async def test_so_many_go_on_at_once_in_the_order_in_which_they_came() -> None:
    line, now, most, began = ConcurrencyLimiter(2, 5), 0, 0, []

    async def work(number: int) -> None:
        nonlocal now, most
        async with line.slot():
            began.append(number)
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*map(work, range(20)))
    assert (began, most) == (list(range(20)), 2)


async def test_what_takes_long_lets_the_others_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "LONG_RUNNING_AFTER", 0)
    line, ended = ConcurrencyLimiter(1, 5), asyncio.Event()

    async def long() -> None:
        async with line.slot():
            await ended.wait()

    first = [asyncio.create_task(long()) for _ in range(3)]
    async with line.slot():
        ended.set()
    await asyncio.gather(*first)
    # Each slot was given back once: there is one again, and not more.
    monkeypatch.setattr(concurrency, "LONG_RUNNING_AFTER", 60)
    async with line.slot():
        assert line._slots.locked()


async def test_what_waits_too_long_is_refused() -> None:
    line = ConcurrencyLimiter(1, 0.01)
    async with line.slot():
        with pytest.raises(Overloaded) as refused:
            async with line.slot():
                pass
    assert (refused.value.code, refused.value.status) == ("OVERLOADED", 503)
    async with line.slot():
        assert line._slots.locked()


async def test_what_goes_away_while_it_waits_takes_no_turn() -> None:
    line = ConcurrencyLimiter(1, 5)

    async def wait() -> None:
        async with line.slot():
            raise AssertionError("it was told to go away")

    async with line.slot():
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with line.slot():
        assert line._slots.locked()


def test_a_database_elsewhere_has_all_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    here = "bolt://127.0.0.1:7687"
    assert read_limit(Settings(neo4j_uri=None)) == 32
    assert read_limit(Settings(neo4j_uri=here)) == 32
    assert read_limit(Settings(neo4j_uri=here, pool_size=5)) == 5
    assert read_limit(Settings(neo4j_uri="neo4j+s://db.example", pool_size=50)) == 50
    assert read_limit(Settings(neo4j_uri="neo4j://db.example", reads_at_once=3)) == 3
