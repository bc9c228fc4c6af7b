"""Load several sources in one transaction: all of their facts are written, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph_seed.graph import versions
from graph_seed.graph.cycles import cycle_error, find_cycles
from graph_seed.graph.hints import find_hints, suggest_id
from graph_seed.graph.report import LoadReport, Target
from graph_seed.graph.repository import Repository
from graph_seed.graph.writer import GraphWriter
from graph_seed.loading.source_load import LoadUnit, SourceLoad
from graph_seed.problems import AbsentIds, FactsError, LoadError
from graph_seed.records import Facts, Place
from graph_seed.state.entity_merge import SaidBySource, shared_entities, shared_problem
from schema.vocabulary import Vocabulary

MOST_ELEMENTS = 100_000
"""Elements (nodes and relationships) that one transaction may record, change and end."""
_TOO_LARGE = (
    f"this changes more than {MOST_ELEMENTS} elements at once; load fewer files at once, or packed "
    "JSON Lines (.jsonl.gz), which are written in batches"
)


@dataclass(frozen=True, slots=True)
class LockedTransaction:
    """A transaction that holds the graph's lock; it is rolled back unless it is committed."""

    store: Repository
    writer: GraphWriter
    before: int
    """The version before."""
    _transaction: neo4j.Transaction
    _apart: versions.Run

    def commit(self, last: int, on_wait: Callable[[], None] = lambda: None) -> None:
        """Commit; it is announced before and confirmed after, with the last version.

        ``on_wait`` is called when only the database works for a while.
        """
        announced = versions.announce_commit(self._apart, last)
        on_wait()
        self._transaction.commit()
        versions.confirm_commit(self._apart, announced)


@contextmanager
def lock_graph(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary
) -> Iterator[LockedTransaction]:
    """Begin a transaction, wait for the graph's lock, and repair the Gate."""
    with driver.session(database=database) as session:
        transaction = session.begin_transaction()
        with transaction:
            store = Repository(transaction, vocabulary)
            version = versions.lock(store.run)
            # The Gate is written in another session: what this one writes shows only at its end.
            with driver.session(database=database) as apart:
                versions.repair_gate(_runner(apart), version)
                writer = GraphWriter(store, vocabulary)
                yield LockedTransaction(store, writer, version, transaction, _runner(apart))
            # The driver's context manager would commit.
            if not transaction.closed():
                transaction.rollback()


def sort_by_use(given: Iterable[Facts]) -> list[Facts]:
    """Return facts with what is used before what uses it, whatever the order they are given in.

    Sources that do not use one another, or each the other, stand in the order of their ids.
    """
    sources = sorted(given, key=lambda one: one.source.id)
    owner = {record.id: one for one in reversed(sources) for record in one.records}
    ordered: dict[str, Facts] = {}
    for first in sources:
        # Depth first with a stack of its own: a chain of uses may be longer than Python's.
        waiting = [(first, iter(first.uses))]
        begun = {first.source.id}
        while waiting:
            one, uses = waiting[-1]
            name = next((name for name in uses if name in owner), None)
            if name is None:
                ordered.setdefault(one.source.id, one)
                waiting.pop()
            elif (used := owner[name]).source.id not in begun | ordered.keys():
                begun.add(used.source.id)
                waiting.append((used, iter(used.uses)))
    return list(ordered.values())


def load_sources(
    driver: neo4j.Driver,
    database: str,
    works: Sequence[SourceLoad],
    *,
    dry_run: bool,
    strict_shared: bool = False,
) -> list[LoadReport]:
    """Run loads as ``run_loads`` does; ids that are nowhere get advice.

    The advice is looked up after the transaction, when no other load waits for it.
    """
    try:
        return run_loads(driver, database, works, dry_run=dry_run, strict_shared=strict_shared)
    except AbsentIds as error:
        vocabulary = works[0].vocabulary
        with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
            run = _runner(session)
            advised = AbsentIds(
                error.ids, error.places, lambda one: suggest_id(run, vocabulary, one)
            )
        raise advised from error


def run_loads(
    driver: neo4j.Driver,
    database: str,
    works: Sequence[SourceLoad],
    *,
    dry_run: bool,
    strict_shared: bool = False,
) -> list[LoadReport]:
    """Load or unload sources in one transaction; return the report of each.

    Each source that changes something makes a version of its own, unless some are valid only
    together: those make one. A dry run does all of it and rolls back. Raises FactsError for
    entities that other sources define too, if ``strict_shared``.
    """
    for work in works:
        work.begin()
    done: list[LoadUnit] = []
    with ExitStack() as stack:
        with works[0].stage("wait"):
            locked = stack.enter_context(lock_graph(driver, database, works[0].vocabulary))
        last, attached_any, written = locked.before, False, 0
        links: list[tuple[str, str, str]] = []
        for state in _compare_in_turn(locked.store, works):
            changes = state.plan()
            links += changes.new.keys
            written += changes.count
            if written > MOST_ELEMENTS:
                raise LoadError("TOO_LARGE", _TOO_LARGE, [work.source for work in state.works])
            made, attached = state.write(locked.writer, changes)
            last = made or last
            for work in state.works:
                work.report.version = locked.before if dry_run else last
                work.report.made_version = made is not None and not dry_run and work.report.differs
                work.report.target = Target(locked.store.address, database)
            attached_any |= attached
            done.append(state)
        store = locked.store
        if cycles := find_cycles(store, works[0].vocabulary, links, locked.before):
            records = (one for work in works if work.facts for one in work.facts.records)
            raise cycle_error(cycles, {one.id: one.place for one in records})
        _report_shared(done, strict=strict_shared)
        if not dry_run and (last != locked.before or attached_any):
            with works[-1].stage("commit"):
                locked.commit(last)
    if locked.before and any(state.created for state in done):
        # After the commit, when no other load waits; a load does not fail for lack of hints.
        with works[-1].stage("hints"), suppress(DriverError, Neo4jError):
            _report_hints(driver, database, done)
    return [work.report for state in done for work in state.works]


def _compare_in_turn(store: Repository, works: Sequence[SourceLoad]) -> Iterator[LoadUnit]:
    """Yield sources, compared one after another; those valid only together as one unit."""
    left = list(works)
    while left:
        some = [left.pop(0)]
        state = LoadUnit(some, store)
        while joined := _sources_to_join(state, left):
            some += joined
            left = [work for work in left if work not in joined]
            state = LoadUnit(some, store)
        yield state


def _sources_to_join(state: LoadUnit, left: Sequence[SourceLoad]) -> Sequence[SourceLoad]:
    """Compare a unit; return the later sources that have to join it.

    It may need what they define, or drop what they still use or define from now on. Raises
    LoadError if there are none left to try.
    """
    try:
        state.compare()
    except LoadError as error:
        if not left:
            raise
        return [work for work in left if work.has_any(set(error.ids))] or left
    dropped = state.dropped
    return [work for work in left if dropped and work.has_any(dropped)]


def _report_shared(done: Sequence[LoadUnit], *, strict: bool) -> None:
    """List in each report the entities of its source that other sources define too."""
    defined: dict[str, SaidBySource] = {}
    places: dict[str, Place] = {}
    for state in done:
        places |= state.places
        for entity, said in state.defined.items():
            defined[entity] = defined.get(entity, {}) | said
    shared = shared_entities(defined)
    if strict and shared:
        problems = [shared_problem(one, places[one.id], strict=True) for one in shared.values()]
        raise FactsError(problems)
    for state in done:
        for work in state.works:
            work.report.shared = [one for one in shared.values() if work.source in one.said]


def _report_hints(driver: neo4j.Driver, database: str, done: Sequence[LoadUnit]) -> None:
    """List in each report the new entities that may be the same as others."""
    created = {state.works[0].source: [*state.created] for state in done}
    relationships = {key for state in done for key in state.desired.relationships}
    expired = {one for state in done for one in state.dropped}
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        found = find_hints(
            _runner(session), done[0].works[0].vocabulary, created, relationships, expired
        )
    for state in done:
        state.works[0].report.hints = found.get(state.works[0].source, [])


def _runner(session: neo4j.Session) -> versions.Run:
    """Return a function that runs each query in a transaction of its own."""

    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        return list(session.run(f"CYPHER 5 {text}", parameters))

    return run
