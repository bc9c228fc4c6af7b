"""Check the lines of one source in several processes, and prepare what a load writes of it."""

import gc
import hashlib
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing import get_all_start_methods, get_context, parent_process
from threading import Thread
from typing import NamedTuple

import orjson

from graph_seed.checking.check import Checked, check_sections
from graph_seed.checking.record_schema import record_kinds
from graph_seed.checking.references import Step, acyclic_links
from graph_seed.loading.bulk.spool import spool_source
from graph_seed.problems import LoadError, Problem, errors
from graph_seed.records import Place, Record
from graph_seed.state.entity_merge import names_of, shown_values
from graph_seed.state.index_limits import text_length
from graph_seed.syntax.read import read_lines
from graph_seed.syntax.sections import RawSection
from schema import rules
from schema.names import AS_WRITTEN
from schema.scalars import EARLIEST
from schema.storage import fingerprint
from schema.vocabulary import Vocabulary

MOST_ERRORS = 100
"""Errors that are reported; a file with more has an error that these show."""
LARGEST_SOURCE = 100_000
"""Elements that one source may have."""


class DefinedEntity(NamedTuple):
    """An entity that a source defines: its place and its description as JSON."""

    id: str
    place: Place
    said: bytes
    """The part of it that a report shows."""
    names: bytes
    """All of its names, by property."""
    length: int
    """Characters that the names have together."""


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """A source without problems of its own."""

    place: Place
    defined: list[str]
    """Ids that it defines; its own first."""
    uses: dict[str, Place]
    """Ids that others define, each with where it is listed."""
    elements: int
    packed: bytes
    published: str | None = None
    """The first day on which it may have been published."""
    entities: list[DefinedEntity] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The source's id."""
        return self.defined[0]


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """The result of the check of one source's lines."""

    sources: list[CheckedSource]
    """The source, if it has no problems."""
    problems: list[Problem]
    steps: list[Step]
    """Where records lead to along links that may not lead in a circle."""


def check_section(vocabulary: Vocabulary, section: RawSection) -> CheckedSection:
    """Check everything that can be checked without the rest of the file."""
    checked = check_lines(vocabulary, section)
    if not checked.valid:
        return CheckedSection([], errors(checked.problems)[:MOST_ERRORS], [])
    found: list[CheckedSource] = []
    problems: list[Problem] = []
    for facts in checked.facts:
        one = spool_source(vocabulary, facts, section)
        if one.elements > LARGEST_SOURCE:
            message = (
                f"{one.source} has {one.elements} nodes and relationships; "
                f"a source may have {LARGEST_SOURCE}. Split it."
            )
            problems.append(Problem(facts.source.place, "TOO_LARGE", message))
            continue
        if len(checked.facts) == 1:
            one.nodes[0][1][AS_WRITTEN] = [hash_lines(vocabulary, section), one.elements]
        ids = [facts.source.id, *(record.id for record in facts.records)]
        uses = dict(facts.uses)
        entities = [_defined_entity(record) for record in facts.entities]
        place = facts.source.place
        day = one.nodes[0][1].get(rules.PUBLISHED + EARLIEST)
        published = str(day) if day else None
        packed = one.pickled()
        found.append(CheckedSource(place, ids, uses, one.elements, packed, published, entities))
    links = acyclic_links(vocabulary)
    steps = [s for s in checked.steps if s.link in links and links[s.link].joins(s.start, s.end)]
    return CheckedSection(found, problems, steps)


def _defined_entity(record: Record) -> DefinedEntity:
    said = orjson.dumps(shown_values(record.type, record.values))
    names = {name: one for name in names_of(record.type) if (one := record.values.get(name))}
    length = sum(map(text_length, names.values()))
    return DefinedEntity(record.id, record.place, said, orjson.dumps(names), length)


def check_lines(vocabulary: Vocabulary, section: RawSection) -> Checked:
    """Check the lines of one source; the slower parser that keeps places is used for errors only.

    Ids that others define are looked up in the graph later: warnings about them are dropped.
    """
    kinds = record_kinds(vocabulary)
    for quick in (True, False):
        part = read_lines(section.path, section.raw, kinds, first=section.line, quick=quick)
        checked = check_sections([part], vocabulary, for_load=True)
        if checked.valid:
            break
    checked.problems = [
        one for one in checked.problems if one.severity == "error" or one.code != "UNKNOWN_ID"
    ]
    return checked


_fingerprint = cache(fingerprint)


def hash_lines(vocabulary: Vocabulary, section: RawSection) -> int:
    """Return a signed 64-bit hash of a source's lines and the vocabulary."""
    key = _fingerprint(vocabulary).encode()[: hashlib.blake2b.MAX_KEY_SIZE]
    return int.from_bytes(
        hashlib.blake2b(section.raw, digest_size=8, key=key).digest(), signed=True
    )


AHEAD = 1
"""Groups that wait for each process, beside the one it has."""
MADE_BETWEEN_COLLECTIONS = 20_000
"""Objects; what a check makes is let go of by counting, and looked through in vain."""

_vocabulary: Vocabulary


def checked(
    groups: Iterable[list[RawSection]], vocabulary: Vocabulary, processes: int
) -> Generator[CheckedSection, None, None]:
    """Check sections and give what is found in each, in order; one process is this one.

    Raises LoadError (LOAD_INTERRUPTED) where one of several processes ends before its work does.
    """
    if processes == 1:
        for sections in groups:
            yield from map(partial(check_section, vocabulary), sections)
        return
    # Never forked from here: a program that loads may have threads.
    methods = get_all_start_methods()
    context = get_context("forkserver" if "forkserver" in methods else "spawn")
    # Forked from one that has the modules: they are held once.
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(vocabulary,))
    waiting: deque[Future[list[CheckedSection]]] = deque()
    try:
        for sections in groups:
            waiting.append(pool.submit(_check, sections))
            if len(waiting) > (1 + AHEAD) * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LoadError("LOAD_INTERRUPTED", _ENDED) from error
    finally:
        pool.shutdown(cancel_futures=True)


_ENDED = (
    "A process that checks the files ended, perhaps for want of memory; nothing was written. "
    "Give the command again."
)


def _begin(vocabulary: Vocabulary) -> None:
    """Make a process ready: it ends with its parent, however that ends."""
    global _vocabulary  # noqa: PLW0603
    _vocabulary = vocabulary
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_COLLECTIONS)


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _check(sections: list[RawSection]) -> list[CheckedSection]:
    return [check_section(_vocabulary, one) for one in sections]
