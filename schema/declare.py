"""What the vocabulary is declared with: nodes, relationships, enumerations, markers.

A node type is a class: its name is the label, its docstring the description everywhere, an
annotation the type and nullability of a property, its parent a shared second label and a GraphQL
interface::

    class Issue(Entity, kind="issue", caption="{name}"):
        \"\"\"What is negotiated about.\"\"\"

        name: Annotated[str, "The name most used.", FoldedWith("aliases")]
        aliases: Annotated[list[str] | None, "Other names it goes by."]

A relationship type is a class whose ``pairs`` say what it joins, in both directions::

    class SaidBy(Rel):
        \"\"\"Who says it.\"\"\"

        pairs = (Pair(Statement, Actor, "0..n", forward="speakers", back="statements"),)

Names are written the way Python writes them and read the way GraphQL does: ``said_on``, ``saidOn``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Literal, Self

Cardinality = Literal["1", "0..1", "1..n", "0..n"]


class Word(Enum):
    """A closed list of words; each member is a pair of its spelling and its description."""

    doc: str

    def __new__(cls, spelling: str, doc: str = "") -> Self:
        """Keep the spelling as the value and the description beside it; a lint asks for both."""
        member = object.__new__(cls)
        member._value_ = spelling
        member.doc = doc
        return member


@dataclass(frozen=True, slots=True)
class FoldedWith:
    """Filters on the text test these list properties too, so a name's filter sees aliases."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


@dataclass(frozen=True, slots=True)
class Inherited:
    """Where no value is given, the one at the end of this path is taken: ``saidAt.date``."""

    path: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Nodes that aggregates leave out: those whose ``status`` property is one of ``words``.

    ``inclusion`` is the word by which a request includes them.
    """

    inclusion: Word
    status: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """An amount of the ``unit`` and ``per`` that other properties name.

    Aggregates compare and add only amounts that agree in both, and leave out ``left_out`` unless
    a request includes it.
    """

    unit: str
    per: str
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text has to match ``regex`` as a whole; ``advice`` says what to write, with an example."""

    regex: str
    advice: str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A whole number may not be less."""

    number: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A plain mark on a property."""

    name: str


SEARCHED = Marker("searched")
"""The property is in the full-text index."""
INDEXED = Marker("indexed")
"""Filters and orderings on the property have an index."""
DERIVED = Marker("derived")
"""The loader computes the property; a facts file may not give it."""
ATTACHED = Marker("attached")
"""Held only where an operator attached a source's text, and outside history."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A short form of a facts file: a word of ``enumeration`` as key, what follows goes ``into``.

    With ``Verb("stance", into="target")`` the line ``opposes: issue:dairy`` gives both.
    """

    enumeration: str
    into: str


@dataclass(frozen=True, slots=True)
class Computed:
    """A field computed from properties of the same node when it is read; ``needs`` names them.

    One that is ``searched`` is in the full-text index, with the exact numbers that it needs.
    """

    name: str
    needs: tuple[str, ...]
    doc: str
    searched: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """When what a node says holds, by dates of its own: from ``start`` to ``end``.

    Without an ``end`` it holds ever after. Where both are one property, it holds through that time.
    """

    start: str
    end: str | None = None


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """What a node class says in its header."""

    kind: str | None = None
    plural: str | None = None
    caption: str | None = None
    proper: bool = True
    short: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    verb: Verb | None = None
    computed: tuple[Computed, ...] = ()
    held: Held | None = None


class Node:
    """Anything the graph holds."""

    options: ClassVar[NodeOptions] = NodeOptions()

    def __init_subclass__(
        cls,
        *,
        kind: str | None = None,
        plural: str | None = None,
        caption: str | None = None,
        proper: bool = True,
        short: Mapping[str, str | tuple[str, ...]] | None = None,
        verb: Verb | None = None,
        computed: tuple[Computed, ...] = (),
        held: Held | None = None,
    ) -> None:
        """Keep what the header says: ``kind`` begins ids and makes the type concrete.

        ``plural`` names the root list (the label and "s" if absent), ``caption`` is the one line a
        person would read, ``proper`` says that a name made of a key is written with capitals,
        ``short`` and ``verb`` are short forms of facts files, ``held`` says by which of its dates
        it holds.
        """
        super().__init_subclass__()
        cls.options = NodeOptions(kind, plural, caption, proper, short or {}, verb, computed, held)


NodeClass = type[Node]


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of ends of a relationship type, with its name read from either side.

    ``cardinality`` is how many the start has. ``back`` may hold ``{starts}``, the plural of the
    start: one link back for each type of start. Without ``{starts}`` it is one link to all of them.
    ``doc`` describes the link from the start, ``back_doc`` that from the end; it may hold
    ``{starts}`` too. ``page`` and ``back_page`` raise the limit of a page for that link.
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


class Rel:
    """A relationship type; properties are annotated as a node's are.

    It has one ``pair`` of ends, or several ``pairs``.
    """

    pair: ClassVar[Pair]
    pairs: ClassVar[tuple[Pair, ...]] = ()
    symmetric: ClassVar[bool] = False
    """Read the same from both ends; it has one name."""
    acyclic: ClassVar[bool] = False
    """Followed step by step it never comes back to where it began."""
    searched: ClassVar[bool] = False
    """A search finds a fact at its start by the names of the entity at its end."""
    hidden: ClassVar[bool] = False
    """Bookkeeping that GraphQL and facts files do not show."""
    describes: ClassVar[NodeClass | None] = None
    """Its properties are those of every type below this one, none of them required."""
    held: ClassVar[Held | None] = None
    """When it holds, by dates of its own. Without one it holds whenever both its ends do."""


class Path:
    """A link that is read along other links and never stored: ``steps`` are their names.

    ``pair`` names it as a relationship's does; its cardinality is not checked.
    """

    pair: ClassVar[Pair]
    steps: ClassVar[tuple[str, ...]] = ()
