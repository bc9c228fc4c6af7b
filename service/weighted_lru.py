"""A least-recently-used cache that is bounded by the weights of its values."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class WeightedLRU(Generic[K, V]):
    """A cache of values whose weights add up to at most ``capacity``; it counts hits and misses.

    Threads may share it.
    """

    capacity: int
    hits: int = 0
    misses: int = 0
    weight: int = 0
    _entries: OrderedDict[K, tuple[V, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: K) -> V | None:
        """Return the value of a key, or None."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Store a value and evict others for it; one heavier than the capacity is not stored."""
        with self._lock:
            if key in self._entries:
                self.weight -= self._entries.pop(key)[1]
            if weight > self.capacity:
                return
            self._entries[key] = value, weight
            self.weight += weight
            while self.weight > self.capacity:
                self.weight -= self._entries.popitem(last=False)[1][1]

    def counters(self) -> dict[str, int]:
        """Return the number and weight of the values, and of hits and misses so far."""
        size = len(self._entries)
        return {"held": size, "weight": self.weight, "hits": self.hits, "misses": self.misses}
