"""Making a graph ready: constraints and indexes before the first row, migrated when they change."""

import time

import neo4j
from neo4j.exceptions import ClientError, TransientError

from graph_seed.rows import stored
from graph_seed.store import GRAPH, native
from schema.constraints import PREFIX, commands, fingerprint
from schema.domain import DOMAIN
from schema.names import CLOCK, GATE, ID
from schema.vocabulary import NodeType, Vocabulary

ATTEMPTS = 20
AWAIT_SECONDS = 300
BATCH = 5000


def prepare(driver: neo4j.Driver, database: str, vocabulary: Vocabulary = DOMAIN) -> bool:
    """Make a graph ready for a vocabulary; whether there was anything to do.

    The graph records which vocabulary built it. A changed one is migrated: what is new is made,
    what is stale is dropped, what is derived is computed again. Doing it twice changes nothing.
    """
    print_now = fingerprint(vocabulary)
    with driver.session(database=database) as session:
        if _built_by(session) == print_now:
            return False
        _schema(session, vocabulary)
        _run(
            session,
            f"MERGE (c:{CLOCK} {{{ID}: $id}}) ON CREATE SET c.version = 0 "
            f"MERGE (g:{GATE} {{{ID}: $id}}) ON CREATE SET g.opening = 0, g.open = 0",
            id=GRAPH,
        )
        for node in vocabulary.concrete:
            _derive(session, node)
        _run(
            session, f"MATCH (c:{CLOCK} {{{ID}: $id}}) SET c.vocabulary = $v", id=GRAPH, v=print_now
        )
    return True


def _run(session: neo4j.Session, text: str, **parameters: object) -> list[neo4j.Record]:
    """Run a query; a deadlock of two that make the same schema is waited out."""
    for attempt in range(ATTEMPTS):
        try:
            return list(session.run(f"CYPHER 5 {text}", parameters))
        except TransientError:
            if attempt + 1 == ATTEMPTS:
                raise
            time.sleep(0.1 * (attempt + 1))
        except ClientError as error:
            if "AlreadyExists" not in (error.code or ""):
                raise
            return []
    return []


def _built_by(session: neo4j.Session) -> str | None:
    rows = _run(session, f"MATCH (c:{CLOCK} {{{ID}: $id}}) RETURN c.vocabulary AS v", id=GRAPH)
    return rows[0]["v"] if rows else None


def _schema(session: neo4j.Session, vocabulary: Vocabulary) -> None:
    wanted = commands(vocabulary)
    held = {
        (row["name"], row["owned"])
        for row in _run(
            session,
            "SHOW INDEXES YIELD name, owningConstraint RETURN name, owningConstraint AS owned",
        )
        if row["name"].startswith(PREFIX)
    }
    for name, owned in sorted(held, key=str):
        if name not in wanted:
            _run(session, f"DROP {'CONSTRAINT' if owned else 'INDEX'} {name} IF EXISTS")
    for text in wanted.values():
        _run(session, text)
    _run(session, "CALL db.awaitIndexes($seconds)", seconds=AWAIT_SECONDS)


def _derive(session: neo4j.Session, node: NodeType) -> None:
    """Compute again what is stored beside the values of a type's nodes, where it differs."""
    last = ""
    while True:
        rows = _run(
            session,
            f"MATCH (n:{node.label}) WHERE n.{ID} > $last "
            f"RETURN properties(n) AS p ORDER BY n.{ID} LIMIT $batch",
            last=last,
            batch=BATCH,
        )
        if not rows:
            return
        changes = []
        for row in rows:
            held = native(row["p"])
            want = stored(node, held[ID], held)
            differing = {k: v for k, v in want.items() if held.get(k) != v}
            if differing:
                changes.append({ID: held[ID], "set": differing})
        if changes:
            text = f"UNWIND $rows AS r MATCH (n:{node.label} {{{ID}: r.{ID}}}) SET n += r.set"
            _run(session, text, rows=changes)
        last = rows[-1]["p"][ID]
