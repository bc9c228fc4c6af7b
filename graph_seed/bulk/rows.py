"""New sources as the rows of one query: relationships find their ends by position, not by id.

Each id that is referred to is looked up once, and what is created never.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph_seed.bulk.spool import Elements, Values
from graph_seed.supersession import standing_for, supersedes_of
from schema import rules
from schema.names import ID, NODE, RECORDED_IN
from schema.vocabulary import Vocabulary

Ends = tuple[str, str, Values]


@dataclass(frozen=True, slots=True)
class Rows:
    """What creates sources: a query but for its version, and what it will have recorded.

    It gives no row, and then nothing may be committed, if an id that they name is not there.
    """

    text: str
    lists: list[Sequence[object]]
    """Its parameter ``rows``: the ids that it names and does not make, then what it makes."""
    counts: Counter[str]
    """How many are recorded, by label and relationship type."""


def rows_of(vocabulary: Vocabulary, sources: Iterable[Elements]) -> Rows:
    """The rows of new sources."""
    by_label: dict[str, list[Values]] = defaultdict(list)
    by_type: dict[str, list[Ends]] = defaultdict(list)
    for one in sources:
        for label, properties in one.nodes:
            by_label[label].append(properties)
        for kind, start, end, properties in one.slots:
            by_type[kind].append((start, end, properties))
    if superseding := by_type.get(supersedes_of(vocabulary).type):
        _set_standing(by_label, superseding)
    counts: Counter[str] = Counter()
    for label, rows in by_label.items():
        counts.update({name: len(rows) for name in vocabulary.nodes[label].labels})
    counts.update({kind: len(slots) for kind, slots in by_type.items()})
    return Rows(_query(vocabulary), _lists(vocabulary, by_label, by_type), counts)


def _set_standing(by_label: Mapping[str, Sequence[Values]], superseding: Iterable[Ends]) -> None:
    """Set the standing of new claims that others of their source supersede."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for _, end, properties in superseding:
        reasons[end].append(str(properties[rules.SUPERSESSION]))
    for rows in by_label.values():
        for properties in rows:
            if properties[ID] in reasons:
                properties[rules.STANDING] = standing_for(reasons[str(properties[ID])])


@cache
def _query(vocabulary: Vocabulary) -> str:
    """One text for all batches, whatever they have: it is planned once.

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


def _lists(
    vocabulary: Vocabulary,
    by_label: Mapping[str, Sequence[Values]],
    by_type: Mapping[str, Sequence[Ends]],
) -> list[Sequence[object]]:
    """What the query takes: ids of what is there, nodes by label, relationships by type."""
    nodes = [by_label.get(node.label, ()) for node in vocabulary.concrete]
    created = [str(properties[ID]) for rows in nodes for properties in rows]
    named = {end for slots in by_type.values() for slot in slots for end in slot[:2]}
    outside = sorted(named.difference(created))
    position = {id_: index for index, id_ in enumerate([*outside, *created])}
    slots = [
        [
            (position[start], position[end], properties)
            for start, end, properties in by_type.get(kind, ())
        ]
        for kind in _types(vocabulary)
    ]
    return [outside, *nodes, *slots]
