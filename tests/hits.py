"""What a query read of the database, as its profile counts it."""

from typing import Any


def hits(plan: Any) -> int:
    """The hits of a plan and of all below it."""
    return int(plan.get("dbHits", 0)) + sum(map(hits, plan.get("children", ())))
