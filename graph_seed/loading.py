"""Loading sources' facts, and taking them out again: one transaction, one version, or nothing.

What a source's file holds is compared with what the graph holds of that source. Only what differs
is written; what is no longer in the file expires; nothing is overwritten.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from graph_seed.attach import verified
from graph_seed.check import check, check_records
from graph_seed.one_source import OneSource
from graph_seed.preparing import prepare
from graph_seed.problems import FactsError, LoadError, errors
from graph_seed.records import Facts
from graph_seed.report import LoadReport, Progress
from graph_seed.text import hashed_text
from graph_seed.transaction import together
from graph_seed.valid import by_file, problems_of
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary

ATTEMPTS = 5
T = TypeVar("T")


class Options(TypedDict, total=False):
    """The options of :func:`load`."""

    database: str
    vocabulary: Vocabulary
    by: str | None
    note: str | None
    dry_run: bool
    texts: Mapping[str, str] | None
    progress: Progress | None


def load(
    driver: neo4j.Driver,
    records: Facts | Iterable[Facts] | Iterable[Mapping[str, object]],
    *,
    database: str = "neo4j",
    vocabulary: Vocabulary = DOMAIN,
    by: str | None = None,
    note: str | None = None,
    dry_run: bool = False,
    texts: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[LoadReport]:
    """Load sources' facts through an open driver, those of one file in one transaction.

    ``records`` are checked facts, or plain records as JSON Lines have them, which are checked here,
    and cited where they are given with the text.
    What one source uses of another is loaded before it. Loading what is there already changes
    nothing and makes no version. A dry run does all of it and takes it back. ``texts`` holds
    sources' texts by the source's id, to be verified and attached. Raises FactsError for records
    that the vocabulary does not allow, and LoadError (UNKNOWN_ID, WRONG_KIND, IN_USE, CIRCLE,
    TEXT_DIFFERS, TOO_LARGE, LOAD_INTERRUPTED) with every id that is concerned; then nothing of
    that file was written.
    """
    given = _facts(records, vocabulary, texts)
    if problems := problems_of(vocabulary, given):
        raise FactsError(problems)
    held = {one: hashed_text(text.encode()) for one, text in (texts or {}).items()}
    if strange := sorted(set(held) - {one.source.id for one in given}):
        message = f"a text is given for what is not loaded here: {', '.join(strange)}"
        raise LoadError("UNKNOWN_ID", message, strange)
    for one in given:
        if one.source.id in held:
            verified(one, held[one.source.id])
    prepare(driver, database, vocabulary)
    works = [
        [
            OneSource(
                vocabulary, one.source.id, one, by, note, dry_run, held.get(one.source.id), progress
            )
            for one in file
        ]
        for file in by_file(given)
    ]
    if dry_run:
        works = [list(chain(*works))]
    reports: list[LoadReport] = []
    for some in works:
        try:
            reports += _attempted(driver, database, some, dry_run=dry_run)
        except LoadError as error:
            if not reports or dry_run:
                raise
            done = ", ".join(report.source for report in reports)
            raise LoadError(error.code, f"{error} (loaded before it: {done})", error.ids) from error
    return reports


def _facts(
    records: Facts | Iterable[Facts] | Iterable[Mapping[str, object]],
    vocabulary: Vocabulary,
    texts: Mapping[str, str] | None,
) -> list[Facts]:
    """The facts, checked where they are plain records."""
    if isinstance(records, Facts):
        return [records]
    given = list(records)
    plain = [one for one in given if isinstance(one, Mapping)]
    if not plain:
        return [one for one in given if isinstance(one, Facts)]
    checked = check_records(plain, vocabulary, texts)
    if not checked.valid:
        raise FactsError(errors(checked.problems))
    return checked.facts


def load_files(
    driver: neo4j.Driver, paths: Iterable[Path | str], **options: Unpack[Options]
) -> list[LoadReport]:
    """Check facts files and load them; raises FactsError with everything that is wrong."""
    checked = check(paths, options.get("vocabulary", DOMAIN), for_load=True)
    if not checked.valid:
        raise FactsError(errors(checked.problems))
    return load(driver, checked.facts, **options)


def unload(
    driver: neo4j.Driver,
    source: str,
    *,
    database: str = "neo4j",
    vocabulary: Vocabulary = DOMAIN,
    by: str | None = None,
    note: str | None = None,
    dry_run: bool = False,
) -> LoadReport:
    """Expire one source's facts; what other sources say of its entities stays.

    Raises LoadError: UNKNOWN_ID for a source that is not there, IN_USE where another source's facts
    point at something that would be over.
    """
    prepare(driver, database, vocabulary)
    work = OneSource(vocabulary, source, None, by, note, dry_run)
    (report,) = _attempted(driver, database, [work], dry_run=dry_run)
    return report


def _attempted(
    driver: neo4j.Driver, database: str, works: Sequence[OneSource], *, dry_run: bool
) -> list[LoadReport]:
    sources = [work.source for work in works]
    return attempted(lambda: together(driver, database, works, dry_run=dry_run), sources)


def attempted(work: Callable[[], T], sources: Sequence[str]) -> T:
    """What comes of work done in one transaction, again where it failed for a passing reason.

    Doing it again is safe even where a commit's answer was lost: what is there is passed over.
    Raises LoadError (LOAD_INTERRUPTED).
    """
    for attempt in range(ATTEMPTS):
        try:
            return work()
        except Neo4jError as error:
            if not error.is_retryable():
                raise
            if attempt + 1 == ATTEMPTS:
                raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED, sources) from error
            time.sleep(0.1 * 2**attempt)
        except DriverError as error:
            raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED, sources) from error
    raise AssertionError("the loop returns or raises")


_INTERRUPTED = (
    "The database went away while loading; nothing was written by halves. Give the command again."
)
