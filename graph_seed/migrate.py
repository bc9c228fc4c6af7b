"""What is derived from stored values, computed again after the vocabulary has changed.

It is no knowledge: it changes in place, without a version, in the past as in the present.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import neo4j

from graph_seed.rows import edge_properties, stored
from graph_seed.store import native
from schema.names import ID, SEARCH_WORDS
from schema.scalars import SCALARS
from schema.terms import Property
from schema.vocabulary import Vocabulary

BATCH = 5000
SUFFIXES = {suffix for scalar in SCALARS for suffix in scalar.derived}
Derive = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def derive(driver: neo4j.Driver, database: str, vocabulary: Vocabulary) -> None:
    """Compute again what stands beside the values of nodes and slots, where it differs."""
    with (
        driver.session(database=database) as reading,
        driver.session(database=database) as writing,
    ):
        for node in vocabulary.concrete:

            def of_node(held: Mapping[str, Any], node: Any = node) -> Mapping[str, Any]:
                return stored(node, held[ID], held)

            for label in (node.labels[0], node.past_labels[0]):
                declared = node.properties.values()
                _pass(reading, writing, f"(x:{label})", declared, of_node)
        for relationship in vocabulary.relationships.values():
            if not relationship.properties:
                continue

            def of_slot(held: Mapping[str, Any], r: Any = relationship) -> Mapping[str, Any]:
                return edge_properties(r.properties, held)

            for kind in (relationship.type, relationship.past):
                declared = relationship.properties.values()
                _pass(reading, writing, f"()-[x:{kind}]->()", declared, of_slot)


def _pass(
    reading: neo4j.Session,
    writing: neo4j.Session,
    pattern: str,
    declared: Iterable[Property],
    derived: Derive,
) -> None:
    """One pass over what fits a pattern; it is read as a stream and written in batches."""
    beside = {prop.name + suffix for prop in declared for suffix in SUFFIXES} | {SEARCH_WORDS}
    found = reading.run(f"CYPHER 5 MATCH {pattern} RETURN elementId(x) AS e, properties(x) AS p")
    text = (
        f"CYPHER 5 UNWIND $rows AS row MATCH {pattern} WHERE elementId(x) = row[0] SET x += row[1]"
    )
    rows = _differing(found, beside, derived)
    while batch := list(islice(rows, BATCH)):
        writing.run(text, rows=batch).consume()


def _differing(
    found: Iterable[neo4j.Record], beside: set[str], derived: Derive
) -> Iterator[list[Any]]:
    for record in found:
        held = native(record["p"])
        now = derived(held)
        gone = {name: None for name in beside & set(held) if name not in now}
        changed = {name: v for name, v in now.items() if name in beside and held.get(name) != v}
        if gone or changed:
            yield [record["e"], gone | changed]
