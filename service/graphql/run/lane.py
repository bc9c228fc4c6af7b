"""Run long computations beside the event loop, a few at a time.

Parsing, validating and planning a new document, and decoding a large answer, take milliseconds to
tenths of a second. On the event loop, every other request would wait for them.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

from service.errors import Overloaded

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 2
"""More would only share the interpreter's lock, which the event loop needs too."""
MOST_WAITING = 100
"""The most computations that run or wait; one more is refused."""


class Lane:
    """A few threads for computations, with a short queue."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="lane")
        self._waiting = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of work that a thread does; raises Overloaded if the queue is full."""
        if self._waiting >= MOST_WAITING:
            raise Overloaded("Too many new or large operations at once. Try again shortly.")
        self._waiting += 1
        context = copy_context()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._threads, lambda: context.run(work, *args, **kwargs)
            )
        finally:
            self._waiting -= 1
