"""Prepare the next item while the database works on the last."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefetcher(Generic[T]):
    """Iterates over items; the next is prepared in a thread once ``begin`` is called.

    Only one thread runs Python at a time: ``begin`` is called when this one waits for the database.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._thread = ThreadPoolExecutor(1)
        self._waiting: Future[T | None] | None = None

    def begin(self) -> None:
        """Begin to prepare the next item, unless that was begun."""
        if self._waiting is None:
            self._waiting = self._thread.submit(next, self._items, None)

    def __iter__(self) -> Iterator[T]:
        """Yield the items; one that was not begun is prepared when it is needed."""
        while True:
            self.begin()
            made, self._waiting = self._waiting, None
            if made is None or (one := made.result()) is None:
                return
            yield one

    def close(self) -> None:
        """End the thread once its item is prepared."""
        self._thread.shutdown()
