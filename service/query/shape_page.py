"""A page of a list: its answer, from what came back for ``service.query.pages``."""

from collections.abc import Sequence

from service.query.aggregates import shape_aggregate
from service.query.answer import Answer, Path, Row
from service.query.cursors import write_cursor
from service.query.groups import shape_groups
from service.query.lists import (
    Aggregate,
    Connection,
    Cursor,
    EdgeDate,
    EdgeNode,
    Edges,
    EdgeValue,
    EdgeVersion,
    Groups,
    Nodes,
    PageInfo,
    TotalCount,
    TypeName,
)
from service.query.shaping import Shaper


def shape_page(shaper: Shaper, one: Connection, raw: Row, path: Path) -> Answer:
    """The answer of a connection; ``raw`` is the list that ``columns`` wrote."""
    parts = iter(raw)
    rows = next(parts) if one.wants_rows else []
    behind = bool(next(parts)) if one.looks_behind else False
    total = next(parts) if one.wants(TotalCount) else None
    size = shaper.given(one.page.size)
    more = len(rows) > size
    rows = rows[:size]
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
                shaped[part.key] = total
            case Aggregate():
                shaped[part.key] = shape_aggregate(part, next(parts))
            case Groups():
                shaped[part.key] = shape_groups(shaper, shape_page, part, next(parts), at)
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
