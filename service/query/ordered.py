"""The first so many of a list in its order: from an index where that has them in this order.

An index holds no absent values, so it serves an order only where they are ruled out: they come
last, and are looked for apart, if the list was not long enough without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.names import ID
from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter
from service.query.filters import OrderKey, nesting
from service.query.lists import Connection
from service.query.starts import Start

Keys = Sequence[tuple[str, OrderKey]]
"""The keys of an order, each with its Cypher."""


@dataclass(frozen=True, slots=True)
class FirstOnes:
    """What finds the first so many of a list: the texts that do, one after the other.

    ``absent`` finds those without the first key's value; they are looked for if others are too few.
    """

    node: str
    order: str
    limit: str
    present: str
    absent: str = ""
    found: str = ""

    def rows(self, row: str) -> str:
        """Lists them, given the clause that reads a row."""
        if not self.absent:
            return f"COLLECT {{ {self.present} {row} }}"
        if "{" in row:
            return f"COLLECT {{ {self.text()} {row} }}"
        # A row that is written twice saves reading what the order needs once more.
        found = self.found
        short = f"UNWIND CASE WHEN size({found}) < {self.limit} THEN [0] ELSE [] END AS short"
        return (
            f"head(COLLECT {{ UNWIND [COLLECT {{ {self.present} {row} }}] AS {found} "
            f"RETURN {found} + COLLECT {{ {short} {self.absent} {row} }} }})"
        )

    def text(self, outer: str = "") -> str:
        """Finds them, in their order; ``outer`` is the variable that the texts need."""
        if not self.absent:
            return self.present
        node, found = self.node, self.found
        both = f"{found}, {outer}" if outer else found
        return (
            f"CALL ({outer}) {{ {self.present} RETURN collect({node}) AS {found} }} "
            f"CALL ({both}) {{ UNWIND {found} AS {node} RETURN {node} UNION ALL "
            f"WITH {both} WHERE size({found}) < {self.limit} "
            f"CALL ({outer}) {{ {self.absent} RETURN {node} }} RETURN {node} }} {self.order}"
        )


def first_ones(emitter: Emitter, begin: Start, one: Connection, keys: Keys) -> FirstOnes:
    """What finds the first so many of all of a type."""
    node, limit = begin.node, emitter.parameter(one.limit)
    backward, cursor = one.page.backward, one.page.cursor
    order = f"WITH {node} {order_clause(emitter, keys, node, backward=backward)} LIMIT {limit}"

    def whole(*held: str) -> FirstOnes:
        return FirstOnes(node, order, limit, f"{begin.where(emitter, *held)} {order}")

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
    return FirstOnes(node, order, limit, present, absent, found)
