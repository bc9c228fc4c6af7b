"""The parts of a plan that read lists: pages, edges, nodes, counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema.terms import Link, NodeType, Property
from service.query.filters import Condition, OrderKey, Page
from service.query.parameters import Parameter
from service.query.told import GroupOrder, Having

if TYPE_CHECKING:
    from service.query.plan import Reads


@dataclass(frozen=True, slots=True)
class TypeName:
    """The name of the node's type."""

    key: str


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
    reads: "Reads"


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
    reads: "Reads"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """How the page lies in its list; pairs the answer's keys with what to show."""

    key: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TotalCount:
    """How many the whole list has."""

    key: str


@dataclass(frozen=True, slots=True)
class AggregateOf:
    """What the values of one property say together; ``fields`` pairs keys with what to show.

    ``included`` names what is left out unless a request includes it.
    """

    key: str
    prop: Property
    type_name: str
    fields: tuple[tuple[str, str], ...]
    included: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What all nodes of the list say together."""

    key: str
    type_name: str
    fields: tuple[TypeName | TotalCount | AggregateOf, ...]


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The value that the nodes of a group have in common, as text."""

    key: str


@dataclass(frozen=True, slots=True)
class GroupNode:
    """The node that the nodes of a group have in common; without ``reads`` it is null."""

    key: str
    reads: "Reads | None"


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the nodes of a group have in common."""

    key: str
    fields: tuple[TypeName | KeyValue | GroupNode, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The nodes of the list in groups: by ``prop`` at the end of a way, or by the node there.

    The way follows links, and keeps to a type where it names one.
    """

    key: str
    type_name: str
    way: tuple[Link | NodeType, ...]
    prop: Property | None
    part: str | None
    order: GroupOrder
    having: tuple[Having, ...]
    limit: Parameter[int]
    fields: tuple["GroupField", ...]


ConnectionField = TypeName | Edges | Nodes | PageInfo | TotalCount | Aggregate | Groups


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
        return self.wants_page_info("startCursor", "endCursor") or self.shows_cursors

    @property
    def shows_cursors(self) -> bool:
        """Whether each edge shows its cursor."""
        return any(
            isinstance(edge, Cursor)
            for one in self.fields
            if isinstance(one, Edges)
            for edge in one.fields
        )

    @property
    def reads_often(self) -> bool:
        """Whether the list has to be read more than once."""
        wanted = sum(isinstance(one, TotalCount | Aggregate | Groups) for one in self.fields)
        return wanted + self.wants_rows + self.looks_behind > 1

    @property
    def wants_rows(self) -> bool:
        """Whether anything is asked of the page itself."""
        return self.wants(Edges, Nodes, PageInfo)

    @property
    def limit(self) -> Parameter[int]:
        """How much is read of the page: one more, where it has to be known if the list goes on."""
        onward = "hasPreviousPage" if self.page.backward else "hasNextPage"
        return self.page.one_more if self.wants_page_info(onward) else self.page.size

    @property
    def looks_behind(self) -> bool:
        """Whether it has to be known if the list goes on behind the cursor that the page left."""
        behind = "hasNextPage" if self.page.backward else "hasPreviousPage"
        return self.page.cursor is not None and self.wants_page_info(behind)


GroupField = TypeName | TotalCount | GroupKey | Aggregate | Connection | Groups
