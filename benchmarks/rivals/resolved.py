"""The GraphQL types of the rival with a resolver for each link."""

from typing import Self

import strawberry
from strawberry.types import Info

from benchmarks.rivals import queries
from benchmarks.rivals.reads import Reads, Row


def reads(info: Info[dict[str, Reads], None]) -> Reads:
    """Return the reads of the current request."""
    return info.context["reads"]


ResolverInfo = Info[dict[str, Reads], None]


@strawberry.type
class Named:
    """A node with an id and a name."""

    id: strawberry.ID
    name: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return one made of a node's properties."""
        return cls(id=strawberry.ID(row["id"]), name=row["name"])


@strawberry.type
class Total:
    """The length of a list."""

    total_count: int


@strawberry.type
class Statement:
    """A statement."""

    id: strawberry.ID
    text: str
    speech_act: str | None
    said_on: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return one made of a node's properties."""
        return cls(
            id=strawberry.ID(row["id"]),
            text=row["text"],
            speech_act=row.get("speechAct"),
            said_on=row.get("saidOn"),
        )

    @strawberry.field
    async def about(self, info: ResolverInfo) -> list["Issue"]:
        return [Issue.of(row) for row in await reads(info).link(queries.ABOUT, self.id)]

    @strawberry.field
    async def speakers(self, info: ResolverInfo) -> list["Actor"]:
        return [Actor.of(row) for row in await reads(info).link(queries.SPEAKERS, self.id)]


@strawberry.type
class Affiliation:
    """A role."""

    id: strawberry.ID
    role: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return one made of a node's properties."""
        return cls(id=strawberry.ID(row["id"]), role=row["role"])

    @strawberry.field
    async def holder(self, info: ResolverInfo) -> Named:
        return Named.of((await reads(info).link(queries.HOLDER, self.id))[0])

    @strawberry.field
    async def affiliated_with(self, info: ResolverInfo) -> Named:
        return Named.of((await reads(info).link(queries.AFFILIATED_WITH, self.id))[0])


@strawberry.type
class Actor(Named):
    """A person or body that speaks."""

    @strawberry.field
    async def latest_statements(self, info: ResolverInfo, first: int) -> list[Statement]:
        return [Statement.of(r) for r in await reads(info).link(queries.LATEST, self.id, first)]

    @strawberry.field
    async def affiliations(self, info: ResolverInfo) -> list[Affiliation]:
        return [Affiliation.of(r) for r in await reads(info).link(queries.AFFILIATIONS, self.id)]


@strawberry.type
class Issue(Named):
    """A subject of negotiation."""

    @strawberry.field
    async def statements(self, info: ResolverInfo, first: int) -> list[Statement]:
        return [Statement.of(r) for r in await reads(info).link(queries.STATEMENTS, self.id, first)]

    @strawberry.field
    async def statement_list(self, info: ResolverInfo) -> Total:
        (row,) = await reads(info).link(queries.COUNTED, self.id)
        return Total(total_count=int(row["count"]))


@strawberry.type
class Participant:
    """An actor, with its role in an event."""

    participant_role: str | None
    node: Named


@strawberry.type
class Event(Named):
    """An event."""

    @strawberry.field
    async def participants(self, info: ResolverInfo) -> list[Participant]:
        return [
            Participant(participant_role=row.get("role"), node=Named.of(row))
            for row in await reads(info).link(queries.PARTICIPANTS, self.id)
        ]


@strawberry.type
class Hit:
    """A hit of a search."""

    score: float
    node: Statement


@strawberry.type
class Hits:
    """The hits of a search, the best first."""

    hits: list[Hit]


@strawberry.type
class PageInfo:
    """The place of a page in its list."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Page:
    """A page of statements; the count is read only if it is selected."""

    nodes: list[Statement]
    page_info: PageInfo
    counted: strawberry.Private[dict[str, object]]

    @strawberry.field
    async def total_count(self, info: ResolverInfo) -> int:
        (row,) = await reads(info).rows(queries.COUNT_OF_ISSUE, **self.counted)
        return int(row["count"])


def make_page(rows: list[Row], first: int, counted: dict[str, object] | None = None) -> Page:
    """Return a page made of rows, of which one more than the page was read."""
    nodes = [Statement.of(row) for row in rows[:first]]
    end = f"{nodes[-1].said_on} {nodes[-1].id}" if nodes else None
    return Page(
        nodes=nodes,
        page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end),
        counted=counted or {},
    )
