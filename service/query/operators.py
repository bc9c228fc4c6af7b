"""The operators of filters: one row each, with its Cypher and its meaning.

In a template ``{x}`` stands for the property, ``{folded}``, ``{earliest}``, ``{latest}`` for what
is stored beside it, and ``$name`` for a value. None but ``isNull`` is true of an absent value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph_seed.values import decimal_number, fold, parse_edtf
from schema import scalars
from schema.scalars import Scalar
from schema.terms import Property

Values = Mapping[str, object]


def _same(value: object) -> Values:
    return {"v": value}


def _folded(value: object) -> Values:
    return {"v": fold(str(value))}


def _begins(value: object) -> Values:
    return {"v": "\n" + fold(str(value))}


def _ends(value: object) -> Values:
    return {"v": fold(str(value)) + "\n"}


def _number(value: object) -> Values:
    return {"v": decimal_number(str(value))}


def _numbers(value: object) -> Values:
    return {"v": [decimal_number(str(one)) for one in value] if isinstance(value, list) else []}


def _bounds(value: object) -> Values:
    date = parse_edtf(str(value))
    return {"from": date.earliest, "to": date.latest}


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare: ``argument`` is ``one`` value, a ``list`` of them or a ``flag``."""

    name: str
    template: str
    doc: str
    argument: str = "one"
    values: Callable[[object], Values] = _same


def _row(
    name: str,
    template: str,
    doc: str,
    argument: str = "one",
    values: Callable[[object], Values] = _same,
) -> Operator:
    return Operator(name, template, doc, argument, values)


IS_NULL = _row("isNull", "({x} IS NULL) = $v", "Whether there is no value.", "flag")
EQ = _row("eq", "{x} = $v", "Exactly this.")
IN = _row("in", "{x} IN $v", "One of these.", "list")
NOT_IN = _row("notIn", "{x} IS NOT NULL AND NOT {x} IN $v", "A value, but none of these.", "list")
EQUALITY = (EQ, IN, NOT_IN, IS_NULL)

_COMPARED = (
    ("lt", "<", "Less than this."),
    ("lte", "<=", "At most this."),
    ("gt", ">", "More than this."),
    ("gte", ">=", "At least this."),
)
ORDER = tuple(_row(name, "{x} " + sign + " $v", doc) for name, sign, doc in _COMPARED)

TEXT = (
    *EQUALITY,
    _row(
        "contains",
        "{folded} CONTAINS $v",
        "Has this in it, in any case, with or without accents.",
        "one",
        _folded,
    ),
    _row(
        "startsWith",
        "{folded} CONTAINS $v",
        "Begins with this, in any case, with or without accents.",
        "one",
        _begins,
    ),
    _row(
        "endsWith",
        "{folded} CONTAINS $v",
        "Ends with this, in any case, with or without accents.",
        "one",
        _ends,
    ),
)
DECIMAL = (
    _row("eq", "{number} = $v", "This number.", "one", _number),
    _row("in", "{number} IN $v", "One of these numbers.", "list", _numbers),
    _row(
        "notIn",
        "{x} IS NOT NULL AND NOT {number} IN $v",
        "A number, but none of these.",
        "list",
        _numbers,
    ),
    IS_NULL,
    *(_row(name, "{number} " + sign + " $v", doc, "one", _number) for name, sign, doc in _COMPARED),
)
DATES = (
    *EQUALITY,
    _row("before", "{latest} < $from", "Over before this begins.", "one", _bounds),
    _row("after", "{earliest} > $to", "Begins only when this is over.", "one", _bounds),
    _row(
        "within",
        "{x} IS NOT NULL AND ($from IS NULL OR {earliest} >= $from)"
        " AND ($to IS NULL OR {latest} <= $to)",
        "Wholly within this.",
        "one",
        _bounds,
    ),
    _row(
        "overlaps",
        "{x} IS NOT NULL AND ($from IS NULL OR {latest} IS NULL OR {latest} >= $from)"
        " AND ($to IS NULL OR {earliest} IS NULL OR {earliest} <= $to)",
        "Has a day in common with this, or may have.",
        "one",
        _bounds,
    ),
)
LIST = (
    _row("has", "$v IN {x}", "Has exactly this among its values."),
    _row("hasAny", "any(one IN $v WHERE one IN {x})", "Has one of these among its values.", "list"),
    IS_NULL,
)

BY_SCALAR: Mapping[Scalar, tuple[Operator, ...]] = {
    scalars.TEXT: TEXT,
    scalars.TOKEN: EQUALITY,
    scalars.BOOLEAN: (EQ, IS_NULL),
    scalars.INT: (*EQUALITY, *ORDER),
    scalars.LONG: (*EQUALITY, *ORDER),
    scalars.DECIMAL: DECIMAL,
    scalars.EDTF: DATES,
    scalars.DATE: (*EQUALITY, *ORDER),
    scalars.DATE_TIME: (*EQUALITY, *ORDER),
}


def operators(prop: Property) -> tuple[Operator, ...]:
    """The operators of a property's filter."""
    if prop.many:
        return LIST
    if prop.enumeration:
        return EQUALITY
    return BY_SCALAR[prop.scalar]


def filter_name(prop: Property) -> str:
    """The name of the input type of a property's filter: ``TextFilter``, ``StanceFilter``."""
    if prop.enumeration:
        return f"{prop.enumeration.__name__}Filter"
    stem = {"String": "Text", "EDTF": "Edtf"}.get(prop.scalar.name, prop.scalar.name)
    return f"{stem}{'List' if prop.many else ''}Filter"
