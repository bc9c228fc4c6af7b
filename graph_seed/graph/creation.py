"""Create nodes and relationships: few by a query for each label and type, many by one query.

In the one query, relationships find their ends by position: each id that is referred to is looked
up once, and what is created never. Planning it takes seconds, once for each database, so it is
used only where there is enough to create.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from neo4j.exceptions import Neo4jError

from graph_seed.graph.repository import Repository, longest_first
from graph_seed.problems import LoadError, refused_by_database
from graph_seed.state.elements import Elements, Properties
from schema.names import ID, NODE, RECORDED_IN
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
    """Group nodes and relationships for ``create``; many are prepared for the one query."""
    nodes: dict[str, list[Properties]] = defaultdict(list)
    relationships: dict[str, list[Ends]] = defaultdict(list)
    for some in elements:
        for label, properties in some.nodes:
            nodes[label].append(properties)
        for kind, start, end, properties in some.relationships:
            relationships[kind].append((start, end, properties))
    ids = frozenset(str(properties[ID]) for rows in nodes.values() for properties in rows)
    count = len(ids) + sum(map(len, relationships.values()))
    rows = _by_position(vocabulary, nodes, relationships) if count >= MANY else None
    return Creation(nodes, relationships, rows, ids)


def count_created(vocabulary: Vocabulary, creation: Creation) -> Counter[str]:
    """Return how many elements are created, by label and relationship type."""
    counts: Counter[str] = Counter()
    for label, rows in creation.nodes.items():
        counts.update(dict.fromkeys(vocabulary.nodes[label].labels, len(rows)))
    counts.update({kind: len(rows) for kind, rows in creation.relationships.items()})
    return counts


def create(
    repository: Repository, vocabulary: Vocabulary, version: int, creation: Creation
) -> None:
    """Create elements in a version.

    Raises LoadError: UNKNOWN_ID where an end of a relationship is not there, and DATABASE_ERROR,
    with the ids, for what the database refuses. Nothing may be committed then.
    """
    if creation.rows is not None:
        _create_at_once(repository, vocabulary, version, creation.rows)
        return
    for label, nodes in creation.nodes.items():
        labels = ":".join(vocabulary.nodes[label].labels)
        repository.run_each(
            f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row, n.{RECORDED_IN} = $v",
            nodes,
            v=version,
        )
    for kind, ends in creation.relationships.items():
        created = repository.run_each(
            f"UNWIND $rows AS row MATCH (a:{NODE} {{{ID}: row[0]}}) "
            f"MATCH (b:{NODE} {{{ID}: row[1]}}) "
            f"CREATE (a)-[r:{kind}]->(b) SET r = row[2], r.{RECORDED_IN} = $v "
            "RETURN count(r) AS created",
            ends,
            v=version,
        )
        if sum(row["created"] for row in created) != len(ends):
            raise LoadError("UNKNOWN_ID", f"an end of a {kind} is not in the graph")


# --- one query for all ----------------------------------------------------------------------------


def _create_at_once(
    repository: Repository,
    vocabulary: Vocabulary,
    version: int,
    rows: Sequence[Sequence[object]],
) -> None:
    try:
        created = repository.run(_query(vocabulary), v=version, rows=rows)
    except Neo4jError as error:
        if error.is_retryable():
            raise
        everything = [row for some in rows[1:] for row in some]
        raise refused_by_database(error, longest_first(everything)) from error
    if not created:
        # Positions behind an id that is not there would all be wrong by one.
        raise LoadError("UNKNOWN_ID", "an end of a relationship is not in the graph")


@cache
def _query(vocabulary: Vocabulary) -> str:
    """Return one text for whatever is created: it is planned once.

    Neo4j keeps a plan by the sizes of lists, about, that are parameters themselves: all of them
    lie in one, which always has as many.
    """
    outside = (
        f"UNWIND $rows[0] AS id OPTIONAL MATCH (n:{NODE} {{{ID}: id}}) "
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
