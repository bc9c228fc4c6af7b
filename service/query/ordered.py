"""The first so many of a list in its order: from an index where that has them in this order.

An index holds no absent values, so it serves an order only where they are ruled out: they come
last, and are looked for apart, if the list was not long enough without them.
"""

from collections.abc import Callable, Sequence

from schema.names import ID
from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter
from service.query.filters import OrderKey, nesting
from service.query.lists import Connection
from service.query.starts import Start

Keys = Sequence[tuple[str, OrderKey]]
"""The keys of an order, each with its Cypher."""


def first_ones(emitter: Emitter, begin: Start, one: Connection, keys: Keys) -> Callable[[str], str]:
    """What lists the first so many of all of a type, given the clause that reads a row."""
    node, limit = begin.node, emitter.parameter(one.limit)
    backward, cursor = one.page.backward, one.page.cursor
    order = f"WITH {node} {order_clause(emitter, keys, node, backward=backward)} LIMIT {limit}"

    def whole(*held: str) -> Callable[[str], str]:
        text = f"{begin.where(emitter, *held)} {order}"
        return lambda row: f"COLLECT {{ {text} {row} }}"

    if not keys:
        has_id = f"{emitter.reader.prop(node, ID)} IS NOT NULL"
        after = beyond(emitter, keys, node, cursor, backward=backward) if cursor else has_id
        return whole(after)
    (text, first), *more = keys
    # What is looked for twice has to be cheap to plan: a filter over links is not.
    apart = backward or (cursor and cursor[0] is None) or nesting(begin.rest)
    if not first.prop.indexed or (first.nullable and apart):
        return whole(beyond(emitter, keys, node, cursor, backward=backward) if cursor else "")
    there, after = f"{text} IS NOT NULL", ""
    if cursor and cursor[0] is not None:
        # The index is sought by this alone; what else the cursor says has an OR in it.
        sign, value = "<" if first.descending != backward else ">", emitter.parameter(cursor[0])
        there = f"{text} {sign}= {value}"
        rest = beyond(emitter, more, node, cursor[1:], backward=backward)
        after = f"({text} {sign} {value} OR {rest})"
    elif cursor:
        after = beyond(emitter, keys, node, cursor, backward=backward)
    if not first.nullable:
        return whole(there, after)
    found = emitter.fresh("l")
    without = order_clause(emitter, more, node, backward=False)
    within = without.replace(
        "ORDER BY ", f"ORDER BY {text}{' DESC' if first.descending else ''}, ", 1
    )
    present = f"{begin.where(emitter, there, after)} WITH {node} {within} LIMIT {limit}"
    absent = f"{begin.where(emitter, f'{text} IS NULL')} WITH {node} {without} LIMIT {limit}"

    def rows(row: str) -> str:
        if "{" not in row:
            # A row that is written twice saves reading what the order needs once more.
            short = f"UNWIND CASE WHEN size({found}) < {limit} THEN [0] ELSE [] END AS short"
            return (
                f"head(COLLECT {{ UNWIND [COLLECT {{ {present} {row} }}] AS {found} "
                f"RETURN {found} + COLLECT {{ {short} {absent} {row} }} }})"
            )
        return (
            f"COLLECT {{ CALL () {{ {present} RETURN collect({node}) AS {found} }} "
            f"CALL ({found}) {{ UNWIND {found} AS {node} RETURN {node} UNION ALL "
            f"WITH {found} WHERE size({found}) < {limit} CALL () {{ {absent} RETURN {node} }} "
            f"RETURN {node} }} {order} {row} }}"
        )

    return rows
