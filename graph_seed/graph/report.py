"""Report what a load did, or would do: counts, and changes node by node, old and new."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from operator import itemgetter
from typing import Literal

from graph_seed.state.desired_state import GraphState
from graph_seed.state.elements import GraphNode
from graph_seed.state.entity_merge import SharedEntity
from schema import rules
from schema.model import Link, NodeType
from schema.vocabulary import Vocabulary

Kind = Literal["recorded", "changed", "expired"]


@dataclass(slots=True)
class NodeChange:
    """A node that a load records, changes or expires.

    ``values`` has the old and the new value of each property that differs, ``links`` the ids that a
    link no longer leads to and those it leads to from now on. ``edges`` has the properties that
    differ of a link that stays, by the link's name and the id that it leads to.
    """

    kind: Kind
    id: str
    values: dict[str, tuple[object, object]] = field(default_factory=dict)
    links: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    edges: dict[tuple[str, str], dict[str, tuple[object, object]]] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        """Return the change as plain data, for JSON."""
        return {
            "kind": self.kind,
            "id": self.id,
            "values": {name: {"old": a, "new": b} for name, (a, b) in self.values.items()},
            "links": {name: {"old": a, "new": b} for name, (a, b) in self.links.items()},
            "edges": [
                {
                    "link": link,
                    "id": end,
                    "values": {name: {"old": a, "new": b} for name, (a, b) in values.items()},
                }
                for (link, end), values in self.edges.items()
            ],
        }


def node_changes(
    vocabulary: Vocabulary, current: GraphState, desired: GraphState
) -> list[NodeChange]:
    """Return the changes between two states, in the order of the desired one."""
    old_links, new_links = _by_node(vocabulary, current), _by_node(vocabulary, desired)
    found: list[NodeChange] = []
    for node_id in dict.fromkeys([*desired.nodes, *current.nodes]):
        old, new = current.nodes.get(node_id), desired.nodes.get(node_id)
        kind: Kind = "recorded" if old is None else "expired" if new is None else "changed"
        change = NodeChange(kind, node_id, _values(old, new))
        before, after = old_links.get(node_id, {}), new_links.get(node_id, {})
        for name in dict.fromkeys([*after, *before]):
            ends, others = before.get(name, {}), after.get(name, {})
            gone = [end for end in ends if end not in others]
            came = [end for end in others if end not in ends]
            if gone or came:
                change.links[name] = (gone, came)
            for end in ends:
                if values := _edge_values(ends[end], others.get(end, ends[end])):
                    change.edges[name, end] = values
        if kind != "changed" or change.values or change.links or change.edges:
            found.append(change)
    return found


def _values(old: GraphNode | None, new: GraphNode | None) -> dict[str, tuple[object, object]]:
    """Return the values of a node that differ.

    Attached texts are outside of history; the standing of a fact is computed after the load.
    """
    before, after = (one.properties if one else {} for one in (old, new))
    names = {
        prop.name: None
        for one in (new, old)
        if one is not None
        for prop in one.type.properties.values()
        if not prop.attached and prop.name != rules.STANDING
    }
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def _edge_values(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """Return the properties of a link that differ."""
    return {
        name: (before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    }


_Ends = dict[str, dict[str, Mapping[str, object]]]


def _by_node(vocabulary: Vocabulary, state: GraphState) -> dict[str, _Ends]:
    """Return each node's outgoing links: by the link's name, the ends with their properties."""
    found: dict[str, _Ends] = {}
    for key, properties in sorted(state.relationships.items(), key=itemgetter(0)):
        node_type = vocabulary.type_of_id(key.start)
        link = _link(vocabulary, node_type, key.type) if node_type else None
        name = link.name if link else key.type
        declared = vocabulary.relationships[key.type].properties
        said = {key: value for key, value in properties.items() if key in declared}
        found.setdefault(key.start, {}).setdefault(name, {})[key.end] = said
    return found


def _link(vocabulary: Vocabulary, node_type: NodeType, relationship: str) -> Link | None:
    for link in vocabulary.links(node_type).values():
        if link.outgoing and link.relationship and link.relationship.type == relationship:
            return link
    return None


Progress = Callable[[str], None]
"""Takes the name of the stage that begins."""
COLUMNS = ("recorded", "changed", "expired", "unchanged")


@dataclass(frozen=True, slots=True)
class Target:
    """The database that a load writes to; the address holds no credentials."""

    address: str
    database: str
    managed: bool | None = None
    """True for the managed database; None if only the driver is known."""

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
        """True if the load changes anything in the graph."""
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
