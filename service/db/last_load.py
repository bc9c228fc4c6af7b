"""Read which load made the latest version of the graph."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, cast

from service.query.decoding import Row
from service.query.operation import Query

READ_LAST_LOAD = Query(
    "CYPHER 5 RETURN head(COLLECT { MATCH (l:Load) WHERE l.at IS NOT NULL "
    "RETURN [l.version, l.at.epochSeconds] ORDER BY l.at DESC LIMIT 1 })",
    {},
    (0,),
)


class LastLoad(NamedTuple):
    """The latest version, and when it was loaded, in seconds since 1970."""

    version: int
    at: int


async def read_last_load(
    read: Callable[[Sequence[Query]], Awaitable[list[Row]]],
) -> LastLoad | None:
    """Return the last load, or None if nothing was loaded; raises a ParleyError."""
    ((found,),) = cast("list[list[list[int] | None]]", await read([READ_LAST_LOAD]))
    return None if found is None else LastLoad(*found)
