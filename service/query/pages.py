"""A page of a list: its part of the query, and its answer from what came back."""

from collections.abc import Sequence
from typing import Protocol

from schema.names import ID, RECORDED_IN
from schema.terms import Property
from service.query.answer import Answer, Path, Row
from service.query.conditions import beyond, order_clause, predicate
from service.query.cursors import write_cursor
from service.query.emitter import Emitter
from service.query.filters import ALWAYS, OrderKey
from service.query.lists import (
    Connection,
    Cursor,
    EdgeDate,
    EdgeField,
    EdgeNode,
    Edges,
    EdgeValue,
    EdgeVersion,
    Nodes,
    PageInfo,
    TotalCount,
    TypeName,
)
from service.query.plan import Reads

# --- the query ----------------------------------------------------------------------------------


def columns(emitter: Emitter, one: Connection, node: str | None = None) -> str:
    """The parts of a connection that are wanted: page, whether more lies behind, count."""
    parts: list[str] = []
    if one.wants_rows:
        parts.append(_page(emitter, one, node))
    if one.looks_behind:
        parts.append(_behind(emitter, one, node))
    if one.wants(TotalCount):
        ends, found = _start(emitter, one, node, bare=one.condition == ALWAYS)
        distinct = f" RETURN DISTINCT {ends[0]}" if one.link and one.link.steps else ""
        parts.append(f"COUNT {{ {found}{_where(emitter, one, ends)}{distinct} }}")
    return f"[{', '.join(parts)}]"


def _start(
    emitter: Emitter, one: Connection, node: str | None, *, bare: bool = False
) -> tuple[tuple[str, str], str]:
    """The variables of a list's nodes and of the relationships to them, and what finds them."""
    end, edge = emitter.fresh("n"), emitter.fresh("r")
    if one.link and node:
        found = emitter.reader.step(node, one.link, end, edge, emitter.fresh, bare=bare)
        return (end, edge), emitter.reader.listed(found, end, one.link.targets)
    of = one.of or emitter.vocabulary.root
    return (end, ""), emitter.reader.listed(emitter.reader.all_of(end, of), end, (of,))


def _where(emitter: Emitter, one: Connection, ends: tuple[str, str], *more: str) -> str:
    parts = [p for p in (predicate(emitter, one.condition, *ends), *more) if p]
    return f" WHERE {' AND '.join(parts)}" if parts else ""


def _keys(
    emitter: Emitter, one: Connection, end: str
) -> tuple[list[tuple[str, OrderKey]], list[str]]:
    """The order's keys, each with its Cypher, and what computes those that links lead to."""
    keys: list[tuple[str, OrderKey]] = []
    computed: list[str] = []
    for key in one.order:
        if key.links:
            name = emitter.fresh("k")
            computed.append(f"{_linked_key(emitter, key, end)} AS {name}")
            keys.append((name, key))
        else:
            keys.append((emitter.reader.prop(end, key.prop.order_by), key))
    return keys, computed


def _linked_key(emitter: Emitter, key: OrderKey, node: str) -> str:
    found: list[str] = []
    for link in key.links:
        end, edge = emitter.fresh("n"), emitter.fresh("r")
        found.append(emitter.reader.step(node, link, end, edge, emitter.fresh))
        node = end
    value = emitter.reader.prop(node, key.prop.order_by)
    return f"head(COLLECT {{ {' '.join(found)} RETURN {value} }})"


def _page(emitter: Emitter, one: Connection, node: str | None) -> str:
    (end, edge), text = _start(emitter, one, node)
    kept = emitter.reader.kept(end)
    if one.link is not None and not one.link.steps:
        kept.append(edge)
    carried = ", ".join(kept)
    distinct = "DISTINCT " if one.link and one.link.steps else ""
    keys, computed = _keys(emitter, one, end)
    backward = one.page.backward
    cursor = one.page.cursor
    after = beyond(emitter, keys, end, cursor, backward=backward) if cursor else ""
    if computed:
        text += _where(emitter, one, (end, edge))
        text += f" WITH {distinct}{carried}, {', '.join(computed)}"
        text += f" WHERE {after}" if after else ""
        carried = ", ".join([*kept, *(key for key, by in keys if by.links)])
        distinct = ""
    else:
        text += _where(emitter, one, (end, edge), after)
    order = order_clause(emitter, keys, end, backward=backward)
    limit = emitter.parameter(one.page.size + 1)
    text += f" WITH {distinct}{carried} {order} LIMIT {limit}"
    row: list[str] = []
    if one.wants_cursors:
        row.append(f"[{', '.join([*(k for k, _ in keys), emitter.reader.prop(end, ID)])}]")
    for part in one.fields:
        if isinstance(part, Nodes):
            row.append(emitter.reads(part.reads, end))
        elif isinstance(part, Edges):
            row += [c for e in part.fields for c in _edge_field(emitter, e, end, edge)]
    return f"COLLECT {{ {text} RETURN [{', '.join(row)}] }}"


def _edge_field(emitter: Emitter, one: EdgeField, end: str, edge: str) -> list[str]:
    match one:
        case EdgeNode(reads=reads):
            return [emitter.reads(reads, end)]
        case EdgeValue(prop=prop) | EdgeDate(prop=prop):
            return [emitter.reader.edge_prop(edge, prop.name)]
        case EdgeVersion():
            return [emitter.reader.edge_prop(edge, RECORDED_IN)]
        case Cursor() | TypeName():
            return []


def _behind(emitter: Emitter, one: Connection, node: str | None) -> str:
    """Whether the list has anything on the other side of the cursor that the page left."""
    (end, edge), found = _start(emitter, one, node)
    keys, computed = _keys(emitter, one, end)
    text = beyond(
        emitter,
        keys,
        end,
        one.page.cursor or (),
        backward=not one.page.backward,
        inclusive=True,
    )
    if not computed:
        return f"EXISTS {{ {found}{_where(emitter, one, (end, edge), text)} }}"
    where = _where(emitter, one, (end, edge))
    return (
        f"EXISTS {{ {found}{where} WITH {', '.join([*emitter.reader.kept(end), *computed])} "
        f"WHERE {text} RETURN {end} }}"
    )


# --- the answer ---------------------------------------------------------------------------------


class Shaper(Protocol):
    """What shapes the nodes and values of an answer."""

    def node(self, reads: Reads, row: Row | None, path: Path) -> Answer | None:
        """A node from its row."""

    def value(self, prop: Property, raw: Row | None, path: Path) -> object:
        """A property's value."""

    def date(
        self, prop: Property, fields: Sequence[tuple[str, str]], raw: object, path: Path
    ) -> Answer | None:
        """A date as precise as its source."""


def shape_page(shaper: Shaper, one: Connection, raw: Row, path: Path) -> Answer:
    """The answer of a connection; ``raw`` is the list that ``columns`` wrote."""
    parts = iter(raw)
    rows = next(parts) if one.wants_rows else []
    behind = bool(next(parts)) if one.looks_behind else False
    more = len(rows) > one.page.size
    rows = rows[: one.page.size]
    if one.page.backward:
        rows = rows[::-1]
    cursors = [write_cursor(one.order, row[0]) for row in rows] if one.wants_cursors else []
    shaped: Answer = {}
    column = 1 if one.wants_cursors else 0
    for part in one.fields:
        at = (*path, part.key)
        match part:
            case TypeName():
                shaped[part.key] = one.type_name
            case TotalCount():
                shaped[part.key] = next(parts)
            case PageInfo():
                shaped[part.key] = _page_info(part, one, cursors, more=more, behind=behind)
            case Nodes():
                shaped[part.key] = [
                    shaper.node(part.reads, row[column], (*at, index))
                    for index, row in enumerate(rows)
                ]
                column += 1
            case Edges():
                shaped[part.key] = [
                    _shape_edge(
                        shaper, part, row, column, cursors[index] if cursors else "", (*at, index)
                    )
                    for index, row in enumerate(rows)
                ]
                column += sum(not isinstance(e, TypeName | Cursor) for e in part.fields)
    return shaped


def _shape_edge(
    shaper: Shaper, edges: Edges, row: Row, column: int, cursor: str, path: Path
) -> Answer:
    shaped: Answer = {}
    for one in edges.fields:
        at = (*path, one.key)
        match one:
            case TypeName():
                shaped[one.key] = edges.type_name
                continue
            case Cursor():
                shaped[one.key] = cursor
                continue
            case EdgeNode():
                shaped[one.key] = shaper.node(one.reads, row[column], at)
            case EdgeValue():
                shaped[one.key] = shaper.value(one.prop, row[column], at)
            case EdgeDate():
                shaped[one.key] = shaper.date(one.prop, one.fields, row[column], at)
            case EdgeVersion():
                shaped[one.key] = row[column]
        column += 1
    return shaped


def _page_info(
    part: PageInfo, one: Connection, cursors: Sequence[str], *, more: bool, behind: bool
) -> Answer:
    backward = one.page.backward
    shown = {
        "__typename": "PageInfo",
        "hasNextPage": behind if backward else more,
        "hasPreviousPage": more if backward else behind,
        "startCursor": cursors[0] if cursors else None,
        "endCursor": cursors[-1] if cursors else None,
    }
    return {key: shown[name] for key, name in part.fields}
