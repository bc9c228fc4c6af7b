"""The first so many of a list in its order: from an index where that has them in this order.

An index holds no absent values, so it serves an order only where they are ruled out: they come
last, and are looked for apart, if the list was not long enough without them.
"""

from collections.abc import Sequence

from schema.names import ID
from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter
from service.query.filters import OrderKey, nesting
from service.query.lists import Connection
from service.query.starts import Start

Keys = Sequence[tuple[str, OrderKey]]
"""The keys of an order, each with its Cypher."""


def first_ones(emitter: Emitter, begin: Start, one: Connection, keys: Keys) -> str:
    """What reads the first so many of all of a type, and leaves them in their order."""
    node, limit = begin.node, emitter.parameter(one.limit)
    backward, cursor = one.page.backward, one.page.cursor
    order = f"WITH {node} {order_clause(emitter, keys, node, backward=backward)} LIMIT {limit}"
    if not keys:
        has_id = f"{emitter.reader.prop(node, ID)} IS NOT NULL"
        after = beyond(emitter, keys, node, cursor, backward=backward) if cursor else has_id
        return f"{begin.where(emitter, after)} {order}"
    (text, first), *more = keys
    # What is looked for twice has to be cheap to plan: a filter over links is not.
    apart = backward or (cursor and cursor[0] is None) or nesting(begin.rest)
    if not first.prop.indexed or (first.nullable and apart):
        after = beyond(emitter, keys, node, cursor, backward=backward) if cursor else ""
        return f"{begin.where(emitter, after)} {order}"
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
        return f"{begin.where(emitter, there, after)} {order}"
    found = emitter.fresh("l")
    without = order_clause(emitter, more, node, backward=False)
    within = without.replace(
        "ORDER BY ", f"ORDER BY {text}{' DESC' if first.descending else ''}, ", 1
    )
    return (
        f"CALL () {{ {begin.where(emitter, there, after)} WITH {node} {within} LIMIT {limit} "
        f"RETURN collect({node}) AS {found} }} "
        f"CALL ({found}) {{ UNWIND {found} AS {node} RETURN {node} UNION ALL "
        f"WITH {found} WHERE size({found}) < {limit} CALL () {{ "
        f"{begin.where(emitter, f'{text} IS NULL')} WITH {node} {without} LIMIT {limit} "
        f"RETURN {node} }} RETURN {node} }} {order}"
    )
