"""Scalars in queries: how values of each are filtered, serialized, ordered and aggregated.

One row for each scalar of ``schema.scalars``; no other module of queries asks which scalar a
property has.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schema import scalars
from schema.model import Property
from schema.scalars import EARLIEST, LATEST, Scalar
from service.query.operators import (
    DATES,
    DECIMAL,
    EQ,
    EQUALITY,
    IS_NULL,
    LIST,
    NAME,
    ORDER,
    TEXT,
    Operator,
)

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class ValueType:
    """The Cypher of the values of one scalar."""

    operators: tuple[Operator, ...]
    serialize: Callable[[object], object]
    """Returns a stored value as the response has it; raises TypeError or ValueError."""
    parse_key: Callable[[object], object]
    """Returns a value of a cursor as the database compares it; raises TypeError or ValueError."""
    filter_stem: str
    """The beginning of the name of the scalar's filter: ``Text`` of ``TextFilter``."""
    is_text: bool = False
    """Whether the stored text is the text of the response."""
    key_as_text: bool = False
    """Whether a cursor has the text of the key: the driver takes long to make dates of rows."""
    bounds: tuple[str, str] | None = None
    """The suffixes of the columns whose least and greatest values are ``min`` and ``max``."""
    bound: Scalar | None = None
    """The scalar of ``min`` and ``max``; None where there are none."""
    is_summed: bool = False
    """Whether the database sums values, as whole numbers."""
    is_exact: bool = False
    """Whether values are counted by the database and summed by the decoder."""
    days: tuple[str, str] | None = None
    """The suffixes of the columns with the first and the last day of a date, to group by parts."""


def _serialize_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def _serialize_int(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not INT_MIN <= raw <= INT_MAX:
        raise ValueError(raw)
    return raw


def _serialize_long(raw: object) -> str:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError(raw)
    return str(raw)


def _serialize_boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError(raw)
    return raw


def _serialize_date(raw: object) -> str:
    if not hasattr(raw, "iso_format"):
        raise TypeError(raw)
    return str(raw.iso_format())


def _serialize_moment(raw: object) -> str:
    if not hasattr(raw, "to_native"):
        raise TypeError(raw)
    moment: dt.datetime = raw.to_native().astimezone(dt.UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _key_of(*types: type) -> Callable[[object], object]:
    """Return a parser of keys that JSON writes as one of these types."""

    def parse(value: object) -> object:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise TypeError(value)
        return value

    return parse


def _day_key(value: object) -> dt.date:
    return dt.date.fromisoformat(_serialize_text(value))


def _moment_key(value: object) -> dt.datetime:
    return dt.datetime.fromisoformat(_serialize_text(value))


VALUE_TYPES: Mapping[Scalar, ValueType] = {
    scalars.TEXT: ValueType(TEXT, _serialize_text, _key_of(str), "Text", is_text=True),
    scalars.TOKEN: ValueType(EQUALITY, _serialize_text, _key_of(str), "Token", is_text=True),
    scalars.BOOLEAN: ValueType((EQ, IS_NULL), _serialize_boolean, _key_of(bool), "Boolean"),
    scalars.INT: ValueType(
        (*EQUALITY, *ORDER),
        _serialize_int,
        _key_of(int),
        "Int",
        bounds=("", ""),
        bound=scalars.INT,
        is_summed=True,
    ),
    scalars.LONG: ValueType(
        (*EQUALITY, *ORDER),
        _serialize_long,
        _key_of(int),
        "Long",
        bounds=("", ""),
        bound=scalars.LONG,
        is_summed=True,
    ),
    scalars.DECIMAL: ValueType(
        DECIMAL,
        _serialize_text,
        _key_of(int, float),
        "Decimal",
        is_text=True,
        bound=scalars.DECIMAL,
        is_exact=True,
    ),
    scalars.EDTF: ValueType(
        DATES,
        _serialize_text,
        _day_key,
        "Edtf",
        key_as_text=True,
        bounds=(EARLIEST, LATEST),
        bound=scalars.DATE,
        days=(EARLIEST, LATEST),
    ),
    scalars.DATE: ValueType(
        (*EQUALITY, *ORDER),
        _serialize_date,
        _day_key,
        "Date",
        key_as_text=True,
        bounds=("", ""),
        bound=scalars.DATE,
        days=("", ""),
    ),
    scalars.DATE_TIME: ValueType(
        (*EQUALITY, *ORDER),
        _serialize_moment,
        _moment_key,
        "DateTime",
        bounds=("", ""),
        bound=scalars.DATE_TIME,
        days=("", ""),
    ),
}


def value_type(prop: Property) -> ValueType:
    """Return the value type of a property: its operators, order and aggregates."""
    return VALUE_TYPES[prop.scalar]


def operators(prop: Property) -> tuple[Operator, ...]:
    """Return the operators of a property's filter."""
    if prop.many:
        return LIST
    if prop.enumeration:
        return EQUALITY
    return NAME if prop.folded_with else value_type(prop).operators


def filter_name(prop: Property) -> str:
    """Return the name of the type of a property's filter: ``TextFilter``, ``StanceFilter``."""
    if prop.enumeration:
        return f"{prop.enumeration.__name__}Filter"
    return f"{value_type(prop).filter_stem}{'List' if prop.many else ''}Filter"
