"""Compare the current with the desired state of sources, and refuse what other sources need."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from graph_seed.graph.report import LoadReport
from graph_seed.graph.repository import Repository
from graph_seed.graph.writer import Change, ChangedStanding
from graph_seed.problems import AbsentIds, LoadError, join_listed
from graph_seed.records import Place
from graph_seed.state.desired_state import GraphState
from graph_seed.state.elements import GraphNode, RelationshipKey, Relationships
from schema import rules
from schema.model import NodeType
from schema.names import AS_WRITTEN, DIGEST, ID, RECORDED_IN
from schema.vocabulary import Vocabulary


@dataclass(slots=True)
class Difference:
    """The difference of two states; it is counted in the report of the source that owns a node."""

    vocabulary: Vocabulary
    current: GraphState
    desired: GraphState
    report: LoadReport
    owners: Mapping[str, LoadReport] = field(default_factory=dict)
    """By a node's id, where several sources are compared at once."""

    def _count(self, column: str, node_id: str, names: Iterable[str]) -> None:
        self.owners.get(node_id, self.report).count(column, names)

    def new_nodes(self) -> list[GraphNode]:
        """Return the nodes that are new."""
        return [n for i, n in self.desired.nodes.items() if i not in self.current.nodes]

    def expired_nodes(self) -> list[GraphNode]:
        """Return the nodes that expire."""
        return [n for i, n in self.current.nodes.items() if i not in self.desired.nodes]

    def refuse(
        self,
        store: Repository,
        sources: Collection[str],
        used: set[str],
        places: Mapping[str, Place],
    ) -> None:
        """Raise LoadError for ends that do not exist, have a wrong kind, or would expire.

        ``used`` are ids that the files list as defined elsewhere; ``places`` has the place of each
        id that they name. Codes: UNKNOWN_ID, WRONG_KIND, IN_USE.
        """
        gone = {node.id for node in self.expired_nodes()}
        ends = {end for key in self.desired.relationships for end in (key.start, key.end)} | used
        types = store.node_types(ends - set(self.desired.nodes))
        types |= {i: node.type for i, node in self.desired.nodes.items()}
        there = set(types) - gone
        named = {end for key in self.desired.given for end in (key.start, key.end)} | used
        if absent := sorted(named - there):
            raise AbsentIds(absent, places)
        self._refuse_kinds(types)
        self._refuse_in_use(store, sources, gone)

    def _refuse_kinds(self, types: Mapping[str, NodeType]) -> None:
        wrong = [
            key
            for key in self.desired.given
            if not any(
                types[key.start].is_a(ends.start) and types[key.end].is_a(ends.end)
                for ends in self.vocabulary.relationships[key.type].ends
            )
        ]
        if wrong:
            joined = join_listed(sorted(f"{s.start} {s.type} {s.end}" for s in wrong))
            ends = sorted({key.end for key in wrong})
            raise LoadError("WRONG_KIND", f"these relationships are not allowed: {joined}", ends)

    def _refuse_in_use(self, store: Repository, sources: Collection[str], gone: set[str]) -> None:
        if not gone:
            return
        over = set(self.ended_relationships())
        needed = {
            (who, whom) for key, who, whom in store.references_to(sources, gone) if key not in over
        }
        for key in self.desired.relationships:
            if not gone.isdisjoint((key.start, key.end)):
                whom = key.end if key.end in gone else key.start
                needed.add((key.start if whom == key.end else key.end, whom))
        if needed:
            needing = join_listed([f"{who} points at {whom}" for who, whom in sorted(needed)])
            message = f"other sources still refer to what would expire: {needing}"
            raise LoadError("IN_USE", message, sorted({who for who, _ in needed}))

    def changes(self) -> list[Change]:
        """Return the changes of nodes that stay: what to set, None for what is removed."""
        changes: list[Change] = []
        for node_id, node in self.desired.nodes.items():
            old = self.current.nodes.get(node_id)
            label = [node.type.label]
            if old is None:
                self._count("recorded", node_id, label)
                continue
            # Digests are written outside of history; the standing is computed afterwards.
            kept = {p.name for p in node.type.properties.values() if p.attached}
            kept |= {RECORDED_IN, DIGEST, AS_WRITTEN, rules.STANDING}
            before = {k: v for k, v in old.properties.items() if k not in kept}
            now = {k: v for k, v in node.properties.items() if k not in kept}
            if before == now:
                self._count("unchanged", node_id, label)
                continue
            self._count("changed", node_id, label)
            changes.append((node.type, dict.fromkeys(set(before) - set(now)) | now))
        for node in self.expired_nodes():
            self._count("expired", node.id, [node.type.label])
        return changes

    def digests(self) -> list[dict[str, object]]:
        """Return the digests of nodes that stay: with other links, a record has another digest."""
        return [
            {ID: node_id, DIGEST: node.properties.get(DIGEST)}
            for node_id, node in self.desired.nodes.items()
            if node_id in self.current.nodes
            and self.current.nodes[node_id].properties.get(DIGEST) != node.properties.get(DIGEST)
        ]

    def relationship_digests(self) -> Relationships:
        """Return the digests of descriptions that stay and have another digest."""
        return {
            key: {DIGEST: properties[DIGEST]}
            for key, properties in self.desired.relationships.items()
            if key in self.current.relationships
            and self.current.relationships[key].get(DIGEST) != properties.get(DIGEST)
        }

    def ended_relationships(self) -> list[RelationshipKey]:
        """Return the relationships that end or change."""
        return [key for key, old in self.current.relationships.items() if self._is_ended(key, old)]

    def _is_ended(self, key: RelationshipKey, old: Mapping[str, object]) -> bool:
        desired = self.desired.relationships.get(key)
        return desired is None or _comparable(old) != _comparable(desired)

    def relationship_changes(self) -> tuple[Relationships, list[RelationshipKey]]:
        """Return new relationships, and those that end; one that changes is both."""
        over = self.ended_relationships()
        ended = set(over)
        new: Relationships = {}
        for key, properties in self.desired.relationships.items():
            if key in self.current.relationships and key not in ended:
                self._count("unchanged", self._owner(key), [key.type])
                continue
            new[key] = properties
            column = "changed" if key in ended else "recorded"
            self._count(column, self._owner(key), [key.type])
        for key in over:
            if key not in self.desired.relationships:
                self._count("expired", self._owner(key), [key.type])
        return new, over

    def _owner(self, key: RelationshipKey) -> str:
        """Return the node whose report counts a relationship: of a description, its source."""
        return key.end if self.vocabulary.relationships[key.type].describes else key.start

    def count_standings(self, changed_standings: Iterable[ChangedStanding]) -> None:
        """Count claims that stay and whose standing changed."""
        for one in changed_standings:
            report = self.owners.get(one.id, self.report)
            report.count("changed", [one.type.label])
            if one.id in self.desired.nodes:
                report.counts[one.type.label]["unchanged"] -= 1


def _comparable(properties: Mapping[str, object]) -> dict[str, object]:
    return {k: v for k, v in properties.items() if k not in {ID, RECORDED_IN, DIGEST}}
