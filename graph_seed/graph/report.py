"""Reports of loads: what was done, or would have been."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields

from graph_seed.state.changes import NodeChange
from graph_seed.state.shared_entities import SharedEntity

Progress = Callable[[str], None]
"""Takes the name of the stage that begins."""
COLUMNS = ("recorded", "changed", "expired", "unchanged")


@dataclass(frozen=True, slots=True)
class Target:
    """The database that a load writes to; the address holds no credentials."""

    address: str
    database: str
    managed: bool | None = None
    """Whether Parley runs it; None where only the driver is known."""

    def __str__(self) -> str:
        kinds = {True: " (managed by Parley)", False: " (your own Neo4j)", None: ""}
        return f"database {self.database} at {self.address}{kinds[self.managed]}"


@dataclass(slots=True)
class LoadReport:
    """Counts per label and relationship type, time per stage in seconds, and what to look at.

    ``version`` is the graph's version after it; ``made_version`` is whether it made that version.
    """

    source: str
    version: int = 0
    made_version: bool = False
    dry_run: bool = False
    target: Target | None = None
    """The database that was written to, or would have been."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    changes: list[NodeChange] = field(default_factory=list)
    """Of a dry run: the nodes that would be recorded, changed and expired, old beside new."""
    shared: list[SharedEntity] = field(default_factory=list)
    """Entities of this source that another source defines too."""
    differences: list[str] = field(default_factory=list)
    """Where sources say different things of one entity."""
    hints: list[str] = field(default_factory=list)
    """Entities that may be the same."""
    attached: int = 0
    """Passages whose words were attached."""

    @property
    def differs(self) -> bool:
        """Whether the load changes anything in the graph."""
        return any(self.total(column) for column in COLUMNS[:3])

    def count(self, column: str, names: Iterable[str]) -> None:
        """Add one to the count of each of these labels or types."""
        for name in names:
            self.counts.setdefault(name, Counter())[column] += 1

    def to_plain(self) -> dict[str, object]:
        """Return the report as plain data, for JSON."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return said | {
            "counts": {name: dict(counter) for name, counter in self.counts.items()},
            "changes": [one.to_plain() for one in self.changes],
        }

    def total(self, column: str) -> int:
        """Return the sum of a column."""
        return sum(counter[column] for counter in self.counts.values())


def total_counts(reports: Iterable[LoadReport]) -> Mapping[str, Counter[str]]:
    """Return the counts of several reports together."""
    found: dict[str, Counter[str]] = {}
    for report in reports:
        for name, counter in report.counts.items():
            found.setdefault(name, Counter()).update(counter)
    return found
