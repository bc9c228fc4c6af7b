"""Selections of a node's fields, and the fields that lead to other nodes: links, captions.

The row of a node has one column for each of its fields, in their order, after the name of its type
where that has to be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schema.captions import TemplatePart
from schema.model import Link, NodeType
from schema.vocabulary import Vocabulary
from service.query.captions import fill
from service.query.decoding import (
    Answer,
    Decode,
    DecodeNode,
    Decoding,
    ResponsePath,
    Row,
    null_on_error,
)
from service.query.emitter import Emitter, Field, TypeName
from service.query.filters import OrderKey
from service.query.fragments import Cypher, collect, cypher, first, join, list_of, return_row
from service.query.ordering import order_by
from service.query.parameters import Parameter
from service.query.values import DateValue, Value, is_text

Fields = tuple[TypeName | Field, ...]


class Selection(Protocol):
    """The fields that are read of a node."""

    def row(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of a node."""

    def decoder(self, vocabulary: Vocabulary) -> DecodeNode:
        """Return what decodes the row."""


@dataclass(frozen=True, slots=True)
class SelectionOfType:
    """The fields that are read of a node whose type is known, or does not matter."""

    type: NodeType
    fields: Fields

    def row(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of a node."""
        return list_of(_columns(emitter, self.fields, node))

    def decoder(self, vocabulary: Vocabulary) -> DecodeNode:
        """Return what decodes the row."""
        return _node_decoder({}, (self.type.label, _decoders(vocabulary, self.fields, 0)))


@dataclass(frozen=True, slots=True)
class Branch:
    """The fields that are read of a node of one of these types."""

    types: tuple[NodeType, ...]
    fields: Fields

    def row(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of a node, the name of its type first."""
        if len(self.types) == 1:
            name = f"'{self.types[0].label}'"
        else:
            name = emitter.reader.type_name(node, self.types)
        return list_of([name, *_columns(emitter, self.fields, node)])


@dataclass(frozen=True, slots=True)
class SelectionByType:
    """The fields that are read of a node by its type; nodes of other types are null."""

    branches: tuple[Branch, ...]

    def row(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of a node."""
        if len(self.branches) == 1:
            return self.branches[0].row(emitter, node)
        cases = (
            cypher("WHEN {} THEN {}", emitter.reader.is_a(node, one.types), one.row(emitter, node))
            for one in self.branches
        )
        return cypher("CASE {} END", join(" ", cases))

    def decoder(self, vocabulary: Vocabulary) -> DecodeNode:
        """Return what decodes the row."""
        by_label: dict[object, _Type] = {
            node.label: (node.label, _decoders(vocabulary, branch.fields, 1))
            for branch in self.branches
            for node in branch.types
        }
        return _node_decoder(by_label, None)


def _columns(emitter: Emitter, fields: Fields, node: str) -> list[Cypher]:
    columns: list[Cypher] = []
    for one, column in _place(fields):
        if column == len(columns) and not isinstance(one, TypeName):
            columns.append(one.column(emitter, node))
    return columns


def _place(fields: Fields) -> Iterator[tuple[TypeName | Field, int]]:
    """Yield each field with its column; a property has one, however often it is selected."""
    places: dict[str, int] = {}
    number = 0
    for one in fields:
        if isinstance(one, TypeName):
            yield one, 0
            continue
        column = number
        if isinstance(one, Value | DateValue):
            column = places.setdefault(one.prop.name, number)
        yield one, column
        number = max(number, column + 1)


_Column = tuple[str, int, bool, Decode | None]
"""A field: its key, its column in the row, whether that is text, and its decoder.

The name of the type has no decoder and takes no column: a row may have none.
"""
_Type = tuple[str, list[_Column]]
"""The name of a type, and the fields that are read of its nodes."""


def _decoders(
    vocabulary: Vocabulary, fields: Sequence[TypeName | Field], column: int
) -> list[_Column]:
    """Return the fields whose columns begin with this one."""
    columns: list[_Column] = []
    for one, place in _place(tuple(fields)):
        if isinstance(one, TypeName):
            columns.append((one.key, 0, False, None))
        else:
            text = isinstance(one, Value) and is_text(one.prop)
            columns.append((one.key, column + place, text, one.decoder(vocabulary)))
    return columns


def _node_decoder(by_label: Mapping[object, _Type], only: _Type | None) -> DecodeNode:
    """Return the decoder of nodes of the ``only`` type, or of the type that a row begins with."""

    def decode(row: Row | None, path: ResponsePath, decoding: Decoding) -> Answer | None:
        if row is None:
            return None
        found = only or by_label.get(row[0])
        if found is None:
            raise decoding.reject(f"A node of type {row[0]} is not allowed here.", path)
        label, columns = found
        node: Answer = {}
        # Responses are mostly text, and most of their time is spent here: text needs no call.
        for key, column, text, decode_column in columns:
            if text and (raw := row[column]).__class__ is str:
                node[key] = raw
            elif decode_column:
                node[key] = decode_column(row[column], (path, key), decoding)
            else:
                node[key] = label
        return node

    return decode


# --- fields that lead to nodes ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToOne:
    """The node that a link leads to, if it leads to one."""

    key: str
    link: Link
    selection: Selection
    first_by: tuple[OrderKey, ...] | None = None
    """Set for the first of many nodes, by this order."""
    required: bool = False

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of the other node, or null."""
        reader = emitter.reader
        end, edge = emitter.new_variable("n"), emitter.new_variable("r")
        found = reader.step(node, self.link, end, edge, emitter.new_variable)
        ordered = ""
        if self.first_by is not None:
            keys = [(reader.prop(end, key.prop.order_column), key) for key in self.first_by]
            order = order_by(emitter, keys, end, backward=False)
            ordered = f"WITH {', '.join(reader.carried_variables(end))} {order} LIMIT 1"
        return first(found, ordered, return_row(self.selection.row(emitter, end)))

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the other node."""
        decode = self.selection.decoder(vocabulary)
        if not self.required:
            return null_on_error(decode)

        def decode_required(row: Row, path: ResponsePath, decoding: Decoding) -> object:
            if row is None:
                raise decoding.reject(f"{self.link.name} is missing.", path)
            return decode(row, path, decoding)

        return decode_required


@dataclass(frozen=True, slots=True)
class NamesOfLinked:
    """The first nodes that a link leads to, by id, for a caption to name."""

    key: str
    link: Link
    selection: Selection
    limit: int

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the rows of the other nodes.

        The valid time has no part in it: the caption of a fact about an event to come would lose
        the name of the event.
        """
        reader = emitter.reader
        end, edge = emitter.new_variable("n"), emitter.new_variable("r")
        found = reader.step(node, self.link, end, edge, emitter.new_variable)
        order = order_by(emitter, (), end, backward=False)
        limit = emitter.parameter(self.limit)
        return collect(
            found,
            f"WITH DISTINCT {', '.join(reader.carried_variables(end))} {order} LIMIT {limit}",
            return_row(self.selection.row(emitter, end)),
        )

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the other nodes."""
        decode = self.selection.decoder(vocabulary)
        return lambda raw, path, decoding: [decode(row, path, decoding) for row in raw]


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a node: its type's template, and the fields that fill it."""

    key: str
    template: tuple[TemplatePart, ...]
    fields: Fields

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of the fields."""
        return list_of(_columns(emitter, self.fields, node))

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return what fills the template."""
        decode = _node_decoder({}, ("", _decoders(vocabulary, self.fields, 0)))
        template = self.template
        return lambda raw, path, decoding: fill(template, decode(raw, path, decoding) or {})


# --- nodes by their ids -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NodeById:
    """The node of a type with an id; null if there is none."""

    key: str
    of: NodeType
    id: Parameter[object]
    selection: Selection

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the row of the node, or null."""
        node = emitter.new_variable("n")
        found = emitter.reader.by_id(node, emitter.parameter(self.id), self.of)
        return first(found, return_row(self.selection.row(emitter, node)))

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the node."""
        return null_on_error(self.selection.decoder(vocabulary))


@dataclass(frozen=True, slots=True)
class NodesByIds:
    """Nodes by their ids, in their order; null for each id that no node has."""

    key: str
    ids: Parameter[object]
    selection: Selection

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the rows of the nodes, null for missing ones."""
        one_id, node = emitter.new_variable("i"), emitter.new_variable("n")
        ids = emitter.parameter(self.ids)
        found = emitter.reader.by_id(node, one_id, emitter.vocabulary.root, optional=True)
        row = cypher(
            "CASE WHEN {} IS NOT NULL THEN {} END", node, self.selection.row(emitter, node)
        )
        return collect(f"UNWIND {ids} AS {one_id} {found}", return_row(row))

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the nodes."""
        decode = null_on_error(self.selection.decoder(vocabulary))
        return lambda raw, path, decoding: [
            decode(row, (path, index), decoding) for index, row in enumerate(raw)
        ]
