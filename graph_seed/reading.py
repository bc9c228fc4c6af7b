"""Written values as records hold them: parsed by their kind, refused with advice."""

import re
from functools import cache

from graph_seed.problems import Say, nearest_of
from graph_seed.sanity import check_value, control_character, is_invisible
from graph_seed.values import (
    ValueProblem,
    canonical_decimal,
    one_form,
    parse_decimal,
    parse_edtf,
    slug,
)
from graph_seed.values.dates import parse_date, parse_datetime
from graph_seed.values.numerals import number_readings
from graph_seed.values.problem import quoted
from graph_seed.values.units import per_of, unit_of
from graph_seed.written import Written
from schema import rules, scalars
from schema.declare import Word
from schema.scalars import Value
from schema.terms import Property

_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_MOST_DIGITS = 25
"""Of a whole number that is compared with the most there may be; a longer one is beyond it."""
_MOST = {scalars.INT: 2**31, scalars.LONG: 2**63}
_CANONICAL = {rules.UNIT: unit_of, rules.PER: per_of}
"""How texts that have one spelling each are read, by property."""
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
        # Most texts are plain: only others are looked at by character.
        if not (text.isascii() and text.isprintable()) or text.isspace() or not text:
            if is_invisible(text):
                self._say(written.place, "EMPTY", f"{prop.name} is empty; leave it out")
                return None
            if control := control_character(text):
                message = f"{prop.name} holds {control}, which no text may hold; take it out"
                self._say(written.place, "TEXT", message)
                return None
        try:
            value = parsed(prop, text)
            if prop.is_restricted:
                check_value(prop, value)
            return value
        except ValueProblem as problem:
            code = _CODES.get(prop.scalar, "VALUE")
            self._say(written.place, code, f"{prop.name}: {problem}")
            return None


def parsed(prop: Property, text: str) -> str | int | bool:
    """Return a written value as records hold it; raises ValueProblem with advice."""
    if prop.enumeration:
        words = _words(prop.enumeration)
        if text not in words:
            advice = nearest_of(text, words, "it")
            raise ValueProblem(f"{quoted(text)} is none of its words{advice}")
        return text
    match prop.scalar:
        case scalars.INT | scalars.LONG:
            return _whole(text, _MOST[prop.scalar])
        case scalars.BOOLEAN:
            if text not in {"true", "false"}:
                raise ValueProblem(f"{quoted(text)} is neither true nor false")
            return text == "true"
        case scalars.DECIMAL:
            return canonical_decimal(parse_decimal(text))
        case scalars.EDTF:
            return parse_edtf(text).edtf
        case scalars.DATE:
            return parse_date(text).isoformat()
        case scalars.DATE_TIME:
            return parse_datetime(text).isoformat()
        case _:
            canonical = _CANONICAL.get(prop.name)
            return canonical(text) if canonical else one_form(text.strip())


@cache
def _words(enumeration: type[Word]) -> tuple[str, ...]:
    return tuple(str(word.value) for word in enumeration)


def _whole(text: str, most: int) -> int:
    if not _WHOLE.fullmatch(text):
        readings = number_readings(text) if len(text) <= _MOST_DIGITS else []
        near = [one for one in readings if abs(one.adjusted()) < _MOST_DIGITS]
        whole = [f"{one:.0f}" for one in near if one == one.to_integral_value()]
        advice = f"; write {' or '.join(whole)}" if whole else ", as 25 is"
        raise ValueProblem(f"{quoted(text)} is no whole number in digits{advice}")
    number = int(text) if len(text) <= _MOST_DIGITS else most
    if not -most <= number < most:
        raise ValueProblem(f"{quoted(text)} is beyond {most - 1}")
    return number


def key_advice(text: str) -> str | None:
    """None for what can be a key: lower-case words with hyphens; else how to write it."""
    try:
        key = slug(text)
    except ValueProblem:
        return "; it needs a letter or a digit, as in ada-moreno"
    return None if key == text else f"; write it as {key!r}"
