"""Entities as a load's own batches left them: what all describe is not read for each batch."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from graph_seed.state.elements import Node, Relationships
from graph_seed.state.entity_merge import Description

MOST = 20_000
"""Descriptions, about, that are held in memory."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as the graph holds it, and what sources say of it: each different thing once."""

    node: Node
    relationships: Relationships
    said: list[Description]


class EntityCache:
    """Entities of one version of the graph; those used last are kept."""

    def __init__(self) -> None:
        self._version = 0
        self._entities: OrderedDict[str, Entity] = OrderedDict()
        self._said = 0

    def at(self, version: int) -> Mapping[str, Entity]:
        """The entities that are known at a version: none, if anything else was written since."""
        return self._entities if version == self._version else {}

    def put(self, version: int, entities: Mapping[str, Entity]) -> None:
        """Note what a batch made of entities; it wrote this version."""
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
