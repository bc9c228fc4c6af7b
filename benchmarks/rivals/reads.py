"""Reads of the rival with resolvers: data loaders read a link of several nodes at once."""

from collections.abc import Awaitable, Callable

from neo4j import READ_ACCESS, AsyncDriver
from strawberry.dataloader import DataLoader

Row = dict[str, str]
"""The properties of a node; all of them are texts."""


class Reads:
    """The reads of one request."""

    def __init__(self, driver: AsyncDriver, database: str) -> None:
        self._driver = driver
        self._database = database
        self._links: dict[tuple[str, int], DataLoader[str, list[Row]]] = {}

    async def rows(self, text: str, **parameters: object) -> list[Row]:
        """Return the values of a query's only column, ``n``."""
        async with self._driver.session(
            database=self._database, default_access_mode=READ_ACCESS
        ) as session:
            result = await session.run(text, parameters)
            return [record["n"] async for record in result]

    async def link(self, text: str, start: str, first: int = 20) -> list[Row]:
        """Return the nodes that a link leads to from a node; ``text`` finds ``n`` from ``id``.

        Links that are awaited in one turn of the event loop are read in one query.
        """
        loader = self._links.get((text, first))
        if loader is None:
            loader = self._links[text, first] = DataLoader(load_fn=self._load_function(text, first))
        return await loader.load(start)

    def _load_function(
        self, text: str, first: int
    ) -> Callable[[list[str]], Awaitable[list[list[Row]]]]:
        query = f"UNWIND $ids AS id RETURN COLLECT {{ {text} RETURN n LIMIT $first }} AS n"

        async def read(ids: list[str]) -> list[list[Row]]:
            async with self._driver.session(
                database=self._database, default_access_mode=READ_ACCESS
            ) as session:
                result = await session.run(query, ids=ids, first=first)
                return [record["n"] async for record in result]

        return read
