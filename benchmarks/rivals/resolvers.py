"""A GraphQL service in the usual way: Strawberry with a resolver for each link.

Data loaders read links, with one query for all waiting nodes. It has no groups and no ``@asOf``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import strawberry
from fastapi import FastAPI
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter

from benchmarks.rivals import queries
from benchmarks.rivals.reads import Reads
from benchmarks.rivals.resolved import (
    Actor,
    Affiliation,
    Event,
    Hit,
    Hits,
    Issue,
    Page,
    ResolverInfo,
    Statement,
    make_page,
    reads,
)
from benchmarks.rivals.serving import open_driver, serve_on_argument
from service.settings import Settings


@strawberry.type
class Query:
    """The root type."""

    @strawberry.field
    async def statement(self, info: ResolverInfo, id: strawberry.ID) -> Statement:
        return Statement.of((await reads(info).rows(queries.STATEMENT, id=id))[0])

    @strawberry.field
    async def actor(self, info: ResolverInfo, id: strawberry.ID) -> Actor:
        return Actor.of((await reads(info).rows(queries.ACTOR, id=id))[0])

    @strawberry.field
    async def issue(self, info: ResolverInfo, id: strawberry.ID) -> Issue:
        return Issue.of((await reads(info).rows(queries.ISSUE, id=id))[0])

    @strawberry.field
    async def issues(self, info: ResolverInfo, ids: list[strawberry.ID]) -> list[Issue]:
        return [Issue.of(row) for row in await reads(info).rows(queries.ISSUES, ids=ids)]

    @strawberry.field
    async def event(self, info: ResolverInfo, id: strawberry.ID) -> Event:
        return Event.of((await reads(info).rows(queries.EVENT, id=id))[0])

    @strawberry.field
    async def search(self, info: ResolverInfo, words: list[str], named: int, first: int) -> Hits:
        rows = await reads(info).rows(queries.SEARCH, words=words, named=named, first=first)
        return Hits(hits=[Hit(score=float(r["score"]), node=Statement.of(r)) for r in rows])

    @strawberry.field
    async def statements_of_issue(
        self,
        info: ResolverInfo,
        issue: strawberry.ID,
        first: int,
        since: str = "0001-01-01",
        until: str = "9999-12-31",
    ) -> Page:
        counted: dict[str, object] = {"issue": issue, "from": since, "to": until}
        text = queries.OF_ISSUE if since == "0001-01-01" else queries.OF_ISSUE_BETWEEN
        return make_page(await reads(info).rows(text, first=first + 1, **counted), first, counted)

    @strawberry.field
    async def latest_statements(
        self,
        info: ResolverInfo,
        day: str,
        id: strawberry.ID,
        first: int,
    ) -> Page:
        rows = await reads(info).rows(queries.BEFORE, day=day, id=id, first=first + 1)
        return make_page(rows, first)

    @strawberry.field
    async def statements_from_within(
        self, info: ResolverInfo, organization: strawberry.ID, first: int
    ) -> list[Statement]:
        rows = await reads(info).rows(queries.WITHIN, organization=organization, first=first)
        return [Statement.of(row) for row in rows]

    @strawberry.field
    async def affiliations_with(
        self, info: ResolverInfo, organization: strawberry.ID, first: int
    ) -> list[Affiliation]:
        rows = await reads(info).rows(queries.WITH, organization=organization, first=first)
        return [Affiliation.of(row) for row in rows]


def create_app(settings: Settings) -> FastAPI:
    """Return the application, which reads from the database of the settings."""
    driver = open_driver(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await driver.close()

    async def context() -> dict[str, Reads]:
        return {"reads": Reads(driver, settings.neo4j_database)}

    app = FastAPI(lifespan=lifespan, openapi_url=None)
    schema = strawberry.Schema(query=Query, extensions=[ParserCache, ValidationCache])
    app.include_router(GraphQLRouter(schema, path="/graphql", context_getter=context))
    return app


if __name__ == "__main__":
    serve_on_argument(create_app(Settings()))
