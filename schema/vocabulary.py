"""The vocabulary as a value: what the declarations say, resolved and ready to compute from.

:func:`vocabulary` reads classes once and gives immutable types that name each other. Everything
else in Parley (Cypher names, GraphQL types, checks, documentation) is computed from this value, so
a copy with one more type can stand beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from schema import rules
from schema.declare import Word
from schema.model import Link, NodeType, Property, RelationshipType
from schema.names import NODE


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All that can be said: node types, relationship types, links, enumerations."""

    nodes: Mapping[str, NodeType]
    relationships: Mapping[str, RelationshipType]
    own_links: Mapping[str, Mapping[str, Link]]
    """By label, then by name; without those inherited."""
    enumerations: tuple[type[Word], ...]

    @cached_property
    def root(self) -> NodeType:
        """The type that every node is of."""
        return self.nodes[NODE]

    @cached_property
    def concrete(self) -> tuple[NodeType, ...]:
        """The types that nodes are made of, in the order of declaration."""
        return tuple(node for node in self.nodes.values() if node.concrete)

    @cached_property
    def by_kind(self) -> Mapping[str, NodeType]:
        """The concrete types by the word their ids begin with."""
        return {node.kind: node for node in self.nodes.values() if node.kind is not None}

    @cached_property
    def attached(self) -> frozenset[str]:
        """The names of properties that an operator attaches, which are outside history."""
        return frozenset(p.name for node in self.nodes.values() for p in node.own if p.attached)

    @cached_property
    def _links(self) -> Mapping[str, Mapping[str, Link]]:
        return {
            node.label: {
                name: link
                for ancestor in (*reversed(node.ancestors), node)
                for name, link in self.own_links.get(ancestor.label, {}).items()
            }
            for node in self.nodes.values()
        }

    @cached_property
    def _concrete_of(self) -> Mapping[str, tuple[NodeType, ...]]:
        return {
            node.label: tuple(one for one in self.concrete if one.is_a(node))
            for node in self.nodes.values()
        }

    def links(self, node: NodeType) -> Mapping[str, Link]:
        """The links of a type by name, own and inherited."""
        return self._links[node.label]

    def concrete_of(self, *nodes: NodeType) -> tuple[NodeType, ...]:
        """The concrete types among these and below them, each once, in order of declaration."""
        wanted = {one.label for node in nodes for one in self._concrete_of[node.label]}
        return tuple(one for one in self.concrete if one.label in wanted)

    def children(self, node: NodeType) -> tuple[NodeType, ...]:
        """The types directly below this one."""
        return tuple(
            one for one in self.nodes.values() if one.ancestors and one.ancestors[0] is node
        )

    def select(self, where: Callable[[Property], bool]) -> dict[str, list[Property]]:
        """The properties of concrete types that ``where`` accepts, by label."""
        found = {
            node.label: [p for p in node.properties.values() if where(p)] for node in self.concrete
        }
        return {label: properties for label, properties in found.items() if properties}

    def found_by_names(self, node: NodeType) -> tuple[Link, ...]:
        """Return the links of a type by the names of whose ends a search finds it.

        What has names of its own is found by those.
        """
        return self._found_by_names[node.label]

    @cached_property
    def _found_by_names(self) -> Mapping[str, tuple[Link, ...]]:
        return {
            node.label: tuple(
                link
                for link in self.links(node).values()
                if link.outgoing and link.relationship and link.relationship.searched
            )
            if any(prop.searched for prop in node.properties.values())
            and rules.NAME not in node.properties
            else ()
            for node in self.nodes.values()
        }

    @cached_property
    def searched_names(self) -> tuple[NodeType, ...]:
        """The concrete types by whose names others are found."""
        ends = [
            target
            for node in self.concrete
            for link in self.found_by_names(node)
            for target in link.targets
        ]
        return tuple(one for one in self.concrete_of(*ends) if rules.NAME in one.properties)

    def type_of_id(self, node_id: str) -> NodeType | None:
        """The type that an id's first word names, or None."""
        return self.by_kind.get(node_id.partition(":")[0])


def unique(names: Iterable[str]) -> list[str]:
    """The names, each once, in order."""
    return list(dict.fromkeys(names))
