"""Constraints and indexes, computed from the vocabulary, and the fingerprint of its graph."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache

from schema.model import NodeType, Property
from schema.names import (
    CLOCK,
    EXPIRED_IN,
    GATE,
    ID,
    NODE,
    PAST_NODE,
    RECORDED_IN,
    SEARCH_WORDS,
    past,
)
from schema.scalars import EARLIEST, LATEST
from schema.vocabulary import Vocabulary

PREFIX = "parley_"
"""Begins the names of everything made here, so that a migration never drops what others made."""
FULL_TEXT = f"{PREFIX}full_text"
PAST_FULL_TEXT = f"{PREFIX}past_full_text"
RANGE_INDEX_BYTES = 8_000
"""Bytes of UTF-8 that a text in a range index may have.

Neo4j 2026.08 refuses more than 8,164, or 8,155 beside a date; the rest is a margin."""
TEXT_INDEX_BYTES = 32_000
"""Bytes of UTF-8 that a text in a text index may have; Neo4j 2026.08 refuses more than 32,766."""
NAMES = f"{PREFIX}names"
PAST_NAMES = f"{PREFIX}past_names"
"""Indexes of the same words, of what others are found by alone."""
ANALYZER = "whitespace"
"""Parley finds the words itself (``graph_seed.values``) and stores them folded, with spaces."""


def _index(name: str, pattern: str, properties: str, kind: str = "RANGE") -> tuple[str, str]:
    full = f"{PREFIX}{name}".lower()
    return full, f"CREATE {kind} INDEX {full} IF NOT EXISTS FOR {pattern} ON {properties}"


def _unique(label: str) -> tuple[str, str]:
    name = f"{PREFIX}{label}_id".lower()
    text = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{ID} IS UNIQUE"
    return name, text


def commands(vocabulary: Vocabulary) -> dict[str, str]:
    """Every constraint and index by its name: the Cypher that makes it, constraints first."""
    made = [_unique(NODE), _unique(CLOCK), _unique(GATE)]
    made.append(_index("past_id", f"(n:{PAST_NODE})", f"(n.{ID})"))
    made += [
        _index(f"{label}_{stamp}", f"(n:{label})", f"(n.{stamp})")
        for label, stamp in ((NODE, RECORDED_IN), (PAST_NODE, RECORDED_IN), (PAST_NODE, EXPIRED_IN))
    ]
    for node in vocabulary.concrete:
        made.append(_index(f"{node.label}_id", f"(n:{node.label})", f"(n.{ID})"))
    # An index serves patterns of its own label only: one on :Entity is of no use to :Person.
    for node in vocabulary.nodes.values():
        for prop in node.properties.values() if node.concrete else node.own:
            made += _property_indexes(node, prop)
    searched = list(vocabulary.select(lambda prop: prop.searched))
    made.append(_full_text(FULL_TEXT, searched))
    made.append(_full_text(PAST_FULL_TEXT, [past(label) for label in searched]))
    named = [node.label for node in vocabulary.searched_names]
    if named:
        made.append(_full_text(NAMES, named))
        made.append(_full_text(PAST_NAMES, [past(label) for label in named]))
    return dict(made)


def _property_indexes(node: NodeType, prop: Property) -> Iterable[tuple[str, str]]:
    """A range index on each stored name of one that is marked, and for CONTAINS a text index.

    Filters look for a text in its folded forms, so these always have a text index. No range index
    holds the folded forms of all names of an entity: together they may be longer than it allows.
    """
    pattern = f"(n:{node.label})"
    for name in prop.stored if prop.indexed else ():
        if not name.endswith(LATEST) and name != prop.all_folded:
            yield _index(f"{node.label}_{name}", pattern, f"(n.{name})")
        if name.endswith(EARLIEST):
            # Many share a day: a page of them begins within it.
            yield _index(f"{node.label}_{name}_{ID}", pattern, f"(n.{name}, n.{ID})")
    if prop.matched:
        yield _index(f"{node.label}_{prop.matched}_text", pattern, f"(n.{prop.matched})", "TEXT")


def _full_text(name: str, labels: Iterable[str]) -> tuple[str, str]:
    return name, (
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{'|'.join(labels)}) ON EACH "
        f"[n.{SEARCH_WORDS}] "
        f"OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{ANALYZER}'}}}}"
    )


@cache
def index_limits(node: NodeType) -> Mapping[str, int]:
    """Return the bytes that each indexed text of a type may have, by its name in the store.

    Full-text indexes split what they hold into words and limit nothing.
    """
    limits = {ID: RANGE_INDEX_BYTES}
    for prop in node.properties.values():
        if prop.indexed and prop.scalar.is_text and not prop.many:
            ranged = (name for name in prop.stored if name != prop.all_folded)
            limits |= dict.fromkeys(ranged, RANGE_INDEX_BYTES)
        if prop.matched:
            limits.setdefault(prop.matched, TEXT_INDEX_BYTES)
    return limits


DERIVED_BY = 5
"""Counts how often it was changed what is derived from values: how texts are folded, dates bound.
One more, and every graph is migrated."""


def fingerprint(vocabulary: Vocabulary) -> str:
    """A hash of all the store depends on: labels, types, properties, constraints, indexes."""
    lines = sorted(commands(vocabulary).values())
    for node in vocabulary.concrete:
        stored = sorted(
            (prop.stored, prop.folded_with, prop.searched) for prop in node.properties.values()
        )
        computed = [(one.name, one.needs) for one in node.computed if one.searched]
        lines.append(f"{node.label} {node.labels} {stored} {computed}")
    for relationship in vocabulary.relationships.values():
        names = sorted(prop.stored for prop in relationship.properties.values())
        starts = sorted({ends.start.label for ends in relationship.ends})
        lines.append(f"{relationship.type} {starts} {names} {relationship.searched}")
    lines.append(str(DERIVED_BY))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
