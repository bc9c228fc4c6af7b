"""New sources as the rows of one query: relationships find their ends by position, not by id.

Each id that is referred to is looked up once, and what is created never.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_seed.bulk.spool import Spooled, Values
from graph_seed.rows import relationship_of
from graph_seed.standing import status_of
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
    parameters: dict[str, object]
    counts: Counter[str]
    """How many are recorded, by label and relationship type."""


def rows_of(vocabulary: Vocabulary, sources: Iterable[Spooled]) -> Rows:
    """The rows of new sources."""
    by_label: dict[str, list[Values]] = defaultdict(list)
    by_type: dict[str, list[Ends]] = defaultdict(list)
    links = vocabulary.links(vocabulary.by_kind[rules.STATEMENT])
    supersedes = relationship_of(links[rules.SUPERSEDES]).type
    for one in sources:
        for label, properties in one.nodes:
            by_label[label].append(properties)
        for kind, start, end, properties in one.slots:
            by_type[kind].append((start, end, properties))
    _stand(
        by_label.get(vocabulary.by_kind[rules.STATEMENT].label, ()),
        by_type.get(supersedes, ()),
    )
    counts: Counter[str] = Counter()
    for label, rows in by_label.items():
        counts.update({name: len(rows) for name in vocabulary.nodes[label].labels})
    counts.update({kind: len(slots) for kind, slots in by_type.items()})
    text, parameters = _query(vocabulary, by_label, by_type)
    return Rows(text, parameters, counts)


def _stand(statements: Iterable[Values], superseding: Iterable[Ends]) -> None:
    """Say of each statement whether it stands, as ``standing.restate`` does."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for _, end, properties in superseding:
        reasons[end].append(str(properties[rules.SUPERSESSION]))
    for properties in statements:
        properties[rules.STATUS] = status_of(reasons.get(str(properties[ID]), ()))


def _query(
    vocabulary: Vocabulary,
    by_label: Mapping[str, Sequence[Values]],
    by_type: Mapping[str, Sequence[Ends]],
) -> tuple[str, dict[str, object]]:
    created = [str(properties[ID]) for rows in by_label.values() for properties in rows]
    named = {end for slots in by_type.values() for slot in slots for end in slot[:2]}
    outside = sorted(named.difference(created))
    position = {id_: index for index, id_ in enumerate([*outside, *created])}
    parts = [
        f"UNWIND $outside AS id OPTIONAL MATCH (n:{NODE} {{{ID}: id}}) "
        "WITH collect(n) AS x WHERE size(x) = size($outside) "
        f"AND all(i IN range(0, size(x) - 1) WHERE x[i].{ID} = $outside[i])"
        if outside
        else "WITH [] AS x"
    ]
    parameters: dict[str, object] = {"outside": outside}
    for index, (label, rows) in enumerate(by_label.items()):
        labels = ":".join(vocabulary.nodes[label].labels)
        parts.append(
            f"CALL () {{ UNWIND $n{index} AS row CREATE (n:{labels}) SET n = row, "
            f"n.{RECORDED_IN} = $v RETURN collect(n) AS x{index} }} WITH x + x{index} AS x"
        )
        parameters[f"n{index}"] = rows
    for index, (kind, slots) in enumerate(by_type.items()):
        parts.append(
            f"CALL (x) {{ UNWIND $s{index} AS row WITH x[row[0]] AS a, x[row[1]] AS b, row[2] "
            f"AS p CREATE (a)-[r:{kind}]->(b) SET r = p, r.{RECORDED_IN} = $v }}"
        )
        parameters[f"s{index}"] = [
            (position[start], position[end], properties) for start, end, properties in slots
        ]
    return f"{' '.join(parts)} RETURN size(x) AS n", parameters
