"""What a load did, or would have done."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

Progress = Callable[[str], None]
"""Told which stage begins."""
COLUMNS = ("recorded", "changed", "expired", "unchanged")


@dataclass(slots=True)
class LoadReport:
    """Counts per label and relationship type, time per stage in seconds, and what to look at.

    ``version`` is the graph's version after it; ``changed`` is whether it made that version.
    """

    source: str
    version: int = 0
    made_version: bool = False
    dry_run: bool = False
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    """Where sources say different things of one entity."""
    hints: list[str] = field(default_factory=list)
    """Entities that may be the same."""
    attached: int = 0
    """Passages whose words were attached."""

    def count(self, column: str, names: Iterable[str]) -> None:
        """Count one of each of these labels or types."""
        for name in names:
            self.counts.setdefault(name, Counter())[column] += 1

    def plain(self) -> dict[str, object]:
        """The report as plain data, for JSON."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return said | {"counts": {name: dict(counter) for name, counter in self.counts.items()}}

    def total(self, column: str) -> int:
        """The sum of a column."""
        return sum(counter[column] for counter in self.counts.values())
