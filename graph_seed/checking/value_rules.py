"""Rules on values that can be parsed: each by itself, and dates beside each other."""

import re
from collections.abc import Iterator
from functools import cache

import regex

from graph_seed.state.elements import Values
from graph_seed.values import parse_edtf
from graph_seed.values.problem import ValueProblem, quoted
from schema.model import NodeType, Property

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters, but for tabs and line breaks; and halves of characters."""
_INVISIBLE = regex.compile(r"[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*")
"""White space, format characters, fillers; U+2800 is the Braille cell without dots."""


def is_invisible(text: str) -> bool:
    """Return whether nothing of a text would be seen."""
    if text.isascii():
        return not text.strip()
    return _INVISIBLE.fullmatch(text) is not None


def find_control_character(text: str) -> str | None:
    """Return the first character of a text that no text may hold, as ``U+0000``, or None."""
    if text.isprintable():
        return None
    found = _CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def check_value(prop: Property, value: str | int | bool) -> None:
    """Raise ValueProblem where a value is not what its property's declaration asks for."""
    if prop.pattern is not None and not _compiled(prop.pattern.regex).fullmatch(str(value)):
        raise ValueProblem(f"{quoted(str(value))} is not valid; write {prop.pattern.advice}")
    if prop.minimum is not None and isinstance(value, int) and value < prop.minimum:
        raise ValueProblem(f"{value} is too small; the least is {prop.minimum}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def has_end(node_type: NodeType) -> bool:
    """Return whether what a type's nodes say holds from one of its dates to another."""
    held = node_type.valid_period
    return held is not None and held.end is not None and held.end != held.start


def find_date_contradictions(node_type: NodeType, values: Values) -> Iterator[tuple[str, str]]:
    """Find ends that lie before their beginnings: a property, and what is wrong with it."""
    held = node_type.valid_period
    if held is None or held.end is None or not has_end(node_type):
        return
    start, end = values.get(held.start), values.get(held.end)
    if isinstance(start, str) and isinstance(end, str) and ends_before(end, start):
        yield held.end, f"{held.end} {end} is before {held.start} {start}"


def ends_before(one: str, other: str) -> bool:
    """Return whether a date is over, by its last possible day, before another can begin."""
    latest, earliest = parse_edtf(one).latest, parse_edtf(other).earliest
    return latest is not None and earliest is not None and latest < earliest
