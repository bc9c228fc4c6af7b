"""Bringing the standing of claims to a graph that an older vocabulary built.

Until then only statements had a standing, under another name, and only claims of one kind could
supersede one another. What each claim's standing was at each version follows from the versions in
which others superseded it, so past answers are what they would have been.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph_seed.clock import Run
from graph_seed.store import AT_ONCE, native
from graph_seed.supersession import date_said, standing_for, supersedes_of
from schema import rules
from schema.names import EVIDENCE, EXPIRED_IN, ID, NODE, PAST_NODE, RECORDED_IN, WAS, past, was
from schema.terms import Link, NodeType
from schema.vocabulary import Vocabulary

BATCH = 5000
Segment = tuple[int, int | None, str]
"""From which version to before which one, and the standing between them."""


def migrate_standing(run: Run, vocabulary: Vocabulary) -> None:
    """Give every claim its standing, now and in the past, and date what supersedes; idempotent."""
    fact = vocabulary.nodes[rules.FACT].label
    for label in (fact, past(fact)):
        run(
            f"MATCH (f:{label}) WHERE f.{rules.STANDING} IS NULL "
            f"OR f.{rules.FORMER_STANDING} IS NOT NULL CALL {{ WITH f "
            f"SET f.{rules.STANDING} = coalesce(f.{rules.STANDING}, $standing) "
            f"REMOVE f.{rules.FORMER_STANDING} }} IN TRANSACTIONS OF {BATCH} ROWS",
            standing=standing_for(()),
        )
    changes: dict[NodeType, list[dict[str, object]]] = defaultdict(list)
    for node_type, row in _differing(run, vocabulary):
        changes[node_type].append(row)
    for node_type, rows in changes.items():
        copy = f"(n)-[:{WAS}]->(c:{':'.join(node_type.past_labels)})"
        for start in range(0, len(rows), BATCH):
            run(
                "UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.node "
                "MATCH (s) WHERE elementId(s) = row.state "
                f"FOREACH (one IN row.before | CREATE {copy} SET c = properties(s), "
                f"c.{RECORDED_IN} = one[0], c.{EXPIRED_IN} = one[1], c.{rules.STANDING} = one[2]) "
                f"SET s.{RECORDED_IN} = row.since, s.{rules.STANDING} = row.standing",
                rows=rows[start : start + BATCH],
            )
    _date_supersessions(run, vocabulary)


def _differing(run: Run, vocabulary: Vocabulary) -> Iterator[tuple[NodeType, dict[str, object]]]:
    """Give the states of superseded claims whose standing is another, or changed within them."""
    kind = supersedes_of(vocabulary).type
    found = run(
        f"MATCH (n:{NODE}|{PAST_NODE})<-[r:{kind}|{was(kind)}]-() WITH n, "
        f"collect([r.{RECORDED_IN}, r.{EXPIRED_IN}, r.{rules.SUPERSESSION}]) AS reasons "
        f"CALL (n) {{ RETURN n AS s UNION MATCH (n)-[:{WAS}]->(s) RETURN s }} "
        f"RETURN n.{ID} AS id, elementId(n) AS node, reasons, elementId(s) AS state, "
        f"s.{RECORDED_IN} AS since, s.{EXPIRED_IN} AS until, s.{rules.STANDING} AS standing"
    )
    for one in found:
        node_type = vocabulary.type_of_id(one["id"])
        *before, (since, _, standing) = _segments(one["since"], one["until"], one["reasons"])
        if node_type is not None and (before or standing != one["standing"]):
            row = {"node": one["node"], "state": one["state"], "before": before}
            yield node_type, row | {"since": since, "standing": standing}


def _segments(
    since: int, until: int | None, reasons: Sequence[tuple[int, int | None, str]]
) -> list[Segment]:
    """Return the standings of a state one after another, each with its versions."""
    versions = (version for began, ended, _ in reasons for version in (began, ended) if version)
    turns = {one for one in versions if since < one and (until is None or one < until)}
    found: list[Segment] = []
    starts = [since, *sorted(turns)]
    for start, end in zip(starts, [*starts[1:], until], strict=True):
        standing = standing_for(
            why
            for began, ended, why in reasons
            if began <= start and (ended is None or start < ended)
        )
        if found and found[-1][2] == standing:
            found[-1] = (found[-1][0], end, standing)
        else:
            found.append((start, end, standing))
    return found


def _date_supersessions(run: Run, vocabulary: Vocabulary) -> None:
    """Set since when claims supersede others, for claims that still hold."""
    kind = supersedes_of(vocabulary).type
    undated = f"-[r:{kind}|{was(kind)}]->() WHERE r.{rules.SUPERSEDED_ON} IS NULL"
    ids = [r["id"] for r in run(f"MATCH (n:{NODE}){undated} RETURN DISTINCT n.{ID} AS id")]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        claims = _ClaimsOfGraph(run, vocabulary, some)
        run(
            f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row[0]}}){undated} "
            f"SET r.{rules.SUPERSEDED_ON} = row[1]",
            rows=[[one, date_said(claims, vocabulary, one)] for one in some],
        )


class _ClaimsOfGraph:
    """Claims that the graph holds now, with what their dates are taken from."""

    def __init__(self, run: Run, vocabulary: Vocabulary, ids: Sequence[str]) -> None:
        self._values: dict[str, Mapping[str, object]] = {}
        self._linked: dict[tuple[str, str], list[str]] = defaultdict(list)
        links = vocabulary.links(vocabulary.by_kind[rules.STATEMENT])
        of_passage = vocabulary.links(vocabulary.by_kind[rules.PASSAGE])[rules.SOURCE]
        to_source = f"{_arrow(links[EVIDENCE])}(){_arrow(of_passage)}(s)"
        rows = run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}}) RETURN id, properties(n) AS values, "
            f"head([(n){to_source} | s.{rules.PUBLISHED}]) AS published",
            ids=ids,
        )
        self._published = {row["id"]: row["published"] for row in rows}
        for row in rows:
            self._values[row["id"]] = native(row["values"])
        for label, paths in rules.SAID_ON.items():
            for name in {path.partition(".")[0] for path in paths if "." in path}:
                link = vocabulary.links(vocabulary.nodes[label])[name]
                self._follow(run, link, [one for one in ids if _is_a(vocabulary, one, label)])

    def _follow(self, run: Run, link: Link, ids: Iterable[str]) -> None:
        rows = run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}}){_arrow(link)}(m) "
            f"RETURN id, m.{ID} AS to, properties(m) AS values",
            ids=list(ids),
        )
        for row in rows:
            if _source_key(row["id"]) == _source_key(row["to"]):
                self._linked[row["id"], link.name].append(row["to"])
                self._values[row["to"]] = native(row["values"])

    def values_of(self, claim: str) -> Mapping[str, object]:
        return self._values[claim]

    def published_on(self, claim: str) -> object:
        return self._published.get(claim)

    def linked(self, claim: str, link: str) -> Iterable[str]:
        return self._linked.get((claim, link), ())


def _arrow(link: Link) -> str:
    kind = link.relationship.type if link.relationship else ""
    return f"-[:{kind}]->" if link.outgoing else f"<-[:{kind}]-"


def _is_a(vocabulary: Vocabulary, claim: str, label: str) -> bool:
    node_type = vocabulary.type_of_id(claim)
    return node_type is not None and node_type.label == label


def _source_key(claim: str) -> str:
    """Return the key of a claim's source, which its id holds."""
    return claim.partition(":")[2].rpartition("/")[0]
