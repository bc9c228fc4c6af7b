"""Read the profile of a query."""

from collections.abc import Iterator
from typing import Any


def operators(plan: Any) -> Iterator[Any]:
    """Yield the operators of a plan, the last one first."""
    yield plan
    for child in plan.get("children", ()):
        yield from operators(child)


def total_db_hits(plan: Any) -> int:
    """Return the database hits of a plan and its children."""
    return sum(int(one.get("dbHits", 0)) for one in operators(plan))
