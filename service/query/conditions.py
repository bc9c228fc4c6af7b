"""Conditions and cursors as Cypher predicates."""

from collections.abc import Mapping, Sequence

from schema.names import ID
from schema.scalars import EARLIEST, LATEST, NUMBER
from service.query.emitter import Names
from service.query.filters import (
    ALWAYS,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    IsA,
    Linked,
    Not,
    OrderKey,
    together,
)
from service.query.parameters import Parameter

TOGETHER = 4
"""Links of a filter one after another that are planned as one; then each end goes on once. Twenty
took 30 s to be planned one within another, 5 s all as one; and ways to the same node multiply."""


def predicate(
    names: Names, condition: Condition, node: str, edge: str = "", *, strict: bool = False
) -> str:
    """A condition on a variable as Cypher; empty where it always holds.

    ``strict`` is set below a negation, where an absent value must be false and not unknown.
    """
    match condition:
        case AllOf(()):
            return ""
        case AnyOf(()):
            return "false"
        case AllOf(of) | AnyOf(of):
            parts = [predicate(names, one, node, edge, strict=strict) or "true" for one in of]
            joined = (" AND " if isinstance(condition, AllOf) else " OR ").join(parts)
            return f"({joined})" if len(parts) != 1 else joined
        case Not(of=inner):
            return f"NOT ({predicate(names, inner, node, edge, strict=True) or 'true'})"
        case IsA(type=node_type, condition=inner):
            test = names.reader.is_a(node, (node_type,))
            more = predicate(names, inner, node, strict=strict)
            return f"({test} AND {more})" if more else test
        case Linked():
            return _linked(names, condition, node)
        case Compare():
            return _compare(names, condition, edge if condition.on_edge else node, strict=strict)


def _linked(names: Names, condition: Linked, node: str) -> str:
    every = condition.quantifier == "all"
    steps: list[str] = []
    for link, condition_of_end in together(condition):
        end, edge = names.fresh("x"), names.fresh("e")
        bare = condition_of_end == ALWAYS and not every
        found = names.reader.step(node, link, end, edge, names.fresh, bare=bare)
        found = found if link.one else names.reader.listed_along(found, end, link, edge)
        inner = predicate(names, condition_of_end, end, edge, strict=every)
        if every:
            inner = f"NOT ({inner or 'true'})"
        # Each step is a MATCH of its own, so that two may follow the same relationship.
        onward = f"WITH DISTINCT {node} " if steps and len(steps) % TOGETHER == 0 else ""
        steps.append(f"{onward}{found}{f' WHERE {inner}' if inner else ''}")
        node = end
    exists = f"EXISTS {{ {' '.join(steps)} }}"
    return exists if condition.quantifier == "some" else f"NOT {exists}"


def _compare(names: Names, compare: Compare, variable: str, *, strict: bool) -> str:
    prop = compare.prop
    stored = {
        "{x}": prop.name,
        "{folded}": prop.matched,
        "{number}": prop.name + NUMBER,
        "{earliest}": prop.name + EARLIEST,
        "{latest}": prop.name + LATEST,
    }
    read = names.reader.edge_prop if compare.on_edge else names.reader.prop
    reads = {slot: read(variable, name) for slot, name in stored.items() if name}
    lists = (f"coalesce({read(variable, name)}, [])" for name in prop.others)
    reads["{others}"] = " + ".join(lists)
    text = filled(names, compare, reads)
    if strict and compare.operator.name != "isNull":
        return f"coalesce({text}, false)"
    return f"({text})" if " OR " in text or " AND " in text or text.startswith("NOT") else text


def filled(names: Names, compare: Compare, reads: Mapping[str, str]) -> str:
    """The Cypher of a comparison: what stands in each slot of its operator's, and its values."""
    text = compare.operator.template
    for slot, read in reads.items():
        text = text.replace(slot, read)
    for name, parameter in compare.values.items():
        if f"${name}" in text:
            text = text.replace(f"${name}", names.parameter(parameter))
    return text


def beyond(
    names: Names,
    keys: Sequence[tuple[str, OrderKey]],
    node: str,
    cursor: Sequence[Parameter[object] | None],
    *,
    backward: bool,
    inclusive: bool = False,
) -> str:
    """What lies after a cursor in the order of ``keys`` (before it when ``backward``).

    ``keys`` pairs each key with its Cypher. Absent values come last, ties go by id. Whether one of
    the cursor's values is absent is part of the text.
    """
    *values, last = cursor
    terms: list[str] = []
    equal: list[str] = []
    for (text, key), value in zip(keys, values, strict=True):
        terms += [
            " AND ".join([*equal, one]) for one in _key_beyond(names, text, key, value, backward)
        ]
        equal.append(f"{text} IS NULL" if value is None else f"{text} = {names.parameter(value)}")
    sign = ("<" if backward else ">") + ("=" if inclusive else "")
    final = f"{names.reader.prop(node, ID)} {sign} {names.parameter(last)}"
    terms.append(" AND ".join([*equal, final]))
    return terms[0] if len(terms) == 1 else "(" + " OR ".join(f"({one})" for one in terms) + ")"


def _key_beyond(
    names: Names, text: str, key: OrderKey, value: Parameter[object] | None, backward: bool
) -> list[str]:
    if value is None:
        return [f"{text} IS NOT NULL"] if backward else []
    sign = "<" if key.descending != backward else ">"
    term = f"{text} {sign} {names.parameter(value)}"
    return [f"({term} OR {text} IS NULL)" if key.nullable and not backward else term]


def order_clause(
    names: Names, keys: Sequence[tuple[str, OrderKey]], node: str, *, backward: bool
) -> str:
    """An ORDER BY with absent values last and ties by id, reversed when ``backward``."""
    parts: list[str] = []
    for text, key in keys:
        down = key.descending != backward
        # Neo4j takes an absent value for the greatest: last going up, first going down.
        if key.nullable and key.descending:
            parts.append(f"{text} IS NULL{' DESC' if backward else ''}")
        parts.append(f"{text}{' DESC' if down else ''}")
    parts.append(f"{names.reader.prop(node, ID)}{' DESC' if backward else ''}")
    return "ORDER BY " + ", ".join(parts)
