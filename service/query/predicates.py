"""Conditions as Cypher predicates."""

from collections.abc import Mapping

from service.query.emitter import Emitter
from service.query.filters import (
    ALWAYS,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    IsA,
    Linked,
    Not,
    link_chain,
)
from service.query.fragments import EMPTY, Cypher, cypher, exists, join, join_clauses
from service.query.fragments import where as with_where

LONGEST_CHAIN = 4
"""Links of a filter that are matched in a row before each end is made distinct. Twenty nested one
within another took 30 s to be planned, 5 s in a row; and paths to the same node multiply."""


def predicate(
    emitter: Emitter, condition: Condition, node: str, edge: str = "", *, strict: bool = False
) -> Cypher:
    """Return a condition on a node as a predicate; empty where it always holds.

    ``edge`` is the relationship that led to the node. ``strict`` is set below a negation, where a
    comparison with null has to be false and not null.
    """
    match condition:
        case AllOf(()):
            return EMPTY
        case AnyOf(()):
            return Cypher("false")
        case AllOf(of) | AnyOf(of):
            parts = [predicate(emitter, one, node, edge, strict=strict) or "true" for one in of]
            joined = join(" AND " if isinstance(condition, AllOf) else " OR ", parts)
            return cypher("({})", joined) if len(parts) != 1 else joined
        case Not(of=inner):
            return cypher("NOT ({})", predicate(emitter, inner, node, edge, strict=True) or "true")
        case IsA(type=node_type, condition=inner):
            test = emitter.reader.is_a(node, (node_type,))
            more = predicate(emitter, inner, node, strict=strict)
            return cypher("({} AND {})", test, more) if more else Cypher(test)
        case Linked():
            return _linked_predicate(emitter, condition, node)
        case Compare():
            return _compare(emitter, condition, edge if condition.on_edge else node, strict=strict)


def _linked_predicate(emitter: Emitter, condition: Linked, node: str) -> Cypher:
    reader = emitter.reader
    every = condition.quantifier == "all"
    steps: list[Cypher] = []
    for link, condition_of_end in link_chain(condition):
        end, edge = emitter.new_variable("x"), emitter.new_variable("e")
        ids_only = condition_of_end == ALWAYS and not every
        found = reader.step(node, link, end, edge, emitter.new_variable, ids_only=ids_only)
        found = found if link.one else reader.valid_along(found, end, link, edge)
        inner = predicate(emitter, condition_of_end, end, edge, strict=every)
        if every:
            inner = cypher("NOT ({})", inner or "true")
        # Each step is a MATCH of its own, so that two may follow the same relationship.
        distinct = steps and len(steps) % LONGEST_CHAIN == 0
        steps.append(
            join_clauses(f"WITH DISTINCT {node}" if distinct else "", with_where(found, inner))
        )
        node = end
    found_any = exists(*steps)
    return found_any if condition.quantifier == "some" else cypher("NOT {}", found_any)


def _compare(emitter: Emitter, compare: Compare, variable: str, *, strict: bool) -> Cypher:
    prop = compare.prop
    stored = {suffix.lower(): prop.name + suffix for suffix in prop.scalar.derived}
    stored |= {"x": prop.name, "folded": prop.match_column or ""}
    read = emitter.reader.edge_prop if compare.on_edge else emitter.reader.prop
    columns = {slot: read(variable, name) for slot, name in stored.items() if name}
    lists = (f"coalesce({read(variable, name)}, [])" for name in prop.other_columns)
    columns["others"] = " + ".join(lists)
    text = comparison(emitter, compare, columns)
    if strict and compare.operator.name != "isNull":
        return Cypher(f"coalesce({text}, false)")
    return Cypher(f"({text})" if compare.operator.is_compound else text)


class _Slots(dict[str, str]):
    """The slots of an operator's template: columns, and parameters, made when they are needed."""

    def __init__(self, emitter: Emitter, compare: Compare, columns: Mapping[str, str]) -> None:
        super().__init__(columns)
        self._emitter, self._values = emitter, compare.values

    def __missing__(self, name: str) -> str:
        self[name] = self._emitter.parameter(self._values[name])
        return self[name]


def comparison(emitter: Emitter, compare: Compare, columns: Mapping[str, str]) -> str:
    """Return a comparison as Cypher, given what stands in the slots of its operator's template."""
    return compare.operator.template.format_map(_Slots(emitter, compare, columns))
