"""What a facts file says once it is read and checked: records, whatever they came from.

``check`` makes records of what a file says, ``load`` brings records into the graph. A program that
has facts of its own may build records itself and hand them to ``load``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

import orjson

from schema.model import NodeType
from schema.scalars import PropertyValue


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class RecordPlace(Place):
    """Where among a program's records something stands; ``line`` is the record's position.

    ``record`` is its kind and key, or the source's id; ``path`` leads to the value within it.
    """

    record: str = ""
    path: str = ""

    def __str__(self) -> str:
        named = f" ({self.record})" if self.record else ""
        return f"record {self.line}{named}{f', {self.path}' if self.path else ''}"

    def within(self, path: str) -> "RecordPlace":
        """Return the place of a value within the same record."""
        return RecordPlace(self.file, self.line, self.column, self.record, path)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link's other end, with the relationship's own properties."""

    id: str
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of the record's source; offsets as in ``graph_seed.text.Span``."""

    start: int
    end: int
    start_utf16: int
    end_utf16: int
    sha256: str
    first_sentence: int
    last_sentence: int
    locator: str


@dataclass(slots=True)
class Record:
    """One source, entity or fact as one source's file gives it, complete and valid.

    ``values`` holds declared properties by name (defaults, inherited and derived ones included);
    ``links`` holds outgoing links by name, in the order written; both without empty values.
    ``digest`` is a signed 64-bit hash of all that (``graph_seed.records``): what is inherited
    counts, spelling and layout do not.
    """

    type: NodeType
    id: str
    source: str
    values: dict[str, PropertyValue]
    links: dict[str, list[Reference]]
    evidence: list[Citation]
    place: Place
    digest: int = 0


@dataclass(slots=True)
class Facts:
    """All records of one source.

    ``uses`` are ids that others define, each with where it is listed; ``text`` is the file as
    written, if it was written by hand.
    """

    source: Record
    records: list[Record]
    uses: Mapping[str, Place]
    text: str | None = None

    @property
    def entities(self) -> list[Record]:
        """The records of entities."""
        return [record for record in self.records if record.type.is_entity]


def digest_of(record: Record) -> int:
    """Return a signed 64-bit hash of a record; spelling, order and layout do not count.

    What is carried over, inherited and derived counts too: a record changes with what it follows.
    """
    links = {
        name: sorted(([one.id, dict(one.properties)] for one in ends), key=itemgetter(0))
        for name, ends in record.links.items()
    }
    cited = sorted((one.start, one.end, one.sha256) for one in record.evidence)
    said = [record.type.label, record.id, record.values, links, cited]
    raw = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), signed=True)
