"""Tests that large new queries are planned one at a time."""

import asyncio

import pytest

from service.db.planning import LARGE, PlanningQueue
from service.query.operation import Query


class Reads:
    """Reads that count how many run at once."""

    def __init__(self) -> None:
        self.queue = PlanningQueue()
        self.now = self.most = 0

    async def read(self, *queries: Query) -> None:
        async with self.queue.slot(queries):
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.001)
            self.now -= 1

    async def at_once(self, *queries: Query) -> int:
        """Return how many of these ran at once at most."""
        self.most = 0
        await asyncio.gather(*map(self.read, queries))
        return self.most


def query(text: str, subqueries: int = LARGE + 1) -> Query:
    return Query(text, {}, (0,), subqueries=subqueries)


async def test_large_new_queries_wait_for_one_another() -> None:
    reads = Reads()
    new = [query(f"RETURN {number}") for number in range(5)]
    assert await reads.at_once(*new) == 1
    assert await reads.at_once(*new) == 5, "they are planned"
    assert await reads.at_once(*new, query("RETURN 9")) == 6, "a new one holds up no other"


async def test_small_queries_wait_for_none() -> None:
    reads = Reads()
    small = [query(f"RETURN {number}", LARGE) for number in range(5)]
    assert await reads.at_once(query("RETURN 9"), *small) == 6


async def test_a_query_that_failed_is_new_again() -> None:
    reads = Reads()
    with pytest.raises(RuntimeError):
        async with reads.queue.slot([query("RETURN 1")]):
            raise RuntimeError
    assert await reads.at_once(query("RETURN 1"), query("RETURN 2")) == 1
