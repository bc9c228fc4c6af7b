"""The classes that the vocabulary is declared with: node types, relationship types, enumerations.

A node type is a class: its name is the label, its docstring the description everywhere, an
annotation the type and nullability of a property, its parent a shared second label and a GraphQL
interface::

    class Issue(Entity, kind="issue", caption="{name}"):
        \"\"\"What is negotiated about.\"\"\"

        name: Annotated[str, "The name most used.", FoldedWith("aliases")]
        aliases: Annotated[list[str] | None, "Other names it goes by."]

A relationship type is a class with the types of its start and its end, and its names in both
directions::

    class SaidBy(Relationship):
        \"\"\"A statement is said by an actor.\"\"\"

        endpoints = Endpoints(Statement, Actor, "0..n", forward="speakers", back="statements")

Names are written in snake case and read in camel case: ``said_on`` becomes ``saidOn``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Literal, Self

Cardinality = Literal["1", "0..1", "1..n", "0..n"]


class Enumeration(Enum):
    """A closed list of words; a member is declared as its spelling and its description."""

    doc: str

    def __new__(cls, spelling: str, doc: str = "") -> Self:
        """Make the spelling the member's value, and the description its ``doc``."""
        member = object.__new__(cls)
        member._value_ = spelling
        member.doc = doc
        return member


@dataclass(frozen=True, slots=True)
class FoldedWith:
    """Filters on this text test these list properties too: a filter on a name sees the aliases."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class InheritedFrom:
    """The default of a property: the value at the end of a path, such as ``saidAt.date``."""

    path: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Nodes that aggregates exclude: those whose property ``status`` has one of ``values``.

    A request includes them by naming ``inclusion``.
    """

    inclusion: Enumeration
    status: str
    values: tuple[Enumeration, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """The properties that hold the unit of an amount, and what it counts ``per``.

    Aggregates compare and add only amounts that agree in both. They leave out ``exclusions``
    unless a request includes them.
    """

    unit: str
    per: str
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that a text has to match as a whole.

    ``advice`` says in a message what to write instead, with an example.
    """

    regex: str
    advice: str


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least value of a whole number."""

    number: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A flag of a property."""

    name: str


SEARCHED = Marker("searched")
"""The property is in the full-text index."""
INDEXED = Marker("indexed")
"""Filters and orderings on the property use an index."""
DERIVED = Marker("derived")
"""The loader computes the property; a facts file cannot set it."""
ATTACHED = Marker("attached")
"""The property has a value only if an operator attached the source's text. It has no history."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A short form of facts files: a word of ``enumeration`` as the key, its object as the value.

    With ``Verb("stance", into="target")`` the line ``opposes: issue:dairy`` sets both properties.
    """

    enumeration: str
    into: str


@dataclass(frozen=True, slots=True)
class ComputedField:
    """A field computed from the properties ``needs`` of the same node when it is read.

    If it is ``searched``, the full-text index holds it with the exact numbers that it needs.
    """

    name: str
    needs: tuple[str, ...]
    doc: str
    searched: bool = False


@dataclass(frozen=True, slots=True)
class ValidPeriod:
    """The properties that hold a node's or relationship's valid time: its ``start`` and ``end``.

    Without an ``end`` it is valid from its start on. If both are one property, it is valid
    throughout that date.
    """

    start: str
    end: str | None = None


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """The options in the header of a node class (see ``Node.__init_subclass__``)."""

    kind: str | None = None
    plural: str | None = None
    caption: str | None = None
    capitalized: bool = True
    short: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    verb: Verb | None = None
    computed: tuple[ComputedField, ...] = ()
    valid_period: ValidPeriod | None = None


class Node:
    """Anything the graph holds."""

    options: ClassVar[NodeOptions] = NodeOptions()

    def __init_subclass__(
        cls,
        *,
        kind: str | None = None,
        plural: str | None = None,
        caption: str | None = None,
        capitalized: bool = True,
        short: Mapping[str, str | tuple[str, ...]] | None = None,
        verb: Verb | None = None,
        computed: tuple[ComputedField, ...] = (),
        valid_period: ValidPeriod | None = None,
    ) -> None:
        """Store the options of a node type.

        ``kind`` begins the ids of its nodes and makes the type concrete. ``plural`` names its root
        list; the default is the label and "s". ``caption`` is the template of the line that
        describes a node. ``capitalized`` says that a name made of a key is a proper name.
        ``short`` and ``verb`` are short forms of facts files. ``valid_period`` names the dates
        between which a node is valid.
        """
        super().__init_subclass__()
        cls.options = NodeOptions(
            kind, plural, caption, capitalized, short or {}, verb, computed, valid_period
        )


NodeClass = type[Node]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The types of start and end of a relationship type, and the links between them.

    ``cardinality`` says how many ends a start has. ``back`` may hold ``{starts}``, the plural of
    the start: then each type of start has a link back of its own. Without ``{starts}`` one link
    leads back to all of them. ``doc`` describes the link from the start, ``back_doc`` that from
    the end; it may hold ``{starts}`` too. ``page`` and ``back_page`` raise the limit of a page.
    """

    start: NodeClass | tuple[NodeClass, ...]
    end: NodeClass | tuple[NodeClass, ...]
    cardinality: Cardinality
    forward: str
    back: str
    page: int | None = None
    back_page: int | None = None
    doc: str = ""
    back_doc: str = ""


class Relationship:
    """A relationship type. Its properties are annotated as those of a node are."""

    endpoints: ClassVar[Endpoints | tuple[Endpoints, ...]] = ()
    symmetric: ClassVar[bool] = False
    """It means the same in both directions, and has one name."""
    acyclic: ClassVar[bool] = False
    """Following it never leads back to where one began."""
    searched: ClassVar[bool] = False
    """A search finds a fact at its start by the names of the entity at its end."""
    hidden: ClassVar[bool] = False
    """It is bookkeeping: GraphQL and facts files do not show it."""
    describes: ClassVar[NodeClass | None] = None
    """It has the properties of every subtype of this type, all of them nullable."""
    valid_period: ClassVar[ValidPeriod | None] = None
    """The dates between which it is valid. Without them it is valid while both its ends are."""


class DerivedLink:
    """A link that is not stored, but read along other links; ``steps`` are their names.

    ``endpoints`` names it in both directions; its cardinality is not checked.
    """

    endpoints: ClassVar[Endpoints | None] = None
    steps: ClassVar[tuple[str, ...]] = ()
