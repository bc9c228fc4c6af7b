"""The syntax tree of a facts file: every scalar is a text, every node has its place."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from graph_seed.problems import Report
from graph_seed.records import Place
from graph_seed.values.words import one_form

T = TypeVar("T")
SOURCE, USES, ENTITIES, FACTS = "source", "uses", "entities", "facts"
DEEPEST = 20
"""How deep lists and mappings may stand within each other."""
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which an escape alone can give; no text may hold one."""
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class _Nothing(dict[str, T]):
    """A mapping of nothing, which may stand as a default: making one for each value costs more."""

    __hash__ = object.__hash__  # type: ignore[assignment]


_NO_KEYS: Mapping[str, Place] = _Nothing()
_NO_STARTS: Mapping[str, int] = _Nothing()


@dataclass(slots=True)
class SyntaxNode:
    """A value as written: a text, a list or a mapping; ``span`` is where it stands in the file.

    None is a null that is written: what holds it is read as if it were left out.
    """

    value: "str | list[SyntaxNode] | dict[str, SyntaxNode] | None"
    place: Place
    span: tuple[int, int] = (0, 0)
    keys: Mapping[str, Place] = _NO_KEYS
    """Of a mapping: where each key stands."""
    starts: Mapping[str, int] = _NO_STARTS
    """Of a mapping: the offset at which each key begins."""
    elsewhere: bool = False
    """Whether it is an alias of what is written at another place."""

    @property
    def text(self) -> str | None:
        """The text, or None for a list or a mapping."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> "list[SyntaxNode]":
        """The values of a list; one value counts as a list of one, null as an empty list."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]

    @property
    def fields(self) -> "dict[str, SyntaxNode]":
        """The fields of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}


@dataclass(slots=True)
class RawRecord:
    """One part of a file as written: a source, what it uses, or a record.

    ``part`` is the part of the file that it stands in (``source``, ``uses``, ``entities``,
    ``facts``), empty for a record on a line of its own. ``kind`` and ``key`` are a record's; the
    key is empty where it was left out.
    """

    part: str
    kind: str
    key: str
    written: SyntaxNode

    @property
    def place(self) -> Place:
        """The place of the record's kind."""
        return self.written.keys.get(self.kind, self.written.place)


def whole_characters(text: str, place: Place, report: Report) -> str:
    """Return a text with its escaped surrogates joined; half of a character is a problem."""
    if not HALF.search(text):
        return text
    joined = _PAIR.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    if HALF.search(joined):
        report(place, "TEXT", "this holds half a character (an escaped surrogate)")
        return HALF.sub("\ufffd", joined)
    return joined


def _join(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def comma_advice(value: SyntaxNode) -> str:
    """Return what to do about a key with nothing behind it: in braces, a comma makes such keys."""
    start, end = value.span
    nothing = value.value == "" and start == end > 0
    return "; put a text that holds a comma into quotes" if nothing else ""


def drop_nulls(mapping: SyntaxNode, but: str = "") -> None:
    """Remove the fields of a mapping that are null, all ``but`` one."""
    fields = mapping.fields
    for null in [name for name, value in fields.items() if value.value is None and name != but]:
        del fields[null]


def record(
    item: SyntaxNode, part: str, report: Report, kinds: Container[str] = ()
) -> RawRecord | None:
    """Return the entry of a record, or None where it is none; then that was said.

    Its kind comes first, or is the first of its fields that is one of ``kinds``, rather one that
    has a key. A kind that is null is one without a key; other fields that are null are left out.
    """
    fields = item.fields
    given = [name for name, value in fields.items() if value.value is not None]
    named = (name for names in (given, fields) for name in names if name in kinds)
    kind = next(named, "") or next(iter(given), "")
    if not kind:
        message = "a record is a mapping that begins with its kind, as in `person: ada-moreno`"
        report(item.place, "NO_RECORD", message)
        return None
    drop_nulls(item, kind)
    written = fields[kind]
    key = "" if written.value is None else written.text
    if key is None:
        message = f"a record begins with its kind and its key, as in `{kind}: some-key`"
        report(written.place, "NO_KEY", message)
        return None
    return RawRecord(part, kind, one_form(key), item)


@dataclass(slots=True)
class SourceSection:
    """The part of a file about one source: the source, what it uses, its records."""

    source: SyntaxNode
    uses: list[SyntaxNode] = field(default_factory=list)
    entries: list[RawRecord] = field(default_factory=list)
    text: str | None = None


def sections(entries: Sequence[RawRecord]) -> list[SourceSection]:
    """Group entries by source: each source entry begins a section."""
    found: list[SourceSection] = []
    for entry in entries:
        if entry.part == SOURCE:
            found.append(SourceSection(entry.written))
        elif entry.part == USES:
            found[-1].uses += entry.written.items
        else:
            found[-1].entries.append(entry)
    return found
