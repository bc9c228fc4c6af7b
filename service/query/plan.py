"""The parts of a plan: what is read of nodes and of lists, free of GraphQL's and Cypher's syntax.

A plan is a tree; ``operation`` holds its root. Each part takes exactly one place in the row that
its parent reads, in the order of the plan, so that what ``cypher`` emits and what ``shape`` reads
agree without saying so.

Values that change between two operations of one shape are kept apart, as parameters: two plans with
equal parts have equal Cypher.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schema.captions import Part
from schema.terms import Link, NodeType, Property
from service.query.filters import OrderKey
from service.query.lists import Connection, TypeName
from service.query.parameters import Parameter

# --- what is read of a node ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """A property. ``raw`` leaves it as it is in the store."""

    key: str
    prop: Property
    raw: bool = False


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date as precise as its source; ``fields`` pairs the answer's keys with what to show."""

    key: str
    prop: Property
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """What ``compute`` makes of other properties of the node."""

    key: str
    needs: tuple[Property, ...]
    compute: Callable[..., str]


@dataclass(frozen=True, slots=True)
class HeldThen:
    """Whether the node, of this type, held on the day that the operation asks for."""

    key: str
    of: NodeType


@dataclass(frozen=True, slots=True)
class Caption:
    """The line a person would read, from a template and from what it needs to read."""

    key: str
    template: tuple[Part, ...]
    reads: tuple["Field", ...]


@dataclass(frozen=True, slots=True)
class One:
    """The node at the other end of a link that leads to one at most."""

    key: str
    link: Link
    reads: "Reads"
    first_by: tuple[OrderKey, ...] | None = None
    """Set for the first of many, by this order."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The first few nodes a link leads to, for a caption."""

    key: str
    link: Link
    reads: "Reads"
    limit: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read of a node of this type, or of one of several that are read alike."""

    type: NodeType
    fields: tuple["Field", ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """What is read of a node of one of these types."""

    types: tuple[NodeType, ...]
    fields: tuple["Field", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is read of a node by its type; types left out read as if they were not there."""

    of: tuple[Branch, ...]


Reads = Selection | Choice


@dataclass(frozen=True, slots=True)
class VersionField:
    """A field of one of a node's versions; ``below`` pairs keys and names of what a change has."""

    key: str
    name: str
    below: tuple[tuple[str, str], ...] = ()
    reads: Reads | None = None
    """What is read of the version's load, where that is the field."""


@dataclass(frozen=True, slots=True)
class History:
    """The versions of the node, of this type, the latest first."""

    key: str
    of: NodeType
    load: NodeType
    fields: tuple[TypeName | VersionField, ...]
    limit: Parameter[int]


Field = (
    TypeName
    | History
    | Value
    | DateValue
    | ComputedValue
    | HeldThen
    | Caption
    | One
    | Names
    | Connection
)
