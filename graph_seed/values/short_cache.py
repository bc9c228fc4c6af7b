"""Cache results for short texts, bounded by their length and number."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Text = TypeVar("Text", str, bytes)
T = TypeVar("T")


def cache_short(entries: int, longest: int) -> Callable[[Callable[[Text], T]], Callable[[Text], T]]:
    """Return a decorator that keeps the last results for texts up to ``longest`` characters.

    The result for a longer text is computed each time.
    """

    def decorate(function: Callable[[Text], T]) -> Callable[[Text], T]:
        cached = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def call(text: Text) -> T:
            return cached(text) if len(text) <= longest else function(text)

        return call

    return decorate
