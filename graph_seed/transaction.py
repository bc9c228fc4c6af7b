"""Several sources in one transaction: all of what they say is written, or nothing."""

from collections.abc import Sequence

import neo4j

from graph_seed import clock
from graph_seed.one_source import OneSource
from graph_seed.report import LoadReport
from graph_seed.writes import Writes


def together(
    driver: neo4j.Driver, database: str, works: Sequence[OneSource], *, dry_run: bool
) -> list[LoadReport]:
    """Do what is to be done with each source, in this order; gives what was done.

    Each source that changes something makes a version of its own. A dry run does it all and takes
    it back.
    """
    with driver.session(database=database) as session:
        transaction = session.begin_transaction()
        with transaction:
            store = Writes(transaction, works[0].vocabulary)
            for work in works:
                work.begin()
            with works[0].stage("wait"):
                version = clock.lock(store.run)
            # The Gate is written apart: this transaction's own writes show only at its end.
            with driver.session(database=database) as apart:
                clock.mend_gate(_runs(apart), version)
                last, attached_any = version, False
                for work in works:
                    made, attached = work.write(store)
                    last = made or last
                    work.report.version = version if dry_run else last
                    work.report.made_version = made is not None and not dry_run
                    attached_any |= attached
                if dry_run or (last == version and not attached_any):
                    transaction.rollback()
                else:
                    with works[-1].stage("commit"):
                        _commit(transaction, _runs(apart), version, last)
    return [work.report for work in works]


def _commit(transaction: neo4j.Transaction, run: clock.Run, before: int, last: int) -> None:
    """Commit between the two words of the Gate, if there is a new version."""
    if last != before:
        clock.opening(run, last)
    transaction.commit()
    if last != before:
        clock.open_(run, last)


def _runs(session: neo4j.Session) -> clock.Run:
    """Runs each query in a small transaction of its own."""

    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        return list(session.run(f"CYPHER 5 {text}", parameters))

    return run
