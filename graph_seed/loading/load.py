"""Load sources' facts, unload them, or check them against a graph without loading them.

The facts of a source are compared with what the graph contains of it. Only the difference is
written; facts that are no longer in the file expire; nothing is overwritten.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypedDict, TypeVar, Unpack

import neo4j
import orjson
from neo4j.exceptions import DriverError, Neo4jError

from graph_seed.checking.check import Checked, Elsewhere, check, check_sections
from graph_seed.checking.record_schema import record_kinds
from graph_seed.checking.references import Step, acyclic_links
from graph_seed.checking.validate import validate_records
from graph_seed.citing.cite import cite_content
from graph_seed.citing.cite_source import to_plain
from graph_seed.graph.attach import verify_text
from graph_seed.graph.ensure_schema import ensure_schema
from graph_seed.graph.report import LoadReport, Progress, Target
from graph_seed.graph.repository import Repository
from graph_seed.loading.bulk.check_lines import CheckedSource
from graph_seed.loading.bulk.graph_conflicts import find_link_conflicts
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.loading.source_load import SourceLoad
from graph_seed.loading.transaction import load_sources, sort_by_use
from graph_seed.problems import FactsError, LoadError, Problem, errors, refused_by_database
from graph_seed.records import Facts, Place, RecordPlace
from graph_seed.state.desired_state import published_day
from graph_seed.syntax.python_values import parse_records
from graph_seed.syntax.read import make_entries
from graph_seed.syntax.tree import sections
from graph_seed.text import hashed_text
from graph_seed.values import one_form
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
    strict_shared: bool
    migrate: bool
    target: Target | None


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
    strict_shared: bool = False,
    migrate: bool = False,
    target: Target | None = None,
) -> list[LoadReport]:
    """Load sources' facts through an open driver, all in one transaction.

    ``records`` are checked facts, or plain records as JSON Lines have them; these are checked here,
    and cited if their text is given. Their order does not matter: a source may use what another
    defines, and drop what another used. Loading the same facts again changes nothing and makes no
    version. A dry run does all of it and rolls back; its reports list what would change. ``texts``
    are sources' texts by the source's id; they are verified and attached.

    Reports list the entities that other sources define too; ``strict_shared`` makes those errors.
    ``migrate`` allows to migrate a graph that another vocabulary built. ``target`` is what reports
    say of the database; by default the address that the driver reached.

    Raises FactsError for records that the vocabulary does not allow, and LoadError (UNKNOWN_ID,
    WRONG_KIND, IN_USE, CIRCLE, TEXT_DIFFERS, TOO_LONG, TOO_LARGE, MIGRATION_NEEDED,
    LOAD_INTERRUPTED, DATABASE_ERROR) with every id that is concerned; then nothing was written.
    """
    held = {source: _text(source, text) for source, text in (texts or {}).items()}
    given = _facts(records, vocabulary, held)
    if not given:
        return []
    if problems := validate_records(vocabulary, given):
        raise FactsError(problems)
    if strange := sorted(set(held) - {one.source.id for one in given}):
        message = f"a text is given for a source that is not loaded here: {', '.join(strange)}"
        raise LoadError("UNKNOWN_ID", message, strange)
    for one in given:
        if one.source.id in held:
            verify_text(one, held[one.source.id])
    works = [
        SourceLoad(
            vocabulary, one.source.id, one, by, note, dry_run, held.get(one.source.id), progress
        )
        for one in sort_by_use(given)
    ]
    if not works:
        return []

    def work() -> list[LoadReport]:
        ensure_schema(driver, database, vocabulary, migrate=migrate)
        return load_sources(driver, database, works, dry_run=dry_run, strict_shared=strict_shared)

    return _with_target(retry(work, [one.source for one in works]), target)


def _text(source: str, text: object) -> str:
    """Return a source's text as it is hashed; raises LoadError for what is none."""
    try:
        return hashed_text(text.encode()) if isinstance(text, str) else _no_text(source)
    except UnicodeEncodeError:
        return _no_text(source)


def _no_text(source: str) -> NoReturn:
    message = f"the text of {source} is not valid Unicode; read it as UTF-8"
    raise LoadError("TEXT_DIFFERS", message, [source])


def _facts(
    records: Facts | Iterable[Facts] | Iterable[Mapping[str, object]],
    vocabulary: Vocabulary,
    texts: Mapping[str, str] | None,
) -> list[Facts]:
    """Return the facts; whatever else is given is checked as plain records."""
    if isinstance(records, Facts):
        return [records]
    if isinstance(records, str | bytes | Mapping) or not isinstance(records, Iterable):
        message = "records are given as a list of mappings; load_files loads files by their paths"
        raise FactsError([Problem(RecordPlace("records", 1), "NO_RECORD", message)])
    given: list[object] = list(records)
    facts = [one for one in given if isinstance(one, Facts)]
    if len(facts) == len(given):
        return facts
    checked = check_records(given, vocabulary, texts)
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
    migrate: bool = False,
    target: Target | None = None,
) -> LoadReport:
    """Expire one source's facts; other sources' descriptions of its entities stay.

    Raises LoadError: UNKNOWN_ID for a source that is not there, IN_USE where another source's facts
    point at something that would expire, and for the database the same as ``load``.
    """
    one = SourceLoad(vocabulary, one_form(source), None, by, note, dry_run)

    def work() -> list[LoadReport]:
        ensure_schema(driver, database, vocabulary, migrate=migrate)
        return load_sources(driver, database, [one], dry_run=dry_run)

    (report,) = _with_target(retry(work, [source]), target)
    return report


def _with_target(reports: list[LoadReport], target: Target | None) -> list[LoadReport]:
    for report in reports:
        report.target = target or report.target
    return reports


def retry(work: Callable[[], T], sources: Sequence[str]) -> T:
    """Run a transaction, and run it again after transient errors.

    That is safe even if the answer of a commit was lost: facts that are there are skipped.
    Raises LoadError: LOAD_INTERRUPTED where the database went away, DATABASE_ERROR where it
    refuses.
    """
    with translate_errors(sources):
        for attempt in range(ATTEMPTS):
            try:
                return work()
            except Neo4jError as error:
                if not error.is_retryable() or attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(0.1 * 2**attempt)
    raise AssertionError("the loop returns or raises")


@contextmanager
def translate_errors(sources: Sequence[str]) -> Iterator[None]:
    """Turn errors of the driver into LoadErrors with a code."""
    try:
        yield
    except Neo4jError as error:
        if error.is_retryable():
            raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED, sources) from error
        raise refused_by_database(error, sources) from error
    except DriverError as error:
        raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED, sources) from error


_INTERRUPTED = (
    "The database became unavailable during the load; nothing was written. Run the command again."
)


def check_records(
    records: Iterable[object],
    vocabulary: Vocabulary,
    texts: Mapping[str, str] | None = None,
) -> Checked:
    """Check a program's plain records, as JSON Lines have them; places name the record and the key.

    Where a source's text is among ``texts``, by the source's id, its records may cite by ``find``.
    """
    kinds = record_kinds(vocabulary)
    problems: list[Problem] = []

    def report(place: Place, code: str, message: str) -> None:
        problems.append(Problem(place, code, message))

    written = dict(parse_records(records, report, kinds))
    unread = {one.place for one in problems}
    if texts and not problems:
        raw = b"".join(orjson.dumps(to_plain(one)) + b"\n" for one in written.values())
        for source, text in texts.items():
            new, citing = cite_content(_LINES, raw, text, vocabulary, source=source)
            if new is None or not citing.written:
                places = [one.place for one in written.values()]
                again = [replace(one, place=places[one.place.line - 1]) for one in citing.problems]
                return Checked([], again)
            raw = new
        cited_lines = map(orjson.loads, raw.splitlines())
        written = dict(parse_records(cited_lines, report, kinds))
    first = RecordPlace("records", 1)
    lines = list(written.values())
    found = (
        sections(list(make_entries(lines, first, report, kinds))) if lines or not problems else []
    )
    checked = check_sections([(found, problems)], vocabulary, for_load=True)
    # What cannot be stored is told once, not again as what is then missing; and where something
    # is wrong, nothing was cited.
    checked.problems = [
        one
        for one in checked.problems
        if one in problems or not (one.place in unread or (texts and one.code == "NOT_CITED"))
    ]
    return checked


_LINES = Path("records.jsonl")
"""Stands for the file that records never were in, while they are cited."""


def check_against(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary, given: Sequence[Facts]
) -> Elsewhere:
    """Compare facts with what a graph holds of other sources; nothing is written.

    A problem is what is used and nowhere defined, a cycle of links with what the graph holds, and
    what other sources still use though these no longer define it.
    """
    sources = [facts.source.id for facts in given]
    entities = {r.id: r for facts in given for r in facts.entities}
    uses = {name: place for facts in given for name, place in facts.uses.items()}
    defined = {record.id for facts in given for record in facts.records}
    with (
        driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session,
        session.begin_transaction() as transaction,
    ):
        store = Repository(transaction, vocabulary)
        resolve = store.merged_ids({*entities, *uses})
        said = store.descriptions({resolve.get(one, one) for one in entities}, but=sources)
        there = store.node_types({resolve.get(one, one) for one in uses})
        with closing(_ids_of(vocabulary, given)) as ids:
            links = list(find_link_conflicts(store, vocabulary, ids, merged=store.has_merged()))
    found = Elsewhere(problems=links)
    for name, place in uses.items():
        if name not in defined and resolve.get(name, name) not in there:
            message = f"{name} is neither in these files nor in the graph; load it first"
            found.problems.append(Problem(place, "UNKNOWN_ID", message))
    for name in entities:
        for one in said[resolve.get(name, name)]:
            found.said.setdefault(name, {})[one.source] = (one.type, one.values)
    return found


def _ids_of(vocabulary: Vocabulary, given: Sequence[Facts]) -> IdIndex:
    """Return which ids facts define and use, and where they lead."""
    ids = IdIndex()
    for facts in given:
        defined = [facts.source.id, *(record.id for record in facts.records)]
        day = published_day(facts)
        published = str(day) if day else None
        ids.first(CheckedSource(facts.source.place, defined, {}, 0, b"", published))
        ids.add(defined, facts.uses)
        ids.add_steps(_steps(vocabulary, facts))
    return ids


def _steps(vocabulary: Vocabulary, facts: Facts) -> Iterator[Step]:
    links = acyclic_links(vocabulary)
    for record in facts.records:
        for name in links.keys() & record.links.keys():
            for to in record.links[name]:
                if links[name].joins(record.id, to.id):
                    yield Step(name, record.id, to.id, record.place, facts.source.id)
