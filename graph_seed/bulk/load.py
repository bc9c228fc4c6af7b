"""Loading a file of any size: checked whole before anything is written, then written in batches.

Each batch is a transaction and a version of its own, and leaves the graph consistent: a source is
never torn. What the graph holds already is passed over, so a load that was stopped goes on when it
is given again.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

import neo4j

from graph_seed.bulk.checking import FirstPass, checked_section
from graph_seed.bulk.files import sections_of
from graph_seed.bulk.spool import Spool, Spooled, spooled
from graph_seed.bulk.writing import Bulk, Unfit
from graph_seed.load import attempted, load
from graph_seed.prepare import prepare
from graph_seed.problems import FactsError, Problem, errors
from graph_seed.records import Place
from graph_seed.transaction import held
from schema.domain import DOMAIN
from schema.names import ID, NODE
from schema.vocabulary import Vocabulary

BATCH = 13_000
"""Elements, nodes and relationships, of one transaction, about; a source is never torn."""
LARGEST_SOURCE = 100_000
"""Elements that one source may have."""
Progress = Callable[[str, int, int], None]
"""Told of a stage how much of it is done: bytes of the files while they are checked, elements of
all while they are written."""


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
    counts: Counter[str] = field(default_factory=Counter)
    """What was recorded, by label and relationship type."""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """The report as plain data, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


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
) -> BulkReport:
    """Load files of JSON Lines of any size, packed or not.

    Raises FactsError with everything that is wrong, up to a limit, and then nothing was written;
    LoadError (UNKNOWN_ID, TOO_LARGE, LOAD_INTERRUPTED) while writing: what was written stays, and
    the same load given again goes on.
    """
    report = BulkReport()
    stages = _Stages(report)
    prepare(driver, database, vocabulary)
    first = FirstPass(vocabulary)
    with TemporaryFile() as file:
        spool = Spool(file)
        _check(first, list(paths), spool, progress)
        first.finish()
        first.problems += _absent(driver, database, first)
        if found := errors(first.problems):
            raise FactsError(found)
        stages.end("check")
        report.elements = spool.elements
        loader = _Loader(driver, database, vocabulary, {"by": by, "note": note}, report, stages)
        done = 0
        for number, batch in enumerate(spool, start=1):
            loader.write(batch, f"{number} of {spool.batches}")
            done += sum(one.elements for one in batch)
            if progress:
                progress("write", done, spool.elements)
    return report


def _check(first: FirstPass, paths: list[Path], spool: Spool, progress: Progress | None) -> None:
    """Check files source by source; what is right goes into the spool."""
    batch: list[Spooled] = []
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for index, path in enumerate(paths):
        try:
            for section in sections_of(path):
                if progress:
                    progress("check", sum(sizes[:index]) + section.end, sum(sizes))
                for facts in first.facts(section):
                    one = spooled(first.vocabulary, facts, section)
                    if one.elements > LARGEST_SOURCE:
                        message = (
                            f"{one.source} has {one.elements} nodes and relationships; "
                            f"a source may have {LARGEST_SOURCE}. Split it."
                        )
                        first.problems.append(Problem(facts.source.place, "TOO_LARGE", message))
                    if batch and sum(b.elements for b in batch) + one.elements > BATCH:
                        spool.put(batch)
                        batch = []
                    batch.append(one)
                if first.too_many:
                    return
        except (OSError, EOFError, ValueError) as error:
            message = f"this cannot be read: {error}"
            first.problems.append(Problem(Place(str(path), 1), "NO_FILE", message))
    if batch:
        spool.put(batch)


def _absent(driver: neo4j.Driver, database: str, first: FirstPass) -> Iterator[Problem]:
    """What is used and neither in the files nor in the graph."""
    if errors(first.problems):
        return
    with driver.session(database=database) as session:
        ids = list(first.elsewhere)
        text = (
            f"CYPHER 5 UNWIND $ids AS id OPTIONAL MATCH (n:{NODE} {{{ID}: id}}) "
            "WITH id, n WHERE n IS NULL RETURN id"
        )
        for id_ in session.run(text, ids=ids).value():
            message = f"{id_} is neither in these files nor in the graph; load it first"
            yield Problem(first.elsewhere[id_], "UNKNOWN_ID", message)


@dataclass(slots=True)
class _Loader:
    driver: neo4j.Driver
    database: str
    vocabulary: Vocabulary
    told: dict[str, str | None]
    report: BulkReport
    stages: _Stages

    def write(self, batch: list[Spooled], part: str) -> None:
        """Write a batch: what is new together, what has to be compared one by one."""
        sources = [one.source for one in batch]
        try:
            left = attempted(lambda: self._together(batch, part), sources)
        except Unfit:
            left = batch
        self.report.sources += len(batch)
        for one in left:
            self._alone(one)

    def _together(self, batch: list[Spooled], part: str) -> list[Spooled]:
        """Write what is new of a batch as one version; gives what has to be compared."""
        with held(self.driver, self.database, self.vocabulary) as taken:
            bulk = Bulk(taken.store, self.vocabulary)
            there = bulk.there(batch)
            same = bulk.unchanged(batch, there) if there else set()
            new: list[Spooled] = []
            left: list[Spooled] = []
            described: set[str] = set()
            for one in batch:
                if one.source in same:
                    continue
                # What comes after something that is left may need it.
                fits = not left and bulk.is_new(one, there, described)
                (new if fits else left).append(one)
                described |= one.descriptions.keys()
            self.stages.end("look")
            if new:
                values = {k: v for k, v in self.told.items() if v is not None} | {"part": part}
                counts = bulk.create(new, values)
                self.stages.end("write")
                taken.commit(taken.before + 1)
                self.stages.end("commit")
                self.report.counts += counts
                self.report.versions += 1
        self.report.passed_over += len(same)
        return left

    def _alone(self, one: Spooled) -> None:
        """Compare one source with what the graph holds, as the load of a small file does."""
        checked = checked_section(self.vocabulary, one.section)
        facts = [facts for facts in checked.facts if facts.source.id == one.source]
        (done,) = load(
            self.driver,
            facts,
            database=self.database,
            vocabulary=self.vocabulary,
            by=self.told["by"],
            note=self.told["note"],
        )
        self.report.one_by_one += 1
        self.report.versions += done.made_version
        for name, counter in done.counts.items():
            self.report.counts[name] += counter["recorded"]
        self.stages.end("compare")
