"""Write one version: what it records, changes and ends.

Nothing is ever overwritten. What ended is relabelled, or copied under past names, with the version
that ended it; intervals are half-open, recorded ≤ v < expired. Few elements are created by a query
for each label and type, many by one query in which relationships find their ends by position:
planning that one takes seconds, once for each database.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from neo4j.exceptions import Neo4jError

from graph_seed.graph import versions
from graph_seed.graph.repository import Repository, longest_first
from graph_seed.problems import LoadError, refused_by_database
from graph_seed.state.desired_state import standing_for, supersedes_of
from graph_seed.state.elements import (
    Elements,
    GraphNode,
    Properties,
    RelationshipKey,
    Relationships,
)
from schema import rules
from schema.model import NodeType
from schema.names import EXPIRED_IN, ID, LINK_CHANGE, RECORDED_IN, VERSION, WAS, was
from schema.storage import match_id
from schema.vocabulary import Vocabulary

MANY = 5_000
"""From so many elements on, one query creates all; below, planning it would take longer."""
Ends = tuple[str, str, Properties]


@dataclass(frozen=True, slots=True)
class Creation:
    """Elements that are to be created, grouped."""

    nodes: Mapping[str, Sequence[Properties]]
    """By label."""
    relationships: Mapping[str, Sequence[Ends]]
    """By type."""
    rows: Sequence[Sequence[object]] | None
    """The parameter of the one query, where that is used: the ids that are referred to and not
    created, nodes for each label, relationships for each type."""
    ids: frozenset[str]
    """The ids of the nodes."""

    @property
    def keys(self) -> list[tuple[str, str, str]]:
        """The type of each relationship, and the ids of its ends."""
        return [
            (kind, start, end)
            for kind, rows in self.relationships.items()
            for start, end, _ in rows
        ]

    @property
    def count(self) -> int:
        """How many nodes and relationships these are."""
        return len(self.ids) + sum(map(len, self.relationships.values()))


def prepare_creation(vocabulary: Vocabulary, elements: Iterable[Elements]) -> Creation:
    """Group nodes and relationships for the writer; many are prepared for the one query."""
    nodes: dict[str, list[Properties]] = defaultdict(list)
    relationships: dict[str, list[Ends]] = defaultdict(list)
    for some in elements:
        for label, properties in some.nodes:
            nodes[label].append(properties)
        for kind, start, end, properties in some.relationships:
            relationships[kind].append((start, end, properties))
    ids = frozenset(str(properties[ID]) for rows in nodes.values() for properties in rows)
    creation = Creation(nodes, relationships, None, ids)
    if creation.count < MANY:
        return creation
    return replace(creation, rows=_by_position(vocabulary, nodes, relationships))


def count_created(vocabulary: Vocabulary, creation: Creation) -> Counter[str]:
    """Return how many elements are created, by label and relationship type."""
    counts: Counter[str] = Counter()
    for label, rows in creation.nodes.items():
        counts.update(dict.fromkeys(vocabulary.nodes[label].labels, len(rows)))
    counts.update({kind: len(rows) for kind, rows in creation.relationships.items()})
    return counts


@cache
def _query(vocabulary: Vocabulary) -> str:
    """Return one text for whatever is created: it is planned once.

    Neo4j keeps a plan by the sizes of lists, about, that are parameters themselves: all of them
    lie in one, which always has as many.
    """
    outside = (
        f"UNWIND $rows[0] AS id OPTIONAL {match_id('n', 'id')} "
        "WITH collect(n) AS x WHERE size(x) = size($rows[0]) "
        f"AND all(i IN range(0, size(x) - 1) WHERE x[i].{ID} = $rows[0][i])"
    )
    parts = [outside]
    for index, node in enumerate(vocabulary.concrete, start=1):
        labels = ":".join(node.labels)
        parts.append(
            f"CALL () {{ UNWIND $rows[{index}] AS row CREATE (n:{labels}) SET n = row, "
            f"n.{RECORDED_IN} = $v RETURN collect(n) AS x{index} }} WITH x + x{index} AS x"
        )
    for index, kind in enumerate(_types(vocabulary), start=len(parts)):
        parts.append(
            f"CALL (x) {{ UNWIND $rows[{index}] AS row WITH x[row[0]] AS a, x[row[1]] AS b, row[2] "
            f"AS p CREATE (a)-[r:{kind}]->(b) SET r = p, r.{RECORDED_IN} = $v }}"
        )
    return f"{' '.join(parts)} RETURN size(x) AS n"


@cache
def _types(vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.type for one in vocabulary.relationships.values()))


def _by_position(
    vocabulary: Vocabulary,
    nodes: Mapping[str, Sequence[Properties]],
    relationships: Mapping[str, Sequence[Ends]],
) -> list[Sequence[object]]:
    """Return the parameter of the one query; relationships name their ends by position."""
    by_label = [nodes.get(node.label, ()) for node in vocabulary.concrete]
    created = [str(properties[ID]) for rows in by_label for properties in rows]
    named = {end for rows in relationships.values() for row in rows for end in row[:2]}
    outside = sorted(named.difference(created))
    position = {one: index for index, one in enumerate([*outside, *created])}
    by_type = [
        [
            (position[start], position[end], properties)
            for start, end, properties in relationships.get(kind, ())
        ]
        for kind in _types(vocabulary)
    ]
    return [outside, *by_label, *by_type]


Change = tuple[NodeType, Properties]
"""A node's type, and what to set of it, its id included: None takes a value out."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """The changes of one version; a relationship that changes is ended and new."""

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
        self._create(version, changes.new)
        standings = self._recompute_standing(version, changes)
        self._mark_link_changes(version, changes, {one.id for one in standings})
        return version, standings

    def _create(self, version: int, new: Creation) -> None:
        """Record nodes and relationships; nothing may be committed after an error."""
        if new.rows is not None:
            self._create_at_once(version, new.rows)
            return
        for label, nodes in new.nodes.items():
            labels = ":".join(self._vocabulary.nodes[label].labels)
            self._repository.run_each(
                f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row, n.{RECORDED_IN} = $v",
                nodes,
                v=version,
            )
        for kind, ends in new.relationships.items():
            created = self._repository.run_each(
                f"UNWIND $rows AS row {match_id('a', 'row[0]')} "
                f"{match_id('b', 'row[1]')} "
                f"CREATE (a)-[r:{kind}]->(b) SET r = row[2], r.{RECORDED_IN} = $v "
                "RETURN count(r) AS created",
                ends,
                v=version,
            )
            if sum(row["created"] for row in created) != len(ends):
                raise LoadError("UNKNOWN_ID", f"an end of a {kind} is not in the graph")

    def _create_at_once(self, version: int, rows: Sequence[Sequence[object]]) -> None:
        try:
            created = self._repository.run(_query(self._vocabulary), v=version, rows=rows)
        except Neo4jError as error:
            if error.is_retryable():
                raise
            everything = [row for some in rows[1:] for row in some]
            raise refused_by_database(error, longest_first(everything)) from error
        if not created:
            # Positions behind an id that is not there would all be wrong by one.
            raise LoadError("UNKNOWN_ID", "an end of a relationship is not in the graph")

    def _change(self, version: int, changes: Iterable[Change]) -> None:
        """Change nodes in place; a past copy keeps what they were."""
        grouped: dict[NodeType, list[Properties]] = defaultdict(list)
        for node_type, row in changes:
            grouped[node_type].append(row)
        for node_type, rows in grouped.items():
            self._repository.run_each(
                f"UNWIND $rows AS row {match_id('n', 'row.id')} "
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
                f"UNWIND $rows AS id {match_id('n', 'id')} "
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
                f"UNWIND $rows AS row {match_id('a', 'row.a')} {match_id('b', 'row.b')} "
                f"MATCH (a)-[r:{kind}]->(b) "
                f"CREATE (a)-[w:{was(kind)}]->(b) SET w = properties(r), w.{EXPIRED_IN} = $v "
                "DELETE r",
                rows,
                v=version,
            )

    def _mark_link_changes(
        self, version: int, changes: VersionChanges, restated: Collection[str]
    ) -> None:
        """Mark the nodes whose links changed and that the version did not change otherwise.

        No index has the versions of relationships: they are found from their start.
        """
        hidden = {one.type for one in self._vocabulary.relationships.values() if one.hidden}
        starts = {
            start
            for kind, ends in changes.new.relationships.items()
            if kind not in hidden
            for start, _, _ in ends
        }
        starts |= {key.start for key in changes.ended if key.type not in hidden}
        starts -= changes.new.ids
        starts -= {str(row[ID]) for _, row in changes.changed}
        starts -= {node.id for node in changes.expired}
        self._repository.run_each(
            f"UNWIND $rows AS id CREATE (:{LINK_CHANGE} {{{VERSION}: $v, {ID}: id}})",
            sorted(starts.difference(restated)),
            v=version,
        )

    def _recompute_standing(self, version: int, changes: VersionChanges) -> list[ChangedStanding]:
        """Compute the standing of claims again that other claims superseded or now supersede.

        Nodes that this version recorded or changed need no past copy. Return the other claims.
        """
        supersedes = supersedes_of(self._vocabulary).type
        ends = {key.end for key in changes.ended if key.type == supersedes}
        ends |= {end for _, end, _ in changes.new.relationships.get(supersedes, ())}
        rows = self._repository.run_each(
            f"UNWIND $rows AS id {match_id('n', 'id')} "
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
            f"UNWIND $rows AS row {match_id('n', 'row.id')} SET n += row",
            [dict(row) for row in rows],
        )

    def put_relationships(self, relationships: Relationships) -> None:
        """Set properties of relationships that are there."""
        for kind, rows in _by_kind(relationships).items():
            self._repository.run_each(
                f"UNWIND $rows AS row {match_id('a', 'row.a')} {match_id('b', 'row.b')} "
                f"MATCH (a)-[r:{kind}]->(b) SET r += row.p",
                rows,
            )

    def attach(self, source: str, text: str | None, exact: Mapping[str, str | None]) -> bool:
        """Attach a source's text and its passages' words, or remove them.

        ``exact`` are the words of passages by their ids. Return whether anything was written.
        """
        differs = "coalesce(n.%s, '') <> coalesce(%s, '')"
        written = self._repository.run(
            f"{match_id('n', '$id')} WHERE {differs % (rules.FULL_TEXT, '$words')} "
            f"SET n.{rules.FULL_TEXT} = $words RETURN count(n) AS n",
            id=source,
            words=text,
        )
        written += self._repository.run_each(
            f"UNWIND $rows AS row {match_id('n', 'row[0]')} "
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
