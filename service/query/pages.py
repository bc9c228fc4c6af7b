"""A page of a list: its part of the query."""

from collections.abc import Sequence
from dataclasses import replace

from schema.names import ID, RECORDED_IN
from schema.scalars import DATE, EDTF
from schema.terms import Link
from service.query.aggregates import aggregate_columns
from service.query.conditions import beyond, order_clause
from service.query.emitter import Emitter, returned
from service.query.filters import ALWAYS, OrderKey
from service.query.groups import group_column, member
from service.query.known import Known
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
from service.query.ordered import Keys, first_ones
from service.query.ordered_known import by_own_values, first_known
from service.query.starts import EVERYWHERE, Origin, Start, is_all_of, is_named, start


def columns(emitter: Emitter, one: Connection, origin: Origin = EVERYWHERE) -> str:
    """The parts of a connection that are wanted: page, whether more lies behind, count, groups."""
    if one.reads_often and _is_gathered(emitter, one, origin):
        return _gathered(emitter, one, origin)
    parts: list[str] = []
    if one.wants_rows:
        parts.append(_page(emitter, one, origin))
    if one.looks_behind:
        parts.append(_behind(emitter, one, origin))
    if one.wants(TotalCount) and origin.members is not None and one.condition == ALWAYS:
        parts.append(f"size({origin.members})")
    elif one.wants(TotalCount) and one.condition == ALWAYS and is_all_of(emitter, one, origin):
        parts.append(
            emitter.reader.number_of(emitter.fresh("n"), one.of or emitter.vocabulary.root)
        )
    elif one.wants(TotalCount):
        begin = start(emitter, one, origin, bare=one.condition == ALWAYS)
        stepped = one.link and one.link.steps
        distinct = f" RETURN DISTINCT {begin.node}" if stepped or begin.whole else ""
        parts.append(f"COUNT {{ {begin.where(emitter)}{distinct} }}")
    for field in one.fields:
        if isinstance(field, Aggregate | Groups):
            begin = start(emitter, one, origin)
            found = begin.where(emitter)
            if one.link and one.link.steps:
                found += f" WITH DISTINCT {', '.join(emitter.reader.kept(begin.node))}"
            if isinstance(field, Aggregate):
                parts.append(aggregate_columns(emitter, field, found, begin.node))
            else:
                parts.append(group_column(emitter, field, found, begin.node, _of_members))
    return f"[{', '.join(parts)}]"


def _is_gathered(emitter: Emitter, one: Connection, origin: Origin) -> bool:
    """Whether reading a list costs more than holding it, so that it is read once for all parts.

    In the past each relationship has to be tested; in the present its number is a degree.
    """
    if origin.node and one.link:
        return not (emitter.reader.plain or one.wants(Edges) or _is_by_edge(one))
    return is_named(emitter, one, origin)


def _gathered(emitter: Emitter, one: Connection, origin: Origin) -> str:
    """The parts of a list that is read once, for all of them."""
    late = _is_late(emitter, one) and not one.wants(Aggregate, Groups)
    begin = start(emitter, one, origin, bare=late)
    each = member([begin.node] if late else emitter.reader.kept(begin.node))
    members = emitter.fresh("l")
    found = f"{begin.where(emitter)} WITH collect({each}) AS {members}"
    if begin.edge or not emitter.reader.plain:
        # Neo4j groups by the variables around a subquery: no row, where nothing is found.
        distinct = "DISTINCT " if one.link and one.link.steps else ""
        found = (
            f"UNWIND [COLLECT {{ {begin.where(emitter)} RETURN {distinct}{each} }}] AS {members}"
        )
    rest = columns(emitter, replace(one, condition=ALWAYS), Origin(members=members, bare=late))
    return f"head(COLLECT {{ {found} {returned(rest)} }})"


def _is_late(emitter: Emitter, one: Connection) -> bool:
    """Whether only ids decide which nodes are shown: nothing else is read of those that are not."""
    by_id = not one.order and not one.page.cursor and one.condition == ALWAYS
    return by_id and emitter.reader.day is None


def _is_by_edge(one: Connection) -> bool:
    """Return whether the order needs the relationship that led to each node."""
    return any(key.on_edge for key in one.order)


def _of_members(emitter: Emitter, one: Connection, members: str) -> str:
    return columns(emitter, one, Origin(members=members))


def count(emitter: Emitter, link: Link, node: str) -> str:
    """How many nodes a link leads to; where all that lead so are meant, that is a degree."""
    end, edge = emitter.fresh("n"), emitter.fresh("r")
    found = emitter.reader.step(node, link, end, edge, emitter.fresh, bare=True)
    found = emitter.reader.listed_along(found, end, link, edge)
    return f"COUNT {{ {found}{f' RETURN DISTINCT {end}' if link.steps else ''} }}"


def _keys(
    emitter: Emitter, one: Connection, end: str, led_by: str
) -> tuple[list[tuple[str, OrderKey]], list[str]]:
    """Return the order's keys, each with its Cypher, and what computes those at the end of links.

    ``led_by`` is the relationship that led to the node ``end``.
    """
    keys: list[tuple[str, OrderKey]] = []
    computed: list[str] = []
    for key in one.order:
        if key.on_edge:
            keys.append((emitter.reader.edge_prop(led_by, key.prop.order_by), key))
        elif key.links or key.counted:
            name = emitter.fresh("k")
            computed.append(f"{_linked_key(emitter, key, end)} AS {name}")
            keys.append((name, key))
        else:
            keys.append((emitter.reader.prop(end, key.prop.order_by), key))
    return keys, computed


def _as_text(text: str, key: OrderKey) -> str:
    """A key as a cursor holds it: the driver takes long to make a date of each row's day."""
    is_day = key.counted is None and key.prop.scalar in {EDTF, DATE}
    return f"toString({text})" if is_day else text


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
    reader = emitter.reader
    if isinstance(reader, Known) and is_all_of(emitter, one, origin) and by_own_values(one):
        node, text = first_known(emitter, reader, one)
        return (
            f"COLLECT {{ {text} {_row(emitter, one, node, '', _keys(emitter, one, node, '')[0])} }}"
        )
    late = _is_late(emitter, one) and (origin.bare or bool(one.link and origin.node))
    begin = start(emitter, one, origin, bare=late)
    node = begin.node
    keys, computed = _keys(emitter, one, node, begin.edge)
    if begin.all_of and not computed:
        first = first_ones(emitter, begin, one, keys)
        return first.rows(_row(emitter, one, node, begin.edge, keys))
    text = _sorted(emitter, one, begin, keys, computed, late=late)
    text += reader.later(node, emitter.fresh) if late else ""
    return f"COLLECT {{ {text} {_row(emitter, one, node, begin.edge, keys)} }}"


def _row(emitter: Emitter, one: Connection, node: str, edge: str, keys: Keys) -> str:
    """The clause that gives the row of each node of a page."""
    row: list[str] = []
    if one.wants_cursors:
        shown = [_as_text(text, key) for text, key in keys]
        row.append(f"[{', '.join([*shown, emitter.reader.prop(node, ID)])}]")
    for part in one.fields:
        if isinstance(part, Nodes):
            row.append(emitter.reads(part.reads, node))
        elif isinstance(part, Edges):
            row += [c for e in part.fields for c in _edge_field(emitter, e, node, edge)]
    return returned(f"[{', '.join(row)}]")


def _sorted(
    emitter: Emitter,
    one: Connection,
    begin: Start,
    keys: Keys,
    computed: Sequence[str],
    *,
    late: bool,
) -> str:
    """What reads a list whole, sorts it and leaves the first so many."""
    kept = [begin.node] if late else emitter.reader.kept(begin.node)
    if begin.edge and one.link is not None and not one.link.steps:
        kept.append(begin.edge)
    carried = ", ".join(kept)
    distinct = "DISTINCT " if one.link and one.link.steps else ""
    backward, cursor = one.page.backward, one.page.cursor
    after = beyond(emitter, keys, begin.node, cursor, backward=backward) if cursor else ""
    if computed:
        text = begin.where(emitter)
        text += f" WITH {distinct}{carried}, {', '.join(computed)}"
        text += f" WHERE {after}" if after else ""
        carried = ", ".join([*kept, *(key for key, by in keys if by.links or by.counted)])
        distinct = ""
    else:
        text = begin.where(emitter, after)
    order = order_clause(emitter, keys, begin.node, backward=backward)
    return f"{text} WITH {distinct}{carried} {order} LIMIT {emitter.parameter(one.limit)}"


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
    begin = start(emitter, one, origin)
    end = begin.node
    keys, computed = _keys(emitter, one, end, begin.edge)
    text = beyond(
        emitter,
        keys,
        end,
        one.page.cursor or (),
        backward=not one.page.backward,
        inclusive=True,
    )
    if not computed:
        gives = f" RETURN {end}" if begin.whole else ""
        return f"EXISTS {{ {begin.where(emitter, text)}{gives} }}"
    kept = [*emitter.reader.kept(end), *([begin.edge] if _is_by_edge(one) else [])]
    return (
        f"EXISTS {{ {begin.where(emitter)} "
        f"WITH {', '.join([*kept, *computed])} WHERE {text} RETURN {end} }}"
    )
