"""Cache entities as the batches of a load left them: a shared entity is not read for each batch."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from graph_seed.state.elements import Node, Relationships
from graph_seed.state.entity_merge import Description

MOST = 20_000
"""Descriptions that are kept in memory, about."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity in the graph, with its different descriptions."""

    node: Node
    relationships: Relationships
    said: list[Description]


class EntityCache:
    """Entities of one version of the graph; the least recently used are dropped."""

    def __init__(self) -> None:
        self._version = 0
        self._entities: OrderedDict[str, Entity] = OrderedDict()
        self._said = 0

    def at(self, version: int) -> Mapping[str, Entity]:
        """Return the entities known at a version: none if another load wrote since."""
        return self._entities if version == self._version else {}

    def put(self, version: int, entities: Mapping[str, Entity]) -> None:
        """Keep the entities that a batch wrote, and the version that it made."""
        if version != self._version + 1:
            self._entities.clear()
            self._said = 0
        self._version = version
        for name, one in entities.items():
            if (old := self._entities.pop(name, None)) is not None:
                self._said -= len(old.said)
            self._entities[name] = one
            self._said += len(one.said)
        while self._said > MOST:
            _, old = self._entities.popitem(last=False)
            self._said -= len(old.said)
