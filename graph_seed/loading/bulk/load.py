"""Load files of any size: checked as a whole before anything is written, then written in batches.

Each batch is a transaction and a version of its own, and leaves the graph consistent: a source is
never split. Sources that the graph contains already are skipped, so a load that was stopped resumes
when it is run again.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Generic, TypeVar

import neo4j

from graph_seed.checking.references import CIRCLE
from graph_seed.graph.ensure_schema import ensure_schema
from graph_seed.graph.report import Target
from graph_seed.graph.writer import Creation, prepare_creation
from graph_seed.loading.bulk.batch import BatchWriter
from graph_seed.loading.bulk.check_lines import check_lines
from graph_seed.loading.bulk.merge_shared import EntityCache, SharedEntityMerger, shared_entities
from graph_seed.loading.bulk.scan import Progress, Scan
from graph_seed.loading.bulk.spool import BATCH, Spool, SpooledSource, temporary_files
from graph_seed.loading.load import load, retry, translate_errors
from graph_seed.loading.transaction import lock_graph
from graph_seed.problems import LoadError
from graph_seed.state.entity_merge import SharedEntity
from graph_seed.state.index_limits import TOO_LONG
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary

T = TypeVar("T")


class Prefetcher(Generic[T]):
    """Iterates over items; the next is prepared in a thread once ``begin`` is called.

    Only one thread runs Python at a time: ``begin`` is called when this one waits for the database.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._thread = ThreadPoolExecutor(1)
        self._waiting: Future[T | None] | None = None

    def begin(self) -> None:
        """Begin to prepare the next item, unless that was begun."""
        if self._waiting is None:
            self._waiting = self._thread.submit(next, self._items, None)

    def __iter__(self) -> Iterator[T]:
        """Yield the items; one that was not begun is prepared when it is needed."""
        while True:
            self.begin()
            made, self._waiting = self._waiting, None
            if made is None or (one := made.result()) is None:
                return
            yield one

    def close(self) -> None:
        """End the thread once its item is prepared."""
        self._thread.shutdown()


MAY_BE_LATER = {"UNKNOWN_ID", "IN_USE", CIRCLE, TOO_LONG}
"""Codes of refusals that a later source of the files can resolve."""
MOST_WAITING = 3 * BATCH
"""Elements of sources that wait for later batches."""


@dataclass(slots=True)
class BulkReport:
    """The report of a load of large files; ``seconds`` and ``cpu`` of this process by stage."""

    sources: int = 0
    elements: int = 0
    passed_over: int = 0
    """Sources that the graph contained already."""
    one_by_one: int = 0
    """Sources that were compared with the graph, as small files are."""
    versions: int = 0
    target: Target | None = None
    """The database that was written to."""
    shared: list[SharedEntity] = field(default_factory=list)
    """The first entities that another source defines too, of the files or of the graph."""
    more_shared: bool = False
    """True if there may be more shared entities than are listed."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many elements were recorded, by label and relationship type."""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        """Return the report as plain data, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def _reached_database(session: neo4j.Session, database: str) -> Target:
    address = session.run("CYPHER 5 RETURN 1").consume().server.address
    return Target(str(address), database)


def _read_clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


@dataclass(slots=True)
class _Stages:
    """Measures what each stage takes."""

    report: BulkReport
    _since: tuple[float, float] = field(default_factory=_read_clocks)

    def end(self, name: str) -> None:
        """End a stage, and begin the next."""
        now = _read_clocks()
        locked = (self.report.seconds, self.report.cpu)
        for of, after, before in zip(locked, now, self._since, strict=True):
            of[name] = of.get(name, 0.0) + after - before
        self._since = now


def load_large(
    driver: neo4j.Driver,
    paths: Iterable[Path],
    *,
    database: str = "neo4j",
    vocabulary: Vocabulary = DOMAIN,
    by: str | None = None,
    note: str | None = None,
    progress: Progress | None = None,
    processes: int = 1,
    strict_shared: bool = False,
    migrate: bool = False,
    target: Target | None = None,
) -> BulkReport:
    """Load files of JSON Lines of any size, compressed or not.

    Raises FactsError with everything that is wrong, up to a limit, conflicts with the graph
    included (UNKNOWN_ID, IN_USE, CIRCLE, TOO_LONG); then nothing was written. Raises LoadError
    (LOAD_INTERRUPTED, DATABASE_ERROR, TEMPORARY_FILES, and those codes if another load changed the
    graph meanwhile) while writing: versions that were written stay, as the message says, and the
    same load resumes when it is run again. ``strict_shared``, ``migrate`` and ``target`` are as in
    ``load``; the first shared entities are reported. ``processes`` is how many check; for several,
    a script has to start under ``if __name__ == "__main__"``, as ``multiprocessing`` requires.
    """
    report = BulkReport()
    stages = _Stages(report)
    with ExitStack() as opened:
        with temporary_files():
            file = opened.enter_context(TemporaryFile())
        spool = Spool(file)
        with translate_errors([]), driver.session(database=database) as session:
            ensure_schema(driver, database, vocabulary, migrate=migrate)
            report.target = target or _reached_database(session, database)
            first = Scan(session, vocabulary, spool, progress, strict_shared)
            first.run(paths, processes)
        report.shared, report.more_shared = first.shared.found, first.shared.full
        report.sources = report.passed_over = first.sources
        report.elements = spool.elements + first.elements
        stages.end("check")
        done = 0
        with closing(Prefetcher(_prepare_batches(vocabulary, spool))) as batches:
            load_values = {"by": by, "note": note}
            loader = _Loader(
                driver, database, vocabulary, load_values, report, stages, batches.begin
            )
            for number, (batch, creation) in enumerate(batches, start=1):
                part = f"{number} of {spool.batches}"
                try:
                    loader.write(batch, creation, part, last=number == spool.batches)
                except LoadError as error:
                    raise _add_written_versions(error, report.versions) from error
                done += sum(one.elements for one in batch)
                if progress:
                    progress("write", done, spool.elements)
    return report


def _add_written_versions(error: LoadError, versions: int) -> LoadError:
    """Return an error that also says how many versions the load wrote before."""
    if not versions:
        return error
    wrote = "1 version" if versions == 1 else f"{versions} versions"
    message = f"{error}\nThis load wrote {wrote} before; that stays. {_RESUME}"
    return LoadError(error.code, message, error.ids)


_RESUME = (
    "Fix the cause and load the same files again: sources that are loaded already are skipped."
)


def _prepare_batches(
    vocabulary: Vocabulary, spool: Spool
) -> Iterator[tuple[list[SpooledSource], Creation | None]]:
    """Yield each batch, with what creates it if no two of its sources describe the same entity."""
    for batch in spool:
        yield batch, None if shared_entities(batch, ()) else prepare_creation(vocabulary, batch)


@dataclass(slots=True)
class _Loader:
    driver: neo4j.Driver
    database: str
    vocabulary: Vocabulary
    load_values: dict[str, str | None]
    report: BulkReport
    stages: _Stages
    on_wait: Callable[[], None]
    """Called when only the database works for a while."""
    _cache: EntityCache = field(default_factory=EntityCache)
    _deferred: list[SpooledSource] = field(default_factory=list)
    """Sources that wait for what a later batch defines, or no longer uses."""

    def write(
        self,
        batch: Sequence[SpooledSource],
        creation: Creation | None,
        part: str,
        *,
        last: bool = True,
    ) -> None:
        """Write a batch: new sources at once, others compared as small files are."""
        sources = [one.source for one in batch]
        try:
            deferred = retry(lambda: self._write_new(batch, creation, part), sources)
        except LoadError as error:
            if error.code not in {"DATABASE_ERROR", *MAY_BE_LATER}:
                raise
            # Compared one by one, the error names the record; and errors that sources of later
            # batches resolve wait for those.
            deferred = batch
        self.report.sources += len(batch)
        self._deferred += deferred
        self._compare(last=last)

    def _write_new(
        self, batch: Sequence[SpooledSource], creation: Creation | None, part: str
    ) -> Sequence[SpooledSource]:
        """Write the new sources of a batch as one version; return those to compare."""
        with lock_graph(self.driver, self.database, self.vocabulary) as locked:
            bulk = BatchWriter(locked.store, self.vocabulary)
            existing = bulk.existing(batch)
            same = bulk.find_unchanged(batch, existing) if existing else set()
            new, deferred = bulk.split([one for one in batch if one.source not in same], existing)
            known = self._cache.at(locked.before)
            shared = SharedEntityMerger(locked.store, self.vocabulary).merge(new, existing, known)
            self.stages.end("look")
            if new:
                values = {k: v for k, v in self.load_values.items() if v is not None} | {
                    "part": part
                }
                if creation is None or len(new) < len(batch) or shared.entities:
                    creation = prepare_creation(self.vocabulary, shared.elements)
                counts = bulk.create(locked.writer, creation, shared, values, locked.before)
                self.stages.end("write")
                locked.commit(locked.before + 1, self.on_wait)
                self._cache.put(locked.before + 1, shared.entities)
                self.stages.end("commit")
                self.report.counts += counts
                self.report.versions += 1
        self.report.passed_over += len(same)
        return deferred

    def _compare(self, *, last: bool) -> None:
        """Load deferred sources as small files are, compared with the graph.

        If that is refused, they wait for a later batch, up to a limit.
        """
        if not self._deferred:
            return
        facts = [
            facts
            for one in self._deferred
            for facts in check_lines(self.vocabulary, one.section).facts
            if facts.source.id == one.source
        ]
        try:
            done = load(
                self.driver,
                facts,
                database=self.database,
                vocabulary=self.vocabulary,
                by=self.load_values["by"],
                note=self.load_values["note"],
            )
        except LoadError as error:
            waiting = sum(one.elements for one in self._deferred)
            if last or error.code not in MAY_BE_LATER or waiting > MOST_WAITING:
                raise
            return
        self._deferred = []
        self.report.one_by_one += len(done)
        self.report.versions += len({one.version for one in done if one.made_version})
        for one in done:
            for name, counter in one.counts.items():
                self.report.counts[name] += counter["recorded"]
        self.stages.end("compare")
