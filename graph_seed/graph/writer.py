"""Write one version: what it records, changes and ends.

Nothing is ever overwritten. What ended is relabelled, or copied under past names, with the version
that ended it; intervals are half-open, recorded ≤ v < expired. Each query takes many rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_seed.graph import versions
from graph_seed.graph.creation import Creation, create
from graph_seed.graph.repository import Repository
from graph_seed.state.elements import GraphNode, Properties, RelationshipKey, Relationships
from graph_seed.state.supersession import standing_for, supersedes_of
from schema import rules
from schema.model import NodeType
from schema.names import EXPIRED_IN, ID, NODE, RECORDED_IN, WAS, was
from schema.vocabulary import Vocabulary

Change = tuple[NodeType, Properties]
"""A node's type, and what to set of it, its id included: None takes a value out."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What one version records, changes and ends; a relationship that changes is ended and new."""

    new: Creation
    changed: Sequence[Change] = ()
    expired: Sequence[GraphNode] = ()
    ended: Sequence[RelationshipKey] = ()

    @property
    def count(self) -> int:
        """How many nodes and relationships it writes."""
        return self.new.count + len(self.changed) + len(self.expired) + len(self.ended)


class ChangedStanding(NamedTuple):
    """A claim that stays, and whose standing changed because other claims came or went."""

    type: NodeType
    id: str
    old: str | None
    new: str


class GraphWriter:
    """Writes versions in the transaction of a repository."""

    def __init__(self, repository: Repository, vocabulary: Vocabulary) -> None:
        self._repository = repository
        self._vocabulary = vocabulary

    def write(
        self, load: Mapping[str, object], changes: VersionChanges
    ) -> tuple[int, list[ChangedStanding]]:
        """Write a version; return it, and the claims that stay and whose standing it changed.

        ``load`` holds the values of its Load. Raises LoadError: UNKNOWN_ID where an end of a new
        relationship is not there, DATABASE_ERROR for what the database refuses.
        """
        version = versions.next_version(self._repository.run, self._vocabulary, load)
        self._end_relationships(version, changes.ended)
        self._expire(version, changes.expired)
        self._change(version, changes.changed)
        create(self._repository, self._vocabulary, version, changes.new)
        return version, self._recompute_standing(version, changes)

    def _change(self, version: int, changes: Iterable[Change]) -> None:
        """Change nodes in place; a past copy keeps what they were."""
        grouped: dict[NodeType, list[Properties]] = defaultdict(list)
        for node_type, row in changes:
            grouped[node_type].append(row)
        for node_type, rows in grouped.items():
            self._repository.run_each(
                f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row.{ID}}}) "
                f"CREATE (n)-[:{WAS}]->(c:{':'.join(node_type.past_labels)}) "
                f"SET c = properties(n), c.{EXPIRED_IN} = $v "
                f"{_without_texts('c', node_type)}"
                f"SET n += row, n.{RECORDED_IN} = $v",
                rows,
                v=version,
            )

    def _expire(self, version: int, nodes: Iterable[GraphNode]) -> None:
        """End nodes; they keep their properties, but for attached texts."""
        grouped: dict[NodeType, list[str]] = defaultdict(list)
        for node in nodes:
            grouped[node.type].append(node.id)
        for node_type, ids in grouped.items():
            self._repository.run_each(
                f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
                f"SET n:{':'.join(node_type.past_labels)}, n.{EXPIRED_IN} = $v "
                f"{_without_texts('n', node_type)}"
                f"REMOVE n:{':'.join(node_type.labels)}",
                ids,
                v=version,
            )

    def _end_relationships(self, version: int, ended: Iterable[RelationshipKey]) -> None:
        """End relationships; they are recorded again under their past names."""
        for kind, rows in _by_kind({key: {} for key in ended}).items():
            self._repository.run_each(
                f"UNWIND $rows AS row MATCH (a:{NODE} {{{ID}: row.a}})-[r:{kind}]->"
                f"(b:{NODE} {{{ID}: row.b}}) "
                f"CREATE (a)-[w:{was(kind)}]->(b) SET w = properties(r), w.{EXPIRED_IN} = $v "
                "DELETE r",
                rows,
                v=version,
            )

    def _recompute_standing(self, version: int, changes: VersionChanges) -> list[ChangedStanding]:
        """Compute the standing of claims again that other claims superseded or now supersede.

        Nodes that this version recorded or changed need no past copy. Return the other claims.
        """
        supersedes = supersedes_of(self._vocabulary).type
        ends = {key.end for key in changes.ended if key.type == supersedes}
        ends |= {end for kind, _, end in changes.new.keys if kind == supersedes}
        rows = self._repository.run_each(
            f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
            f"RETURN id, n.{rules.STANDING} AS standing, "
            f"[(n)<-[r:{supersedes}]-() | r.{rules.SUPERSESSION}] AS reasons",
            ends,
        )
        fresh = {*changes.new.ids, *(row[ID] for _, row in changes.changed)}
        found: list[ChangedStanding] = []
        for row in rows:
            standing = standing_for(row["reasons"])
            node_type = self._vocabulary.type_of_id(row["id"])
            if node_type is not None and row["standing"] != standing:
                found.append(ChangedStanding(node_type, row["id"], row["standing"], standing))
        self.put({ID: one.id, rules.STANDING: one.new} for one in found if one.id in fresh)
        others = [one for one in found if one.id not in fresh]
        self._change(version, [(one.type, {ID: one.id, rules.STANDING: one.new}) for one in others])
        return others

    # --- outside of history ---

    def put(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Set values of nodes that are there."""
        self._repository.run_each(
            f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row.{ID}}}) SET n += row",
            [dict(row) for row in rows],
        )

    def put_relationships(self, relationships: Relationships) -> None:
        """Set properties of relationships that are there."""
        for kind, rows in _by_kind(relationships).items():
            self._repository.run_each(
                f"UNWIND $rows AS row MATCH (:{NODE} {{{ID}: row.a}})-[r:{kind}]->"
                f"(:{NODE} {{{ID}: row.b}}) SET r += row.p",
                rows,
            )

    def attach(self, source: str, text: str | None, exact: Mapping[str, str | None]) -> bool:
        """Attach a source's text and its passages' words, or remove them.

        ``exact`` are the words of passages by their ids. Return whether anything was written.
        """
        differs = "coalesce(n.%s, '') <> coalesce(%s, '')"
        written = self._repository.run(
            f"MATCH (n:{NODE} {{{ID}: $id}}) WHERE {differs % (rules.FULL_TEXT, '$words')} "
            f"SET n.{rules.FULL_TEXT} = $words RETURN count(n) AS n",
            id=source,
            words=text,
        )
        written += self._repository.run_each(
            f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row[0]}}) "
            f"WHERE {differs % (rules.EXACT, 'row[1]')} "
            f"SET n.{rules.EXACT} = row[1] RETURN count(n) AS n",
            [list(item) for item in exact.items()],
        )
        return any(one["n"] for one in written)


def _without_texts(variable: str, node_type: NodeType) -> str:
    """Return what removes attached texts, which are outside of history."""
    names = [prop.name for prop in node_type.properties.values() if prop.attached]
    return f"REMOVE {', '.join(f'{variable}.{name}' for name in names)} " if names else ""


def _by_kind(relationships: Relationships) -> dict[str, list[Properties]]:
    grouped: dict[str, list[Properties]] = defaultdict(list)
    for key, properties in relationships.items():
        grouped[key.type].append({"a": key.start, "b": key.end, "p": properties})
    return grouped
