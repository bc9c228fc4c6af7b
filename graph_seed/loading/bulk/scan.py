"""Scan files of any size once: check everything that ``check`` checks, before anything is written.

Sources that the graph contains exactly as a file has them are skipped. They are found by a hash of
their lines, a property of the source since those lines were loaded; any other load of the source
removes it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, islice
from pathlib import Path

import neo4j
import orjson

from graph_seed.checking.check import repeated_source_message
from graph_seed.checking.references import report_cycles
from graph_seed.graph.repository import AT_ONCE, Repository
from graph_seed.loading.bulk.check_lines import MOST_ERRORS, CheckedSource, checked, hash_lines
from graph_seed.loading.bulk.graph_conflicts import find_conflicts, find_name_conflicts
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.loading.bulk.merge_shared import SharedFinder
from graph_seed.loading.bulk.spool import Spool, temporary_files
from graph_seed.loading.load import translate_errors
from graph_seed.problems import FactsError, Problem
from graph_seed.records import Place
from graph_seed.state.entity_merge import shared_problem
from graph_seed.syntax.sections import RawSection, UnreadableFile, read_sections, size_of
from schema import rules
from schema.domain import DOMAIN
from schema.names import AS_WRITTEN
from schema.storage import match_id
from schema.vocabulary import Vocabulary


def is_empty(session: neo4j.Session, vocabulary: Vocabulary) -> bool:
    """Return whether the graph contains no source."""
    source = vocabulary.by_kind[rules.SOURCE].label
    return session.run(f"CYPHER 5 MATCH (s:{source}) RETURN 1 LIMIT 1").single() is None


def find_unchanged(
    session: neo4j.Session, vocabulary: Vocabulary, sections: Sequence[RawSection]
) -> dict[int, int]:
    """Return the sections that the graph contains, by position, with their numbers of elements."""
    named = [(index, name) for index, one in enumerate(sections) if (name := _source_of(one))]
    source = vocabulary.by_kind[rules.SOURCE].label
    rows = session.run(
        f"CYPHER 5 UNWIND $named AS row {match_id('s', 'row[1]', source)} "
        f"WHERE s.{AS_WRITTEN} IS NOT NULL RETURN row[0], s.{AS_WRITTEN}[0], s.{AS_WRITTEN}[1]",
        named=named,
    )
    return {
        index: elements
        for index, held, elements in rows.values()
        if held == hash_lines(vocabulary, sections[index])
    }


def _source_of(section: RawSection) -> str | None:
    """Return the id of the source in the first line, or None."""
    try:
        found = orjson.loads(section.raw.partition(b"\n")[0])["source"]["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None


GROUP = 128_000
"""Bytes, about, of the sections that are looked up and checked together."""
Progress = Callable[[str, int, int], None]
"""Told of a stage how much of it is done: bytes of the files while they are checked, elements of
all while they are written."""


@dataclass(slots=True)
class Scan:
    """Checks files and fills the spool with what has to be written or compared."""

    session: neo4j.Session | None
    """None where nothing is to be asked of a graph."""
    vocabulary: Vocabulary
    spool: Spool
    progress: Progress | None = None
    strict_shared: bool = False
    sources: int = 0
    """Sources that the graph holds as they are written."""
    elements: int = 0
    """Their nodes and relationships."""
    read: int = 0
    """Sources that were checked and are right by themselves."""
    warnings: list[Problem] = field(default_factory=list)
    _holding: neo4j.Session | None = None
    """The session, if the graph holds anything at the beginning; what another load writes meanwhile
    is found before it is written again."""
    _problems: list[Problem] = field(default_factory=list)
    _ids: IdIndex = field(default_factory=IdIndex)
    shared: SharedFinder = field(init=False)
    """Finds entities that several sources define."""

    def run(self, paths: Iterable[Path], processes: int) -> None:
        """Check files together; raises FactsError with what is wrong, up to a limit.

        Raises LoadError (LOAD_INTERRUPTED, TEMPORARY_FILES) where the check cannot go on.
        """
        if self.session is not None and not is_empty(self.session, self.vocabulary):
            self._holding = self.session
        self.shared = SharedFinder(self._ids, self.vocabulary, self._holding)
        groups = self._groups(list(paths))
        with (
            temporary_files(),
            closing(self._ids),
            closing(checked(groups, self.vocabulary, processes)) as found,
        ):
            for section in found:
                self._problems += section.problems
                self._ids.add_steps(section.steps)
                for source in section.sources:
                    self._add(source)
                if len(self._problems) >= MOST_ERRORS:
                    break
            else:
                self.spool.end()
                self.spool.file.flush()
                self._say_of_all()
        if self._problems:
            raise FactsError(self._problems[:MOST_ERRORS])

    def _groups(self, paths: list[Path]) -> Iterator[list[RawSection]]:
        """Yield the sections that have to be checked, some at a time."""
        sizes = [size_of(path) for path in paths]
        for before, path in zip(accumulate(sizes, initial=0), paths, strict=False):
            group: list[RawSection] = []
            length = 0
            try:
                for section in read_sections(path):
                    group.append(section)
                    length += len(section.raw)
                    if length >= GROUP:
                        yield from self._changed_sections(group)
                        if self.progress:
                            self.progress("check", before + section.end, sum(sizes))
                        group, length = [], 0
                yield from self._changed_sections(group)
            except UnreadableFile as error:
                self._say(error.place, error.code, str(error))

    def _changed_sections(self, group: list[RawSection]) -> Iterator[list[RawSection]]:
        """Return the sections that the graph does not contain as they are."""
        same = find_unchanged(self._holding, self.vocabulary, group) if self._holding else {}
        self.sources += len(same)
        self.elements += sum(same.values())
        if changed := [one for index, one in enumerate(group) if index not in same]:
            yield changed

    def _add(self, source: CheckedSource) -> None:
        self.read += 1
        first = self._ids.first(source)
        if first != source.place:
            self._say(source.place, "SOURCE_TWICE", repeated_source_message(source.id, first))
        self._ids.add(source.defined, source.uses)
        self._ids.add_names(source.entities)
        self.shared.add(source)
        # Nothing will be written once something is wrong.
        if not self._problems:
            self.spool.add(source.packed, source.elements)

    def _say_of_all(self) -> None:
        """Say what can only be said when all was read."""
        is_right = not self._problems
        if is_right:
            self._problems += islice(self._report_joint_problems(), MOST_ERRORS)
        report_cycles(self._ids.circling(), self._say)
        self.shared.end()
        for one in self.shared.found:
            place = self.shared.places[one.id]
            problem = shared_problem(one, place, strict=self.strict_shared)
            (self._problems if self.strict_shared else self.warnings).append(problem)
        for name, place in islice(self._ids.used_too_early(), MOST_ERRORS):
            message = f"{name} is defined further down; put the source that defines it first"
            self._say(place, "UNKNOWN_ID", message)
        if self.session is None:
            for name, place in islice(self._ids.used_elsewhere(), MOST_ERRORS):
                message = (
                    f"{name} is not in these files; a graph that they are loaded into needs it"
                )
                self.warnings.append(Problem(place, "UNKNOWN_ID", message, "warning"))
        elif is_right:
            for name, place in islice(self._absent(self.session), MOST_ERRORS):
                message = f"{name} is neither in these files nor in the graph; load it first"
                self._say(place, "UNKNOWN_ID", message)

    def _report_joint_problems(self) -> Iterator[Problem]:
        """Yield what sources are wrong with together that are each right by themselves."""
        if self._holding is None:
            yield from find_name_conflicts(self.vocabulary, self._ids, None)
            return
        with self._holding.begin_transaction() as transaction:
            store = Repository(transaction, self.vocabulary)
            yield from find_conflicts(store, self.vocabulary, self._ids)

    def _absent(self, session: neo4j.Session) -> Iterator[tuple[str, Place]]:
        """Yield ids that are used and neither in the files nor in the graph."""
        text = (
            f"CYPHER 5 UNWIND $ids AS id OPTIONAL {match_id('n', 'id')} "
            "WITH id, n WHERE n IS NULL RETURN id"
        )
        left = self._ids.used_elsewhere()
        while some := dict(islice(left, AT_ONCE)):
            for name in session.run(text, ids=list(some)).value():
                yield name, some[name]

    def _say(self, place: Place, code: str, message: str) -> None:
        self._problems.append(Problem(place, code, message))


@dataclass(frozen=True, slots=True)
class LargeCheck:
    """The result of a check of large files: problems up to a limit, and counts."""

    sources: int
    elements: int
    """Nodes and relationships of the sources before the first that is wrong."""
    problems: list[Problem]


def check_large(
    paths: Iterable[Path],
    *,
    vocabulary: Vocabulary = DOMAIN,
    progress: Progress | None = None,
    processes: int = 1,
    strict_shared: bool = False,
    session: neo4j.Session | None = None,
) -> LargeCheck:
    """Check files of JSON Lines, packed or not, as ``load_large`` does.

    What is used and nowhere defined is a warning: a graph may hold it; with a ``session`` the graph
    is asked, and it is an error. Entities that several sources define are noted, the first of them;
    ``strict_shared`` makes those errors. ``processes`` as there.
    Raises LoadError (LOAD_INTERRUPTED, TEMPORARY_FILES) where the check cannot go on.
    """
    with Path(os.devnull).open("wb") as nowhere:
        spool = Spool(nowhere)
        first = Scan(session, vocabulary, spool, progress, strict_shared)
        try:
            with translate_errors([]):
                first.run(paths, processes)
        except FactsError as error:
            return LargeCheck(first.read, spool.elements, error.problems)
    return LargeCheck(first.read, spool.elements, first.warnings)
