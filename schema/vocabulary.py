"""The vocabulary as a value: what the declarations say, resolved and ready to compute from.

:func:`vocabulary` reads classes once and gives immutable types that name each other. Everything
else in Parley (Cypher names, GraphQL types, checks, documentation) is computed from this value, so
a copy with one more type can stand beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schema.declare import Cardinality, Computed, Verb, Word
from schema.names import NODE, lower_first, past, screaming, upper_first, was
from schema.scalars import EDTF, FOLDED, TEXT, Scalar


class DeclarationError(Exception):
    """A declaration of the vocabulary is wrong; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or a relationship."""

    name: str
    scalar: Scalar
    required: bool
    many: bool
    doc: str
    enumeration: type[Word] | None = None
    searched: bool = False
    indexed: bool = False
    derived: bool = False
    attached: bool = False
    folded_with: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()

    @property
    def folded(self) -> str | None:
        """The name of its folded form in the store, where it has one."""
        plain = self.scalar is TEXT and not self.enumeration and not self.many
        return self.name + FOLDED if plain else None

    @property
    def stored(self) -> tuple[str, ...]:
        """The names it has in the store: its own and those of what is derived from it."""
        if self.many or self.enumeration:
            return (self.name,)
        return (self.name, *(self.name + suffix for suffix in self.scalar.derived))

    @property
    def order_by(self) -> str:
        """The name in the store by which it is ordered."""
        return self.folded or self.name + self.scalar.order


@dataclass(frozen=True, slots=True, eq=False)
class NodeType:
    """A label with its properties; ``kind`` is None for one that only others build on."""

    label: str
    doc: str
    kind: str | None
    plural: str
    ancestors: tuple["NodeType", ...]
    """From the nearest to the root, which is Node."""
    own: tuple[Property, ...]
    caption: str | None = None
    computed: tuple[Computed, ...] = ()
    short: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    verb: Verb | None = None

    def __repr__(self) -> str:
        return f"<{self.label}>"

    @property
    def concrete(self) -> bool:
        """Whether nodes of exactly this type exist."""
        return self.kind is not None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of a live node of this type, its own first and ``Node`` last."""
        return (self.label, *(ancestor.label for ancestor in self.ancestors))

    @property
    def past_labels(self) -> tuple[str, ...]:
        """The labels of such a node once it is over."""
        return tuple(past(label) for label in self.labels)

    @property
    def field(self) -> str:
        """The root field that gives one of them: ``tradeFigure``."""
        return lower_first(self.label)

    def is_a(self, other: "NodeType") -> bool:
        """Whether every node of this type is one of ``other``."""
        return self is other or other in self.ancestors

    @property
    def properties(self) -> Mapping[str, Property]:
        """Own and inherited properties by name, those of the most general type first."""
        lineage = (*reversed(self.ancestors), self)
        return {prop.name: prop for node in lineage for prop in node.own}


@dataclass(frozen=True, slots=True)
class Ends:
    """One type of start and one of end of a relationship type, with the links' names."""

    start: NodeType
    end: NodeType
    cardinality: Cardinality
    forward: str
    back: str
    page: int | None
    back_page: int | None


@dataclass(frozen=True, slots=True, eq=False)
class RelationshipType:
    """A relationship type with its pairs of ends and its properties."""

    type: str
    doc: str
    ends: tuple[Ends, ...]
    properties: Mapping[str, Property]
    symmetric: bool = False
    acyclic: bool = False
    hidden: bool = False
    describes: NodeType | None = None

    def __repr__(self) -> str:
        return f"<{self.type}>"

    @property
    def past(self) -> str:
        """The type of such a relationship once it is over."""
        return was(self.type)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A relationship type seen from one end: what a reader follows.

    ``steps`` is empty for a link that is stored; for one that is not, the links it is read along.
    """

    name: str
    owner: NodeType
    targets: tuple[NodeType, ...]
    cardinality: Cardinality
    outgoing: bool
    doc: str
    relationship: RelationshipType | None
    steps: tuple["Link", ...] = ()
    page: int | None = None

    def __repr__(self) -> str:
        return f"<{self.owner.label}.{self.name}>"

    @property
    def one(self) -> bool:
        """Whether it leads to one node at most."""
        return self.outgoing and self.cardinality in {"1", "0..1"}

    @property
    def required(self) -> bool:
        """Whether it leads to at least one node."""
        return self.outgoing and self.cardinality in {"1", "1..n"}

    @property
    def symmetric(self) -> bool:
        """Whether it is read the same from both ends."""
        return self.relationship is not None and self.relationship.symmetric

    @property
    def properties(self) -> Mapping[str, Property]:
        """The properties of its relationship."""
        return self.relationship.properties if self.relationship else {}

    @property
    def type_name(self) -> str:
        """The stem of the names of its connection and edge: ``StatementSpeakers``."""
        return self.owner.label + upper_first(self.name)


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

    def type_of_id(self, node_id: str) -> NodeType | None:
        """The type that an id's first word names, or None."""
        return self.by_kind.get(node_id.partition(":")[0])


def nullable_copy(prop: Property) -> Property:
    """The property as a description in one source gives it: never required, nothing derived."""
    return Property(
        prop.name,
        prop.scalar,
        required=False,
        many=prop.many,
        doc=prop.doc,
        enumeration=prop.enumeration,
    )


def enum_name(word: Word) -> str:
    """A word as GraphQL spells it: ``UNDER_WAY``."""
    return screaming(str(word.value))


def is_date(prop: Property) -> bool:
    """Whether the property is a date as precise as its source."""
    return prop.scalar is EDTF


def unique(names: Iterable[str]) -> list[str]:
    """The names, each once, in order."""
    return list(dict.fromkeys(names))
