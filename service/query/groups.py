"""Groups of a list: by a value, by a part of a date, by the nodes that links lead to.

Each group holds its nodes, so all that can be asked of a list can be asked of a group: what they
say together, their pages, groups again.
"""

from collections.abc import Callable, Iterator, Sequence

from schema import scalars
from schema.names import ID
from schema.terms import NodeType, Property
from service.query.aggregates import aggregate_columns, comparable, shape_aggregate
from service.query.answer import Answer, Row
from service.query.conditions import filled
from service.query.emitter import Emitter, returned
from service.query.filters import COUNT
from service.query.lists import (
    Aggregate,
    Connection,
    GroupKey,
    GroupNode,
    Groups,
    KeyValue,
    TotalCount,
    TypeName,
)
from service.query.shaping import At, NodeShape, Shape, Shaping
from service.query.told import Having

PARTS = {
    "YEAR": "substring(toString({d}), 0, 4)",
    "QUARTER": "substring(toString({d}), 0, 4) + '-Q' + toString({d}.quarter)",
    "MONTH": "substring(toString({d}), 0, 7)",
    "DAY": "substring(toString({d}), 0, 10)",
}
"""The parts of a date by which can be grouped, each as Cypher's text; years have four digits."""
Columns = Callable[[Emitter, Connection, str], str]
"""Writes the parts of a connection whose nodes are in a list of this name."""


def unwound(emitter: Emitter, members: str, kept: Sequence[str]) -> str:
    """What reads the nodes that a list holds, each as the variables that are kept of it."""
    if len(kept) == 1:
        return f"UNWIND {members} AS {kept[0]} WITH *"
    each = emitter.fresh("y")
    return f"UNWIND {members} AS {each} WITH *, " + ", ".join(
        f"{each}[{index}] AS {name}" for index, name in enumerate(kept)
    )


def member(kept: Sequence[str]) -> str:
    """A node as a list holds it that is read by ``unwound``."""
    return kept[0] if len(kept) == 1 else f"[{', '.join(kept)}]"


def group_column(emitter: Emitter, one: Groups, found: str, end: str, columns: Columns) -> str:
    """The groups as one list; ``found`` reads the whole list, ``end`` is its node."""
    at = end
    for link in one.way:
        if isinstance(link, NodeType):
            found += f" WITH * WHERE {emitter.reader.is_a(at, (link,))}"
            continue
        following, edge = emitter.fresh("n"), emitter.fresh("r")
        step = emitter.reader.step(at, link, following, edge, emitter.fresh)
        found += f" {emitter.reader.listed_along(step, following, link, edge)}"
        at = following
    key, count, members = emitter.fresh("g"), emitter.fresh("c"), emitter.fresh("l")
    apart = emitter.reader.kept(at) if one.prop is None else []
    # Along links a node may come to a group more than once.
    each = "DISTINCT " if at != end else ""
    parts = [*apart, f"{_value(emitter, one, at)} AS {key}", f"count({each}{end}) AS {count}"]
    keys = [key]
    if one.prop is not None and one.part is None and one.prop.order_by != one.prop.name:
        # Lists are ordered by what is stored beside a value; nodes of one group have that alike.
        keys.insert(0, emitter.fresh("o"))
        parts.append(f"min({emitter.reader.prop(at, one.prop.order_by)}) AS {keys[0]}")
    if _needs_members(one):
        whole = member(emitter.reader.kept(end))
        parts.append(f"collect({each}{whole}) AS {members}")
    text = f"{found} WITH {', '.join(parts)}{_chosen(emitter, one, keys, count, members)}"
    row = [count, key]
    for field in one.fields:
        if isinstance(field, GroupKey):
            read_nodes = [n.reads for n in field.fields if isinstance(n, GroupNode) and n.reads]
            row += [emitter.reads(reads, at) for reads in read_nodes]
        elif isinstance(field, Connection):
            row.append(columns(emitter, field, members))
        elif isinstance(field, Aggregate | Groups):
            node = emitter.fresh("n")
            inner = unwound(emitter, members, emitter.reader.kept(node))
            row.append(
                aggregate_columns(emitter, field, inner, node)
                if isinstance(field, Aggregate)
                else group_column(emitter, field, inner, node, columns)
            )
    read = returned(f"[{', '.join(row)}]")
    return f"COLLECT {{ {text} {read} }}"


def _needs_members(one: Groups) -> bool:
    """Whether anything is asked of a group but its key and how many it has."""
    told = [one.order.told, *(having.told for having in one.having)]
    return any(each is not None and each.prop is not COUNT for each in told) or any(
        isinstance(field, Connection | Aggregate | Groups) for field in one.fields
    )


def _chosen(emitter: Emitter, one: Groups, keys: list[str], count: str, members: str) -> str:
    """Return the clauses that choose and order groups, after what computes their aggregates.

    ``keys`` are the variables by which the groups' keys are ordered.
    """
    told = [having.told for having in one.having]
    told += [one.order.told] if one.order.told else []
    names = {each: count for each in told if each.prop is COUNT}
    computed: list[str] = []
    for each in told:
        if each not in names:
            names[each] = emitter.fresh("h")
            node = emitter.fresh("n")
            inner = unwound(emitter, members, emitter.reader.kept(node))
            value = comparable(emitter, each.prop, each.name, inner, node)
            computed.append(f"{value} AS {names[each]}")
    text = f" WITH *, {', '.join(computed)}" if computed else ""
    if one.having:
        held = (_held(emitter, having, names[having.told]) for having in one.having)
        text += f" WHERE {' AND '.join(held)}"
    by = names[one.order.told] if one.order.told else keys[0]
    down = " DESC" if one.order.descending else ""
    order = [f"{by} IS NULL", f"{by}{down}"] if down and by != count else [f"{by}{down}"]
    order += [key for key in keys if key != by]
    return f"{text} WITH * ORDER BY {', '.join(order)} LIMIT {emitter.parameter(one.limit)}"


def _held(emitter: Emitter, having: Having, name: str) -> str:
    return f"({filled(emitter, having.compare, {'{x}': name, '{number}': name})})"


def _value(emitter: Emitter, one: Groups, node: str) -> str:
    """The key: an id, a value, or the part of a date if all of the date lies in one such part."""
    if one.prop is None:
        return emitter.reader.prop(node, ID)
    if one.part is None:
        return emitter.reader.prop(node, one.prop.name)
    first = last = emitter.reader.prop(node, one.prop.name)
    if one.prop.scalar is scalars.EDTF:
        first = emitter.reader.prop(node, one.prop.name + scalars.EARLIEST)
        last = emitter.reader.prop(node, one.prop.name + scalars.LATEST)
    begins, ends = (PARTS[one.part].format(d=day) for day in (first, last))
    return f"CASE WHEN {begins} = {ends} THEN {begins} END"


def groups_shape(
    one: Groups, node: NodeShape, page_shape: Callable[[Connection, NodeShape], Shape]
) -> Shape:
    """What shapes groups of the list that ``group_column`` wrote."""
    below: dict[str, Shape] = {}
    for field in one.fields:
        if isinstance(field, Connection):
            below[field.key] = page_shape(field, node)
        elif isinstance(field, Groups):
            below[field.key] = groups_shape(field, node, page_shape)
    nodes = {
        (field.key, part.key): node(part.reads)
        for field in one.fields
        if isinstance(field, GroupKey)
        for part in field.fields
        if isinstance(part, GroupNode) and part.reads
    }

    def shape_key(field: GroupKey, key: Row, parts: Iterator[Row], at: At, s: Shaping) -> Answer:
        shaped: Answer = {}
        for part in field.fields:
            match part:
                case TypeName():
                    shaped[part.key] = "GroupKey"
                case KeyValue():
                    shaped[part.key] = _text(one.prop if one.part is None else None, key)
                case GroupNode():
                    each = nodes.get((field.key, part.key))
                    shaped[part.key] = each(next(parts), (at, part.key), s) if each else None
        return shaped

    def shape(raw: Row, at: At, shaping: Shaping) -> list[Answer]:
        shaped: list[Answer] = []
        for index, row in enumerate(raw):
            parts = iter(row)
            count, key = next(parts), next(parts)
            group: Answer = {}
            for field in one.fields:
                here = ((at, index), field.key)
                match field:
                    case TypeName():
                        group[field.key] = one.type_name
                    case TotalCount():
                        group[field.key] = count
                    case GroupKey():
                        group[field.key] = shape_key(field, key, parts, here, shaping)
                    case Aggregate():
                        group[field.key] = shape_aggregate(field, next(parts))
                    case Connection() | Groups():
                        group[field.key] = below[field.key](next(parts), here, shaping)
            shaped.append(group)
        return shaped

    return shape


def _text(prop: Property | None, key: object) -> str | None:
    if key is None:
        return None
    if prop is not None and prop.enumeration:
        return str(prop.enumeration(str(key)).name)
    return str(key).lower() if isinstance(key, bool) else str(key)
