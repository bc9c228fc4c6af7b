"""Read how many nodes and relationships the graph has, which bounds what an operation may cost."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import structlog

from schema.names import past, was
from service.errors import ParleyError
from service.query.cost import UNKNOWN, Statistics
from service.query.decoding import Row
from service.query.operation import Query

log = structlog.get_logger()
FRESH_SECONDS = 5.0
"""Seconds for which statistics are used."""
COUNTS = Query(
    "CYPHER 5 CALL db.stats.retrieve('GRAPH COUNTS') YIELD data "
    "RETURN [n IN data.nodes WHERE n.label IS NOT NULL | [n.label, n.count]], "
    "[r IN data.relationships WHERE r.relationshipType IS NOT NULL "
    "AND r.startLabel IS NULL AND r.endLabel IS NULL | [r.relationshipType, r.count]]",
    {},
    (0, 1),
)
"""It reads the counts that Neo4j keeps; no node is visited."""


class StatisticsCache:
    """Statistics of the graph that are a few seconds old at most."""

    def __init__(self, read: Callable[[Sequence[Query]], Awaitable[list[Row]]]) -> None:
        self._read = read
        self._found = UNKNOWN
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Statistics:
        """Return statistics; they bound nothing if the graph cannot be asked for them."""
        async with self._lock:
            if time.monotonic() >= self._until:
                try:
                    ((nodes, relationships),) = await self._read([COUNTS])
                    self._found = Statistics(
                        _count_with_past(nodes, past("")), _count_with_past(relationships, was(""))
                    )
                except ParleyError as error:
                    self._found = UNKNOWN
                    log.warning("the statistics of the graph could not be read", reason=error)
                self._until = time.monotonic() + FRESH_SECONDS
            return self._found


def _count_with_past(rows: Row, prefix: str) -> Counter[str]:
    """Return counts by name; what has expired counts with what it was, as ``@asOf`` reads both."""
    counts: Counter[str] = Counter()
    for row in rows:
        name, number = cast("tuple[str, int]", row)
        counts[name.removeprefix(prefix)] += number
    return counts
