"""So many at once and no more: the others wait their turn, first come, first served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.errors import Overloaded

LONG = 0.1
"""Seconds after which what still goes on lets the next one begin: short ones never wait for it."""


class Turns:
    """Turns at what does more in all when it does little at once.

    A server that is asked everything at once shares its processors among all of it, so that all of
    it is late; who waits in a row is late only by what stands before. ``number`` go on at once, not
    counting those that have gone on for ``LONG`` seconds. What has waited for ``patience`` seconds
    is refused as Overloaded.
    """

    def __init__(self, number: int, patience: float) -> None:
        self._free = asyncio.Semaphore(number)
        self._patience = patience

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Go on when it is one's turn; raises Overloaded."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        held = _Turn(self._free)
        long = asyncio.get_running_loop().call_later(LONG, held.give_back)
        try:
            yield
        finally:
            long.cancel()
            held.give_back()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise Overloaded("Too much is asked at once. Try again shortly.") from error


@dataclass(slots=True)
class _Turn:
    """A turn that was taken, given back once: by who had it, or by the clock."""

    free: asyncio.Semaphore
    held: bool = True

    def give_back(self) -> None:
        if self.held:
            self.held = False
            self.free.release()
