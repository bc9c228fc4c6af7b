"""What follows from the vocabulary, made again after it has changed: labels, derived values.

It is no knowledge: it changes in place, without a version, in the past as in the present. What a
vocabulary no longer declares is knowledge, and is never touched: while the graph holds any of it,
the graph is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import neo4j

from graph_seed.clock import Run
from graph_seed.problems import LoadError
from graph_seed.rows import Node, edge_properties, relationship_of, stored, with_names
from graph_seed.store import native
from graph_seed.wanted import describes, is_entity
from schema import rules
from schema.names import EXPIRED_IN, ID, NODE, RECORDED_IN, SEARCH_WORDS, WAS, past, was
from schema.scalars import ALL_FOLDED, EARLIEST, SCALARS
from schema.terms import NodeType, Property, RelationshipType
from schema.vocabulary import Vocabulary

BATCH = 5000
SUFFIXES = {ALL_FOLDED, *(suffix for scalar in SCALARS for suffix in scalar.derived)}
Derive = Callable[[Mapping[str, object], Iterable[str]], Mapping[str, object]]


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
    described = describes(vocabulary)
    published = f"coalesce(s.{rules.PUBLISHED}{EARLIEST}, date('9999-12-31')), s.{ID}"
    for node in vocabulary.concrete:
        for prop in node.properties.values():
            if prop.variants is None or not is_entity(vocabulary, node):
                continue
            held = "".join(f" AND NOT one IN coalesce(x.{o}, [])" for o in prop.folded_with)
            fill = (
                f"WITH x, d, s ORDER BY {published} "
                f"WITH x, collect(DISTINCT d.{prop.name}) AS said "
                f"WITH x, [one IN said WHERE one <> x.{prop.name}{held}] AS others "
                f"WHERE others <> coalesce(x.{prop.variants}, []) "
                f"CALL {{ WITH x, others SET x.{prop.variants} = "
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


def derive(driver: neo4j.Driver, database: str, vocabulary: Vocabulary) -> None:
    """Compute again what stands beside the values of nodes and slots, where it differs."""
    with (
        driver.session(database=database) as reading,
        driver.session(database=database) as writing,
    ):
        for node in vocabulary.concrete:

            def of_node(
                held: Mapping[str, object], ends: Iterable[str], node: NodeType = node
            ) -> Mapping[str, object]:
                made = Node(node, stored(node, str(held[ID]), held))
                return with_names(made, ends).properties

            declared = node.properties.values()
            live, over = _named(vocabulary, node)
            _pass(reading, writing, f"(x:{node.labels[0]})", declared, of_node, live)
            _pass(reading, writing, f"(x:{node.past_labels[0]})", declared, of_node, over)
        for relationship in vocabulary.relationships.values():
            if not relationship.properties:
                continue

            def of_slot(
                held: Mapping[str, object], _: Iterable[str], r: RelationshipType = relationship
            ) -> Mapping[str, object]:
                return edge_properties(r.properties, held)

            for kind in (relationship.type, relationship.past):
                declared = relationship.properties.values()
                _pass(reading, writing, f"()-[x:{kind}]->()", declared, of_slot)


def _named(vocabulary: Vocabulary, node: NodeType) -> tuple[str, str]:
    """Return what reads the ids of the entities that a node ``x`` is found by: live, and over."""
    links = vocabulary.found_by_names(node)
    if not links:
        return "WITH x, [] AS ends", "WITH x, [] AS ends"
    kinds = [relationship_of(link).type for link in links]
    labels = "|".join(one.label for one in vocabulary.searched_names)
    past_labels = "|".join(past(one.label) for one in vocabulary.searched_names)
    live = f"WITH x, [(x)-[:{'|'.join(kinds)}]->(o:{labels}) | o.{ID}] AS ends"
    over = (
        f"OPTIONAL MATCH (now)-[:{WAS}]->(x) WITH x, coalesce(now, x) AS now "
        f"WITH x, [(now)-[r:{'|'.join([*kinds, *map(was, kinds)])}]->(o:{labels}|{past_labels}) "
        f"WHERE r.{RECORDED_IN} < x.{EXPIRED_IN} "
        f"AND (r.{EXPIRED_IN} IS NULL OR r.{EXPIRED_IN} >= x.{EXPIRED_IN}) | o.{ID}] AS ends"
    )
    return live, over


def _pass(
    reading: neo4j.Session,
    writing: neo4j.Session,
    pattern: str,
    declared: Iterable[Property],
    derived: Derive,
    ends: str = "WITH x, [] AS ends",
) -> None:
    """One pass over what fits a pattern; it is read as a stream and written in batches."""
    beside = {prop.name + suffix for prop in declared for suffix in SUFFIXES} | {SEARCH_WORDS}
    found = reading.run(
        f"CYPHER 5 MATCH {pattern} {ends} RETURN elementId(x) AS e, properties(x) AS p, ends"
    )
    text = (
        f"CYPHER 5 UNWIND $rows AS row MATCH {pattern} WHERE elementId(x) = row[0] SET x += row[1]"
    )
    rows = _differing(found, beside, derived)
    while batch := list(islice(rows, BATCH)):
        writing.run(text, rows=batch).consume()


def _differing(
    found: Iterable[neo4j.Record], beside: set[str], derived: Derive
) -> Iterator[list[object]]:
    for record in found:
        held = native(record["p"])
        now = derived(held, record["ends"])
        gone = {name: None for name in beside & set(held) if name not in now}
        changed = {name: v for name, v in now.items() if name in beside and held.get(name) != v}
        if gone or changed:
            yield [record["e"], gone | changed]
