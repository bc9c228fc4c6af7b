"""A cache that holds so much and no more: what was longest not asked for goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Bounded(Generic[K, V]):
    """Holds values by keys up to a sum of their weights, and counts how often that helped."""

    most: int
    hits: int = 0
    misses: int = 0
    weight: int = 0
    _held: OrderedDict[K, tuple[V, int]] = field(default_factory=OrderedDict)

    def get(self, key: K) -> V | None:
        """What is held under a key."""
        found = self._held.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Hold a value; one that weighs more than may be held at all is not."""
        if key in self._held:
            self.weight -= self._held.pop(key)[1]
        if weight > self.most:
            return
        self._held[key] = value, weight
        self.weight += weight
        while self.weight > self.most:
            self.weight -= self._held.popitem(last=False)[1][1]

    def counters(self) -> dict[str, int]:
        """How much is held, and how often what was asked for was among it."""
        held = len(self._held)
        return {"held": held, "weight": self.weight, "hits": self.hits, "misses": self.misses}
