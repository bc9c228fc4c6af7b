"""Detect a database that is connected but frozen, and end the reads that wait for it.

A slow read alone proves nothing: it may take as long as its deadline. So when a read has waited for
``SLOW_SECONDS``, a trivial query is sent over a connection of its own. If that is not answered
either, all reads that began before it are ended. One check serves all waiting reads.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from service.errors import ServiceUnavailable

T = TypeVar("T")
log = structlog.get_logger()
SLOW_SECONDS = 1.0
"""Seconds after which an unanswered read causes a check, and each further one."""
CHECK_SECONDS = 3.5
"""The most seconds that a check may take in a service."""
PATIENT_CHECK_SECONDS = 15.0
"""The same for a command, whose first read may be the first of a database that just started."""


class Liveness:
    """A watch over work that waits for the database; ``check`` runs a trivial query.

    A check that takes longer than ``timeout`` seconds means that the database is frozen.
    """

    def __init__(self, check: Callable[[], Awaitable[object]], timeout: float) -> None:
        self._check = check
        self._timeout = timeout
        self._waiting: dict[asyncio.Timeout, float] = {}
        """The time at which each began, the oldest first."""
        self._timer: asyncio.TimerHandle | None = None
        self._checking: asyncio.Task[None] | None = None
        self._checks: set[asyncio.Future[object]] = set()
        """The checks that still run; one that timed out is not awaited, but ends by itself."""

    async def watch(self, work: Awaitable[T]) -> T:
        """Return the result of work; raises ServiceUnavailable if the database freezes."""
        limit = asyncio.timeout(None)
        try:
            async with limit:
                loop = asyncio.get_running_loop()
                self._waiting[limit] = loop.time()
                if self._timer is None and self._checking is None:
                    self._timer = loop.call_later(SLOW_SECONDS, self._check_if_slow)
                return await work
        except TimeoutError as error:
            if not limit.expired():
                raise
            message = "The database does not answer. Try again shortly."
            raise ServiceUnavailable(message) from error
        finally:
            self._waiting.pop(limit, None)

    def close(self) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._checking is not None:
            self._checking.cancel()

    def _check_if_slow(self) -> None:
        """Check the database if the oldest work is slow; else return when it would be."""
        self._timer = None
        if not self._waiting:
            return
        loop = asyncio.get_running_loop()
        left = next(iter(self._waiting.values())) + SLOW_SECONDS - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._check_if_slow)
        else:
            self._checking = loop.create_task(self._check_once())

    def _end_check(self, check: asyncio.Future[object]) -> None:
        self._checks.discard(check)
        if not check.cancelled():
            check.exception()  # read, so that asyncio does not log it

    async def _check_once(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            # A connection that is cancelled while it opens would leave its socket open.
            check = asyncio.ensure_future(self._check())
            self._checks.add(check)
            check.add_done_callback(self._end_check)
            async with asyncio.timeout(self._timeout):
                await asyncio.shield(check)
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
                self._timer = loop.call_later(SLOW_SECONDS, self._check_if_slow)
