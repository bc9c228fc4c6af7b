"""Running compiled queries: one auto-commit read, or several in one read transaction.

An auto-commit read is one round trip. It is a read, so what fails for a passing reason is asked
again here, a few times.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog
from neo4j import READ_ACCESS, AsyncDriver, Query
from neo4j.exceptions import DriverError, Neo4jError

from service.errors import Overloaded, ParleyError, ServiceUnavailable, Timeout
from service.query.cypher import Query as Compiled

log = structlog.get_logger()
T = TypeVar("T")
ATTEMPTS = 3
PAUSE = 0.05
"""Seconds before the second attempt; each further one waits twice as long, give or take."""


def reader(
    driver: Callable[[], AsyncDriver], database: str, deadline: float
) -> Callable[[Sequence[Compiled]], Awaitable[list[Sequence[Any]]]]:
    """What runs compiled queries and gives the one row of each.

    ``deadline`` (seconds) is the server's own limit for one query. Raises ParleyError only: the
    driver's own words go to the log.
    """

    async def single(query: Compiled) -> list[Sequence[Any]]:
        async with driver().session(database=database, default_access_mode=READ_ACCESS) as session:
            result = await session.run(Query(query.text, timeout=deadline), query.parameters)
            record = await result.single(strict=True)
            return [record.values()]

    async def several(queries: Sequence[Compiled]) -> list[Sequence[Any]]:
        async with driver().session(database=database, default_access_mode=READ_ACCESS) as session:
            transaction = await session.begin_transaction(timeout=deadline)
            async with transaction:
                rows: list[Sequence[Any]] = []
                for query in queries:
                    result = await transaction.run(query.text, query.parameters)
                    rows.append((await result.single(strict=True)).values())
                return rows

    async def read(queries: Sequence[Compiled]) -> list[Sequence[Any]]:
        if len(queries) == 1:
            return await attempted(lambda: single(queries[0]))
        return await attempted(lambda: several(queries))

    return read


async def attempted(work: Callable[[], Awaitable[T]]) -> T:
    """The work's result, tried again while it fails for a passing reason."""
    for attempt in range(ATTEMPTS):
        try:
            return await work()
        except (Neo4jError, DriverError) as error:
            if attempt + 1 == ATTEMPTS or not error.is_retryable():
                log.warning("read failed", exc_info=error)
                raise translated(error) from error
            await asyncio.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("the loop returns or raises")


def translated(error: Neo4jError | DriverError) -> ParleyError:
    """The driver's error in our own words, with nothing of the driver's in it."""
    code = getattr(error, "code", None) or ""
    if "TransactionTimedOut" in code or "LockClientStopped" in code:
        return Timeout("This took too long and was ended. Ask less of it.")
    if "MemoryPoolOutOfMemory" in code:
        return Overloaded("This needs more memory than one query may have. Ask less of it.")
    if isinstance(error, DriverError) or error.is_retryable():
        return ServiceUnavailable("The database cannot be reached. Try again shortly.")
    return ParleyError("The database could not answer this; what it said has been logged.")
