"""Written values as records hold them: parsed by their kind, refused with advice."""

import re
from datetime import date, datetime
from functools import cache

from graph_seed.problems import Say, nearest
from graph_seed.values import ValueProblem, canonical_decimal, parse_decimal, parse_edtf, slug
from graph_seed.values.units import unit_of
from graph_seed.written import Written
from schema import rules, scalars
from schema.declare import Word
from schema.scalars import Value
from schema.terms import Property

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_MOST = {scalars.INT: 2**31, scalars.LONG: 2**63}
_CODES = {scalars.EDTF: "EDTF"}


class Reader:
    """Reads values, and says what is wrong with them."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def value(self, prop: Property, written: Written) -> Value | None:
        """A property's value, or None where it cannot be read; then that was said."""
        if prop.many:
            parsed = [self._one(prop, one) for one in written.items]
            return [one for one in parsed if one is not None] or None  # type: ignore[return-value]
        if not isinstance(written.value, str):
            what = "a date that begins with [" if prop.scalar is scalars.EDTF else "such a text"
            message = f"{prop.name} is one value; put {what} into quotes"
            self._say(written.place, "NOT_ONE_VALUE", message)
            return None
        return self._one(prop, written)

    def _one(self, prop: Property, written: Written) -> str | int | bool | None:
        text = written.text
        if text is None:
            self._say(written.place, "NOT_A_VALUE", f"{prop.name} takes plain values")
            return None
        if not text.strip():
            self._say(written.place, "EMPTY", f"{prop.name} is empty; leave it out")
            return None
        try:
            return parsed(prop, text)
        except ValueError as problem:
            code = _CODES.get(prop.scalar, "VALUE")
            self._say(written.place, code, f"{prop.name}: {problem}")
            return None


def parsed(prop: Property, text: str) -> str | int | bool:
    """A written value in the form that records hold; raises ValueError with advice."""
    if prop.enumeration:
        words = _words(prop.enumeration)
        if text not in words:
            advice = nearest(text, words) or f"; it is one of {', '.join(words)}"
            raise ValueError(f"{text!r} is none of its words{advice}")
        return text
    match prop.scalar:
        case scalars.INT | scalars.LONG:
            return _whole(text, _MOST[prop.scalar])
        case scalars.BOOLEAN:
            if text not in {"true", "false"}:
                raise ValueError(f"{text!r} is neither true nor false")
            return text == "true"
        case scalars.DECIMAL:
            return canonical_decimal(parse_decimal(text))
        case scalars.EDTF:
            return parse_edtf(text).edtf
        case scalars.DATE:
            return date.fromisoformat(text).isoformat()
        case scalars.DATE_TIME:
            return datetime.fromisoformat(text).isoformat()
        case _:
            return unit_of(text) if prop.name == rules.UNIT else text.strip()


@cache
def _words(enumeration: type[Word]) -> tuple[str, ...]:
    return tuple(str(word.value) for word in enumeration)


def _whole(text: str, most: int) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is no whole number in digits, as 25 is")
    number = int(text)
    if not -most <= number < most:
        raise ValueError(f"{text} is beyond {most - 1}")
    return number


def key_advice(text: str) -> str | None:
    """None for what can be a key: lower-case words with hyphens; else how to write it."""
    try:
        key = slug(text)
    except ValueProblem:
        return "; it needs a letter or a digit, as in ada-moreno"
    return None if key == text else f"; write it as {key!r}"
