"""The rows of a page: nodes, and edges with the properties of the relationship that led to each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schema.model import Property
from schema.names import RECORDED_IN
from schema.vocabulary import Vocabulary
from service.query.decoding import Answer, Decode, Decoding, ResponsePath, Row, decode_as_is
from service.query.emitter import Emitter, TypeName
from service.query.fragments import Cypher
from service.query.nodes import Selection
from service.query.values import date_decoder, value_decoder

DecodeRows = Callable[[Sequence[Row], Sequence[str], ResponsePath, Decoding], list[Answer | None]]
"""Decodes the rows of a page, given their cursors."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor of an edge. It takes no column of its own: the row begins with its values."""

    key: str


@dataclass(frozen=True, slots=True)
class EdgeNode:
    """The node of an edge, or of a hit of a search."""

    key: str
    selection: Selection

    def column(self, emitter: Emitter, node: str, edge: str) -> Cypher:  # noqa: ARG002
        """Return the row of the node."""
        return self.selection.row(emitter, node)

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the node."""
        return self.selection.decoder(vocabulary)


@dataclass(frozen=True, slots=True)
class EdgeValue:
    """A property of the relationship."""

    key: str
    prop: Property

    def column(self, emitter: Emitter, node: str, edge: str) -> Cypher:  # noqa: ARG002
        """Return the property."""
        return Cypher(emitter.reader.edge_prop(edge, self.prop.name))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of the property's scalar."""
        return value_decoder(self.prop)


@dataclass(frozen=True, slots=True)
class EdgeDate:
    """A date of the relationship; ``fields`` pairs keys with names of the date's fields."""

    key: str
    prop: Property
    fields: tuple[tuple[str, str], ...]

    def column(self, emitter: Emitter, node: str, edge: str) -> Cypher:  # noqa: ARG002
        """Return the date as EDTF."""
        return Cypher(emitter.reader.edge_prop(edge, self.prop.name))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of the date's fields."""
        return date_decoder(self.prop, self.fields)


@dataclass(frozen=True, slots=True)
class EdgeVersion:
    """The version in which the relationship was recorded."""

    key: str

    def column(self, emitter: Emitter, node: str, edge: str) -> Cypher:  # noqa: ARG002
        """Return the version."""
        return Cypher(emitter.reader.edge_prop(edge, RECORDED_IN))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of a number."""
        return decode_as_is


EdgeField = TypeName | Cursor | EdgeNode | EdgeValue | EdgeDate | EdgeVersion


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a page."""

    key: str
    selection: Selection

    def columns(self, emitter: Emitter, node: str, edge: str) -> list[Cypher]:  # noqa: ARG002
        """Return the row of the node."""
        return [self.selection.row(emitter, node)]

    def decoder(self, vocabulary: Vocabulary, column: int) -> DecodeRows:
        """Return the decoder of the nodes, whose rows are in this column."""
        decode = self.selection.decoder(vocabulary)
        return lambda rows, _, path, decoding: [
            decode(row[column], (path, index), decoding) for index, row in enumerate(rows)
        ]


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page."""

    key: str
    type_name: str
    fields: tuple[EdgeField, ...]

    def columns(self, emitter: Emitter, node: str, edge: str) -> list[Cypher]:
        """Return the columns of an edge's fields."""
        return [
            one.column(emitter, node, edge)
            for one in self.fields
            if not isinstance(one, TypeName | Cursor)
        ]

    @property
    def width(self) -> int:
        """Return the number of columns of the row that the edge takes."""
        return sum(not isinstance(one, TypeName | Cursor) for one in self.fields)

    @property
    def has_cursors(self) -> bool:
        """Return whether the cursor of each edge is a field."""
        return any(isinstance(one, Cursor) for one in self.fields)

    def decoder(self, vocabulary: Vocabulary, column: int) -> DecodeRows:
        """Return the decoder of the edges, whose columns begin with this one."""
        columns: list[tuple[EdgeField, int, Decode | None]] = []
        for one in self.fields:
            if isinstance(one, TypeName | Cursor):
                columns.append((one, column, None))
            else:
                columns.append((one, column, one.decoder(vocabulary)))
                column += 1

        def decode_edge(row: Row, cursor: str | None, path: ResponsePath, d: Decoding) -> Answer:
            edge: Answer = {}
            for one, column, decode in columns:
                if decode is not None:
                    edge[one.key] = decode(row[column], (path, one.key), d)
                elif isinstance(one, Cursor):
                    edge[one.key] = cursor
                else:
                    edge[one.key] = self.type_name
            return edge

        has_cursors = self.has_cursors
        return lambda rows, cursors, path, decoding: [
            decode_edge(row, cursors[index] if has_cursors else None, (path, index), decoding)
            for index, row in enumerate(rows)
        ]
