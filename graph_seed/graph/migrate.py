"""Migrate a graph to another vocabulary: labels, derived columns, the standing of claims.

All of that follows from the vocabulary: it changes in place, without a version, in the past as in
the present. Values that the vocabulary no longer declares are never touched: a graph that contains
any is refused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import neo4j

from graph_seed.graph.repository import AT_ONCE, to_native
from graph_seed.graph.versions import Run
from graph_seed.problems import LoadError
from graph_seed.state.desired_state import date_said, description_type, standing_for, supersedes_of
from graph_seed.state.elements import (
    GraphNode,
    add_name_words,
    edge_properties,
    relationship_of,
    to_properties,
)
from schema import rules
from schema.model import Link, NodeType, Property, RelationshipType
from schema.names import (
    EVIDENCE,
    EXPIRED_IN,
    FACT,
    ID,
    LINK_CHANGE,
    NODE,
    PAST_NODE,
    RECORDED_IN,
    SEARCH_WORDS,
    VERSION,
    WAS,
    past,
    was,
)
from schema.scalars import ALL_FOLDED, EARLIEST, SCALARS
from schema.storage import match_id
from schema.vocabulary import Vocabulary

BATCH = 5000
SUFFIXES = {ALL_FOLDED, *(suffix for scalar in SCALARS for suffix in scalar.derived)}
Derive = Callable[[Mapping[str, object], Iterable[str]], Mapping[str, object]]
Segment = tuple[int, int | None, str]
"""From which version to before which one, and the standing between them."""


def refuse_undeclared(run: Run, vocabulary: Vocabulary) -> None:
    """Raise LoadError (UNDECLARED) if anything live is of a type that is not declared.

    A relationship is of no declared type where none of its type starts at such a node.
    """
    concrete = "|".join(node.label for node in vocabulary.concrete)
    rows = run(
        f"MATCH (n:{NODE}) WHERE NOT n:{concrete} UNWIND labels(n) AS label "
        "WITH label, count(*) AS n WHERE NOT label IN $declared RETURN label, n ORDER BY label",
        declared=list(vocabulary.nodes),
    )
    found = [f"{row['n']} {row['label']}" for row in rows]
    types = run("CALL db.relationshipTypes() YIELD relationshipType AS t RETURN t ORDER BY t")
    for kind in (row["t"] for row in types):
        if kind == WAS or kind.startswith(was("")):
            continue
        declared = vocabulary.relationships.get(kind)
        starts = {ends.start.label for ends in declared.ends} if declared else set()
        strange = f" AND NOT n:{'|'.join(sorted(starts))}" if starts else ""
        quoted = kind.replace("`", "``")
        # A relationship without a version is not Parley's: a researcher drew it.
        ours = f"MATCH (n:{NODE})-[r:`{quoted}`]->() WHERE r.{RECORDED_IN} IS NOT NULL{strange}"
        (row,) = run(f"{ours} RETURN count(r) AS n")
        if row["n"]:
            of = f" of no {' or '.join(sorted(starts))}" if starts else ""
            found.append(f"{row['n']} {kind}{of}")
    if found:
        raise LoadError(
            "UNDECLARED",
            f"The graph holds what this vocabulary does not declare: {', '.join(found)}. Unload "
            "its sources with the release that wrote them, or use an empty database.",
        )


def relabel(run: Run, vocabulary: Vocabulary) -> None:
    """Give every node the labels of its type, and take away those of other types."""
    for node in vocabulary.concrete:
        others = [label for label in vocabulary.nodes if label not in node.labels]
        for name in (str, past):
            label, *above = [name(one) for one in node.labels]
            strange = [name(one) for one in others]
            run(
                f"MATCH (n:{label}) WHERE NOT n:{'&'.join(above)} OR n:{'|'.join(strange)} "
                f"CALL {{ WITH n SET n:{':'.join(above)} REMOVE n:{':'.join(strange)} }} "
                f"IN TRANSACTIONS OF {BATCH} ROWS"
            )


def restore_variants(run: Run, vocabulary: Vocabulary) -> None:
    """Fill the list of names that several sources give, from what each source says.

    Graphs of releases that did not store the list have it in their descriptions.
    """
    described = description_type(vocabulary)
    published = f"coalesce(s.{rules.PUBLISHED}{EARLIEST}, date('9999-12-31')), s.{ID}"
    for node in vocabulary.concrete:
        for prop in node.properties.values():
            if prop.variants_column is None or not node.is_entity:
                continue
            held = "".join(f" AND NOT one IN coalesce(x.{o}, [])" for o in prop.folded_with)
            fill = (
                f"WITH x, d, s ORDER BY {published} "
                f"WITH x, collect(DISTINCT d.{prop.name}) AS said "
                f"WITH x, [one IN said WHERE one <> x.{prop.name}{held}] AS others "
                f"WHERE others <> coalesce(x.{prop.variants_column}, []) "
                f"CALL {{ WITH x, others SET x.{prop.variants_column} = "
                f"CASE WHEN size(others) > 0 THEN others END }} IN TRANSACTIONS OF {BATCH} ROWS"
            )
            run(f"MATCH (x:{node.label})-[d:{described}]->(s) {fill}")
            run(
                f"MATCH (x:{past(node.label)}) OPTIONAL MATCH (now)-[:{WAS}]->(x) "
                f"WITH x, coalesce(now, x) AS now "
                f"MATCH (now)-[d:{described}|{was(described)}]->(s) "
                f"WHERE d.{RECORDED_IN} < x.{EXPIRED_IN} "
                f"AND (d.{EXPIRED_IN} IS NULL OR d.{EXPIRED_IN} > x.{RECORDED_IN}) {fill}"
            )


def restore_link_changes(run: Run, vocabulary: Vocabulary) -> None:
    """Mark the nodes from which links changed, for versions of releases that did not mark them."""
    changed = f"x.{RECORDED_IN} = v OR x.{EXPIRED_IN} = v"
    for one in vocabulary.relationships.values():
        if not one.hidden:
            run(
                f"MATCH (n:{NODE}|{PAST_NODE})-[r:{one.type}|{one.past}]->() "
                f"UNWIND [r.{RECORDED_IN}, r.{EXPIRED_IN}] AS v "
                f"WITH n.{ID} AS id, n.{RECORDED_IN} AS recorded, v "
                "WHERE v IS NOT NULL AND v <> recorded "
                f"CALL (id, v) {{ WITH id, v WHERE NOT EXISTS {{ "
                f"MATCH (x:{NODE}|{PAST_NODE} {{{ID}: id}}) WHERE {changed} }} "
                f"MERGE (:{LINK_CHANGE} {{{VERSION}: v, {ID}: id}}) }} "
                f"IN TRANSACTIONS OF {BATCH} ROWS"
            )


def recompute_columns(driver: neo4j.Driver, database: str, vocabulary: Vocabulary) -> None:
    """Compute the derived columns of nodes and relationships again, where they differ."""
    with (
        driver.session(database=database) as reading,
        driver.session(database=database) as writing,
    ):
        for node in vocabulary.concrete:

            def of_node(
                held: Mapping[str, object], ends: Iterable[str], node: NodeType = node
            ) -> Mapping[str, object]:
                made = GraphNode(node, to_properties(node, str(held[ID]), held))
                return add_name_words(made, ends).properties

            declared = node.properties.values()
            live, over = _naming_query(vocabulary, node)
            _update_columns(reading, writing, f"(x:{node.labels[0]})", declared, of_node, live)
            _update_columns(reading, writing, f"(x:{node.past_labels[0]})", declared, of_node, over)
        for relationship in vocabulary.relationships.values():
            if not relationship.properties:
                continue

            def of_relationship(
                held: Mapping[str, object], _: Iterable[str], r: RelationshipType = relationship
            ) -> Mapping[str, object]:
                return edge_properties(r.properties, held)

            for kind in (relationship.type, relationship.past):
                declared = relationship.properties.values()
                _update_columns(reading, writing, f"()-[x:{kind}]->()", declared, of_relationship)


def _naming_query(vocabulary: Vocabulary, node: NodeType) -> tuple[str, str]:
    """Return what reads the ids of the entities that a node ``x`` is found by: live, and over."""
    links = vocabulary.name_search_links(node)
    if not links:
        return "WITH x, [] AS ends", "WITH x, [] AS ends"
    kinds = [relationship_of(link).type for link in links]
    labels = "|".join(one.label for one in vocabulary.types_searched_by_name)
    past_labels = "|".join(past(one.label) for one in vocabulary.types_searched_by_name)
    live = f"WITH x, [(x)-[:{'|'.join(kinds)}]->(o:{labels}) | o.{ID}] AS ends"
    over = (
        f"OPTIONAL MATCH (now)-[:{WAS}]->(x) WITH x, coalesce(now, x) AS now "
        f"WITH x, [(now)-[r:{'|'.join([*kinds, *map(was, kinds)])}]->(o:{labels}|{past_labels}) "
        f"WHERE r.{RECORDED_IN} < x.{EXPIRED_IN} "
        f"AND (r.{EXPIRED_IN} IS NULL OR r.{EXPIRED_IN} >= x.{EXPIRED_IN}) | o.{ID}] AS ends"
    )
    return live, over


def _update_columns(
    read_session: neo4j.Session,
    write_session: neo4j.Session,
    pattern: str,
    declared: Iterable[Property],
    derived: Derive,
    ends: str = "WITH x, [] AS ends",
) -> None:
    """Recompute the derived columns of nodes or relationships that match a Cypher pattern.

    ``pattern`` binds ``x``. Matches are streamed through one session, and updated in batches
    through another.
    """
    beside = {prop.name + suffix for prop in declared for suffix in SUFFIXES} | {SEARCH_WORDS}
    found = read_session.run(
        f"CYPHER 5 MATCH {pattern} {ends} RETURN elementId(x) AS e, properties(x) AS p, ends"
    )
    text = (
        f"CYPHER 5 UNWIND $rows AS row MATCH {pattern} WHERE elementId(x) = row[0] SET x += row[1]"
    )
    rows = _differing(found, beside, derived)
    while batch := list(islice(rows, BATCH)):
        write_session.run(text, rows=batch).consume()


def _differing(
    found: Iterable[neo4j.Record], beside: set[str], derived: Derive
) -> Iterator[list[object]]:
    for record in found:
        held = to_native(record["p"])
        now = derived(held, record["ends"])
        gone = {name: None for name in beside & set(held) if name not in now}
        changed = {name: v for name, v in now.items() if name in beside and held.get(name) != v}
        if gone or changed:
            yield [record["e"], gone | changed]


# --- standing ------------------------------------------------------------------------------------
# Before version 0.2.0 only statements had a standing, under another name, and only claims of one
# kind could supersede one another. What the standing of a claim was at each version follows from
# the versions in which others superseded it, so past answers are what they would have been.


def migrate_standing(run: Run, vocabulary: Vocabulary) -> None:
    """Give every claim its standing, now and in the past, and date what supersedes; idempotent."""
    fact = vocabulary.nodes[FACT].label
    for label in (fact, past(fact)):
        run(
            f"MATCH (f:{label}) WHERE f.{rules.STANDING} IS NULL "
            f"OR f.{rules.FORMER_STANDING} IS NOT NULL CALL {{ WITH f "
            f"SET f.{rules.STANDING} = coalesce(f.{rules.STANDING}, $standing) "
            f"REMOVE f.{rules.FORMER_STANDING} }} IN TRANSACTIONS OF {BATCH} ROWS",
            standing=standing_for(()),
        )
    changes: dict[NodeType, list[dict[str, object]]] = defaultdict(list)
    for node_type, row in _differing_standings(run, vocabulary):
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


def _differing_standings(
    run: Run, vocabulary: Vocabulary
) -> Iterator[tuple[NodeType, dict[str, object]]]:
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
            f"UNWIND $rows AS row {match_id('n', 'row[0]')} MATCH (n){undated} "
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
            f"UNWIND $ids AS id {match_id('n', 'id')} RETURN id, properties(n) AS values, "
            f"head([(n){to_source} | s.{rules.PUBLISHED}]) AS published",
            ids=ids,
        )
        self._published = {row["id"]: row["published"] for row in rows}
        for row in rows:
            self._values[row["id"]] = to_native(row["values"])
        for label, paths in rules.SAID_ON.items():
            for name in {path.partition(".")[0] for path in paths if "." in path}:
                link = vocabulary.links(vocabulary.nodes[label])[name]
                self._follow(run, link, [one for one in ids if _is_a(vocabulary, one, label)])

    def _follow(self, run: Run, link: Link, ids: Iterable[str]) -> None:
        rows = run(
            f"UNWIND $ids AS id {match_id('n', 'id')} MATCH (n){_arrow(link)}(m) "
            f"RETURN id, m.{ID} AS to, properties(m) AS values",
            ids=list(ids),
        )
        for row in rows:
            if _source_key(row["id"]) == _source_key(row["to"]):
                self._linked[row["id"], link.name].append(row["to"])
                self._values[row["to"]] = to_native(row["values"])

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
