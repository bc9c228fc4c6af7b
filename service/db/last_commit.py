"""Read the id of the graph's last commit, once for all requests that wait for it.

Each commit gives the graph another id, so two reads that return the same one have seen the same
graph, and so has every read between them. The id is missing while a commit is in progress.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from time import perf_counter
from typing import cast

import structlog

from schema.names import COMMIT, GATE, GRAPH, ID, OPEN, OPENING
from service.db.finish import finish
from service.errors import ParleyError
from service.observe.record import Stage, add_time
from service.query.decoding import Row
from service.query.operation import Query

log = structlog.get_logger()
READ_COMMIT = Query(
    f"CYPHER 5 OPTIONAL MATCH (g:{GATE} {{{ID}: $graph}}) "
    f"RETURN CASE WHEN g.{OPEN} = g.{OPENING} THEN g.{COMMIT} END",
    {"graph": GRAPH},
    (0,),
)
GATHER_SECONDS = 0.001
"""Seconds for which a read waits until as many requests wait for it as the last one served."""
OLD_SECONDS = 1.0
"""Seconds after which ``known`` is read again in the background, if somebody asks for it."""


class LastCommit:
    """Reads the id of the last commit; one read runs at a time, and serves all who wait for it."""

    def __init__(self, read: Callable[[Sequence[Query]], Awaitable[list[Row]]]) -> None:
        self._read = read
        self._waiting: list[asyncio.Future[str | None]] = []
        self._reading: asyncio.Task[None] | None = None
        self._known: str | None = None
        self._known_at = float("-inf")
        self._served = 0
        """How many requests the last read served."""
        self._gathered: asyncio.Event | None = None
        self.reads = 0
        """The number of reads so far."""

    async def read(self) -> str | None:
        """Return the id as a read finds it that begins after this call.

        None while a commit is in progress. Raises a ParleyError if the graph cannot be read.
        """
        began = perf_counter()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[str | None] = loop.create_future()
        self._waiting.append(found)
        if self._reading is None:
            self._reading = self._begin()
        elif self._gathered is not None and len(self._waiting) >= self._served:
            self._gathered.set()
        try:
            return await found
        finally:
            add_time(Stage.CHECK, began)

    def known(self) -> str | None:
        """Return the id as the last read found it; it may have changed since."""
        loop = asyncio.get_running_loop()
        if self._reading is None and loop.time() - self._known_at > OLD_SECONDS:
            self._reading = self._begin()
        return self._known

    async def close(self) -> None:
        """Wait until a read has ended: its connection goes back to the driver."""
        if self._reading is not None:
            await finish(self._reading)

    def _begin(self) -> asyncio.Task[None]:
        """Start to read, in a context of its own: it is part of no single request."""
        return asyncio.get_running_loop().create_task(self._serve(), context=Context())

    async def _serve(self) -> None:
        """Read until nobody waits any more."""
        while True:
            if len(self._waiting) < self._served:
                await self._gather()
            # Who comes from here on waits for the next read: this one may have begun.
            served, self._waiting = self._waiting, []
            self._served = len(served)
            self.reads += 1
            try:
                ((self._known,),) = cast("list[list[str | None]]", await self._read([READ_COMMIT]))
            except Exception as error:  # noqa: BLE001 - handed to each who waits
                self._known = None
                _fail(served, error)
            else:
                for one in served:
                    if not one.done():
                        one.set_result(self._known)
            self._known_at = asyncio.get_running_loop().time()
            if not self._waiting:
                self._reading = None
                return

    async def _gather(self) -> None:
        """Wait a moment for as many requests as came the last time: one read serves them all."""
        self._gathered = asyncio.Event()
        timer = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._gathered.set)
        await self._gathered.wait()
        timer.cancel()
        self._gathered = None


def _fail(served: Sequence["asyncio.Future[str | None]"], error: Exception) -> None:
    """Let each read fail by the error; it is logged if none waits."""
    if not served:
        reason = error if isinstance(error, ParleyError) else repr(error)
        log.debug("the last commit could not be read", reason=str(reason))
    for one in served:
        if not one.done():
            one.set_exception(error)
