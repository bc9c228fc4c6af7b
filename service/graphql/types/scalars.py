"""GraphQL's custom scalars, each with its specification."""

import datetime as dt
import re
from collections.abc import Callable

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graph_seed.values import ValueProblem, canonical_decimal, parse_decimal, parse_edtf
from graph_seed.values.edtf_hints import nearest_days
from schema import scalars
from schema.scalars import Scalar

LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
_MOMENT = "2017-11-07T09:30:00Z"


def _text(value: object, example: str) -> str:
    if not isinstance(value, str):
        raise ValueProblem(f'write it as text in quotes, as in "{example}"')
    return value


def _edtf(value: object) -> str:
    return parse_edtf(_text(value, "2017-11")).edtf


def _decimal(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return canonical_decimal(parse_decimal(_text(value, "-12.5")))


def _long(value: object) -> int:
    number = int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int):
        raise ValueProblem('write a whole number of at most 64 bits, as in 42 or "42"')
    if not LONG_MIN <= number <= LONG_MAX:
        raise ValueProblem("the number does not fit into 64 bits")
    return number


def _date(value: object) -> dt.date:
    text = _text(value, "2017-11-07")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        days = " or ".join(nearest_days(text)) or "a day of the calendar, as in 2017-11-07"
        raise ValueProblem(f"write {days}") from error


def _moment(value: object) -> dt.datetime:
    text = _text(value, _MOMENT)
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            written = f"{moment.isoformat()}Z"
            raise ValueProblem(f"it has no offset from UTC; end it with Z or +01:00, as {written}")
        # Neo4j takes one moment written with two offsets for two values.
        return moment.astimezone(dt.UTC)
    except ValueProblem:
        raise
    except (ValueError, OverflowError) as error:
        days = nearest_days(text)
        example = f"{days[0]}T00:00:00Z" if len(days) == 1 else _MOMENT
        raise ValueProblem(f"write a moment with its offset from UTC, as in {example}") from error


_PARSERS: dict[Scalar, Callable[[object], object]] = {
    scalars.EDTF: _edtf,
    scalars.DECIMAL: _decimal,
    scalars.LONG: _long,
    scalars.DATE: _date,
    scalars.DATE_TIME: _moment,
}


def custom_scalars() -> dict[str, tuple[type, ScalarDefinition]]:
    """Each custom scalar by its name: a type to annotate with, and its definition."""
    return {
        scalar.name: (
            type(scalar.name, (), {}),
            strawberry.scalar(
                name=scalar.name,
                description=scalar.doc,
                specified_by_url=scalar.specified_by,
                serialize=lambda value: value,
                parse_value=parse,
            ),
        )
        for scalar, parse in _PARSERS.items()
    }


_PLAIN = {
    scalars.TEXT: "str",
    scalars.TOKEN: "str",
    scalars.INT: "int",
    scalars.BOOLEAN: "bool",
}


def annotation(scalar: Scalar) -> str:
    """The annotation by which Strawberry knows a kind of value."""
    return _PLAIN.get(scalar, scalar.name)
