"""End the work for a client that has closed its connection."""

import asyncio
from types import TracebackType
from typing import Self

from starlette.requests import ClientDisconnect
from starlette.types import Receive

WATCH_AFTER = 0.1
"""Seconds after which the connection is watched: most answers are sent before."""


class EndOnDisconnect:
    """A context that ends when the client disconnects; it then raises ClientDisconnect.

    ``receive`` must have given the whole body already. Ending a read ends its query in the
    database, as the driver closes the connection.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._limit = asyncio.timeout(None)
        self._watch: asyncio.Task[None] | None = None
        self._is_gone = False

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER, self._start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        try:
            await self._limit.__aexit__(kind, error, trace)
        except TimeoutError as ended:
            if self._is_gone:
                raise ClientDisconnect from ended
            raise

    def _start(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self._limit.reschedule(asyncio.get_running_loop().time())
