"""The value types of facts: how each is parsed, validated, stored, and described to editors.

One row for each scalar of ``schema.scalars``; no other module of this room asks which scalar a
property has.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from graph_seed.values.decimals import canonical_decimal, decimal_number, parse_decimal
from graph_seed.values.edtf import parse_date, parse_datetime, parse_edtf
from graph_seed.values.numerals import number_readings
from graph_seed.values.problem import ValueProblem, quote_text
from graph_seed.values.words import one_form, one_form_of
from schema import scalars
from schema.model import Property
from schema.scalars import EARLIEST, LATEST, NUMBER, Scalar

JsonSchema = Mapping[str, object]
_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_MOST_DIGITS = 25
"""Digits of a whole number that is compared with its limit; a longer one is beyond it."""
_PLAIN = ["string", "number", "boolean"]
"""Types of a plain value in JSON: a text is read as it is spelled."""


@dataclass(frozen=True, slots=True)
class FactValueType:
    """How facts hold the values of one scalar."""

    parse: Callable[[str], str | int | bool]
    """Returns a value as records hold it, given the text of a file; raises ValueProblem."""
    accepts: Callable[[object], bool]
    """Returns whether a program's value is one as records hold it; raises ValueProblem."""
    json_schema: JsonSchema
    """Describes a value in a file."""
    code: str = "VALUE"
    """The code of a value that cannot be read."""
    noun: str = "such a text"
    """What a value in brackets would be, if it is one value in quotes."""
    normalize: Callable[[object], object] | None = None
    """Returns a value, or a list of values, in the form in which it is compared."""
    to_stored: Callable[[object], object] | None = None
    """Returns one value as the database has it."""
    derive: Callable[[str, object], Mapping[str, object]] | None = None
    """Returns the columns beside one value, given its property's name; None values are left out."""


def _whole(bits: int) -> FactValueType:
    limit: int = 2 ** (bits - 1)

    def parse(text: str) -> int:
        if not _WHOLE.fullmatch(text):
            readings = number_readings(text) if len(text) <= _MOST_DIGITS else []
            near = [one for one in readings if abs(one.adjusted()) < _MOST_DIGITS]
            whole = [f"{one:.0f}" for one in near if one == one.to_integral_value()]
            advice = f"; write {' or '.join(whole)}" if whole else ", as 25 is"
            raise ValueProblem(f"{quote_text(text)} is not a whole number in digits{advice}")
        number = int(text) if len(text) <= _MOST_DIGITS else limit
        if not -limit <= number < limit:
            raise ValueProblem(f"{quote_text(text)} is beyond {limit - 1}")
        return number

    def accepts(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit

    return FactValueType(
        parse, accepts, {"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]+$"}
    )


def _parse_boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueProblem(f"{quote_text(text)} is neither true nor false")
    return text == "true"


def _parse_text(text: str) -> str:
    return one_form(text.strip())


def _parse_number(text: str) -> str:
    return canonical_decimal(parse_decimal(text))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _text_that(accepts: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and accepts(value)


def _bounds(name: str, value: object) -> Mapping[str, object]:
    bounds = parse_edtf(str(value))
    return {name + EARLIEST: bounds.earliest, name + LATEST: bounds.latest}


def _number(name: str, value: object) -> Mapping[str, object]:
    return {name + NUMBER: decimal_number(str(value))}


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


_TEXT = FactValueType(_parse_text, _is_text, {"type": _PLAIN}, normalize=one_form_of)
VALUE_TYPES: Mapping[Scalar, FactValueType] = {
    scalars.TEXT: _TEXT,
    scalars.TOKEN: _TEXT,
    scalars.INT: _whole(32),
    scalars.LONG: _whole(64),
    scalars.BOOLEAN: FactValueType(
        _parse_boolean,
        lambda value: isinstance(value, bool),
        {"enum": [True, False, "true", "false"]},
    ),
    scalars.DECIMAL: FactValueType(
        _parse_number,
        _text_that(lambda text: canonical_decimal(text) == text),
        {"type": ["number", "string"]},
        derive=_number,
    ),
    scalars.EDTF: FactValueType(
        lambda text: parse_edtf(text).edtf,
        _text_that(lambda text: parse_edtf(text).edtf == text),
        {"type": ["string", "integer"], "pattern": r"^[^,]+$"},
        code="EDTF",
        noun="a date that begins with [",
        derive=_bounds,
    ),
    scalars.DATE: FactValueType(
        lambda text: parse_date(text).isoformat(),
        _text_that(lambda text: bool(parse_date(text))),
        {"type": "string"},
        to_stored=_day,
    ),
    scalars.DATE_TIME: FactValueType(
        lambda text: parse_datetime(text).isoformat(),
        _text_that(lambda text: bool(parse_datetime(text))),
        {"type": "string"},
        to_stored=_moment,
    ),
}


def value_type(prop: Property) -> FactValueType:
    """Return the value type of a property without an enumeration: parsing, storage, JSON Schema."""
    return VALUE_TYPES[prop.scalar]
