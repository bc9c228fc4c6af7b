"""A database that notes what it is asked."""

from collections.abc import Sequence

from service.db.database import Database
from service.query.answer import Row
from service.query.operation import Query
from service.settings import Settings


class Noting(Database):
    """Notes what is asked; asks it all the same."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: list[Query] = []

    async def read(self, queries: Sequence[Query]) -> list[Row]:
        self.asked.extend(queries)
        return await super().read(queries)
