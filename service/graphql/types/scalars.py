"""Define the scalars in GraphQL: their inputs, outputs and aggregates."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import strawberry
from strawberry.types.scalar import ScalarDefinition

from graph_seed.values import ValueProblem, canonical_decimal, parse_decimal, parse_edtf
from graph_seed.values.edtf_hints import nearest_days
from schema import scalars
from schema.model import Property
from schema.scalars import Scalar
from service.graphql.types.registry import FieldSpec

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
        # Neo4j compares moments with different offsets as different values.
        return moment.astimezone(dt.UTC)
    except ValueProblem:
        raise
    except (ValueError, OverflowError) as error:
        days = nearest_days(text)
        example = f"{days[0]}T00:00:00Z" if len(days) == 1 else _MOMENT
        raise ValueProblem(f"write a moment with its offset from UTC, as in {example}") from error


@dataclass(frozen=True, slots=True)
class GraphQLType:
    """The GraphQL types of the values of one scalar."""

    name: str
    """The type of inputs, as an annotation."""
    output: str
    """The type of responses, as an annotation; an object type if it is another."""
    parse: Callable[[object], object] | None = None
    """A function that parses inputs and raises ValueProblem; None for built-in scalars."""
    aggregates: tuple[FieldSpec, ...] = ()
    """The aggregates of values, beside their counts."""

    @property
    def is_object(self) -> bool:
        """Return whether a value has fields in responses."""
        return self.output != self.name


def _bounds(of: str, least: str, greatest: str) -> tuple[FieldSpec, ...]:
    return (FieldSpec("min", f"{of} | None", least), FieldSpec("max", f"{of} | None", greatest))


def _custom_type(
    scalar: Scalar,
    parse: Callable[[object], object],
    aggregates: tuple[FieldSpec, ...],
    output: str = "",
) -> GraphQLType:
    return GraphQLType(scalar.name, output or scalar.name, parse, aggregates)


LEAST, GREATEST = "The least value.", "The greatest value."
SUM_DOC = "The sum; null if there are no values."
AVG_DOC = "The average."
_APART = " Null if units or `per` differ."
_WHOLE_SUMS = (
    FieldSpec("sum", f"{scalars.LONG.name} | None", SUM_DOC),
    FieldSpec("avg", "float | None", AVG_DOC),
)
_DECIMAL = f"{scalars.DECIMAL.name} | None"
_DECIMAL_AGGREGATES = (
    *_bounds(scalars.DECIMAL.name, LEAST + _APART, GREATEST + _APART),
    FieldSpec("sum", _DECIMAL, SUM_DOC + _APART),
    FieldSpec("avg", _DECIMAL, f"{AVG_DOC} To 15 digits.{_APART}"),
    FieldSpec("unit", "str | None", "The unit of all values; null if units or `per` differ."),
    FieldSpec("per", "str | None", "What all values count per; null if that differs."),
)
_DAYS = _bounds(
    scalars.DATE.name,
    "The first day that one of the dates can be.",
    "The last day that one of the dates can be.",
)
GRAPHQL_TYPES: Mapping[Scalar, GraphQLType] = {
    scalars.TEXT: GraphQLType("str", "str"),
    scalars.TOKEN: GraphQLType("str", "str"),
    scalars.INT: GraphQLType(
        "int", "int", aggregates=(*_bounds("int", LEAST, GREATEST), *_WHOLE_SUMS)
    ),
    scalars.LONG: _custom_type(
        scalars.LONG, _long, (*_bounds(scalars.LONG.name, LEAST, GREATEST), *_WHOLE_SUMS)
    ),
    scalars.BOOLEAN: GraphQLType("bool", "bool"),
    scalars.DECIMAL: _custom_type(scalars.DECIMAL, _decimal, _DECIMAL_AGGREGATES),
    scalars.EDTF: _custom_type(scalars.EDTF, _edtf, _DAYS, output="EdtfDate"),
    scalars.DATE: _custom_type(
        scalars.DATE, _date, _bounds(scalars.DATE.name, "The first value.", "The last value.")
    ),
    scalars.DATE_TIME: _custom_type(
        scalars.DATE_TIME,
        _moment,
        _bounds(scalars.DATE_TIME.name, "The first value.", "The last value."),
    ),
}
"""The GraphQL types of each scalar; other modules ask this table, never which scalar it is."""


def graphql_type(prop: Property) -> GraphQLType:
    """Return the GraphQL types of a property that is no enumeration."""
    return GRAPHQL_TYPES[prop.scalar]


def custom_scalars() -> dict[str, tuple[type, ScalarDefinition]]:
    """Return each custom scalar by its name: a type to annotate with, and its definition."""
    return {
        scalar.name: (
            type(scalar.name, (), {}),
            strawberry.scalar(
                name=scalar.name,
                description=scalar.doc,
                specified_by_url=scalar.specified_by,
                serialize=lambda value: value,
                parse_value=one.parse,
            ),
        )
        for scalar, one in GRAPHQL_TYPES.items()
        if one.parse is not None
    }
