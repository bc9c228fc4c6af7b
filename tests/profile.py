"""Read the profile of a query."""

from typing import Any


def total_db_hits(plan: Any) -> int:
    """Return the database hits of a plan and its children."""
    return int(plan.get("dbHits", 0)) + sum(map(total_db_hits, plan.get("children", ())))
