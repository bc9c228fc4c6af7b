"""Number the versions of the graph, and let readers detect a commit in progress.

The Clock node holds the version; its lock orders all loads. Neo4j makes a commit visible record by
record, so the Gate node is a sequence lock (seqlock): a small transaction announces the version
before the commit, another confirms it after. While the two differ, a reader may see half a load and
retries. A load that died between leaves them different; the next holder of the lock repairs them.

The Gate also has the id of the last commit, which changes with all that readers can see.
"""

import secrets
from collections.abc import Callable, Mapping

import neo4j

from graph_seed.checking.validate import find_control_character
from graph_seed.problems import LoadError
from graph_seed.state.elements import to_properties
from graph_seed.state.index_limits import oversized_texts
from schema import rules
from schema.model import NodeType
from schema.names import (
    BUILT_BY,
    CLOCK,
    COMMIT,
    GATE,
    GRAPH,
    ID,
    LOADED_AT,
    LOCK,
    OPEN,
    OPENING,
    PENDING,
    RECORDED_IN,
    VERSION,
)
from schema.vocabulary import Vocabulary

Run = Callable[..., list[neo4j.Record]]
"""Runs a query: its text, then its parameters by name; returns its rows."""
_THE_CLOCK = f"MATCH (c:{CLOCK} {{{ID}: $graph}})"
_NOW = "datetime.truncate('microsecond', datetime.realtime('Z'))"
"""The time, in the precision of answers: a time that was shown can be asked for."""
_THE_GATE = f"MATCH (g:{GATE} {{{ID}: $graph}})"
_IS_BETWEEN = f"(g.{OPENING} <> g.{OPEN} OR g.{COMMIT} IS NULL)"


def create_clock(run: Run) -> None:
    """Create the Clock and the Gate, before the first load."""
    run(
        f"MERGE (c:{CLOCK} {{{ID}: $graph}}) ON CREATE SET c.{VERSION} = 0 "
        f"MERGE (g:{GATE} {{{ID}: $graph}}) "
        f"ON CREATE SET g.{OPENING} = 0, g.{OPEN} = 0, g.{COMMIT} = $id",
        graph=GRAPH,
        id=_new_commit(),
    )


def read_vocabulary(run: Run) -> tuple[str | None, bool]:
    """Return which vocabulary built the graph, and whether a commit is announced only."""
    text = f"{_THE_CLOCK} {_THE_GATE} RETURN c.{BUILT_BY} AS v, {_IS_BETWEEN} AS between"
    rows = run(text, graph=GRAPH)
    return (rows[0]["v"], rows[0]["between"]) if rows else (None, False)


def record_vocabulary(run: Run, fingerprint: str) -> None:
    """Record which vocabulary built the graph."""
    run(f"{_THE_CLOCK} SET c.{BUILT_BY} = $v", graph=GRAPH, v=fingerprint)


def lock(run: Run) -> int:
    """Take the lock, which orders all writes; return the current version."""
    run(f"{_THE_CLOCK} SET c.{LOCK} = true", graph=GRAPH)
    return int(run(f"{_THE_CLOCK} RETURN c.{VERSION} AS v", graph=GRAPH)[0]["v"])


def repair_gate(run: Run, version: int) -> None:
    """Repair the Gate after a load that died; the caller holds the lock."""
    run(
        f"{_THE_GATE} WHERE g.{OPENING} <> $v OR g.{OPEN} <> $v OR g.{COMMIT} IS NULL "
        f"SET g.{OPENING} = $v, g.{OPEN} = $v, g.{COMMIT} = $id REMOVE g.{PENDING}",
        graph=GRAPH,
        v=version,
        id=_new_commit(),
    )


def announce_commit(run: Run, version: int) -> str:
    """Announce a commit, after which ``version`` is the latest; the caller holds the lock.

    Return the id that the commit is to be confirmed with.
    """
    commit = _new_commit()
    run(
        f"{_THE_GATE} SET g.{OPENING} = $v, g.{PENDING} = $id REMOVE g.{COMMIT}",
        graph=GRAPH,
        v=version,
        id=commit,
    )
    return commit


def confirm_commit(run: Run, commit: str) -> None:
    """Confirm an announced commit, unless a later holder of the lock has done so already."""
    run(
        f"{_THE_GATE} WHERE g.{PENDING} = $id "
        f"SET g.{OPEN} = g.{OPENING}, g.{COMMIT} = $id REMOVE g.{PENDING}",
        graph=GRAPH,
        id=commit,
    )


def _new_commit() -> str:
    """Return a random id, so that no two graphs and no restored backup have the same one."""
    return secrets.token_hex(16)


def next_version(run: Run, vocabulary: Vocabulary, values: Mapping[str, object]) -> int:
    """Advance the clock and record the load; its time is never before that of the last load.

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
    """Raise LoadError (VALUE, TOO_LONG) for an author or a note that cannot be stored."""
    for name in ("by", "note"):
        text = values.get(name)
        control = find_control_character(text) if isinstance(text, str) else None
        if control:
            raise LoadError(
                "VALUE", f"{name} holds {control}, which a text cannot contain; remove it"
            )
    for one in oversized_texts(load, to_properties(load, "", values)):
        raise LoadError("TOO_LONG", str(one))


def load_id(vocabulary: Vocabulary, version: int) -> str:
    """Return the id of the load that made a version."""
    return f"{vocabulary.by_kind[rules.LOAD].kind}:{version}"
