"""The clock and the Gate: versions one after another, and no reader taken in by half a load.

A version is taken under the clock's lock. Neo4j shows a commit record by record, so a small
transaction says before the commit that the version is opening, and another after it that it is
open. A load that died between leaves the two unequal; whoever holds the lock next mends them.
"""

from collections.abc import Callable, Mapping

import neo4j

from graph_seed.checking.value_rules import control_character
from graph_seed.problems import LoadError
from graph_seed.state.elements import to_properties
from graph_seed.state.index_limits import oversized_texts
from schema import rules
from schema.model import NodeType
from schema.names import (
    BUILT_BY,
    CLOCK,
    GATE,
    GRAPH,
    ID,
    LOADED_AT,
    LOCK,
    OPEN,
    OPENING,
    RECORDED_IN,
    VERSION,
)
from schema.vocabulary import Vocabulary

Run = Callable[..., list[neo4j.Record]]
"""Runs a query in a transaction: its text, then its parameters by name."""
_THE_CLOCK = f"MATCH (c:{CLOCK} {{{ID}: $graph}})"
_NOW = "datetime.truncate('microsecond', datetime.realtime('Z'))"
"""Of the precision that an answer shows, so that what it shows can be asked for."""
_THE_GATE = f"MATCH (g:{GATE} {{{ID}: $graph}})"


def make(run: Run) -> None:
    """Make the Clock and the Gate, before the first load."""
    run(
        f"MERGE (c:{CLOCK} {{{ID}: $graph}}) ON CREATE SET c.{VERSION} = 0 "
        f"MERGE (g:{GATE} {{{ID}: $graph}}) ON CREATE SET g.{OPENING} = 0, g.{OPEN} = 0",
        graph=GRAPH,
    )


def built_by(run: Run) -> tuple[str | None, bool]:
    """Which vocabulary built the graph, and whether the Gate was left between two versions."""
    text = f"{_THE_CLOCK} {_THE_GATE} RETURN c.{BUILT_BY} AS v, g.{OPENING} <> g.{OPEN} AS between"
    rows = run(text, graph=GRAPH)
    return (rows[0]["v"], rows[0]["between"]) if rows else (None, False)


def note_vocabulary(run: Run, fingerprint: str) -> None:
    """Record which vocabulary built the graph."""
    run(f"{_THE_CLOCK} SET c.{BUILT_BY} = $v", graph=GRAPH, v=fingerprint)


def lock(run: Run) -> int:
    """Take the lock, which orders all writes; gives the version there is."""
    run(f"{_THE_CLOCK} SET c.{LOCK} = true", graph=GRAPH)
    return int(run(f"{_THE_CLOCK} RETURN c.{VERSION} AS v", graph=GRAPH)[0]["v"])


def mend_gate(run: Run, version: int) -> None:
    """Put right a Gate that a dead load left; the caller holds the lock."""
    run(
        f"{_THE_GATE} WHERE g.{OPENING} <> $v OR g.{OPEN} <> $v "
        f"SET g.{OPENING} = $v, g.{OPEN} = $v",
        graph=GRAPH,
        v=version,
    )


def opening(run: Run, version: int) -> None:
    """Say that a version is about to be committed; the caller holds the lock."""
    run(f"{_THE_GATE} SET g.{OPENING} = $v", graph=GRAPH, v=version)


def open_(run: Run, version: int) -> None:
    """Say that a version was committed; never back, for the next load may have been quicker."""
    run(f"{_THE_GATE} WHERE g.{OPEN} < $v SET g.{OPEN} = $v", graph=GRAPH, v=version)


def next_version(run: Run, vocabulary: Vocabulary, values: Mapping[str, object]) -> int:
    """Move the clock on and record the load; its time is never before the last one's.

    Only ``datetime.realtime()`` read under the lock runs forward from commit to commit.
    """
    load = vocabulary.by_kind[rules.LOAD]
    _refuse_unstorable(load, values)
    properties = to_properties(load, "", values)
    rows = run(
        f"{_THE_CLOCK} OPTIONAL MATCH (p:{load.label} {{{ID}: $prefix + c.{VERSION}}}) "
        f"SET c.{VERSION} = c.{VERSION} + 1 "
        f"CREATE (l:{':'.join(load.labels)}) SET l = $values, l.{ID} = $prefix + c.{VERSION}, "
        f"l.{VERSION} = c.{VERSION}, l.{RECORDED_IN} = c.{VERSION}, "
        f"l.{LOADED_AT} = CASE WHEN p IS NULL OR {_NOW} > p.{LOADED_AT} "
        f"THEN {_NOW} ELSE p.{LOADED_AT} END "
        f"RETURN c.{VERSION} AS v",
        graph=GRAPH,
        prefix=f"{load.kind}:",
        values=properties,
    )
    return int(rows[0]["v"])


def _refuse_unstorable(load: NodeType, values: Mapping[str, object]) -> None:
    """Raise LoadError where what is said of a load, by whom and why, cannot be stored."""
    for name in ("by", "note"):
        text = values.get(name)
        control = control_character(text) if isinstance(text, str) else None
        if control:
            raise LoadError("VALUE", f"{name} holds {control}, which no text may hold; take it out")
    for one in oversized_texts(load, to_properties(load, "", values)):
        raise LoadError("TOO_LONG", str(one))


def load_id(vocabulary: Vocabulary, version: int) -> str:
    """The id of the load that made a version."""
    return f"{vocabulary.by_kind[rules.LOAD].kind}:{version}"
