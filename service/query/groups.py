"""Groups of a list: by a value, by a part of a date, or by the nodes that links lead to.

A group has its nodes as members, so that whatever can be asked of a list can be asked of a group:
aggregates, pages, groups again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from schema.model import Link, NodeType, Property
from schema.names import ID
from schema.vocabulary import Vocabulary
from service.query.access_paths import as_member, unwind_members
from service.query.aggregates import Aggregate, comparable_aggregate
from service.query.decoding import Answer, Decode, DecodeNode, Decoding, ResponsePath, Row
from service.query.emitter import Emitter, TotalCount, TypeName
from service.query.filters import COUNT, Compare
from service.query.fragments import (
    EMPTY,
    Cypher,
    CypherPart,
    aggregation,
    collect,
    cypher,
    join,
    join_clauses,
    list_of,
    return_row,
)
from service.query.nodes import Selection
from service.query.parameters import Parameter
from service.query.predicates import comparison
from service.query.value_types import value_type

PARTS = {
    "YEAR": "substring(toString({d}), 0, 4)",
    "QUARTER": "substring(toString({d}), 0, 4) + '-Q' + toString({d}.quarter)",
    "MONTH": "substring(toString({d}), 0, 7)",
    "DAY": "substring(toString({d}), 0, 10)",
}
"""The parts of a date to group by, each as Cypher of its text; years have four digits."""


def has_parts(prop: Property) -> bool:
    """Return whether the values of a property are dates, which are grouped by a part."""
    return value_type(prop).days is not None


@dataclass(frozen=True, slots=True)
class AggregateRef:
    """A reference to an aggregate of a group: its count, or an aggregate of one property.

    ``name`` is that of the aggregate: ``countDistinct``, ``min``, ``max``, ``sum`` or ``avg``.
    """

    prop: Property
    name: str = ""


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """An ordering of groups: by an aggregate, or by their keys."""

    by: AggregateRef | None
    descending: bool


@dataclass(frozen=True, slots=True)
class Having:
    """A condition on an aggregate of a group."""

    aggregate: AggregateRef
    compare: Compare


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The value that the members of a group have in common, as text."""

    key: str


@dataclass(frozen=True, slots=True)
class GroupNode:
    """The node that the members of a group have in common; without a selection it is null."""

    key: str
    selection: Selection | None


@dataclass(frozen=True, slots=True)
class GroupKey:
    """The value or node that the members of a group have in common."""

    key: str
    fields: tuple[TypeName | KeyValue | GroupNode, ...]

    def columns(self, emitter: Emitter, node: str) -> list[Cypher]:
        """Return a row for each node that is selected; the key's value has a column already."""
        return [
            one.selection.row(emitter, node)
            for one in self.fields
            if isinstance(one, GroupNode) and one.selection
        ]

    def decoder(
        self, vocabulary: Vocabulary, prop: Property | None
    ) -> Callable[[object, Iterator[Row], ResponsePath, Decoding], Answer]:
        """Return what decodes a key from its value, of ``prop`` if any, and the next columns."""
        nodes: dict[str, DecodeNode] = {
            one.key: one.selection.decoder(vocabulary)
            for one in self.fields
            if isinstance(one, GroupNode) and one.selection
        }

        def decode(
            value: object, columns: Iterator[Row], path: ResponsePath, decoding: Decoding
        ) -> Answer:
            decoded: Answer = {}
            for one in self.fields:
                if isinstance(one, TypeName):
                    decoded[one.key] = "GroupKey"
                elif isinstance(one, KeyValue):
                    decoded[one.key] = _key_text(prop, value)
                elif node := nodes.get(one.key):
                    decoded[one.key] = node(next(columns), (path, one.key), decoding)
                else:
                    decoded[one.key] = None
            return decoded

        return decode


class MemberList(Protocol):
    """A page of the members of a group."""

    @property
    def key(self) -> str:
        """Return the key of the response."""

    def column_of_members(self, emitter: Emitter, members: str) -> Cypher:
        """Return the column; ``members`` is the variable that holds the nodes."""

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return what decodes the column."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The nodes of a list in groups: by ``prop`` at the end of a path, or by the node there.

    The path follows links, and keeps to a type where it names one. ``part`` is a part of a date.
    """

    key: str
    type_name: str
    path: tuple[Link | NodeType, ...]
    prop: Property | None
    part: str | None
    order: GroupOrder
    having: tuple[Having, ...]
    limit: Parameter[int]
    fields: tuple["GroupField", ...]

    def column(self, emitter: Emitter, found: CypherPart, node: str) -> Cypher:
        """Return a list of groups; ``found`` finds the nodes of the list under ``node``.

        A group is a list: how many members it has, its key, then the columns of its fields.
        """
        reader = emitter.reader
        end, steps = self._follow_path(emitter, node)
        key, size, members = (
            emitter.new_variable("g"),
            emitter.new_variable("c"),
            emitter.new_variable("l"),
        )
        # Along links a node may come to a group more than once.
        distinct = "DISTINCT " if end != node else ""
        groups: list[CypherPart] = list(reader.carried_variables(end)) if self.prop is None else []
        groups.append(f"{self._key(emitter, end)} AS {key}")
        groups.append(cypher("{} AS {}", aggregation("count", f"{distinct}{node}"), size))
        keys = [key]
        if self.prop is not None and self.part is None and self.prop.order_column != self.prop.name:
            # Lists are ordered by a column beside the value; members have that in common, too.
            keys.insert(0, emitter.new_variable("o"))
            order_by = aggregation("min", reader.prop(end, self.prop.order_column))
            groups.append(cypher("{} AS {}", order_by, keys[0]))
        if self._needs_members:
            member = as_member(reader.carried_variables(node))
            collected = aggregation("collect", f"{distinct}{member}")
            groups.append(cypher("{} AS {}", collected, members))
        grouped = cypher("WITH {}", join(", ", groups))
        chosen = self._choose(emitter, keys, size, members)
        row = list_of([size, key, *self._columns(emitter, end, members)])
        return collect(found, *steps, grouped, chosen, return_row(row))

    def _follow_path(self, emitter: Emitter, node: str) -> tuple[str, list[str]]:
        """Return the node at the end of the path, and the clauses that lead there."""
        reader = emitter.reader
        steps: list[str] = []
        for link in self.path:
            if isinstance(link, NodeType):
                steps.append(f"WITH * WHERE {reader.is_a(node, (link,))}")
                continue
            end, edge = emitter.new_variable("n"), emitter.new_variable("r")
            step = reader.step(node, link, end, edge, emitter.new_variable)
            steps.append(reader.valid_along(step, end, link, edge))
            node = end
        return node, steps

    def _key(self, emitter: Emitter, node: str) -> str:
        """Return an id, a value, or the part of a date if all of the date lies in one such part."""
        reader, prop = emitter.reader, self.prop
        if prop is None:
            return reader.prop(node, ID)
        if self.part is None:
            return reader.prop(node, prop.name)
        days = (reader.prop(node, prop.name + one) for one in value_type(prop).days or ())
        begins, ends = (PARTS[self.part].format(d=day) for day in days)
        return f"CASE WHEN {begins} = {ends} THEN {begins} END"

    @property
    def _needs_members(self) -> bool:
        """Return whether anything but the key and the size of a group is needed."""
        refs = [self.order.by, *(having.aggregate for having in self.having)]
        return any(one is not None and one.prop is not COUNT for one in refs) or any(
            not isinstance(field, TypeName | TotalCount | GroupKey) for field in self.fields
        )

    def _choose(self, emitter: Emitter, keys: list[str], size: str, members: str) -> Cypher:
        """Return the clauses that compute aggregates, and choose and order groups by them.

        ``keys`` are the variables by which groups are ordered where nothing else decides.
        """
        refs = [having.aggregate for having in self.having]
        refs += [self.order.by] if self.order.by else []
        names = {one: size for one in refs if one.prop is COUNT}
        computed: list[Cypher] = []
        for one in refs:
            if one not in names:
                names[one] = emitter.new_variable("h")
                node = emitter.new_variable("n")
                found = unwind_members(emitter, members, emitter.reader.carried_variables(node))
                value = comparable_aggregate(emitter, one.prop, one.name, found, node)
                computed.append(cypher("{} AS {}", value, names[one]))
        chosen = cypher("WITH *, {}", join(", ", computed)) if computed else EMPTY
        if self.having:
            conditions = [
                f"({comparison(emitter, one.compare, {'x': name, 'number': name})})"
                for one in self.having
                for name in [names[one.aggregate]]
            ]
            chosen = join_clauses(chosen, f"WHERE {' AND '.join(conditions)}")
        by = names[self.order.by] if self.order.by else keys[0]
        down = " DESC" if self.order.descending else ""
        order = [f"{by} IS NULL", f"{by}{down}"] if down and by != size else [f"{by}{down}"]
        order += [key for key in keys if key != by]
        limit = emitter.parameter(self.limit)
        return join_clauses(chosen, f"WITH * ORDER BY {', '.join(order)} LIMIT {limit}")

    def _columns(self, emitter: Emitter, end: str, members: str) -> list[Cypher]:
        columns: list[Cypher] = []
        for field in self.fields:
            if isinstance(field, GroupKey):
                columns += field.columns(emitter, end)
            elif isinstance(field, Aggregate | Groups):
                node = emitter.new_variable("n")
                found = unwind_members(emitter, members, emitter.reader.carried_variables(node))
                columns.append(field.column(emitter, found, node))
            elif not isinstance(field, TypeName | TotalCount):
                columns.append(field.column_of_members(emitter, members))
        return columns

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the column."""
        prop = self.prop if self.part is None else None
        keys = {
            one.key: one.decoder(vocabulary, prop)
            for one in self.fields
            if isinstance(one, GroupKey)
        }
        lists = {
            one.key: one.decoder(vocabulary)
            for one in self.fields
            if not isinstance(one, TypeName | TotalCount | GroupKey | Aggregate)
        }

        def decode_group(row: Row, path: ResponsePath, decoding: Decoding) -> Answer:
            columns = iter(row)
            size, key = next(columns), next(columns)
            group: Answer = {}
            for field in self.fields:
                here = (path, field.key)
                if isinstance(field, TypeName):
                    group[field.key] = self.type_name
                elif isinstance(field, TotalCount):
                    group[field.key] = size
                elif isinstance(field, GroupKey):
                    group[field.key] = keys[field.key](key, columns, here, decoding)
                elif isinstance(field, Aggregate):
                    group[field.key] = field.decode(next(columns))
                else:
                    group[field.key] = lists[field.key](next(columns), here, decoding)
            return group

        return lambda raw, path, decoding: [
            decode_group(row, (path, index), decoding) for index, row in enumerate(raw)
        ]


GroupField = TypeName | TotalCount | GroupKey | Aggregate | Groups | MemberList


def _key_text(prop: Property | None, key: object) -> str | None:
    if key is None:
        return None
    if prop is not None and prop.enumeration:
        return str(prop.enumeration(str(key)).name)
    return str(key).lower() if isinstance(key, bool) else str(key)
