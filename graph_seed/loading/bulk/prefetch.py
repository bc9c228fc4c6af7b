"""Making the next thing while the database works on the last."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefetcher(Generic[T]):
    """The same items; the next is made in a thread once ``begin`` says that this one waits.

    Made at any other time, it would hold up the thread that uses this one: only one of the two
    runs Python.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._thread = ThreadPoolExecutor(1)
        self._waiting: Future[T | None] | None = None

    def begin(self) -> None:
        """Begin to make the next item, if that was not begun."""
        if self._waiting is None:
            self._waiting = self._thread.submit(next, self._items, None)

    def __iter__(self) -> Iterator[T]:
        """The items; one that was not begun is made when it is asked for."""
        while True:
            self.begin()
            made, self._waiting = self._waiting, None
            if made is None or (one := made.result()) is None:
                return
            yield one

    def close(self) -> None:
        """End the thread, when what it makes is made."""
        self._thread.shutdown()
