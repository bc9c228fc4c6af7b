"""A database that records the queries it runs."""

from collections.abc import Sequence

from service.db.database import Database
from service.db.statistics import COUNTS
from service.query.decoding import Row
from service.query.operation import Query
from service.settings import Settings


class RecordingDatabase(Database):
    """A database that records its queries in ``asked``, and runs them.

    That of the statistics, which is asked now and then, is left out.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.asked: list[Query] = []

    async def read(self, queries: Sequence[Query]) -> list[Row]:
        self.asked.extend(one for one in queries if one is not COUNTS)
        return await super().read(queries)
