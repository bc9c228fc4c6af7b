"""Create constraints and indexes before the first row, and migrate a graph when they change."""

import re
import time

import neo4j
from neo4j.exceptions import Neo4jError

from graph_seed.graph import versions
from graph_seed.graph.migrate import (
    migrate_standing,
    recompute_columns,
    refuse_undeclared,
    relabel,
    restore_link_changes,
    restore_variants,
)
from graph_seed.problems import LoadError
from schema.domain import DOMAIN
from schema.storage import PREFIX, fingerprint, schema_commands
from schema.vocabulary import Vocabulary

ATTEMPTS = 20
AWAIT_SECONDS = 300
MIGRATION_NEEDED = (
    "Another version of Parley built this graph. Migrating it changes indexes, labels and derived "
    "values in place, and services of that version stop answering. Give `parley load` or "
    "`parley up` with --yes to migrate it; the library takes migrate=True."
)
LOCK_SECONDS = 5.0
"""Seconds to wait for the lock where a load in progress is not to be waited for."""
IndexShape = tuple[str, frozenset[str], tuple[str, ...], str]
"""The kind of an index, its labels, its properties in order, its analyzer if it has one."""
_ANALYZER = "fulltext.analyzer"


def ensure_schema(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary = DOMAIN, *, migrate: bool = True
) -> bool:
    """Create or migrate the schema of a graph; return whether anything had to be done.

    The graph records which vocabulary built it. A graph of another vocabulary is migrated: new
    indexes are created, others dropped; labels and derived columns are updated. The call is
    idempotent. It also repairs the Gate if a load died between two versions. Raises
    LoadError: UNDECLARED if the graph holds what the vocabulary does not declare, MIGRATION_NEEDED
    if another vocabulary built it and ``migrate`` is false.
    """
    current = fingerprint(vocabulary)
    with driver.session(database=database) as session:
        run = _RetryingRunner(session)
        built_by, between = versions.read_vocabulary(run)
        if between:
            _repair_gate_locked(session)
        if built_by == current:
            return False
        if built_by is not None and not migrate:
            raise LoadError("MIGRATION_NEEDED", MIGRATION_NEEDED)
        # Much of the work of a first load is the planning of queries that would find nothing.
        empty = not run("MATCH (n) RETURN 1 LIMIT 1")
        if not empty:
            refuse_undeclared(run, vocabulary)
        _synchronize_indexes(run, vocabulary)
        versions.create_clock(run)
        with driver.session(database=database) as apart, apart.begin_transaction() as transaction:
            # No load runs beside a migration, and of several migrations at once one does the work.
            locked = _runner_in(transaction)
            version = versions.lock(locked)
            if versions.read_vocabulary(locked)[0] == current:
                return True
            announced = versions.announce_commit(run, version)
            if not empty:
                relabel(run, vocabulary)
                restore_variants(run, vocabulary)
                migrate_standing(run, vocabulary)
                restore_link_changes(run, vocabulary)
                recompute_columns(driver, database, vocabulary)
            versions.record_vocabulary(locked, current)
            transaction.commit()
        versions.confirm_commit(run, announced)
    return True


def is_of_another_vocabulary(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary = DOMAIN
) -> bool:
    """Return whether another vocabulary built the graph; false if nothing was built yet."""
    with driver.session(database=database) as session:
        built_by, _ = versions.read_vocabulary(_RetryingRunner(session))
    return built_by is not None and built_by != fingerprint(vocabulary)


class _RetryingRunner:
    """Runs each query in its own transaction; retries deadlocks of two that create a schema."""

    def __init__(self, session: neo4j.Session) -> None:
        self._session = session

    def __call__(self, text: str, **parameters: object) -> list[neo4j.Record]:
        for attempt in range(ATTEMPTS):
            try:
                return list(self._session.run(f"CYPHER 5 {text}", parameters))
            except Neo4jError as error:
                # Of two that race, one fails in spite of IF NOT EXISTS; the other has created it.
                if (error.code or "").endswith("EquivalentSchemaRuleAlreadyExists"):
                    return []
                if not error.is_retryable() or attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(0.1 * (attempt + 1))
        return []


def repair_gate(driver: neo4j.Driver, database: str) -> bool:
    """Repair the Gate, the marker of commits, after a load that died while it committed a version.

    Return whether a repair was needed. While a load is in progress, return False without waiting.
    """
    with driver.session(database=database) as session:
        _, between = versions.read_vocabulary(_RetryingRunner(session))
        if not between:
            return False
        try:
            return _repair_gate_locked(session, LOCK_SECONDS)
        except Neo4jError as error:
            if "TransactionTimedOut" in (error.code or "") or "LockClient" in (error.code or ""):
                return False
            raise


def _repair_gate_locked(session: neo4j.Session, timeout: float | None = None) -> bool:
    """Repair the Gate under the lock: a load in progress must not be taken for a dead one."""
    with session.begin_transaction(timeout=timeout) as transaction:
        run = _runner_in(transaction)
        version = versions.lock(run)
        _, between = versions.read_vocabulary(run)
        versions.repair_gate(run, version)
        transaction.commit()
    return between


def _runner_in(transaction: neo4j.Transaction) -> versions.Run:
    """Return a function that runs queries in a transaction."""

    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        return list(transaction.run(f"CYPHER 5 {text}", parameters))

    return run


def _synchronize_indexes(run: versions.Run, vocabulary: Vocabulary) -> None:
    """Drop indexes and constraints that are stale or have another shape, and create the others."""
    wanted = schema_commands(vocabulary)
    rows = run(
        "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint, options "
        "RETURN name, type, labelsOrTypes AS labels, properties, owningConstraint AS owned, "
        f"coalesce(options.indexConfig[{_ANALYZER!r}], '') AS analyzer"
    )
    held: set[str] = set()
    for row in rows:
        name = row["name"]
        if not name.startswith(PREFIX):
            continue
        kind = "CONSTRAINT" if row["owned"] else row["type"]
        properties = tuple(row["properties"])
        shape = (kind, frozenset(row["labels"]), properties, row["analyzer"])
        if name in wanted and shape == _shape_of(wanted[name]):
            held.add(name)
        else:
            run(f"DROP {'CONSTRAINT' if row['owned'] else 'INDEX'} {name} IF EXISTS")
    for name, text in wanted.items():
        if name not in held:
            run(text)
    run("CALL db.awaitIndexes($seconds)", seconds=AWAIT_SECONDS)


def _shape_of(command: str) -> IndexShape:
    """Return the shape of the index or constraint that a command creates."""
    kind = next(word for word in command.split()[1:] if word != "INDEX")
    labels = re.search(r"FOR \(n:([^)]*)\)", command)
    analyzer = re.search(rf"`{_ANALYZER}`: '([^']*)'", command)
    return (
        kind,
        frozenset(labels[1].split("|") if labels else ()),
        tuple(re.findall(r"\bn\.(\w+)", command)),
        analyzer[1] if analyzer else "",
    )
