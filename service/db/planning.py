"""Let the database plan one large query at a time.

Neo4j plans a query when it first sees its text. That takes seconds of a processor where hundreds of
subqueries are nested, cannot be ended, and several at once would leave no processor to others.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from service.query.operation import Query
from service.weighted_lru import WeightedLRU

LARGE = 50
"""The subqueries of a query that is planned by itself; fewer take tenths of a second."""
PLANNED = 200
"""How many large queries are known to be planned: as many as the managed database keeps."""


class PlanningQueue:
    """A queue of large queries that the database has not planned yet."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._planned: WeightedLRU[int, bool] = WeightedLRU(PLANNED)

    @asynccontextmanager
    async def slot(self, queries: Sequence[Query]) -> AsyncIterator[None]:
        """Run the body, one at a time where a large query is new."""
        new = [
            key
            for one in queries
            if one.subqueries > LARGE and self._planned.get(key := hash(one.text)) is None
        ]
        if not new:
            yield
            return
        async with self._turn:
            yield
            for key in new:
                self._planned.put(key, value=True)
