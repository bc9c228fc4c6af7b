"""The types of the rival with a resolver for each field that is a link."""

from typing import Self

import strawberry
from strawberry.types import Info

from benchmarks.rivals import queries
from benchmarks.rivals.reads import Reads, Row


def reads(info: Info[dict[str, Reads], None]) -> Reads:
    """The reads of a field's request."""
    return info.context["reads"]


Asked = Info[dict[str, Reads], None]


@strawberry.type
class Named:
    """What has an id and a name."""

    id: strawberry.ID
    name: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """One made of a node's properties."""
        return cls(id=strawberry.ID(row["id"]), name=row["name"])


@strawberry.type
class Total:
    """How many a list has."""

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
        """One made of a node's properties."""
        return cls(
            id=strawberry.ID(row["id"]),
            text=row["text"],
            speech_act=row.get("speechAct"),
            said_on=row.get("saidOn"),
        )

    @strawberry.field
    async def about(self, info: Asked) -> list["Issue"]:
        return [Issue.of(row) for row in await reads(info).link(queries.ABOUT, self.id)]

    @strawberry.field
    async def speakers(self, info: Asked) -> list["Actor"]:
        return [Actor.of(row) for row in await reads(info).link(queries.SPEAKERS, self.id)]


@strawberry.type
class Affiliation:
    """A role."""

    id: strawberry.ID
    role: str

    @classmethod
    def of(cls, row: Row) -> Self:
        """One made of a node's properties."""
        return cls(id=strawberry.ID(row["id"]), role=row["role"])

    @strawberry.field
    async def holder(self, info: Asked) -> Named:
        return Named.of((await reads(info).link(queries.HOLDER, self.id))[0])

    @strawberry.field
    async def affiliated_with(self, info: Asked) -> Named:
        return Named.of((await reads(info).link(queries.AFFILIATED_WITH, self.id))[0])


@strawberry.type
class Actor(Named):
    """Who speaks."""

    @strawberry.field
    async def latest_statements(self, info: Asked, first: int) -> list[Statement]:
        return [Statement.of(r) for r in await reads(info).link(queries.LATEST, self.id, first)]

    @strawberry.field
    async def affiliations(self, info: Asked) -> list[Affiliation]:
        return [Affiliation.of(r) for r in await reads(info).link(queries.AFFILIATIONS, self.id)]


@strawberry.type
class Issue(Named):
    """What is talked about."""

    @strawberry.field
    async def statements(self, info: Asked, first: int) -> list[Statement]:
        return [Statement.of(r) for r in await reads(info).link(queries.STATEMENTS, self.id, first)]

    @strawberry.field
    async def statement_list(self, info: Asked) -> Total:
        (row,) = await reads(info).link(queries.COUNTED, self.id)
        return Total(total_count=int(row["count"]))


@strawberry.type
class Participant:
    """An actor, and as what it takes part."""

    participant_role: str | None
    node: Named


@strawberry.type
class Event(Named):
    """An event."""

    @strawberry.field
    async def participants(self, info: Asked) -> list[Participant]:
        return [
            Participant(participant_role=row.get("role"), node=Named.of(row))
            for row in await reads(info).link(queries.PARTICIPANTS, self.id)
        ]


@strawberry.type
class Hit:
    """What a search found."""

    score: float
    node: Statement


@strawberry.type
class Hits:
    """What a search found, the best first."""

    hits: list[Hit]


@strawberry.type
class PageInfo:
    """What lies behind a page."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Page:
    """A page of statements; the count is read when it is asked for."""

    nodes: list[Statement]
    page_info: PageInfo
    counted: strawberry.Private[dict[str, object]]

    @strawberry.field
    async def total_count(self, info: Asked) -> int:
        (row,) = await reads(info).rows(queries.COUNT_OF_ISSUE, **self.counted)
        return int(row["count"])


def page(rows: list[Row], first: int, counted: dict[str, object] | None = None) -> Page:
    """A page of rows, of which one too many was read."""
    nodes = [Statement.of(row) for row in rows[:first]]
    end = f"{nodes[-1].said_on} {nodes[-1].id}" if nodes else None
    return Page(
        nodes=nodes,
        page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end),
        counted=counted or {},
    )
