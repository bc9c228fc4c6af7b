"""Shaping pages of lists: nodes, edges, cursors, how the page lies in its list."""

from collections.abc import Callable, Sequence

from service.query.aggregates import shape_aggregate
from service.query.answer import Answer, Row
from service.query.cursors import cursor_writer
from service.query.groups import groups_shape
from service.query.lists import (
    Aggregate,
    Connection,
    Cursor,
    EdgeDate,
    EdgeField,
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
from service.query.shape_value import date_shape, value_shape
from service.query.shaping import At, NodeShape, Shape, ShapeNode, Shaping

ShapeRows = Callable[[Sequence[Row], Sequence[str], At, Shaping], list[Answer | None]]
"""Shapes the rows of a page, with their cursors."""


def page_shape(one: Connection, node: NodeShape) -> Shape:
    """What shapes a connection of the list that ``columns`` wrote."""
    match one.fields:  # most lists within lists are asked for no more than this
        case [Nodes(key=key, reads=reads)] if one.link and not one.page.backward:
            return _nodes_alone(key, node(reads))
        case [TotalCount(key=key)]:
            return lambda raw, _, __: {key: raw[0]}

    wants_rows, looks_behind, wants_cursors = one.wants_rows, one.looks_behind, one.wants_cursors
    wants_total, backward = one.wants(TotalCount), one.page.backward
    write, shows_cursors = cursor_writer(one.order), one.shows_cursors
    # Of what stands in columns of its own, and of what is read of each row.
    apart: dict[str, Shape] = {}
    rowwise: dict[str, ShapeRows] = {}
    column = 1 if wants_cursors else 0
    for part in one.fields:
        if isinstance(part, Aggregate):
            apart[part.key] = _aggregate(part)
        elif isinstance(part, Groups):
            apart[part.key] = groups_shape(part, node, page_shape)
        elif isinstance(part, Nodes):
            rowwise[part.key] = _nodes(part, node, column)
            column += 1
        elif isinstance(part, Edges):
            rowwise[part.key] = _edges(part, node, column)
            column += sum(not isinstance(e, TypeName | Cursor) for e in part.fields)

    def shape(raw: Row, at: At, shaping: Shaping) -> Answer:
        parts = iter(raw)
        rows = next(parts) if wants_rows else []
        behind = bool(next(parts)) if looks_behind else False
        total = next(parts) if wants_total else None
        size = shaping.given(one.page.size)
        more = len(rows) > size
        if more:
            rows = rows[:size]
        if backward:
            rows = rows[::-1]
        shown = rows if shows_cursors or len(rows) < 2 else (rows[0], rows[-1])
        cursors = [write(row[0]) for row in shown] if wants_cursors else []
        shaped: Answer = {}
        for part in one.fields:
            key = part.key
            if key in rowwise:
                shaped[key] = rowwise[key](rows, cursors, (at, key), shaping)
            elif key in apart:
                shaped[key] = apart[key](next(parts), (at, key), shaping)
            elif isinstance(part, TotalCount):
                shaped[key] = total
            elif isinstance(part, PageInfo):
                shaped[key] = _page_info(part, cursors, backward, more=more, behind=behind)
            else:
                shaped[key] = one.type_name
        return shaped

    return shape


def _nodes_alone(key: str, each: ShapeNode) -> Shape:
    """What shapes a list of a link of which only the nodes are asked: it was cut to its size."""

    def shape(raw: Row, at: At, shaping: Shaping) -> Answer:
        here = (at, key)
        return {key: [each(row, (here, index), shaping) for index, (row,) in enumerate(raw[0])]}

    return shape


def _aggregate(part: Aggregate) -> Shape:
    return lambda raw, _, __: shape_aggregate(part, raw)


def _nodes(part: Nodes, node: NodeShape, column: int) -> ShapeRows:
    each = node(part.reads)
    return lambda rows, _, at, shaping: [
        each(row[column], (at, index), shaping) for index, row in enumerate(rows)
    ]


def _edges(edges: Edges, node: NodeShape, column: int) -> ShapeRows:
    parts: list[tuple[EdgeField, int, Shape | None]] = []
    for one in edges.fields:
        shape = _edge_field(one, node)
        parts.append((one, column, shape))
        column += shape is not None

    def shaped(
        rows: Sequence[Row], cursors: Sequence[str], at: At, shaping: Shaping
    ) -> list[Answer | None]:
        found: list[Answer | None] = []
        for index, row in enumerate(rows):
            here = (at, index)
            edge: Answer = {}
            for one, column, shape in parts:
                if shape is not None:
                    edge[one.key] = shape(row[column], (here, one.key), shaping)
                elif isinstance(one, Cursor):
                    edge[one.key] = cursors[index]
                else:
                    edge[one.key] = edges.type_name
            found.append(edge)
        return found

    return shaped


def _edge_field(one: EdgeField, node: NodeShape) -> Shape | None:
    """What shapes a field of an edge; None for what takes no column."""
    match one:
        case EdgeNode(reads=reads):
            return node(reads)
        case EdgeValue(prop=prop):
            return value_shape(prop)
        case EdgeDate(prop=prop, fields=fields):
            return date_shape(prop, fields)
        case EdgeVersion():
            return lambda raw, _, __: raw
        case Cursor() | TypeName():
            return None


def _page_info(
    part: PageInfo, cursors: Sequence[str], backward: bool, *, more: bool, behind: bool
) -> Answer:
    shown = {
        "__typename": "PageInfo",
        "hasNextPage": behind if backward else more,
        "hasPreviousPage": more if backward else behind,
        "startCursor": cursors[0] if cursors else None,
        "endCursor": cursors[-1] if cursors else None,
    }
    return {key: shown[name] for key, name in part.fields}
