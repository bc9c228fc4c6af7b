"""Convert a program's records to syntax nodes, with the path of each value as its place.

A value is taken as it would be spelled in a facts file, or it is a problem; none is passed over.
"""

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from enum import Enum
from math import isfinite
from numbers import Integral, Rational, Real

from graph_seed.problems import Report
from graph_seed.records import RecordPlace
from graph_seed.syntax.tree import DEEPEST, HALF, SyntaxNode

MOST_BITS = 12_000
"""Of a whole number; no property takes more, and its digits would take long to spell."""


def parse_records(
    records: Iterable[object], report: Report, kinds: Container[str]
) -> Iterable[tuple[int, SyntaxNode]]:
    """Read a program's records; give each that is a mapping with its position, counted from 1."""
    for position, value in enumerate(records, start=1):
        place = RecordPlace("records", position)
        if not isinstance(value, Mapping):
            report(place, "NO_RECORD", f"a record is a mapping, and this is {_describe(value)}")
            continue
        place = RecordPlace("records", position, record=_name(value, kinds))
        yield position, _Reader(report).written(value, place, 0)


def _name(record: Mapping[object, object], kinds: Container[str]) -> str:
    """Return the name of a record in messages, ``person: ada-moreno``, or an empty text."""
    for kind, key in record.items():
        if isinstance(kind, str) and kind in kinds and isinstance(key, str):
            return f"{kind}: {_show(key)}"
    source = record.get("source")
    found = source.get("id") if isinstance(source, Mapping) else None
    return _show(found) if isinstance(found, str) else ""


def _show(text: str) -> str:
    """Return the beginning of a text, fit to be printed."""
    return HALF.sub("\ufffd", text if len(text) <= 60 else f"{text[:57]}...")


class _Reader:
    """Reads the values of one record."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def written(self, value: object, place: RecordPlace, depth: int) -> SyntaxNode:
        """Return a value as written; one that cannot be is a problem, and then read as null."""
        if depth > DEEPEST:
            return self._wrong(place, "this is nested too deeply, or holds itself")
        if isinstance(value, Enum):
            return self.written(value.value, place, depth + 1)
        if isinstance(value, Mapping):
            return self._mapping(value, place, depth)
        if isinstance(value, str):
            return self._text(value, place)
        if isinstance(value, Set | Sequence) and not isinstance(
            value, bytes | bytearray | memoryview
        ):
            return self._list(value, place, depth)
        return self._scalar(value, place)

    def _scalar(self, value: object, place: RecordPlace) -> SyntaxNode:
        if value is None:
            return SyntaxNode(None, place)
        if isinstance(value, bool):
            return SyntaxNode(str(value).lower(), place)
        if isinstance(value, Integral):
            whole = int(value)
            if whole.bit_length() > MOST_BITS:
                return self._wrong(place, "this number is too long to be stored")
            return SyntaxNode(str(whole), place)
        if isinstance(value, Real) and not isinstance(value, Rational):
            return self._number(float(value), place, is_finite=isfinite(value))
        if isinstance(value, Decimal):
            return self._number(value, place, is_finite=value.is_finite())
        if isinstance(value, date):
            return SyntaxNode(value.isoformat(), place)
        return self._wrong(place, f"{_describe(value)} cannot be stored; give {_TAKEN}")

    def _number(self, value: float | Decimal, place: RecordPlace, *, is_finite: bool) -> SyntaxNode:
        if is_finite:
            return SyntaxNode(str(value), place)
        return self._wrong(place, f"{value} is not a number that can be stored; leave it out")

    def _text(self, value: str, place: RecordPlace) -> SyntaxNode:
        # Exactly a text: one of a subclass may show itself as something else.
        text = str.__str__(value)
        if HALF.search(text):
            return self._wrong(place, "this holds half a character (a lone surrogate)", "TEXT")
        return SyntaxNode(text, place)

    def _list(
        self, value: Sequence[object] | Set[object], place: RecordPlace, depth: int
    ) -> SyntaxNode:
        # A set has no order of its own; what is loaded has the same one every time.
        ordered = value if isinstance(value, Sequence) else sorted(value, key=_spell)
        items = [
            self.written(one, place.within(f"{place.path}[{index}]"), depth + 1)
            for index, one in enumerate(ordered)
        ]
        return SyntaxNode([one for one in items if one.value is not None], place)

    def _mapping(
        self, value: Mapping[object, object], place: RecordPlace, depth: int
    ) -> SyntaxNode:
        fields: dict[str, SyntaxNode] = {}
        for key, one in value.items():
            name = key.value if isinstance(key, Enum) else key
            if not isinstance(name, str) or HALF.search(name):
                self._wrong(place, f"a key is {_describe(name)}; keys are texts")
                continue
            name = str.__str__(name)
            path = f"{place.path}.{name}" if place.path else name
            if name in fields:
                self._report(place, "KEY_TWICE", f"{name!r} is given twice here")
                continue
            written = self.written(one, place.within(path), depth + 1)
            if written.value is not None or not depth:
                fields[name] = written
        places = {name: written.place for name, written in fields.items()}
        return SyntaxNode(fields, place, keys=places)

    def _wrong(self, place: RecordPlace, message: str, code: str = "VALUE") -> SyntaxNode:
        self._report(place, code, f"{place.path}: {message}" if place.path else message)
        return SyntaxNode(None, place)


_TAKEN = "texts, numbers, true or false, dates, lists and mappings of them"


def _spell(value: object) -> tuple[str, str]:
    return type(value).__name__, str(value)


def _describe(value: object) -> str:
    """Return what a value is, in few words."""
    if isinstance(value, str):
        return f"the text {_show(value)!r}"
    return "null" if value is None else f"a value of the type {type(value).__name__}"
