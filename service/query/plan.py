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
from service.query.filters import Condition, OrderKey, Page

# --- what is read of a node ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeName:
    """The name of the node's type."""

    key: str


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
    """What is read of a node whose type is known."""

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


# --- lists ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EdgeValue:
    """A property of the relationship that led to the node."""

    key: str
    prop: Property


@dataclass(frozen=True, slots=True)
class EdgeDate:
    """A date of the relationship that led to the node."""

    key: str
    prop: Property
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EdgeVersion:
    """The version in which the relationship was recorded."""

    key: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the edge stands in the order of its list."""

    key: str


@dataclass(frozen=True, slots=True)
class EdgeNode:
    """The node of an edge."""

    key: str
    reads: Reads


EdgeField = TypeName | EdgeValue | EdgeDate | EdgeVersion | Cursor | EdgeNode


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page, each with these fields."""

    key: str
    type_name: str
    fields: tuple[EdgeField, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a page."""

    key: str
    reads: Reads


@dataclass(frozen=True, slots=True)
class PageInfo:
    """How the page lies in its list; pairs the answer's keys with what to show."""

    key: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TotalCount:
    """How many the whole list has."""

    key: str


ConnectionField = TypeName | Edges | Nodes | PageInfo | TotalCount


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of a list: of all nodes of a type, or of those that a link leads to."""

    key: str
    type_name: str
    fields: tuple[ConnectionField, ...]
    condition: Condition
    order: tuple[OrderKey, ...]
    page: Page
    link: Link | None = None
    of: NodeType | None = None

    def wants(self, *kinds: type) -> bool:
        """Whether one of these kinds of field is among its fields."""
        return any(isinstance(one, kinds) for one in self.fields)

    def wants_page_info(self, *names: str) -> bool:
        """Whether one of these is asked of the page."""
        return any(
            name in names
            for one in self.fields
            if isinstance(one, PageInfo)
            for _, name in one.fields
        )

    @property
    def wants_cursors(self) -> bool:
        """Whether the order's values have to be read."""
        return self.wants_page_info("startCursor", "endCursor") or any(
            isinstance(edge, Cursor)
            for one in self.fields
            if isinstance(one, Edges)
            for edge in one.fields
        )

    @property
    def wants_rows(self) -> bool:
        """Whether anything is asked of the page itself."""
        return self.wants(Edges, Nodes, PageInfo)

    @property
    def looks_behind(self) -> bool:
        """Whether it has to be known if the list goes on behind the cursor that the page left."""
        behind = "hasNextPage" if self.page.backward else "hasPreviousPage"
        return self.page.cursor is not None and self.wants_page_info(behind)


Field = TypeName | Value | DateValue | ComputedValue | HeldThen | Caption | One | Names | Connection
