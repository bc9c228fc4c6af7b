"""Tests of reading the last commit once for all who wait."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from service.db.last_commit import GATHER_SECONDS, READ_COMMIT, LastCommit
from service.errors import ServiceUnavailable
from service.query.decoding import Row
from service.query.operation import Query


class Graph:
    """A graph whose commits the test makes; a read returns when the test lets it."""

    def __init__(self) -> None:
        self.commit: str | None = "one"
        self.began = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.error: Exception | None = None

    async def read(self, queries: Sequence[Query]) -> list[Row]:
        assert queries == [READ_COMMIT]
        found = self.commit
        self.began.set()
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        return cast("list[Row]", [[found]])


async def test_a_read_that_began_before_a_request_does_not_answer_it() -> None:
    graph = Graph()
    commits = LastCommit(graph.read)
    graph.may_end.clear()
    first = asyncio.create_task(commits.read())
    await graph.began.wait()
    graph.commit = "two"
    later = [asyncio.create_task(commits.read()) for _ in range(3)]
    await asyncio.sleep(0)
    graph.may_end.set()
    assert await first == "one"
    assert await asyncio.gather(*later) == ["two"] * 3
    assert commits.reads == 2


async def test_a_read_waits_for_as_many_as_the_last_one_served_but_not_long() -> None:
    graph = Graph()
    commits = LastCommit(graph.read)
    for _ in range(3):
        await asyncio.gather(*(commits.read() for _ in range(8)))
    reads = commits.reads

    async def late() -> str | None:
        await asyncio.sleep(GATHER_SECONDS / 10)
        return await commits.read()

    await asyncio.gather(*(late() if turn else commits.read() for turn in range(8)))
    assert commits.reads == reads + 1
    assert await commits.read() == "one"
    assert await commits.read() == "one"


async def test_an_error_reaches_all_who_wait_and_is_not_remembered() -> None:
    graph = Graph()
    commits = LastCommit(graph.read)
    assert await commits.read() == "one"
    graph.error = ServiceUnavailable("gone")
    found = await asyncio.gather(*(commits.read() for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [ServiceUnavailable] * 3
    assert commits.known() is None
    graph.error = None
    assert await commits.read() == "one"


async def test_who_goes_away_does_not_end_the_read_of_others() -> None:
    graph = Graph()
    commits = LastCommit(graph.read)
    graph.may_end.clear()
    gone, stays = (asyncio.create_task(commits.read()) for _ in range(2))
    await graph.began.wait()
    gone.cancel()
    graph.may_end.set()
    assert await stays == "one"
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_what_is_known_is_read_again_in_the_background() -> None:
    graph = Graph()
    commits = LastCommit(graph.read)
    assert commits.known() is None
    await asyncio.sleep(0.01)
    assert commits.known() == "one"
    graph.commit = "two"
    assert commits.known() == "one"
    assert await commits.read() == "two"
    assert commits.known() == "two"
    await commits.close()
