"""GraphQL's custom scalars, each with its specification."""

import datetime as dt
from collections.abc import Callable

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graph_seed.values import canonical_decimal, parse_decimal, parse_edtf
from schema import scalars
from schema.scalars import Scalar

LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _edtf(value: object) -> str:
    return parse_edtf(_text(value)).edtf


def _decimal(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return canonical_decimal(parse_decimal(_text(value)))


def _long(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is not a whole number")
    number = int(value)
    if not LONG_MIN <= number <= LONG_MAX:
        raise ValueError(f"{value} does not fit into 64 bits")
    return number


def _date(value: object) -> dt.date:
    return dt.date.fromisoformat(_text(value))


def _moment(value: object) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no offset from UTC; end it with Z or +01:00")
    # Neo4j takes one moment written with two offsets for two values.
    return moment.astimezone(dt.UTC)


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
