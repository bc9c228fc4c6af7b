"""The first so many of a list in its order: from an index where that has them in this order.

An index holds no absent values, so it serves an order only where they are ruled out: they come
last, and are looked for apart, if the list was not long enough without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.names import ID
from schema.scalars import EARLIEST
from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter
from service.query.filters import OrderKey, nesting
from service.query.lists import Connection
from service.query.starts import Start

Keys = Sequence[tuple[str, OrderKey]]
"""The keys of an order, each with its Cypher."""


@dataclass(frozen=True, slots=True)
class FirstOnes:
    """What finds the first so many of a list: each text finds what comes after the one before.

    A text is looked through only where those before it found too few; ``found`` names what they
    found.
    """

    node: str
    order: str
    limit: str
    texts: Sequence[str]
    found: Sequence[str]

    def rows(self, row: str) -> str:
        """Lists them, given the clause that reads a row."""
        if len(self.texts) == 1:
            return f"COLLECT {{ {self.texts[0]} {row} }}"
        # A row that is written twice saves reading what the order needs once more.
        return f"COLLECT {{ {self.text()} {row} }}" if "{" in row else self._listed(row)

    def text(self) -> str:
        """Finds them, in their order."""
        if len(self.texts) == 1:
            return self.texts[0]
        return f"UNWIND {self._listed(f'RETURN {self.node}')} AS {self.node} {self.order}"

    def _listed(self, row: str) -> str:
        first, *more = self.texts
        listed = f"UNWIND [COLLECT {{ {first} {row} }}] AS {self.found[0]} "
        for text, before, now in zip(more, self.found, [*self.found[1:], ""], strict=True):
            short = f"UNWIND CASE WHEN size({before}) < {self.limit} THEN [0] ELSE [] END AS short"
            # Beside another clause, a text would not be read in the order of its index.
            apart = f"COLLECT {{ {text} {row} }}"
            both = f"{before} + COLLECT {{ {short} UNWIND {apart} AS one RETURN one }}"
            listed += f"UNWIND [{both}] AS {now} " if now else f"RETURN {both}"
        return f"head(COLLECT {{ {listed} }})"


def first_ones(emitter: Emitter, begin: Start, one: Connection, keys: Keys) -> FirstOnes:
    """What finds the first so many of all of a type."""
    node, limit = begin.node, emitter.parameter(one.limit)
    backward, cursor = one.page.backward, one.page.cursor
    order = f"WITH {node} {order_clause(emitter, keys, node, backward=backward)} LIMIT {limit}"

    def first_of(*texts: str) -> FirstOnes:
        return FirstOnes(node, order, limit, texts, [emitter.fresh("l") for _ in texts[1:]])

    def whole(*held: str) -> FirstOnes:
        return first_of(f"{begin.where(emitter, *held)} {order}")

    if not keys:
        has_id = f"{emitter.reader.prop(node, ID)} IS NOT NULL"
        after = beyond(emitter, keys, node, cursor, backward=backward) if cursor else has_id
        return whole(after)
    (text, first), *more = keys
    # What is looked for twice has to be cheap to plan: a filter over links is not.
    apart = bool(backward or (cursor and cursor[0] is None) or nesting(begin.rest))
    if not first.prop.indexed or (first.nullable and apart):
        return whole(beyond(emitter, keys, node, cursor, backward=backward) if cursor else "")
    held = [[f"{text} IS NOT NULL"]]
    if cursor and cursor[0] is not None:
        sign, value = "<" if first.descending != backward else ">", emitter.parameter(cursor[0])
        rest = beyond(emitter, more, node, cursor[1:], backward=backward)
        if first.prop.order_by.endswith(EARLIEST) and not more and not apart:
            # Many may share a day; an index holds their ids too.
            held = [[f"{text} = {value}", rest], [f"{text} {sign} {value}"]]
        else:
            # The index is sought by the first alone; what else the cursor says has an OR in it.
            held = [[f"{text} {sign}= {value}", f"({text} {sign} {value} OR {rest})"]]
    elif cursor:
        held[0].append(beyond(emitter, keys, node, cursor, backward=backward))
    if not first.nullable:
        return first_of(*(f"{begin.where(emitter, *some)} {order}" for some in held))
    without = order_clause(emitter, more, node, backward=False)
    within = without.replace(
        "ORDER BY ", f"ORDER BY {text}{' DESC' if first.descending else ''}, ", 1
    )
    present = [f"{begin.where(emitter, *some)} WITH {node} {within} LIMIT {limit}" for some in held]
    absent = f"{begin.where(emitter, f'{text} IS NULL')} WITH {node} {without} LIMIT {limit}"
    return first_of(*present, absent)
