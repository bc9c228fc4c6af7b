"""Changes of the graph: what each version recorded, changed and expired, in the order of versions.

A change is of a node, or of a relationship, which belongs to the node that it starts from. Indexes
have the ids of the nodes that changed in a version (``schema.storage.STAMPS``). So a page is read
in two steps: the first pairs of a version and an id, then the changes of each pair. Their order is
that of versions, then of ids; a node comes before its relationships, in the order of their types
and ends.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from schema import rules
from schema.names import EXPIRED_IN, ID, NODE, PAST_NODE, RECORDED_IN, was
from schema.storage import STAMPS
from schema.vocabulary import Vocabulary
from service.errors import BadUserInput
from service.query.change_fields import (
    ChangeSelection,
    caption_version,
    edge_value_names,
    recorded_types,
    value_names,
)
from service.query.connections import PageInfo
from service.query.decoding import Answer, Decode, Decoding, ResponsePath, Row
from service.query.edges import DecodeRows, EdgeNode, Edges, Nodes
from service.query.emitter import Emitter, TypeName
from service.query.fragments import Cypher, collect, list_of, return_row
from service.query.historical import VERSION
from service.query.nodes import Selection
from service.query.parameters import Parameter


class ChangeKey(NamedTuple):
    """The place of a change in the order; ``type`` and ``end`` are empty for a node's own."""

    version: int
    id: str
    type: str
    end: str


def write_change_cursor(key: ChangeKey) -> str:
    """Return the cursor of a change."""
    return base64.urlsafe_b64encode(orjson.dumps(["changes", *key])).decode().rstrip("=")


def read_change_cursor(text: str) -> ChangeKey:
    """Return the place of a cursor; raises BadUserInput for one of another list."""
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        name, version, *rest = raw
        node, kind, end = rest
        if name != "changes" or not isinstance(version, int):
            raise TypeError(text)
        return ChangeKey(version, str(node), str(kind), str(end))
    except (ValueError, TypeError, binascii.Error) as error:
        message = "This is not a cursor of changes; give one that an answer held."
        raise BadUserInput(message) from error


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes: ``size`` from ``cursor`` on, or up to it when ``backward``."""

    size: Parameter[int]
    backward: bool = False
    cursor: Parameter[ChangeKey] | None = None

    def limit(self, more: int) -> Parameter[int]:
        """Return a parameter for the size and some more."""
        return Parameter(self.size.source, lambda value: self.size.convert(value) + more)

    def part(self, index: int) -> Parameter[object]:
        """Return a parameter for a part of the cursor."""
        cursor = self.cursor
        if cursor is None:
            raise TypeError("the page has no cursor")
        return Parameter(cursor.source, lambda value: cursor.convert(value)[index])


@dataclass(frozen=True, slots=True)
class UpTo:
    """The last version whose changes a list has."""

    key: str


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the changes of the versions after ``since``, up to ``until`` or the one read."""

    key: str
    fields: tuple[TypeName | Edges | Nodes | PageInfo | UpTo, ...]
    since: Parameter[int]
    until: Parameter[int] | None
    page: ChangePage

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the column: the rows of the page, and the version that is read."""
        return list_of([self._rows(emitter), VERSION])

    def _rows(self, emitter: Emitter) -> Cypher:
        new, down = emitter.new_variable, " DESC" if self.page.backward else ""
        change, version, node, kind, end, old, now = map(new, "cwitebn")
        limit = emitter.parameter(self.page.limit(1))
        row: list[Cypher] = [Cypher(change)]
        for one in self.fields:
            if isinstance(one, Edges | Nodes):
                row += one.columns(emitter, change, "")
        items = [version, node, kind, end]
        order = ", ".join(f"{one}{down}" for one in items)
        parts = range(len(ChangeKey._fields)) if self.page.cursor else ()
        key = [emitter.parameter(self.page.part(index)) for index in parts]
        return collect(
            self._pairs(emitter, version, node, key),
            self._changes_of_pair(emitter, items, old, now),
            f"WITH * WHERE {_beyond(items, key, '<' if down else '>')}" if key else "",
            f"WITH [{', '.join([*items, old, now])}] AS {change}, "
            f"{version} - CASE WHEN {now} IS NULL THEN 1 ELSE 0 END AS {caption_version(change)} "
            f"ORDER BY {order} LIMIT {limit}",
            return_row(list_of(row)),
        )

    def _pairs(self, emitter: Emitter, version: str, node: str, key: Sequence[str]) -> Cypher:
        """Return clauses that find the first pairs of a version and the id of what changed in it.

        Each pair has a change, but of the pair of the cursor all may be before the page: one pair
        more is read.
        """
        backward = self.page.backward
        low, high, until, found = map(emitter.new_variable, "lhux")
        since = emitter.parameter(self.since)
        last = VERSION if self.until is None else emitter.parameter(self.until)
        down, limit = " DESC" if backward else "", emitter.parameter(self.page.limit(2))
        lowest, highest = since, until
        ranges = ["{0} > " + low + " AND {0} <= " + high]
        if key and backward:
            highest = f"CASE WHEN {key[0]} <= {until} THEN {key[0]} - 1 ELSE {until} END"
        elif key:
            lowest = f"CASE WHEN {key[0]} > {since} THEN {key[0]} ELSE {since} END"
        if key:
            # The index is sought by both, where the versions are equal.
            sign = "<=" if backward else ">="
            within = f"{key[0]} > {since} AND {key[0]} <= {until}"
            ranges.insert(0, f"{{0}} = {key[0]} AND {{1}} {sign} {key[1]} AND {within}")
        load = emitter.vocabulary.by_kind[rules.LOAD].label
        ordered = f"ORDER BY {version}{down}, {node}{down} LIMIT {limit}"
        parts = [
            f"MATCH ({found}:{label}) WHERE {one.format(f'{found}.{stamp}', f'{found}.{ID}')} "
            f"AND {found}.{ID} IS NOT NULL AND NOT {found}:{load} "
            f"WITH {found}.{stamp} AS {version}, {found}.{ID} AS {node} {ordered} "
            f"RETURN {version}, {node}"
            for label, stamp in STAMPS
            for one in ranges
        ]
        return Cypher(
            f"WITH {last} AS {until} "
            f"WITH {until}, {lowest} AS {low}, {highest} AS {high} "
            f"CALL ({until}, {low}, {high}) {{ {' UNION '.join(parts)} }} "
            f"WITH {version}, {node} {ordered}"
        )

    def _changes_of_pair(
        self, emitter: Emitter, items: Sequence[str], old: str, now: str
    ) -> Cypher:
        """Return clauses that find the changes of the node of a pair and of its relationships."""
        version, node, kind, end = items
        state, edge, other = map(emitter.new_variable, "xrm")
        has_values = any(one.has_values for one in self._selections)
        types = recorded_types(emitter.vocabulary)
        pattern = "|".join([*types, *map(was, types)])
        is_found = f"MATCH ({state}:{NODE}|{PAST_NODE} {{{ID}: {node}}})"

        def states(of: str, names: Iterable[str]) -> str:
            values = ", ".join(f"{of}.{name}" for name in names) if has_values else ""
            return ", ".join(
                f"head(collect(CASE WHEN {of}.{stamp} = {version} THEN [{values}] END)) AS {name}"
                for stamp, name in ((EXPIRED_IN, old), (RECORDED_IN, now))
            )

        def changed(of: str) -> str:
            return f"{of}.{RECORDED_IN} = {version} OR {of}.{EXPIRED_IN} = {version}"

        prefix = was("")
        own = (
            f"{is_found} WHERE {changed(state)} "
            f"WITH {states(state, value_names(emitter.vocabulary))} "
            f"WHERE {old} IS NOT NULL OR {now} IS NOT NULL "
            f"RETURN '' AS {kind}, '' AS {end}, {old}, {now}"
        )
        links = (
            f"{is_found}-[{edge}:{pattern}]->({other}) WHERE {changed(edge)} "
            f"WITH CASE WHEN type({edge}) STARTS WITH '{prefix}' "
            f"THEN substring(type({edge}), {len(prefix)}) ELSE type({edge}) END AS {kind}, "
            f"{other}.{ID} AS {end}, {states(edge, edge_value_names(emitter.vocabulary))} "
            f"RETURN {kind}, {end}, {old}, {now}"
        )
        return Cypher(f"CALL ({version}, {node}) {{ {own} UNION ALL {links} }}")

    @property
    def _selections(self) -> list[ChangeSelection]:
        selections: list[Selection] = []
        for one in self.fields:
            if isinstance(one, Nodes):
                selections.append(one.selection)
            elif isinstance(one, Edges):
                selections += [part.selection for part in one.fields if isinstance(part, EdgeNode)]
        return [one for one in selections if isinstance(one, ChangeSelection)]

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the column; it raises BadUserInput for versions to come."""
        of_rows: dict[str, DecodeRows] = {}
        column = 1
        for part in self.fields:
            if isinstance(part, Nodes):
                of_rows[part.key] = part.decoder(vocabulary, column)
                column += 1
            elif isinstance(part, Edges):
                of_rows[part.key] = part.decoder(vocabulary, column)
                column += part.width
        backward = self.page.backward

        def decode(raw: Row, path: ResponsePath, decoding: Decoding) -> Answer:
            rows, read = raw[0], int(str(raw[1]))
            until = self._check_versions(decoding, read)
            size = decoding.resolve(self.page.size)
            more = len(rows) > size
            rows = rows[:size]
            if backward:
                rows = rows[::-1]
            cursors = [_cursor_of(row[0]) for row in rows]
            before = self._has_others(decoding, until)
            decoded: Answer = {}
            for part in self.fields:
                if part.key in of_rows:
                    decode_rows = of_rows[part.key]
                    decoded[part.key] = decode_rows(rows, cursors, (path, part.key), decoding)
                elif isinstance(part, UpTo):
                    decoded[part.key] = until
                elif isinstance(part, PageInfo):
                    decoded[part.key] = part.decode(
                        {
                            "__typename": "PageInfo",
                            "hasNextPage": before if backward else more,
                            "hasPreviousPage": more if backward else before,
                            "startCursor": cursors[0] if cursors else None,
                            "endCursor": cursors[-1] if cursors else None,
                        }
                    )
                else:
                    decoded[part.key] = "GraphChangeConnection"
            return decoded

        return decode

    def _check_versions(self, decoding: Decoding, read: int) -> int:
        """Return the last version of the list; raises BadUserInput if it is not reached yet."""
        since = decoding.resolve(self.since)
        until = read if self.until is None else decoding.resolve(self.until)
        for name, number in (("since", since), ("until", until)):
            if number > read:
                message = f"{name} is {number}, but the version that is read is {read}."
                raise BadUserInput(f"{message} Give a version up to that.")
        if until < since:
            raise BadUserInput(f"until is {until}, before since, {since}. Give a later version.")
        return until

    def _has_others(self, decoding: Decoding, until: int) -> bool:
        """Return whether the list has changes on the other side of the cursor.

        Each version changes something, so it has unless the cursor is of a version before all.
        """
        cursor = self.page.cursor
        if cursor is None:
            return False
        version, since = decoding.resolve(cursor).version, decoding.resolve(self.since)
        return since < until and (version <= until if self.page.backward else version > since)


def _beyond(items: Sequence[str], key: Sequence[str], sign: str) -> str:
    """Return whether a change comes after a cursor, by all parts of its place."""
    *before, (item, value) = zip(items, key, strict=True)
    predicate = f"{item} {sign} {value}"
    for item, value in reversed(before):
        predicate = f"({item} {sign} {value} OR ({item} = {value} AND {predicate}))"
    return predicate


def _cursor_of(change: Row) -> str:
    version, node, kind, end = change[:4]
    return write_change_cursor(ChangeKey(int(str(version)), str(node), str(kind), str(end)))
