"""Whether a database that was reached still answers: reads of one that froze are ended.

A read may take as long as its deadline, so that it is slow tells nothing. When one has waited for a
while, a trivial query over a connection of its own tells: if that is not answered either, all reads
that began before it are ended. One check serves all that wait.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from service.errors import ServiceUnavailable

T = TypeVar("T")
log = structlog.get_logger()
SLOW_SECONDS = 1.0
"""Seconds after which an unanswered read makes the database be checked, again and again."""
CHECK_SECONDS = 3.5
"""Seconds that the check may take."""


class Liveness:
    """Watches work that waits for the database; ``check`` asks it something trivial."""

    def __init__(self, check: Callable[[], Awaitable[object]], timeout: float) -> None:
        self._check = check
        self._timeout = min(timeout, CHECK_SECONDS)
        self._waiting: dict[asyncio.Timeout, float] = {}
        """When each began, the oldest first."""
        self._timer: asyncio.TimerHandle | None = None
        self._checking: asyncio.Task[None] | None = None

    async def watch(self, work: Awaitable[T]) -> T:
        """Return what the work gives; raises ServiceUnavailable if the database froze meanwhile."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                loop = asyncio.get_running_loop()
                self._waiting[limit] = loop.time()
                if self._timer is None and self._checking is None:
                    self._timer = loop.call_later(SLOW_SECONDS, self._look)
                return await work
        except TimeoutError as error:
            if not limit.expired():
                raise
            message = "The database does not answer. Try again shortly."
            raise ServiceUnavailable(message) from error
        finally:
            self._waiting.pop(limit, None)

    def close(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._checking is not None:
            self._checking.cancel()

    def _look(self) -> None:
        """Check the database if the oldest work is slow, else look again when it would be."""
        self._timer = None
        if not self._waiting:
            return
        loop = asyncio.get_running_loop()
        left = next(iter(self._waiting.values())) + SLOW_SECONDS - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look)
        else:
            self._checking = loop.create_task(self._check_once())

    async def _check_once(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._timeout):
                await self._check()
        except TimeoutError:
            log.warning("the database does not answer", reads=len(self._waiting))
            for limit, since in list(self._waiting.items()):
                if since <= began:
                    limit.reschedule(loop.time())
        except Exception as error:  # noqa: BLE001 - a database that refuses is not frozen
            log.info("the database could not be checked", reason=error)
        finally:
            self._checking = None
            if self._waiting:
                self._timer = loop.call_later(SLOW_SECONDS, self._look)
