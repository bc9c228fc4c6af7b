"""From the database's rows to the answer: the plan made into what shapes it, once for all requests.

The shapes read the rows as ``cypher`` wrote them: one column for each part, in the plan's order.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from schema.vocabulary import Vocabulary
from service.query.answer import Answer, Row
from service.query.captions import fill
from service.query.history import history_shape
from service.query.lists import Connection, TypeName
from service.query.operation import ById, ByIds, Plan, RootField, Search
from service.query.plan import (
    Caption,
    ComputedValue,
    DateValue,
    Field,
    HeldThen,
    History,
    Names,
    One,
    Reads,
    Selection,
    Value,
)
from service.query.search import search_shape
from service.query.shape_page import page_shape
from service.query.shape_value import date_shape, is_text, value_shape
from service.query.shaping import At, NotAllowed, Shape, ShapeNode, Shaping

ShapeAnswer = Callable[[Mapping[int, Row], Shaping], Answer | None]


def answer_shape(plan: Plan, vocabulary: Vocabulary, query_type: str) -> ShapeAnswer:
    """What shapes an answer's data of what came back for each root field, by its index."""
    roots = [
        (index, one.key, None if isinstance(one, TypeName) else _root(vocabulary, one))
        for index, one in enumerate(plan.fields)
    ]

    def shape(columns: Mapping[int, Row], shaping: Shaping) -> Answer | None:
        try:
            return {
                key: query_type if root is None else root(columns[index], (None, key), shaping)
                for index, key, root in roots
            }
        except NotAllowed:
            return None

    return shape


def _root(vocabulary: Vocabulary, one: RootField) -> Shape:
    node = partial(node_shape, vocabulary)
    match one:
        case ById(reads=reads):
            return _nullable(node(reads))
        case ByIds(reads=reads):
            each = _nullable(node(reads))
            return lambda raw, at, shaping: [
                each(row, (at, index), shaping) for index, row in enumerate(raw)
            ]
        case Connection():
            return page_shape(one, node)
        case Search():
            return search_shape(one, vocabulary, node)
        case TypeName():
            raise TypeError("a type's name takes no column")


def _nullable(of: ShapeNode) -> Shape:
    def shape(row: Row, at: At, shaping: Shaping) -> object:
        try:
            return of(row, at, shaping)
        except NotAllowed:
            return None

    return shape


# --- nodes ---------------------------------------------------------------------------------------


Part = tuple[str, int, bool, Shape | None]
"""A field of a node: its key, its column, whether that holds text, and what shapes it.

Nothing shapes the name of the type, which takes no column: a row may have none.
"""
Kind = tuple[str, list[Part]]
"""The name of a type, and what is read of its nodes."""


def node_shape(vocabulary: Vocabulary, reads: Reads) -> ShapeNode:
    """What shapes a node from its row."""
    if isinstance(reads, Selection):
        return _fields(vocabulary, reads.fields, reads.type.label)
    by_label: dict[object, Kind] = {
        node.label: (node.label, _parts(vocabulary, branch.fields, 1))
        for branch in reads.of
        for node in branch.types
    }
    return _shape_node(by_label, None)


def _fields(vocabulary: Vocabulary, fields: Sequence[Field], label: str) -> ShapeNode:
    return _shape_node({}, (label, _parts(vocabulary, fields, 0)))


def _parts(vocabulary: Vocabulary, fields: Sequence[Field], column: int) -> list[Part]:
    """The fields that the row has from this column on."""
    parts: list[Part] = []
    for one in fields:
        if isinstance(one, TypeName):
            parts.append((one.key, 0, False, None))
        else:
            text = isinstance(one, Value) and is_text(one.prop)
            parts.append((one.key, column, text, _field(vocabulary, one)))
            column += 1
    return parts


def _shape_node(by_label: Mapping[object, Kind], only: Kind | None) -> ShapeNode:
    """What shapes a node of the ``only`` type, or of the type that its row begins with."""

    def shape(row: Row | None, at: At, shaping: Shaping) -> Answer | None:
        if row is None:
            return None
        found = only or by_label.get(row[0])
        if found is None:
            raise shaping.refuse(f"A node of type {row[0]} stands where none may.", at)
        label, parts = found
        answer: Answer = {}
        # An answer is mostly text, and most of its time is spent here: text takes but a look.
        for key, column, text, part in parts:
            if text and (raw := row[column]).__class__ is str:
                answer[key] = raw
            else:
                answer[key] = part(row[column], (at, key), shaping) if part else label
        return answer

    return shape


def _field(vocabulary: Vocabulary, one: Field) -> Shape:
    node = partial(node_shape, vocabulary)
    match one:
        case Value():
            return _as_it_is if one.raw else value_shape(one.prop)
        case DateValue():
            return date_shape(one.prop, one.fields)
        case ComputedValue(needs=needs, compute=compute):
            names = [prop.name for prop in needs]
            return lambda raw, _, __: compute(**dict(zip(names, raw, strict=True)))
        case History():
            return history_shape(one, vocabulary, node)
        case HeldThen():
            return _as_it_is
        case Caption(template=template):
            read = _fields(vocabulary, one.reads, "")
            return lambda raw, at, shaping: fill(template, read(raw, at, shaping) or {})
        case One(reads=reads):
            return _required(one, node(reads)) if one.required else _nullable(node(reads))
        case Names(reads=reads):
            each = node(reads)
            return lambda raw, at, shaping: [each(row, at, shaping) for row in raw]
        case Connection():
            return page_shape(one, node)
        case TypeName():
            raise TypeError("a type's name takes no column")


def _as_it_is(raw: Row, _: At, __: Shaping) -> object:
    return raw


def _required(one: One, of: ShapeNode) -> Shape:
    def shape(row: Row, at: At, shaping: Shaping) -> object:
        if row is None:
            raise shaping.refuse(f"{one.link.name} is missing.", at)
        return of(row, at, shaping)

    return shape
