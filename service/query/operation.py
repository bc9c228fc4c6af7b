"""The root of a plan: what one operation asks of the graph."""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.terms import NodeType
from service.query.lists import Connection, EdgeNode, TypeName
from service.query.parameters import Parameter
from service.query.plan import One, Reads


@dataclass(frozen=True, slots=True)
class ById:
    """One node of a type by its id, or nothing."""

    key: str
    of: NodeType
    id: Parameter[object]
    reads: Reads


@dataclass(frozen=True, slots=True)
class ByIds:
    """Nodes by their ids, in their order, with nothing where there is none."""

    key: str
    ids: Parameter[object]
    reads: Reads


@dataclass(frozen=True, slots=True)
class Search:
    """A full-text search: hits in the order of their score, and how many there are by type."""

    key: str
    found: bool
    """Whether there are words to look for; without any there are no hits."""
    words: Parameter[Sequence[str]]
    lucene: Parameter[Sequence[str]]
    """Each word as a Lucene query."""
    named: Parameter[int]
    """How many entities are looked at for each word, by whose names facts are found."""
    types: tuple[NodeType, ...]
    limit: Parameter[int]
    fields: tuple["SearchField", ...]


@dataclass(frozen=True, slots=True)
class HitField:
    """A plain field of a hit or of a count by type: the answer's key and what to show."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits, each with these fields."""

    key: str
    fields: tuple["HitField | EdgeNode | One", ...]

    @property
    def shows_text(self) -> bool:
        """Whether the text in which the words were found has to be read."""
        names = {one.name for one in self.fields if isinstance(one, HitField)}
        return bool(names & {"property", "snippet"})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many hits there are of each type."""

    key: str
    fields: tuple[HitField, ...]


SearchField = TypeName | Hits | Counts
RootField = TypeName | ById | ByIds | Connection | Search


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an operation asks to be answered as of: what was recorded by then, what held then."""

    known: Parameter[str] | None
    """The moment, as ISO 8601 writes it; None for the latest version."""
    world: tuple[Parameter[object], Parameter[object]] | None = None
    """The first and the last day which is meant; None if no day is asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation: its root fields, in the order of the answer."""

    fields: Sequence[RootField]
    as_of: AsOf | None = None
    """None where the present is asked and no exact version is promised."""
