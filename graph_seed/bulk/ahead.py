"""Making the next thing while the last is used."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items; while one is used, a thread makes the next."""
    made = iter(items)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(next, made, None)
        while (one := waiting.result()) is not None:
            waiting = thread.submit(next, made, None)
            yield one
