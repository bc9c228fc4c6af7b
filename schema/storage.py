"""The constraints and indexes of a vocabulary's graph, their limits, and its fingerprint."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache

from schema.model import NodeType, Property
from schema.names import (
    CLOCK,
    EXPIRED_IN,
    GATE,
    ID,
    LINK_CHANGE,
    NODE,
    PAST_NODE,
    RECORDED_IN,
    SEARCH_WORDS,
    VERSION,
    past,
)
from schema.scalars import EARLIEST, LATEST
from schema.vocabulary import Vocabulary

PREFIX = "parley_"
"""Begins the names of Parley's constraints and indexes, so that a migration drops no others."""
FULL_TEXT = f"{PREFIX}full_text"
PAST_FULL_TEXT = f"{PREFIX}past_full_text"
RANGE_INDEX_BYTES = 8_000
"""The most bytes of UTF-8 of a text in a range index.

Neo4j 2026.08 refuses more than 8,164, or 8,155 beside a date; the rest is a margin."""
TEXT_INDEX_BYTES = 32_000
"""The most bytes of UTF-8 of a text in a text index; Neo4j 2026.08 refuses more than 32,766."""
NAMES = f"{PREFIX}names"
PAST_NAMES = f"{PREFIX}past_names"
"""Indexes of the same words, of the types only by whose names a search finds other nodes."""
STAMPS = (
    (NODE, RECORDED_IN),
    (PAST_NODE, RECORDED_IN),
    (PAST_NODE, EXPIRED_IN),
    (LINK_CHANGE, VERSION),
)
"""The labels and properties that say what changed in a version; an index has each with the id."""
ANALYZER = "whitespace"
"""Parley itself splits texts into words (``graph_seed.values``) and stores them with spaces."""


def _index(name: str, pattern: str, properties: str, kind: str = "RANGE") -> tuple[str, str]:
    full = f"{PREFIX}{name}".lower()
    return full, f"CREATE {kind} INDEX {full} IF NOT EXISTS FOR {pattern} ON {properties}"


def _unique(label: str) -> tuple[str, str]:
    name = f"{PREFIX}{label}_id".lower()
    text = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{ID} IS UNIQUE"
    return name, text


def schema_commands(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the Cypher that makes each constraint and index, by its name; constraints first."""
    made = [_unique(NODE), _unique(CLOCK), _unique(GATE)]
    made.append(_index("past_id", f"(n:{PAST_NODE})", f"(n.{ID})"))
    made += [
        _index(f"{label}_{stamp}_{ID}", f"(n:{label})", f"(n.{stamp}, n.{ID})")
        for label, stamp in STAMPS
    ]
    for node in vocabulary.concrete:
        made.append(_index(f"{node.label}_id", f"(n:{node.label})", f"(n.{ID})"))
    # An index serves patterns of its own label only: one on :Entity is of no use to :Person.
    for node in vocabulary.nodes.values():
        for prop in node.properties.values() if node.concrete else node.own:
            made += _property_indexes(node, prop)
    searched = list(vocabulary.properties_where(lambda prop: prop.searched))
    made.append(_full_text(FULL_TEXT, searched))
    made.append(_full_text(PAST_FULL_TEXT, [past(label) for label in searched]))
    named = [node.label for node in vocabulary.types_searched_by_name]
    if named:
        made.append(_full_text(NAMES, named))
        made.append(_full_text(PAST_NAMES, [past(label) for label in named]))
    return dict(made)


def _property_indexes(node: NodeType, prop: Property) -> Iterable[tuple[str, str]]:
    """Yield a range index for each stored column of an indexed property, and a text index.

    Filters search the folded column of a text, so that always has a text index. The folded names
    of all sources have no range index: together they may be longer than it allows.
    """
    pattern = f"(n:{node.label})"
    for name in prop.columns if prop.indexed else ():
        if not name.endswith(LATEST) and name != prop.all_folded_column:
            yield _index(f"{node.label}_{name}", pattern, f"(n.{name})")
        if name.endswith(EARLIEST):
            # Many share a day: a page of them begins within it.
            yield _index(f"{node.label}_{name}_{ID}", pattern, f"(n.{name}, n.{ID})")
    if prop.match_column:
        yield _index(
            f"{node.label}_{prop.match_column}_text", pattern, f"(n.{prop.match_column})", "TEXT"
        )


def _full_text(name: str, labels: Iterable[str]) -> tuple[str, str]:
    return name, (
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{'|'.join(labels)}) ON EACH "
        f"[n.{SEARCH_WORDS}] "
        f"OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{ANALYZER}'}}}}"
    )


def match_id(variable: str, value: str, label: str = NODE) -> str:
    """Return the clause that finds a node by its id, given in Cypher, in the index of a label.

    A plan that was made while the graph was small may read the whole index for each row instead,
    and Neo4j keeps it for a while after the graph grew.
    """
    hint = f"USING INDEX SEEK {variable}:{label}({ID})"
    return f"MATCH ({variable}:{label} {{{ID}: {value}}}) {hint}"


@cache
def index_limits(node: NodeType) -> Mapping[str, int]:
    """Return the most bytes of each indexed text of a type, by the name of its column.

    Full-text indexes limit nothing: they split texts into words.
    """
    limits = {ID: RANGE_INDEX_BYTES}
    for prop in node.properties.values():
        if prop.indexed and prop.scalar.is_text and not prop.many:
            ranged = (name for name in prop.columns if name != prop.all_folded_column)
            limits |= dict.fromkeys(ranged, RANGE_INDEX_BYTES)
        if prop.match_column:
            limits.setdefault(prop.match_column, TEXT_INDEX_BYTES)
    return limits


DERIVED_BY = 5
"""The version of the code that derives columns from values (folded texts, first and last days).
Raise it when that code changes: then every graph is migrated."""


def fingerprint(vocabulary: Vocabulary) -> str:
    """Return a hash of all that a graph in the store depends on.

    These are its labels, types, properties, constraints and indexes. A graph with another
    fingerprint is migrated.
    """
    lines = sorted(schema_commands(vocabulary).values())
    for node in vocabulary.concrete:
        stored = sorted(
            (prop.columns, prop.folded_with, prop.searched) for prop in node.properties.values()
        )
        computed = [(one.name, one.needs) for one in node.computed if one.searched]
        lines.append(f"{node.label} {node.labels} {stored} {computed}")
    for relationship in vocabulary.relationships.values():
        names = sorted(prop.columns for prop in relationship.properties.values())
        starts = sorted({ends.start.label for ends in relationship.ends})
        lines.append(f"{relationship.type} {starts} {names} {relationship.searched}")
    lines.append(str(DERIVED_BY))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
