"""The operators of filters: one row each, with its Cypher and its description.

In a template ``{x}`` stands for the property, ``{folded}`` and the lower-case suffixes of columns
that its scalar derives (``{number}``, ``{earliest}``) for the columns beside it, ``{others}`` for
the lists that filters on it test too (aliases of a name), and the names of ``values`` for
parameters. Only ``isNull`` is true of null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph_seed.values import decimal_number, fold, join_folded, one_form_of, parse_edtf
from service.errors import BadUserInput

OperandValues = Mapping[str, object]
FOLDED_NAMES = "folded"
"""The value of an operator that tests for several names: how each stands in folded forms."""


def _take_value(value: object) -> OperandValues:
    """Take a value as it is; texts in the Unicode form in which they are stored."""
    return {"v": one_form_of(value)}


def _folded_text(value: object) -> str:
    """Return a text folded; raises BadUserInput if nothing is left, as every text contains that."""
    folded = fold(str(value))
    if not folded:
        raise BadUserInput(
            "contains, startsWith and endsWith need a letter, a digit or a sign to look for, but "
            "this text has none. Leave the condition out to list everything."
        )
    return folded


def _fold_operand(value: object) -> OperandValues:
    return {"v": _folded_text(value)}


def _fold_beginning(value: object) -> OperandValues:
    return {"v": "\n" + _folded_text(value)}


def _ends(value: object) -> OperandValues:
    return {"v": _folded_text(value) + "\n"}


def _exact_name(value: object) -> OperandValues:
    return {"v": one_form_of(value), "alike": join_folded([fold(str(value))])}


def _exact_names(value: object) -> OperandValues:
    names = value if isinstance(value, list) else [value]
    return {"v": one_form_of(value), FOLDED_NAMES: [join_folded([fold(str(one))]) for one in names]}


def _number(value: object) -> OperandValues:
    return {"v": decimal_number(str(value))}


def _numbers(value: object) -> OperandValues:
    return {"v": [decimal_number(str(one)) for one in value] if isinstance(value, list) else []}


def _bounds(value: object) -> OperandValues:
    date = parse_edtf(str(value))
    return {"from": date.earliest, "to": date.latest}


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare: ``argument`` is ``one`` value, a ``list`` of them or a ``flag``."""

    name: str
    template: str
    doc: str
    argument: str = "one"
    values: Callable[[object], OperandValues] = _take_value
    is_compound: bool = False
    """Whether its Cypher needs brackets where it is part of an expression."""


def _row(
    name: str,
    template: str,
    doc: str,
    argument: str = "one",
    values: Callable[[object], OperandValues] = _take_value,
    *,
    is_compound: bool = False,
) -> Operator:
    return Operator(name, template, doc, argument, values, is_compound)


IS_NULL = _row("isNull", "({x} IS NULL) = {v}", "Whether the value is null.", "flag")
EQ = _row("eq", "{x} = {v}", "Equal to this.")
IN = _row("in", "{x} IN {v}", "One of these.", "list")
NOT_IN = _row(
    "notIn",
    "{x} IS NOT NULL AND NOT {x} IN {v}",
    "Not null, and none of these.",
    "list",
    is_compound=True,
)
EQUALITY = (EQ, IN, NOT_IN, IS_NULL)

_COMPARED = (
    ("lt", "<", "Less than this."),
    ("lte", "<=", "At most this."),
    ("gt", ">", "More than this."),
    ("gte", ">=", "At least this."),
)
ORDER = tuple(_row(name, "{x} " + sign + " {v}", doc) for name, sign, doc in _COMPARED)

_FOLDED = "{folded} CONTAINS {v}"
_LOOSELY = "in any case, with or without accents; a name is also tested by its aliases."
_FOUND_IN_TEXT = (
    _row("contains", _FOLDED, f"Contains this, {_LOOSELY}", "one", _fold_operand),
    _row("startsWith", _FOLDED, f"Begins with this, {_LOOSELY}", "one", _fold_beginning),
    _row("endsWith", _FOLDED, f"Ends with this, {_LOOSELY}", "one", _ends),
)
TEXT = (
    _row(
        "eq", "{x} = {v}", "Equal to this; a name is also tested by its aliases and former names."
    ),
    _row(
        "in",
        "{x} IN {v}",
        "One of these; a name is also tested by its aliases and former names.",
        "list",
    ),
    _row(
        "notIn",
        "{x} IS NOT NULL AND NOT {x} IN {v}",
        "Not null, and none of these; nor is an alias or a former name.",
        "list",
        is_compound=True,
    ),
    IS_NULL,
    *_FOUND_IN_TEXT,
)
_ONE_OF_THESE = "{x} IN {v} OR any(other IN {others} WHERE other IN {v})"
_THIS = "{folded} CONTAINS {alike} AND ({x} = {v} OR {v} IN {others})"
"""The index of folded names finds a few, of which one has this very name."""
NAME = (
    _row("eq", _THIS, TEXT[0].doc, "one", _exact_name, is_compound=True),
    _row("in", _ONE_OF_THESE, TEXT[1].doc, "list", _exact_names, is_compound=True),
    _row(
        "notIn",
        f"{{x}} IS NOT NULL AND NOT ({_ONE_OF_THESE})",
        TEXT[2].doc,
        "list",
        is_compound=True,
    ),
    IS_NULL,
    *_FOUND_IN_TEXT,
)
"""The operators of a text that has other forms: they test each of them."""
DECIMAL = (
    _row("eq", "{number} = {v}", "Equal to this number.", "one", _number),
    _row("in", "{number} IN {v}", "One of these numbers.", "list", _numbers),
    _row(
        "notIn",
        "{x} IS NOT NULL AND NOT {number} IN {v}",
        "Not null, and none of these numbers.",
        "list",
        _numbers,
        is_compound=True,
    ),
    IS_NULL,
    *(
        _row(name, "{number} " + sign + " {v}", doc, "one", _number)
        for name, sign, doc in _COMPARED
    ),
)
DATES = (
    *EQUALITY,
    _row("before", "{latest} < {from}", "Ends before this begins.", "one", _bounds),
    _row("after", "{earliest} > {to}", "Begins after this ends.", "one", _bounds),
    _row(
        "within",
        "{x} IS NOT NULL AND ({from} IS NULL OR {earliest} >= {from})"
        " AND ({to} IS NULL OR {latest} <= {to})",
        "Lies wholly within this.",
        "one",
        _bounds,
        is_compound=True,
    ),
    _row(
        "overlaps",
        "{x} IS NOT NULL AND ({from} IS NULL OR {latest} IS NULL OR {latest} >= {from})"
        " AND ({to} IS NULL OR {earliest} IS NULL OR {earliest} <= {to})",
        "Has a day in common with this, or may have one.",
        "one",
        _bounds,
        is_compound=True,
    ),
)
LIST = (
    _row("has", "{v} IN {x}", "Has this value."),
    _row("hasAny", "any(one IN {v} WHERE one IN {x})", "Has one of these values.", "list"),
    IS_NULL,
)
