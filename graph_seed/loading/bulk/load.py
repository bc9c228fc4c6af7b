"""Loading a file of any size: checked whole before anything is written, then written in batches.

Each batch is a transaction and a version of its own, and leaves the graph consistent: a source is
never torn. What the graph holds already is passed over, so a load that was stopped goes on when it
is given again.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

import neo4j

from graph_seed.checking.cycles import CIRCLE
from graph_seed.graph.creation import Creation, creation_of
from graph_seed.graph.ensure_schema import prepare
from graph_seed.graph.report import Target
from graph_seed.loading.bulk.batch import BatchWriter
from graph_seed.loading.bulk.check_lines import checked_lines
from graph_seed.loading.bulk.entity_cache import EntityCache
from graph_seed.loading.bulk.merge_shared import SharedEntityMerger, shared_entities
from graph_seed.loading.bulk.prefetch import Prefetcher
from graph_seed.loading.bulk.scan import Progress, Scan
from graph_seed.loading.bulk.spool import BATCH, Spool, SpooledSource, temporary_files
from graph_seed.loading.load import load, retry, translating
from graph_seed.loading.transaction import held
from graph_seed.problems import LoadError
from graph_seed.state.index_limits import TOO_LONG
from graph_seed.state.shared_entities import SharedEntity
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary

MAY_BE_LATER = {"UNKNOWN_ID", "IN_USE", CIRCLE, TOO_LONG}
"""Refusals that another source of the files may put right."""
MOST_WAITING = 3 * BATCH
"""Elements of sources that wait for later batches."""


@dataclass(slots=True)
class BulkReport:
    """What a load of large files did; ``seconds`` and ``cpu`` of this process by stage."""

    sources: int = 0
    elements: int = 0
    passed_over: int = 0
    """Sources of which the graph held just what they say."""
    one_by_one: int = 0
    """Sources that were compared with what the graph holds, as small files are."""
    versions: int = 0
    target: Target | None = None
    """The database that was written to."""
    shared: list[SharedEntity] = field(default_factory=list)
    """The first entities that another source defines too, of the files or of the graph."""
    more_shared: bool = False
    """True if there may be more shared entities than are listed."""
    counts: Counter[str] = field(default_factory=Counter)
    """What was recorded, by label and relationship type."""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """The report as plain data, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def _reached(session: neo4j.Session, database: str) -> Target:
    address = session.run("CYPHER 5 RETURN 1").consume().server.address
    return Target(str(address), database)


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


@dataclass(slots=True)
class _Stages:
    """Measures what each stage takes."""

    report: BulkReport
    _since: tuple[float, float] = field(default_factory=_now)

    def end(self, name: str) -> None:
        """A stage is over, another begins."""
        now = _now()
        taken = (self.report.seconds, self.report.cpu)
        for of, after, before in zip(taken, now, self._since, strict=True):
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
    """Load files of JSON Lines of any size, packed or not.

    Raises FactsError with everything that is wrong, up to a limit, what does not go together with
    the graph included (UNKNOWN_ID, IN_USE, CIRCLE, TOO_LONG), and then nothing was written.
    Raises LoadError (LOAD_INTERRUPTED, DATABASE_ERROR, TEMPORARY_FILES, and those codes if another
    load changed the graph meanwhile) while writing: what was written stays, as the message says,
    and the same load given again goes on.
    ``strict_shared``, ``migrate`` and ``target`` are as in ``load``; of shared entities the first
    are reported. ``processes`` check; where they are several, a program that is no module of its
    own has to begin under ``if __name__ == "__main__"``, as ``multiprocessing`` says.
    """
    report = BulkReport()
    stages = _Stages(report)
    with ExitStack() as opened:
        with temporary_files():
            file = opened.enter_context(TemporaryFile())
        spool = Spool(file)
        with translating([]), driver.session(database=database) as session:
            prepare(driver, database, vocabulary, migrate=migrate)
            report.target = target or _reached(session, database)
            first = Scan(session, vocabulary, spool, progress, strict_shared)
            first.run(paths, processes)
        report.shared, report.more_shared = first.shared.found, first.shared.full
        report.sources = report.passed_over = first.sources
        report.elements = spool.elements + first.elements
        stages.end("check")
        done = 0
        with closing(Prefetcher(_prepared(vocabulary, spool))) as batches:
            told = {"by": by, "note": note}
            loader = _Loader(driver, database, vocabulary, told, report, stages, batches.begin)
            for number, (batch, rows) in enumerate(batches, start=1):
                part = f"{number} of {spool.batches}"
                try:
                    loader.write(batch, rows, part, last=number == spool.batches)
                except LoadError as error:
                    raise _with_written(error, report.versions) from error
                done += sum(one.elements for one in batch)
                if progress:
                    progress("write", done, spool.elements)
    return report


def _with_written(error: LoadError, versions: int) -> LoadError:
    """Return a refusal that also says how many versions the load wrote before it."""
    if not versions:
        return error
    wrote = "1 version" if versions == 1 else f"{versions} versions"
    message = f"{error}\nThis load wrote {wrote} before; that stays. {_GOES_ON}"
    return LoadError(error.code, message, error.ids)


_GOES_ON = "Once the cause is mended, load the same files again: what is there is passed over."


def _prepared(
    vocabulary: Vocabulary, spool: Spool
) -> Iterator[tuple[list[SpooledSource], Creation | None]]:
    """Each batch, with the rows of it if all of it is new and no two sources describe the same."""
    for batch in spool:
        yield batch, None if shared_entities(batch, ()) else creation_of(vocabulary, batch)


@dataclass(slots=True)
class _Loader:
    driver: neo4j.Driver
    database: str
    vocabulary: Vocabulary
    told: dict[str, str | None]
    report: BulkReport
    stages: _Stages
    waits: Callable[[], None]
    """Told when the database is about to work for a while."""
    _remembered: EntityCache = field(default_factory=EntityCache)
    _left: list[SpooledSource] = field(default_factory=list)
    """Sources that wait for what a later batch brings, or uses no more."""

    def write(
        self, batch: Sequence[SpooledSource], rows: Creation | None, part: str, *, last: bool = True
    ) -> None:
        """Write a batch: what is new together, what has to be compared as small files are."""
        sources = [one.source for one in batch]
        try:
            left = retry(lambda: self._together(batch, rows, part), sources)
        except LoadError as error:
            if error.code not in {"DATABASE_ERROR", *MAY_BE_LATER}:
                raise
            # Compared one by one, the refusal names the record; and what sources of later batches
            # put right waits for those.
            left = batch
        self.report.sources += len(batch)
        self._left += left
        self._compare(last=last)

    def _together(
        self, batch: Sequence[SpooledSource], rows: Creation | None, part: str
    ) -> Sequence[SpooledSource]:
        """Write what is new of a batch as one version; gives what has to be compared."""
        with held(self.driver, self.database, self.vocabulary) as taken:
            bulk = BatchWriter(taken.store, self.vocabulary)
            there = bulk.there(batch)
            same = bulk.unchanged(batch, there) if there else set()
            new, left = bulk.together([one for one in batch if one.source not in same], there)
            known = self._remembered.at(taken.before)
            shared = SharedEntityMerger(taken.store, self.vocabulary).between(new, there, known)
            self.stages.end("look")
            if new:
                values = {k: v for k, v in self.told.items() if v is not None} | {"part": part}
                if rows is None or len(new) < len(batch) or shared.entities:
                    rows = creation_of(self.vocabulary, shared.elements)
                counts = bulk.create(taken.writer, rows, shared, values, taken.before)
                self.stages.end("write")
                taken.commit(taken.before + 1, self.waits)
                self._remembered.put(taken.before + 1, shared.entities)
                self.stages.end("commit")
                self.report.counts += counts
                self.report.versions += 1
        self.report.passed_over += len(same)
        return left

    def _compare(self, *, last: bool) -> None:
        """Compare sources with what the graph holds, as one state, as small files are loaded.

        Where that is refused, a later batch may help: they wait for it, up to a limit.
        """
        if not self._left:
            return
        facts = [
            facts
            for one in self._left
            for facts in checked_lines(self.vocabulary, one.section).facts
            if facts.source.id == one.source
        ]
        try:
            done = load(
                self.driver,
                facts,
                database=self.database,
                vocabulary=self.vocabulary,
                by=self.told["by"],
                note=self.told["note"],
            )
        except LoadError as error:
            waiting = sum(one.elements for one in self._left)
            if last or error.code not in MAY_BE_LATER or waiting > MOST_WAITING:
                raise
            return
        self._left = []
        self.report.one_by_one += len(done)
        self.report.versions += len({one.version for one in done if one.made_version})
        for one in done:
            for name, counter in one.counts.items():
                self.report.counts[name] += counter["recorded"]
        self.stages.end("compare")
