"""Limit concurrent work; waiters are served first in, first out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.errors import Overloaded

LONG_RUNNING_AFTER = 0.1
"""Seconds after which work no longer counts, so that short work never waits for long work."""


class ConcurrencyLimiter:
    """A limiter of concurrent database reads.

    A server that runs every request at once makes all of them late; a request that waits is late
    only by those before it. Work that has run for ``LONG_RUNNING_AFTER`` seconds no longer counts
    towards the limit. A request that has waited for ``timeout`` seconds is refused.
    """

    def __init__(self, limit: int, timeout: float) -> None:
        self.limit = limit
        self.running = 0
        """How much work runs, that which no longer counts included."""
        self.waiting = 0
        self._slots = asyncio.Semaphore(limit)
        self._timeout = timeout

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot while the body runs; raises Overloaded if none becomes free in time."""
        if self._slots.locked():
            await self._wait()
        else:
            await self._slots.acquire()
        slot = _Slot(self._slots)
        release_early = asyncio.get_running_loop().call_later(LONG_RUNNING_AFTER, slot.release)
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            release_early.cancel()
            slot.release()

    async def _wait(self) -> None:
        self.waiting += 1
        try:
            async with asyncio.timeout(self._timeout):
                await self._slots.acquire()
        except TimeoutError as error:
            raise Overloaded("Too many requests at once. Try again shortly.") from error
        finally:
            self.waiting -= 1


@dataclass(slots=True)
class _Slot:
    """A slot in use, released once: when its work ends, or when that has run for long."""

    slots: asyncio.Semaphore
    in_use: bool = True

    def release(self) -> None:
        if self.in_use:
            self.in_use = False
            self.slots.release()
