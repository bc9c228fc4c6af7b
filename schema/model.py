"""The terms of a vocabulary: properties, node types, relationship types and the links they give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from schema.declare import Cardinality, Computed, Held, Measured, Pattern, Verb, Word
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
    enumeration: type[Word] | None = None
    searched: bool = False
    indexed: bool = False
    derived: bool = False
    attached: bool = False
    folded_with: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()
    measured: Measured | None = None
    pattern: Pattern | None = None
    at_least: int | None = None

    @property
    def is_restricted(self) -> bool:
        """Whether its declaration says more of its values than their kind."""
        return self.pattern is not None or self.at_least is not None

    @property
    def folded(self) -> str | None:
        """The name of its folded form in the store, where it has one; lists are ordered by it."""
        plain = self.scalar.derives(FOLDED) and not self.enumeration and not self.many
        return self.name + FOLDED if plain else None

    @property
    def variants(self) -> str | None:
        """The name in the store of the list of its values that other sources give.

        Only a name that is folded with other names has such a list: an entity shows the name of
        one source, and is found by the names of all.
        """
        return self.name + VARIANTS if self.folded_with else None

    @property
    def others(self) -> tuple[str, ...]:
        """The names in the store of the lists of texts that filters on it see too."""
        return (*self.folded_with, self.variants) if self.variants else ()

    @property
    def all_folded(self) -> str | None:
        """The name in the store of its folded form together with those of ``others``."""
        return self.name + ALL_FOLDED if self.folded_with else None

    @property
    def matched(self) -> str | None:
        """The name in the store of the folded forms that filters look for a text in."""
        return self.all_folded or self.folded

    @property
    def stored(self) -> tuple[str, ...]:
        """The names it has in the store: its own and those of what is derived from it."""
        if self.many or self.enumeration:
            return (self.name,)
        derived = (self.name + suffix for suffix in self.scalar.derived)
        return (self.name, *derived, *filter(None, (self.all_folded,)))

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
    proper: bool = True
    """Whether a name made of a key is written with capitals, as a proper name is."""
    computed: tuple[Computed, ...] = ()
    short: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    verb: Verb | None = None
    held: Held | None = None
    """By which of its dates it holds, where it has such."""

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

    @property
    def is_entity(self) -> bool:
        """Whether nodes of this type keep their identity across sources."""
        return any(one.label == ENTITY for one in self.ancestors)

    @property
    def is_fact(self) -> bool:
        """Whether nodes of this type belong to the source that says them."""
        return any(one.label == FACT for one in self.ancestors)

    @property
    def is_recorded(self) -> bool:
        """Whether facts files contain records of this type: entities and facts."""
        return self.is_entity or self.is_fact

    def is_a(self, other: "NodeType") -> bool:
        """Whether every node of this type is one of ``other``."""
        return self is other or other in self.ancestors

    @property
    def properties(self) -> Mapping[str, Property]:
        """Own and inherited properties by name, those of the most general type first."""
        return _properties(self)


@cache
def _properties(node: NodeType) -> Mapping[str, Property]:
    lineage = (*reversed(node.ancestors), node)
    return MappingProxyType({prop.name: prop for one in lineage for prop in one.own})


@dataclass(frozen=True, slots=True)
class Ends:
    """One type of start and one of end of a relationship type, with the links between them."""

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
    """A relationship type with its pairs of ends and its properties."""

    type: str
    doc: str
    ends: tuple[Ends, ...]
    properties: Mapping[str, Property]
    symmetric: bool = False
    acyclic: bool = False
    searched: bool = False
    hidden: bool = False
    describes: NodeType | None = None
    held: Held | None = None
    """By which of its dates it holds, where it has such."""

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
