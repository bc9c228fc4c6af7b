"""Aggregates of a list: counts, bounds, sums, averages.

Decimals are summed exactly, and never across measures: the measure of an amount is its unit and
what it counts per, so 5 USD and 5 USD a year differ. Neo4j has no decimals: it counts how often
each value occurs, and the decoder sums.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Context, Decimal

from schema.declare import Measure
from schema.model import Property
from schema.scalars import NUMBER
from service.query.decoding import Answer, Row
from service.query.emitter import Emitter, TotalCount, TypeName
from service.query.fragments import (
    Cypher,
    CypherPart,
    aggregation,
    collect,
    count,
    cypher,
    first,
    list_of,
)
from service.query.value_types import VALUE_TYPES, ValueType, value_type

SIGNIFICANT = 15
"""Digits of an average, as many as a decimal has."""
BOUNDS = ("min", "max")
NAMES = ("count", "countDistinct", *BOUNDS, "sum", "avg")


@dataclass(frozen=True, slots=True)
class PropertyAggregate:
    """Aggregates of one property; ``fields`` pairs keys with names of aggregates.

    ``included`` names what is left out unless a request includes it.
    """

    key: str
    prop: Property
    type_name: str
    fields: tuple[tuple[str, str], ...]
    included: frozenset[str] = frozenset()

    def column(self, emitter: Emitter, found: CypherPart, node: str) -> Cypher:
        """Return a list: of decimals each value with how often it occurs, else the aggregates."""
        reader, prop = emitter.reader, self.prop
        value = reader.prop(node, prop.name)
        values = aggregated_type(prop)
        if values and values.is_exact:
            return self._count_decimals(emitter, found, node, value)
        parts = [aggregation("count", value), aggregation("count", f"DISTINCT {value}")]
        if values and values.bounds:
            least, greatest = (reader.prop(node, prop.name + one) for one in values.bounds)
            parts += [aggregation("min", least), aggregation("max", greatest)]
        if values and values.is_summed:
            parts.append(aggregation("sum", value))
        return first(found, cypher("RETURN {}", list_of(parts)))

    def _count_decimals(self, emitter: Emitter, found: CypherPart, node: str, value: str) -> Cypher:
        reader, measure = emitter.reader, self.prop.measure
        unit, per, left_out = "null", "null", ""
        if measure:
            unit, per = reader.prop(node, measure.unit), reader.prop(node, measure.per)
            left_out = _is_left_out(emitter, measure, node, self.included)
        columns = [f"{value} AS value", f"{unit} AS unit", f"{per} AS per"]
        columns += [f"{left_out} AS apart"] if left_out else []
        counted = "value IS NOT NULL" + (" AND NOT apart" if left_out else "")
        times = aggregation("count", "*")
        return collect(
            found,
            cypher("WITH {}, {} AS times WHERE {}", ", ".join(columns), times, counted),
            "RETURN [value, unit, per, times]",
        )

    def decode(self, raw: Row) -> Answer:
        """Return the aggregates from the column."""
        of = aggregated_type(self.prop)
        values = _decimals(raw) if of and of.is_exact else _values(of, raw)
        values["__typename"] = self.type_name
        return {key: values[name] for key, name in self.fields}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Aggregates of all nodes of a list."""

    key: str
    type_name: str
    fields: tuple[TypeName | TotalCount | PropertyAggregate, ...]

    def column(self, emitter: Emitter, found: CypherPart, node: str) -> Cypher:
        """Return a list of the fields' columns; ``found`` finds the nodes under ``node``."""
        return list_of(
            count(found, f"RETURN {node}")
            if isinstance(field, TotalCount)
            else field.column(emitter, found, node)
            for field in self.fields
            if not isinstance(field, TypeName)
        )

    def decode(self, raw: Row) -> Answer:
        """Return the fields from the column."""
        columns = iter(raw)
        decoded: Answer = {}
        for field in self.fields:
            if isinstance(field, TypeName):
                decoded[field.key] = self.type_name
            elif isinstance(field, TotalCount):
                decoded[field.key] = next(columns)
            else:
                decoded[field.key] = field.decode(next(columns))
        return decoded


def _is_left_out(
    emitter: Emitter, measure: Measure, node: str, included: Set[str] = frozenset()
) -> str:
    """Return whether aggregates leave a node out; empty if they leave out none."""
    conditions: list[str] = []
    for one in measure.exclusions:
        if one.inclusion.name not in included:
            words = emitter.parameter([str(word.value) for word in one.values])
            status = emitter.reader.prop(node, one.status)
            conditions.append(f"coalesce({status} IN {words}, false)")
    return f"({' OR '.join(conditions)})" if conditions else ""


def comparable_aggregate(
    emitter: Emitter, prop: Property, name: str, found: CypherPart, node: str
) -> Cypher:
    """Return an aggregate as a number or a day, by which Neo4j can compare groups.

    Decimals are numbers here, exact to 15 digits, and null where measures differ. The sum of no
    values is null.
    """

    def read(of: str) -> str:
        return emitter.reader.prop(node, of)

    value, condition = read(prop.name), ""
    values = value_type(prop)
    if values.is_exact:
        condition = f"WHERE {value} IS NOT NULL"
        if prop.measure and (left_out := _is_left_out(emitter, prop.measure, node)):
            condition += f" AND NOT {left_out}"
        value = read(prop.name + NUMBER)
    elif values.bounds and name in BOUNDS:
        value = read(prop.name + values.bounds[BOUNDS.index(name)])
    result = _comparable(name, value)
    if values.is_exact and prop.measure and name != "countDistinct":
        measure = ", ".join(
            f"coalesce({read(one)}, '')" for one in (prop.measure.unit, prop.measure.per)
        )
        measures = aggregation("count", f"DISTINCT [{measure}]")
        result = cypher("CASE WHEN {} = 1 THEN {} END", measures, result)
    return first(found, condition, cypher("RETURN {}", result))


def _comparable(name: str, value: str) -> Cypher:
    values = aggregation("count", value)
    match name:
        case "countDistinct":
            return aggregation("count", f"DISTINCT {value}")
        case "sum":
            return cypher("CASE WHEN {} > 0 THEN {} END", values, aggregation("sum", value))
        case "avg":
            total = aggregation("sum", value)
            return cypher("CASE WHEN {0} > 0 THEN toFloat({1}) / {0} END", values, total)
        case _:
            return aggregation(name, value)


def aggregated_type(prop: Property) -> ValueType | None:
    """Return how values are aggregated; None for words, which are only counted."""
    return None if prop.enumeration else value_type(prop)


def _values(of: ValueType | None, found: Row) -> Answer:
    values: Answer = dict.fromkeys(NAMES)
    values |= dict(zip(NAMES, found, strict=False))
    for name in BOUNDS:
        if of and of.bound and values[name] is not None:
            values[name] = VALUE_TYPES[of.bound].serialize(values[name])
    if of and of.is_summed:
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
    """Return a number in digits, without trailing zeros behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
