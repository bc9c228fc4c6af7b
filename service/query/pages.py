"""A page of a list: its part of the query."""

from dataclasses import dataclass

from schema.names import ID, RECORDED_IN
from schema.terms import Link
from service.query.aggregates import aggregate_columns
from service.query.conditions import beyond, order_clause, predicate
from service.query.emitter import Emitter, returned
from service.query.filters import ALWAYS, OrderKey
from service.query.groups import group_column, unwound
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
    TotalCount,
    TypeName,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a list's nodes come from: along its link from a node, out of a list; else all."""

    node: str | None = None
    members: str | None = None


EVERYWHERE = Origin()


def columns(emitter: Emitter, one: Connection, origin: Origin = EVERYWHERE) -> str:
    """The parts of a connection that are wanted: page, whether more lies behind, count, groups."""
    parts: list[str] = []
    if one.wants_rows:
        parts.append(_page(emitter, one, origin))
    if one.looks_behind:
        parts.append(_behind(emitter, one, origin))
    if one.wants(TotalCount):
        ends, found = _start(emitter, one, origin, bare=one.condition == ALWAYS)
        distinct = f" RETURN DISTINCT {ends[0]}" if one.link and one.link.steps else ""
        parts.append(f"COUNT {{ {found}{_where(emitter, one, ends)}{distinct} }}")
    for field in one.fields:
        if isinstance(field, Aggregate | Groups):
            ends, found = _start(emitter, one, origin)
            found += _where(emitter, one, ends)
            if one.link and one.link.steps:
                found += f" WITH DISTINCT {', '.join(emitter.reader.kept(ends[0]))}"
            if isinstance(field, Aggregate):
                parts.append(aggregate_columns(emitter, field, found, ends[0]))
            else:
                parts.append(group_column(emitter, field, found, ends[0], _of_members))
    return f"[{', '.join(parts)}]"


def _of_members(emitter: Emitter, one: Connection, members: str) -> str:
    return columns(emitter, one, Origin(members=members))


def _start(
    emitter: Emitter, one: Connection, origin: Origin, *, bare: bool = False
) -> tuple[tuple[str, str], str]:
    """The variables of a list's nodes and of the relationships to them, and what finds them."""
    end, edge = emitter.fresh("n"), emitter.fresh("r")
    if origin.members is not None:
        return (end, ""), unwound(emitter, origin.members, end)
    if one.link and origin.node:
        found = emitter.reader.step(origin.node, one.link, end, edge, emitter.fresh, bare=bare)
        return (end, edge), emitter.reader.listed(found, end, one.link.targets)
    of = one.of or emitter.vocabulary.root
    return (end, ""), emitter.reader.listed(emitter.reader.all_of(end, of), end, (of,))


def count(emitter: Emitter, link: Link, node: str) -> str:
    """How many nodes a link leads to; where all that lead so are meant, that is a degree."""
    end, edge = emitter.fresh("n"), emitter.fresh("r")
    found = emitter.reader.step(node, link, end, edge, emitter.fresh, bare=True)
    found = emitter.reader.listed(found, end, link.targets)
    return f"COUNT {{ {found}{f' RETURN DISTINCT {end}' if link.steps else ''} }}"


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
        if key.links or key.counted:
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
    if key.counted:
        value = count(emitter, key.counted, node)
        if not found:
            return value
    return f"head(COLLECT {{ {' '.join(found)} RETURN {value} }})"


def _page(emitter: Emitter, one: Connection, origin: Origin) -> str:
    (end, edge), text = _start(emitter, one, origin)
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
        carried = ", ".join([*kept, *(key for key, by in keys if by.links or by.counted)])
        distinct = ""
    else:
        text += _where(emitter, one, (end, edge), after)
    order = order_clause(emitter, keys, end, backward=backward)
    limit = emitter.parameter(one.page.limit)
    text += f" WITH {distinct}{carried} {order} LIMIT {limit}"
    row: list[str] = []
    if one.wants_cursors:
        row.append(f"[{', '.join([*(k for k, _ in keys), emitter.reader.prop(end, ID)])}]")
    for part in one.fields:
        if isinstance(part, Nodes):
            row.append(emitter.reads(part.reads, end))
        elif isinstance(part, Edges):
            row += [c for e in part.fields for c in _edge_field(emitter, e, end, edge)]
    read = returned(f"[{', '.join(row)}]")
    return f"COLLECT {{ {text} {read} }}"


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


def _behind(emitter: Emitter, one: Connection, origin: Origin) -> str:
    """Whether the list has anything on the other side of the cursor that the page left."""
    (end, edge), found = _start(emitter, one, origin)
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
