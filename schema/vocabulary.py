"""A vocabulary: the declared types, resolved, from which everything else is computed.

``schema.build.build_vocabulary`` makes it of classes. Names of the store, GraphQL types, checks and
documentation are computed from this value, so that a test can use one with another type.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from schema import rules
from schema.declare import Enumeration
from schema.model import Link, NodeType, Property, RelationshipType
from schema.names import NODE


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The node types, relationship types, links and enumerations of a graph."""

    nodes: Mapping[str, NodeType]
    relationships: Mapping[str, RelationshipType]
    own_links: Mapping[str, Mapping[str, Link]]
    """By label, then by name; without inherited links."""
    enumerations: tuple[type[Enumeration], ...]

    @cached_property
    def root(self) -> NodeType:
        """Return the type of all nodes."""
        return self.nodes[NODE]

    @cached_property
    def concrete(self) -> tuple[NodeType, ...]:
        """Return the types that have nodes of their own, in the order of declaration."""
        return tuple(node for node in self.nodes.values() if node.concrete)

    @cached_property
    def by_kind(self) -> Mapping[str, NodeType]:
        """Return the concrete types by the word that begins their ids."""
        return {node.kind: node for node in self.nodes.values() if node.kind is not None}

    @cached_property
    def attached(self) -> frozenset[str]:
        """Return the names of the properties that an operator attaches, which have no history."""
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
        """Return the links of a type by name, own and inherited."""
        return self._links[node.label]

    def concrete_of(self, *nodes: NodeType) -> tuple[NodeType, ...]:
        """Return the concrete types among these and their subtypes, in the order of declaration."""
        wanted = {one.label for node in nodes for one in self._concrete_of[node.label]}
        return tuple(one for one in self.concrete if one.label in wanted)

    def children(self, node: NodeType) -> tuple[NodeType, ...]:
        """Return the direct subtypes of a type."""
        return tuple(
            one for one in self.nodes.values() if one.ancestors and one.ancestors[0] is node
        )

    def properties_where(self, where: Callable[[Property], bool]) -> dict[str, list[Property]]:
        """Return the properties that ``where`` accepts, by the labels of concrete types."""
        found = {
            node.label: [p for p in node.properties.values() if where(p)] for node in self.concrete
        }
        return {label: properties for label, properties in found.items() if properties}

    def name_search_links(self, node: NodeType) -> tuple[Link, ...]:
        """Return the links of a type by whose targets' names a search finds its nodes.

        A type that has names itself has none: its nodes are found by their own names.
        """
        return self._name_search_links[node.label]

    @cached_property
    def _name_search_links(self) -> Mapping[str, tuple[Link, ...]]:
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
    def types_searched_by_name(self) -> tuple[NodeType, ...]:
        """Return the concrete types by whose names a search finds other nodes."""
        ends = [
            target
            for node in self.concrete
            for link in self.name_search_links(node)
            for target in link.targets
        ]
        return tuple(one for one in self.concrete_of(*ends) if rules.NAME in one.properties)

    def type_of_id(self, node_id: str) -> NodeType | None:
        """Return the type of the nodes with an id, or None if no type has such ids."""
        return self.by_kind.get(node_id.partition(":")[0])
