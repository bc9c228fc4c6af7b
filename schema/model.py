"""The terms of a vocabulary: properties, node types, relationship types, and links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from schema.declare import (
    Cardinality,
    ComputedField,
    Enumeration,
    Measure,
    Pattern,
    ValidPeriod,
    Verb,
)
from schema.names import ENTITY, FACT, lower_first, past, upper_first, was
from schema.scalars import ALL_FOLDED, FOLDED, VARIANTS, Scalar


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
    enumeration: type[Enumeration] | None = None
    searched: bool = False
    indexed: bool = False
    derived: bool = False
    attached: bool = False
    folded_with: tuple[str, ...] = ()
    inherited_from: tuple[str, ...] = ()
    measure: Measure | None = None
    pattern: Pattern | None = None
    minimum: int | None = None

    @property
    def is_restricted(self) -> bool:
        """Return whether its values have to match a pattern or a minimum."""
        return self.pattern is not None or self.minimum is not None

    @property
    def folded_column(self) -> str | None:
        """Return the column with its folded text, by which lists are ordered, or None."""
        plain = self.scalar.derives(FOLDED) and not self.enumeration and not self.many
        return self.name + FOLDED if plain else None

    @property
    def variants_column(self) -> str | None:
        """Return the column with the list of the values that other sources give, or None.

        Only a name that is folded with other names has one: an entity shows the name that one
        source gives, and is found by the names of all sources.
        """
        return self.name + VARIANTS if self.folded_with else None

    @property
    def other_columns(self) -> tuple[str, ...]:
        """Return the columns with lists of texts that filters on it test too."""
        return (*self.folded_with, self.variants_column) if self.variants_column else ()

    @property
    def all_folded_column(self) -> str | None:
        """Return the column with its folded text and those of ``other_columns``, or None."""
        return self.name + ALL_FOLDED if self.folded_with else None

    @property
    def match_column(self) -> str | None:
        """Return the column with the folded texts that filters search, or None."""
        return self.all_folded_column or self.folded_column

    @property
    def columns(self) -> tuple[str, ...]:
        """Return its columns: the property itself, and those derived from it."""
        if self.many or self.enumeration:
            return (self.name,)
        derived = (self.name + suffix for suffix in self.scalar.derived)
        return (self.name, *derived, *filter(None, (self.all_folded_column,)))

    @property
    def order_column(self) -> str:
        """Return the column by which lists are ordered."""
        return self.folded_column or self.name + self.scalar.order


@dataclass(frozen=True, slots=True, eq=False)
class NodeType:
    """A type of nodes; ``kind`` is None for an abstract type, which only others build on."""

    label: str
    doc: str
    kind: str | None
    plural: str
    ancestors: tuple["NodeType", ...]
    """The types that it builds on, from its parent to the root, which is Node."""
    own: tuple[Property, ...]
    caption: str | None = None
    capitalized: bool = True
    """Whether a name made of a key is a proper name, which is written with capitals."""
    computed: tuple[ComputedField, ...] = ()
    short: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    verb: Verb | None = None
    valid_period: ValidPeriod | None = None

    def __repr__(self) -> str:
        return f"<{self.label}>"

    @property
    def concrete(self) -> bool:
        """Return whether there are nodes of exactly this type."""
        return self.kind is not None

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of a current node of this type, its own first and ``Node`` last."""
        return (self.label, *(ancestor.label for ancestor in self.ancestors))

    @property
    def past_labels(self) -> tuple[str, ...]:
        """Return the labels of an expired node of this type."""
        return tuple(past(label) for label in self.labels)

    @property
    def field(self) -> str:
        """Return the name of the root field of one node: ``tradeFigure``."""
        return lower_first(self.label)

    @property
    def is_entity(self) -> bool:
        """Return whether several sources can describe one node of this type."""
        return any(one.label == ENTITY for one in self.ancestors)

    @property
    def is_fact(self) -> bool:
        """Return whether each node of this type belongs to one source."""
        return any(one.label == FACT for one in self.ancestors)

    @property
    def is_recorded(self) -> bool:
        """Return whether facts files have records of this type: entities and facts."""
        return self.is_entity or self.is_fact

    def is_a(self, other: "NodeType") -> bool:
        """Return whether this is another type or one of its subtypes."""
        return self is other or other in self.ancestors

    @property
    def properties(self) -> Mapping[str, Property]:
        """Return own and inherited properties by name, those of the root first."""
        return _properties(self)


@cache
def _properties(node: NodeType) -> Mapping[str, Property]:
    lineage = (*reversed(node.ancestors), node)
    return MappingProxyType({prop.name: prop for one in lineage for prop in one.own})


@dataclass(frozen=True, slots=True)
class EndpointTypes:
    """One type of start and one type of end of a relationship type, with the links between them."""

    start: NodeType
    end: NodeType
    cardinality: Cardinality
    forward: str
    back: str
    page: int | None
    back_page: int | None
    doc: str
    back_doc: str


@dataclass(frozen=True, slots=True, eq=False)
class RelationshipType:
    """A type of relationships, with the types that it joins and its properties."""

    type: str
    doc: str
    ends: tuple[EndpointTypes, ...]
    properties: Mapping[str, Property]
    symmetric: bool = False
    acyclic: bool = False
    searched: bool = False
    hidden: bool = False
    describes: NodeType | None = None
    valid_period: ValidPeriod | None = None

    def __repr__(self) -> str:
        return f"<{self.type}>"

    @property
    def past(self) -> str:
        """Return the type of an expired relationship of this type."""
        return was(self.type)


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A relationship type as read from one of its ends.

    A derived link has no relationship type; ``steps`` are the links that it is read along.
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
        """Return whether it is a link to one: it leads to at most one node."""
        return self.outgoing and self.cardinality in {"1", "0..1"}

    @property
    def required(self) -> bool:
        """Return whether it leads to at least one node."""
        return self.outgoing and self.cardinality in {"1", "1..n"}

    @property
    def symmetric(self) -> bool:
        """Return whether it means the same in both directions."""
        return self.relationship is not None and self.relationship.symmetric

    @property
    def properties(self) -> Mapping[str, Property]:
        """Return the properties of its relationship."""
        return self.relationship.properties if self.relationship else {}

    @property
    def type_name(self) -> str:
        """Return the stem of the names of its connection and edge: ``StatementSpeakers``."""
        return self.owner.label + upper_first(self.name)
