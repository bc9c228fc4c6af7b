"""How the rival with a resolver for each field reads: links are read together, as is usual."""

from collections.abc import Awaitable, Callable

from neo4j import READ_ACCESS, AsyncDriver
from strawberry.dataloader import DataLoader

Row = dict[str, str]
"""A node's properties, of which only texts are asked for."""


class Reads:
    """The reads of one request."""

    def __init__(self, driver: AsyncDriver, database: str) -> None:
        self._driver = driver
        self._database = database
        self._links: dict[tuple[str, int], DataLoader[str, list[Row]]] = {}

    async def rows(self, text: str, **parameters: object) -> list[Row]:
        """The rows that a query's one column ``n`` holds."""
        async with self._driver.session(
            database=self._database, default_access_mode=READ_ACCESS
        ) as session:
            result = await session.run(text, parameters)
            return [record["n"] async for record in result]

    async def link(self, text: str, start: str, first: int = 20) -> list[Row]:
        """What a link leads to from the node of an id; ``text`` finds ``n`` from ``id``.

        What is asked for in one turn of the loop is read in one query.
        """
        loader = self._links.get((text, first))
        if loader is None:
            loader = self._links[text, first] = DataLoader(load_fn=self._together(text, first))
        return await loader.load(start)

    def _together(self, text: str, first: int) -> Callable[[list[str]], Awaitable[list[list[Row]]]]:
        query = f"UNWIND $ids AS id RETURN COLLECT {{ {text} RETURN n LIMIT $first }} AS n"

        async def read(ids: list[str]) -> list[list[Row]]:
            async with self._driver.session(
                database=self._database, default_access_mode=READ_ACCESS
            ) as session:
                result = await session.run(query, ids=ids, first=first)
                return [record["n"] async for record in result]

        return read
