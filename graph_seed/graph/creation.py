"""Create nodes and relationships by one query, in which relationships find their ends by position.

Each id that is referred to is looked up once, and what is created never.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph_seed.state.elements import Elements, Properties
from schema.names import ID, NODE, RECORDED_IN
from schema.vocabulary import Vocabulary

Ends = tuple[str, str, Properties]


@dataclass(frozen=True, slots=True)
class Creation:
    """A query that creates elements, but for its version, with its parameter.

    It returns no row, and then nothing may be committed, if an id that it refers to is not there.
    """

    text: str
    rows: list[Sequence[object]]
    """Its parameter ``rows``: the ids that it refers to and does not create, then what it creates:
    nodes for each label, relationships for each type."""
    counts: Counter[str]
    """How many elements it creates, by label and relationship type."""
    ids: frozenset[str]
    """The ids of the nodes that it creates."""
    slots: Sequence[tuple[str, str, str]]
    """The relationships that it creates: each with its type and the ids of its ends."""

    @property
    def referred(self) -> Sequence[str]:
        """The ids that it refers to and does not create."""
        return [str(one) for one in self.rows[0]]


def creation_of(vocabulary: Vocabulary, elements: Iterable[Elements]) -> Creation:
    """Return what creates these elements."""
    by_label: dict[str, list[Properties]] = defaultdict(list)
    by_type: dict[str, list[Ends]] = defaultdict(list)
    for some in elements:
        for label, properties in some.nodes:
            by_label[label].append(properties)
        for kind, start, end, properties in some.slots:
            by_type[kind].append((start, end, properties))
    counts: Counter[str] = Counter()
    for label, rows in by_label.items():
        counts.update({name: len(rows) for name in vocabulary.nodes[label].labels})
    counts.update({kind: len(rows) for kind, rows in by_type.items()})
    nodes = [by_label.get(node.label, []) for node in vocabulary.concrete]
    created = [str(properties[ID]) for rows in nodes for properties in rows]
    named = {end for rows in by_type.values() for row in rows for end in row[:2]}
    outside = sorted(named.difference(created))
    relationships = _by_position(vocabulary, by_type, [*outside, *created])
    slots = [(kind, start, end) for kind, rows in by_type.items() for start, end, _ in rows]
    parameter: list[Sequence[object]] = [outside, *nodes, *relationships]
    return Creation(_query(vocabulary), parameter, counts, frozenset(created), slots)


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
    vocabulary: Vocabulary, by_type: Mapping[str, Sequence[Ends]], ids: Iterable[str]
) -> list[Sequence[object]]:
    """Return the relationships for each type, their ends by the positions of their ids."""
    position = {one: index for index, one in enumerate(ids)}
    return [
        [
            (position[start], position[end], properties)
            for start, end, properties in by_type.get(kind, ())
        ]
        for kind in _types(vocabulary)
    ]
