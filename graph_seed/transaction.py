"""Several sources in one transaction: all of what they say is written, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import neo4j

from graph_seed import clock
from graph_seed.acyclic import cycle_error, find_cycles
from graph_seed.one_source import OneSource
from graph_seed.report import LoadReport
from graph_seed.writes import Writes
from schema.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Held:
    """A transaction that holds the clock's lock; it is taken back unless it is committed."""

    store: Writes
    before: int
    """The version that there was."""
    _transaction: neo4j.Transaction
    _apart: clock.Run

    def commit(self, last: int, waits: Callable[[], None] = lambda: None) -> None:
        """Commit between the two words of the Gate, if there is a new version.

        ``waits`` is told when for a while only the database has to work.
        """
        if last != self.before:
            clock.opening(self._apart, last)
        waits()
        self._transaction.commit()
        if last != self.before:
            clock.open_(self._apart, last)


@contextmanager
def held(driver: neo4j.Driver, database: str, vocabulary: Vocabulary) -> Iterator[Held]:
    """A transaction that has waited for the clock's lock, with the Gate put right."""
    with driver.session(database=database) as session:
        transaction = session.begin_transaction()
        with transaction:
            store = Writes(transaction, vocabulary)
            version = clock.lock(store.run)
            # The Gate is written apart: this transaction's own writes show only at its end.
            with driver.session(database=database) as apart:
                clock.mend_gate(_runs(apart), version)
                yield Held(store, version, transaction, _runs(apart))
            # The driver's own block would commit what was not taken back.
            if not transaction.closed():
                transaction.rollback()


def together(
    driver: neo4j.Driver, database: str, works: Sequence[OneSource], *, dry_run: bool
) -> list[LoadReport]:
    """Do what is to be done with each source, in this order; gives what was done.

    Each source that changes something makes a version of its own. A dry run does it all and takes
    it back.
    """
    for work in works:
        work.begin()
    with ExitStack() as stack:
        with works[0].stage("wait"):
            taken = stack.enter_context(held(driver, database, works[0].vocabulary))
        last, attached_any = taken.before, False
        for work in works:
            made, attached = work.write(taken.store)
            last = made or last
            work.report.version = taken.before if dry_run else last
            work.report.made_version = made is not None and not dry_run
            attached_any |= attached
        store = taken.store
        if cycles := find_cycles(store, works[0].vocabulary, store.recorded, taken.before):
            records = (one for work in works if work.facts for one in work.facts.records)
            raise cycle_error(cycles, {one.id: one.place for one in records})
        if not dry_run and (last != taken.before or attached_any):
            with works[-1].stage("commit"):
                taken.commit(last)
    return [work.report for work in works]


def _runs(session: neo4j.Session) -> clock.Run:
    """Runs each query in a small transaction of its own."""

    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        return list(session.run(f"CYPHER 5 {text}", parameters))

    return run
