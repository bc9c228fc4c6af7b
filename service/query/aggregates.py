"""Aggregates over a list: counts, bounds, sums; decimals exactly, and never across measures.

The measure of an amount is its unit and what it counts per: 5 USD and 5 USD a year differ.

Neo4j has no decimals, so it counts how often each is there and the sum is made here.
"""

from collections.abc import Sequence, Set
from decimal import Context, Decimal

from schema import scalars
from schema.declare import Measured
from schema.terms import Property
from service.query.answer import Answer, Row
from service.query.emitter import Emitter
from service.query.lists import Aggregate, AggregateOf, TotalCount, TypeName
from service.query.values import write

SIGNIFICANT = 15
"""Digits of an average, as many as a decimal has."""
NAMES = ("count", "countDistinct", "min", "max", "sum", "avg")
DAY = Property("day", scalars.DATE, required=False, many=False, doc="A day.")
_NUMBERS = {scalars.INT, scalars.LONG}
_BOUNDED = {*_NUMBERS, scalars.DATE, scalars.DATE_TIME}


def aggregate_columns(emitter: Emitter, one: Aggregate, found: str, end: str) -> str:
    """A list of what each field needs; ``found`` reads the whole list, ``end`` is its node."""
    parts = [
        f"COUNT {{ {found} RETURN {end} }}" if isinstance(field, TotalCount) else
        _column(emitter, field, found, end)
        for field in one.fields
        if not isinstance(field, TypeName)
    ]  # fmt: skip
    return f"[{', '.join(parts)}]"


def _column(emitter: Emitter, field: AggregateOf, found: str, end: str) -> str:
    prop = field.prop

    def read(name: str) -> str:
        return emitter.reader.prop(end, name)

    value = read(prop.name)
    if prop.scalar is scalars.DECIMAL:
        unit, per, left_out = "null", "null", ""
        if prop.measured:
            unit, per = read(prop.measured.unit), read(prop.measured.per)
            left_out = _left_out(emitter, prop.measured, end, field.included)
        columns = [f"{value} AS value", f"{unit} AS unit", f"{per} AS per"]
        columns += [f"{left_out} AS apart"] if left_out else []
        counted = "value IS NOT NULL" + (" AND NOT apart" if left_out else "")
        return (
            f"COLLECT {{ {found} WITH {', '.join(columns)}, count(*) AS times WHERE {counted} "
            "RETURN [value, unit, per, times] }"
        )
    told = [f"count({value})", f"count(DISTINCT {value})"]
    if prop.scalar is scalars.EDTF:
        first, last = read(prop.name + scalars.EARLIEST), read(prop.name + scalars.LATEST)
        told += [f"min({first})", f"max({last})"]
    elif prop.scalar in _BOUNDED:
        told += [f"min({value})", f"max({value})"]
    if prop.scalar in _NUMBERS:
        told.append(f"sum({value})")
    return f"head(COLLECT {{ {found} RETURN [{', '.join(told)}] }})"


def _left_out(
    emitter: Emitter, measured: Measured, node: str, included: Set[str] = frozenset()
) -> str:
    """Return whether aggregates leave a node out; empty if they leave out none."""
    conditions: list[str] = []
    for one in measured.left_out:
        if one.inclusion.name not in included:
            words = emitter.parameter([str(word.value) for word in one.words])
            status = emitter.reader.prop(node, one.status)
            conditions.append(f"coalesce({status} IN {words}, false)")
    return f"({' OR '.join(conditions)})" if conditions else ""


def comparable(emitter: Emitter, prop: Property, name: str, found: str, end: str) -> str:
    """One thing that values say together, as a number or a day that Neo4j can compare.

    Decimals are numbers here, exact to 15 digits; they have none where measures differ. No values
    have no sum.
    """

    def read(of: str) -> str:
        return emitter.reader.prop(end, of)

    value, held = read(prop.name), ""
    if prop.scalar is scalars.DECIMAL:
        held = f" WHERE {value} IS NOT NULL"
        if prop.measured and (left_out := _left_out(emitter, prop.measured, end)):
            held += f" AND NOT {left_out}"
        value = read(prop.name + scalars.NUMBER)
    elif prop.scalar is scalars.EDTF and name in {"min", "max"}:
        value = read(prop.name + (scalars.EARLIEST if name == "min" else scalars.LATEST))
    told = {
        "countDistinct": "count(DISTINCT {v})",
        "sum": "CASE WHEN count({v}) > 0 THEN sum({v}) END",
        "avg": "CASE WHEN count({v}) > 0 THEN toFloat(sum({v})) / count({v}) END",
    }
    text = told.get(name, name + "({v})").replace("{v}", value)
    if prop.scalar is scalars.DECIMAL and prop.measured and name != "countDistinct":
        measure = ", ".join(
            f"coalesce({read(one)}, '')" for one in (prop.measured.unit, prop.measured.per)
        )
        text = f"CASE WHEN count(DISTINCT [{measure}]) = 1 THEN {text} END"
    return f"head(COLLECT {{ {found}{held} RETURN {text} }})"


def shape_aggregate(one: Aggregate, raw: Row) -> Answer:
    """The answer of an aggregate; ``raw`` is the list that ``aggregate_columns`` wrote."""
    parts = iter(raw)
    shaped: Answer = {}
    for field in one.fields:
        if isinstance(field, TypeName):
            shaped[field.key] = one.type_name
        elif isinstance(field, TotalCount):
            shaped[field.key] = next(parts)
        else:
            found = next(parts)
            decimal = field.prop.scalar is scalars.DECIMAL
            values = _decimals(found) if decimal else _values(field.prop, found)
            values["__typename"] = field.type_name
            shaped[field.key] = {key: values[name] for key, name in field.fields}
    return shaped


def _values(prop: Property, found: Row) -> Answer:
    values: Answer = dict.fromkeys(NAMES)
    values |= dict(zip(NAMES, found, strict=False))
    # An EDTF date begins and ends with a day.
    bound = DAY if prop.scalar is scalars.EDTF else prop
    for name in ("min", "max"):
        if values[name] is not None:
            values[name] = write(bound, values[name])
    if prop.scalar in _NUMBERS:
        total, number = int(str(values["sum"])), int(str(values["count"]))
        # A sum may need more than 32 bits; an average of whole numbers is made of it exactly.
        values |= {
            "sum": str(total) if number else None,
            "avg": total / number if number else None,
        }
    return values


def _decimals(found: Row) -> Answer:
    counted = [(Decimal(str(value)), int(str(times))) for value, _, _, times in found]
    values: Answer = dict.fromkeys((*NAMES, "unit", "per"))
    values["count"] = sum(times for _, times in counted)
    values["countDistinct"] = len({value for value, _ in counted})
    measures = {(unit, per) for _, unit, per, _ in found}
    if len(measures) == 1:
        ((values["unit"], values["per"]),) = measures
        values |= _sums(counted)
    return values


def _sums(counted: Sequence[tuple[Decimal, int]]) -> Answer:
    exact = Context(prec=200)
    total = Decimal(0)
    for value, times in counted:
        total = exact.add(total, exact.multiply(value, Decimal(times)))
    number = sum(times for _, times in counted)
    average = Context(prec=SIGNIFICANT).divide(total, Decimal(number))
    every = [value for value, _ in counted]
    found = {"min": min(every), "max": max(every), "sum": total, "avg": average}
    return {name: _text(value) for name, value in found.items()}


def _text(value: Decimal) -> str:
    """The number in digits, without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
