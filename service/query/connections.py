"""Connections: the page of a list, its page info, count, aggregates and groups (Relay).

A connection takes one column: a list with the rows of the page, whether more nodes come before the
page, the count, then each aggregate and each grouping, as far as they are selected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schema.names import ID
from schema.vocabulary import Vocabulary
from service.query.access_paths import (
    ANYWHERE,
    AccessPath,
    NodeSet,
    Origin,
    as_member,
    choose_access_path,
    is_all_of_type,
    is_from_anchor,
)
from service.query.aggregates import Aggregate
from service.query.decoding import Answer, Decode, DecodeNode, Decoding, ResponsePath, Row
from service.query.edges import DecodeRows, Edges, Nodes
from service.query.emitter import Emitter, TotalCount, TypeName
from service.query.filters import ALWAYS, OrderKey, Page
from service.query.fragments import (
    Cypher,
    CypherPart,
    aggregation,
    collect,
    count,
    cypher,
    exists,
    first,
    join,
    join_clauses,
    list_of,
    return_row,
)
from service.query.groups import Groups
from service.query.ordering import (
    Keys,
    cursor_value,
    cursor_writer,
    is_computed,
    keyset_predicate,
    order_by,
    write_keys,
)
from service.query.parameters import Parameter
from service.query.top_n import top_n, top_n_of_partitions


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The place of a page in its list; ``fields`` pairs keys with names of the type's fields."""

    key: str
    fields: tuple[tuple[str, str], ...]

    def decode(self, values: Mapping[str, object]) -> Answer:
        """Return the fields, given all values by name."""
        return {key: values[name] for key, name in self.fields}


ConnectionField = TypeName | Edges | Nodes | PageInfo | TotalCount | Aggregate | Groups


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of a list of nodes, with what else is selected of the list."""

    key: str
    type_name: str
    fields: tuple[ConnectionField, ...]
    nodes: NodeSet
    order: tuple[OrderKey, ...]
    page: Page

    # --- what is selected ---

    def selects(self, *kinds: type) -> bool:
        """Return whether a field of one of these kinds is selected."""
        return any(isinstance(one, kinds) for one in self.fields)

    def selects_of_page_info(self, *names: str) -> bool:
        """Return whether one of these fields of ``PageInfo`` is selected."""
        return any(
            name in names
            for one in self.fields
            if isinstance(one, PageInfo)
            for _, name in one.fields
        )

    @property
    def has_rows(self) -> bool:
        """Return whether the rows of the page are read."""
        return self.selects(Edges, Nodes, PageInfo)

    @property
    def has_cursors(self) -> bool:
        """Return whether the values of cursors are read."""
        return self.selects_of_page_info("startCursor", "endCursor") or self.has_edge_cursors

    @property
    def has_edge_cursors(self) -> bool:
        """Return whether the cursor of each edge is selected."""
        return any(one.has_cursors for one in self.fields if isinstance(one, Edges))

    @property
    def looks_back(self) -> bool:
        """Return whether nodes on the other side of the given cursor are looked for."""
        other_side = "hasNextPage" if self.page.backward else "hasPreviousPage"
        return self.page.cursor is not None and self.selects_of_page_info(other_side)

    @property
    def limit(self) -> Parameter[int]:
        """Return a parameter for the rows that are read: one more than the page has."""
        onward = "hasPreviousPage" if self.page.backward else "hasNextPage"
        return self.page.one_more if self.selects_of_page_info(onward) else self.page.size

    @property
    def _reads(self) -> int:
        """Return how often the list is read."""
        own = sum(isinstance(one, TotalCount | Aggregate | Groups) for one in self.fields)
        return own + self.has_rows + self.looks_back

    @property
    def _finds_twice(self) -> bool:
        """Return whether a node can be found more than once."""
        return bool(self.nodes.link and self.nodes.link.steps)

    @property
    def _orders_by_edge(self) -> bool:
        return any(key.on_edge for key in self.order)

    # --- the column ---

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the column of a list that a link of a node leads to."""
        return self._column(emitter, Origin(node))

    def column_of_members(self, emitter: Emitter, members: str) -> Cypher:
        """Return the column of a list whose nodes the variable ``members`` holds."""
        return self._column(emitter, Origin(members=members))

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the column of a list of all nodes of a type."""
        return self._column(emitter, ANYWHERE)

    def _column(self, emitter: Emitter, origin: Origin) -> Cypher:
        if self._reads > 1 and self._is_gathered(emitter, origin):
            return self._gather(emitter, origin)
        parts: list[CypherPart] = []
        if self.has_rows:
            parts.append(self._rows(emitter, origin))
        if self.looks_back:
            parts.append(self._look_back(emitter, origin))
        if self.selects(TotalCount):
            parts.append(self._total_count(emitter, origin))
        for field in self.fields:
            if isinstance(field, Aggregate | Groups):
                path = choose_access_path(emitter, self.nodes, origin)
                found = path.where(emitter)
                if self._finds_twice:
                    carried = ", ".join(emitter.reader.carried_variables(path.node))
                    found = join_clauses(found, f"WITH DISTINCT {carried}")
                parts.append(field.column(emitter, found, path.node))
        return list_of(parts)

    def _total_count(self, emitter: Emitter, origin: Origin) -> Cypher:
        unconditional = self.nodes.condition == ALWAYS
        if origin.members is not None and unconditional:
            return Cypher(f"size({origin.members})")
        if unconditional and is_all_of_type(emitter, self.nodes, origin):
            of = self.nodes.of or emitter.vocabulary.root
            return emitter.reader.number_of(emitter.new_variable("n"), of)
        path = choose_access_path(emitter, self.nodes, origin, ids_only=unconditional)
        needs_return = self._finds_twice or path.complete
        return count(path.where(emitter), f"RETURN DISTINCT {path.node}" if needs_return else "")

    def _is_gathered(self, emitter: Emitter, origin: Origin) -> bool:
        """Return whether the list is read once for all of its parts, as reading it costs more.

        In a former version each relationship has to be tested; in the latest, their number is a
        degree.
        """
        if origin.node and self.nodes.link:
            is_latest = emitter.reader.uses_indexes
            return not (is_latest or self.selects(Edges) or self._orders_by_edge)
        return is_from_anchor(emitter, self.nodes, origin)

    def _gather(self, emitter: Emitter, origin: Origin) -> Cypher:
        """Return the column of a list that is read once into a variable."""
        reader = emitter.reader
        ids_only = self._needs_ids_only(emitter) and not self.selects(Aggregate, Groups)
        path = choose_access_path(emitter, self.nodes, origin, ids_only=ids_only)
        member = as_member([path.node] if ids_only else reader.carried_variables(path.node))
        members = emitter.new_variable("l")
        if path.edge or not reader.uses_indexes:
            # Neo4j groups by the variables around a subquery: no row, where nothing is found.
            distinct = "DISTINCT " if self._finds_twice else ""
            nodes = collect(path.where(emitter), f"RETURN {distinct}{member}")
            found = cypher("UNWIND [{}] AS {}", nodes, members)
        else:
            collected = cypher("WITH {} AS {}", aggregation("collect", member), members)
            found = join_clauses(path.where(emitter), collected)
        rest = replace(self, nodes=replace(self.nodes, condition=ALWAYS))
        column = rest._column(emitter, Origin(members=members, ids_only=ids_only))
        return first(found, return_row(column))

    def _needs_ids_only(self, emitter: Emitter) -> bool:
        """Return whether ids decide which nodes are on the page: no state of others is read."""
        by_id = not self.order and not self.page.cursor and self.nodes.condition == ALWAYS
        return by_id and emitter.reader.valid_time is None

    # --- the rows of the page ---

    def _rows(self, emitter: Emitter, origin: Origin) -> Cypher:
        if is_all_of_type(emitter, self.nodes, origin):
            found = top_n_of_partitions(emitter, self.nodes, self.order, self.page, self.limit)
            if found is not None:
                node, in_parts = found
                keys, _ = write_keys(emitter, self.order, node, "")
                return collect(in_parts, self._return_row(emitter, node, "", keys))
        ids_only = self._needs_ids_only(emitter) and (
            origin.ids_only or bool(self.nodes.link and origin.node)
        )
        path = choose_access_path(emitter, self.nodes, origin, ids_only=ids_only)
        keys, computed = write_keys(emitter, self.order, path.node, path.edge)
        if path.uses_indexes and not computed:
            best = top_n(emitter, path, keys, self.page, self.limit)
            return best.collect_rows(self._return_row(emitter, path.node, path.edge, keys))
        return collect(
            self._sort(emitter, path, keys, computed, ids_only=ids_only),
            emitter.reader.resolve_state(path.node, emitter.new_variable) if ids_only else "",
            self._return_row(emitter, path.node, path.edge, keys),
        )

    def _return_row(self, emitter: Emitter, node: str, edge: str, keys: Keys) -> Cypher:
        """Return the clause that returns a row: the values of its cursor, then its columns."""
        row: list[CypherPart] = []
        if self.has_cursors:
            values = [cursor_value(text, key) for text, key in keys]
            row.append(list_of([*values, emitter.reader.prop(node, ID)]))
        for part in self.fields:
            if isinstance(part, Nodes | Edges):
                row += part.columns(emitter, node, edge)
        return return_row(list_of(row))

    def _sort(
        self,
        emitter: Emitter,
        path: AccessPath,
        keys: Keys,
        computed: Sequence[Cypher],
        *,
        ids_only: bool,
    ) -> Cypher:
        """Return clauses that read the whole list, sort it and keep the first nodes."""
        node, link = path.node, self.nodes.link
        carried = [node] if ids_only else emitter.reader.carried_variables(node)
        if path.edge and link is not None and not link.steps:
            carried.append(path.edge)
        backward, cursor = self.page.backward, self.page.cursor
        after: CypherPart = ""
        if cursor:
            after = keyset_predicate(emitter, keys, node, cursor, backward=backward)
        distinct = "DISTINCT " if self._finds_twice else ""
        if computed:
            with_keys = cypher("WITH {}{}", distinct, join(", ", [*carried, *computed]))
            found = join_clauses(
                path.where(emitter), with_keys, cypher("WHERE {}", after) if after else ""
            )
            carried += [text for text, key in keys if is_computed(key)]
            distinct = ""
        else:
            found = path.where(emitter, after)
        order = order_by(emitter, keys, node, backward=backward)
        limit = emitter.parameter(self.limit)
        return join_clauses(found, f"WITH {distinct}{', '.join(carried)} {order} LIMIT {limit}")

    def _look_back(self, emitter: Emitter, origin: Origin) -> Cypher:
        """Return whether the list has nodes on the other side of the cursor that was given."""
        path = choose_access_path(emitter, self.nodes, origin)
        node = path.node
        keys, computed = write_keys(emitter, self.order, node, path.edge)
        before = keyset_predicate(
            emitter, keys, node, self.page.cursor or (),
            backward=not self.page.backward, inclusive=True,
        )  # fmt: skip
        if not computed:
            needs_return = f"RETURN {node}" if path.complete else ""
            return exists(path.where(emitter, before), needs_return)
        carried = [
            *emitter.reader.carried_variables(node),
            *([path.edge] if self._orders_by_edge else []),
        ]
        with_keys = cypher("WITH {} WHERE {}", join(", ", [*carried, *computed]), before)
        return exists(path.where(emitter), with_keys, f"RETURN {node}")

    # --- the decoder ---

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the column."""
        match self.fields:  # most lists within lists have no more than this
            case [Nodes(key=key, selection=selection)] if (
                self.nodes.link and not self.page.backward
            ):
                return _nodes_decoder(key, selection.decoder(vocabulary))
            case [TotalCount(key=key)]:
                return lambda raw, _, __: {key: raw[0]}

        has_rows, looks_back, has_cursors = self.has_rows, self.looks_back, self.has_cursors
        has_count, backward = self.selects(TotalCount), self.page.backward
        write, has_edge_cursors = cursor_writer(self.order), self.has_edge_cursors
        of_rows: dict[str, DecodeRows] = {}
        groupings: dict[str, Decode] = {}
        column = 1 if has_cursors else 0
        for part in self.fields:
            if isinstance(part, Groups):
                groupings[part.key] = part.decoder(vocabulary)
            elif isinstance(part, Nodes):
                of_rows[part.key] = part.decoder(vocabulary, column)
                column += 1
            elif isinstance(part, Edges):
                of_rows[part.key] = part.decoder(vocabulary, column)
                column += part.width

        def decode(raw: Row, path: ResponsePath, decoding: Decoding) -> Answer:
            columns = iter(raw)
            rows = next(columns) if has_rows else []
            before = bool(next(columns)) if looks_back else False
            total = next(columns) if has_count else None
            size = decoding.resolve(self.page.size)
            more = len(rows) > size
            if more:
                rows = rows[:size]
            decoding.rows += len(rows)
            if backward:
                rows = rows[::-1]
            shown = rows if has_edge_cursors or len(rows) < 2 else (rows[0], rows[-1])
            cursors = [write(row[0]) for row in shown] if has_cursors else []
            decoded: Answer = {}
            for part in self.fields:
                key = part.key
                if key in of_rows:
                    decoded[key] = of_rows[key](rows, cursors, (path, key), decoding)
                elif key in groupings:
                    decoded[key] = groupings[key](next(columns), (path, key), decoding)
                elif isinstance(part, Aggregate):
                    decoded[key] = part.decode(next(columns))
                elif isinstance(part, TotalCount):
                    decoded[key] = total
                elif isinstance(part, PageInfo):
                    decoded[key] = part.decode(
                        {
                            "__typename": "PageInfo",
                            "hasNextPage": before if backward else more,
                            "hasPreviousPage": more if backward else before,
                            "startCursor": cursors[0] if cursors else None,
                            "endCursor": cursors[-1] if cursors else None,
                        }
                    )
                else:
                    decoded[key] = self.type_name
            return decoded

        return decode


def _nodes_decoder(key: str, decode: DecodeNode) -> Decode:
    """Return the decoder of a connection whose nodes alone are selected: it has only its page."""

    def decode_nodes(raw: Row, path: ResponsePath, decoding: Decoding) -> Answer:
        here = (path, key)
        decoding.rows += len(raw[0])
        return {key: [decode(row, (here, index), decoding) for index, (row,) in enumerate(raw[0])]}

    return decode_nodes
