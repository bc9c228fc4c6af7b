"""Keep checked sources on disk between the scan and the writing: memory stays bounded."""

import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from graph_seed.problems import LoadError
from graph_seed.records import Facts
from graph_seed.state.desired_state import description_type, desired_state
from graph_seed.state.elements import Elements, elements_of
from graph_seed.syntax.sections import RawSection
from schema.names import DIGEST
from schema.vocabulary import Vocabulary

BATCH = 13_000
"""Nodes and relationships of one transaction, about; a source is never split."""


@dataclass(frozen=True, slots=True)
class SpooledSource(Elements):
    """The elements of one source, as if no other source described its entities.

    The first node is the source.
    """

    source: str
    section: RawSection
    digests: dict[str, int]
    """Digests of the source and of each fact, by id."""
    descriptions: dict[str, object]
    """Digests of the descriptions, by the entity's id."""

    @property
    def elements(self) -> int:
        """The number of its nodes and relationships."""
        return len(self.nodes) + len(self.relationships)

    def pickled(self) -> bytes:
        """Return it as bytes, for the spool."""
        return pickle.dumps(self, pickle.HIGHEST_PROTOCOL)


def spool_source(vocabulary: Vocabulary, facts: Facts, section: RawSection) -> SpooledSource:
    """Return the elements of a source's facts."""
    state = desired_state(vocabulary, facts, {}, {}, {})
    facts_alone = [one for one in facts.records if not one.type.is_entity]
    digests = {one.id: one.digest for one in (facts.source, *facts_alone)}
    described = description_type(vocabulary)
    said = {s.start: one[DIGEST] for s, one in state.relationships.items() if s.type == described}
    made = elements_of(state.nodes.values(), state.relationships)
    return SpooledSource(made.nodes, made.relationships, facts.source.id, section, digests, said)


@contextmanager
def temporary_files() -> Iterator[None]:
    """Raise LoadError (TEMPORARY_FILES) where a temporary file cannot be written or read again."""
    try:
        yield
    except (OSError, EOFError, pickle.UnpicklingError, sqlite3.Error) as error:
        why = (
            error.strerror if isinstance(error, OSError) and error.strerror else "no space is left"
        )
        message = f"Temporary files cannot be used ({why}); free space, or set TMPDIR to a folder"
        raise LoadError("TEMPORARY_FILES", f"{message} that has some.") from error


@dataclass(slots=True)
class Spool:
    """Batches of sources in their order, in a file."""

    file: IO[bytes]
    batches: int = 0
    elements: int = 0
    _waiting: list[bytes] = field(default_factory=list)
    _elements_waiting: int = 0

    def add(self, packed: bytes, elements: int) -> None:
        """Add a source."""
        if self._waiting and self._elements_waiting + elements > BATCH:
            self.end()
        self._waiting.append(packed)
        self._elements_waiting += elements

    def end(self) -> None:
        """End the last batch."""
        if self._waiting:
            pickle.dump(self._waiting, self.file, pickle.HIGHEST_PROTOCOL)
            self.batches += 1
            self.elements += self._elements_waiting
            self._waiting, self._elements_waiting = [], 0

    def __iter__(self) -> Iterator[list[SpooledSource]]:
        """Yield the batches from the first on."""
        self.file.seek(0)
        for _ in range(self.batches):
            with temporary_files():
                # Written by this load, to a file without a name.
                batch = [pickle.loads(one) for one in pickle.load(self.file)]  # noqa: S301
            yield batch
