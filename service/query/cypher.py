"""From a plan to one Cypher query and its parameters.

Nested links are ``COLLECT { … }`` expressions, so the whole is one recursion: each part of the plan
becomes one expression, and a row is the list of its parts' expressions in their order.
"""

from dataclasses import dataclass, field

from schema.names import ID, RECORDED_IN
from schema.terms import NodeType
from schema.vocabulary import Vocabulary
from service.query import reader
from service.query.conditions import beyond, order_clause, predicate
from service.query.filters import OrderKey
from service.query.plan import (
    ById,
    ByIds,
    Caption,
    ComputedValue,
    Connection,
    Cursor,
    DateValue,
    EdgeDate,
    EdgeField,
    EdgeNode,
    Edges,
    EdgeValue,
    EdgeVersion,
    Field,
    Names,
    Nodes,
    One,
    Plan,
    Reads,
    RootField,
    Search,
    Selection,
    TotalCount,
    TypeName,
    Value,
)
from service.query.search import search_columns

DIALECT = "CYPHER 5"


@dataclass(frozen=True, slots=True)
class Query:
    """A Cypher text with its parameters; ``fields`` says which root fields its columns answer."""

    text: str
    parameters: dict[str, object]
    fields: tuple[int, ...]


def emit(plan: Plan, vocabulary: Vocabulary, budget: int = 100) -> list[Query]:
    """The queries that answer a plan: one, unless its subqueries exceed ``budget``.

    A root field is never split, so one field alone may exceed it.
    """
    groups: list[list[int]] = []
    spent = 0
    for index, one in enumerate(plan.fields):
        if isinstance(one, TypeName):
            continue
        cost = _Emitter(vocabulary).root(one).count("COLLECT {")
        if not groups or spent + cost > budget:
            groups.append([])
            spent = 0
        groups[-1].append(index)
        spent += cost
    return [_query(plan, vocabulary, group) for group in groups]


def _query(plan: Plan, vocabulary: Vocabulary, group: list[int]) -> Query:
    emitter = _Emitter(vocabulary)
    columns = [f"{emitter.root(plan.fields[index])} AS f{index}" for index in group]
    text = f"{DIALECT} RETURN " + ",\n       ".join(columns)
    return Query(text, emitter.parameters, tuple(group))


@dataclass(slots=True)
class _Emitter:
    vocabulary: Vocabulary
    parameters: dict[str, object] = field(default_factory=dict)
    variables: int = 0

    def fresh(self, stem: str) -> str:
        self.variables += 1
        return f"{stem}{self.variables}"

    def parameter(self, value: object) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    # --- root fields ---

    def root(self, one: RootField) -> str:
        match one:
            case ById():
                node = self.fresh("n")
                pattern = reader.by_id(node, self.parameter(one.id.value))
                return f"head(COLLECT {{ MATCH {pattern} RETURN {self.reads(one.reads, node)} }})"
            case ByIds():
                wanted, node = self.fresh("i"), self.fresh("n")
                ids = self.parameter(one.ids.value)
                pattern = reader.by_id(node, wanted)
                return (
                    f"COLLECT {{ UNWIND {ids} AS {wanted} OPTIONAL MATCH {pattern} "
                    f"RETURN CASE WHEN {node} IS NOT NULL THEN {self.reads(one.reads, node)} END }}"
                )
            case Connection():
                return self.connection(one)
            case Search():
                return search_columns(self, one)
            case TypeName():
                return "null"

    # --- what is read of a node ---

    def reads(self, reads: Reads, node: str) -> str:
        """The row of a node: its parts, after the name of its type where that has to be read."""
        if isinstance(reads, Selection):
            return self.row(reads.fields, node)
        branches = [
            f"WHEN {reader.is_a(node, one.types)} THEN {self.row(one.fields, node, one.types)}"
            for one in reads.of
        ]
        return f"CASE {' '.join(branches)} END"

    def row(self, fields: tuple[Field, ...], node: str, types: tuple[NodeType, ...] = ()) -> str:
        columns = [self.field(one, node) for one in fields if not isinstance(one, TypeName)]
        if len(types) == 1:
            columns.insert(0, f"'{types[0].label}'")
        elif types:
            names = ", ".join(f"'{one.label}'" for one in types)
            columns.insert(0, f"[l IN labels({node}) WHERE l IN [{names}]][0]")
        return f"[{', '.join(columns)}]"

    def field(self, one: Field, node: str) -> str:
        match one:
            case Value(prop=prop) | DateValue(prop=prop):
                return reader.prop(node, prop.name)
            case ComputedValue(needs=needs):
                return f"[{', '.join(reader.prop(node, prop.name) for prop in needs)}]"
            case Caption(reads=reads):
                return self.row(reads, node)
            case One():
                return self.one(one, node)
            case Names():
                return self.names(one, node)
            case Connection():
                return self.connection(one, node)
            case TypeName():
                raise TypeError("a type's name takes no column")

    def one(self, one: One, node: str) -> str:
        end, edge = self.fresh("n"), self.fresh("r")
        pattern = reader.step(self.vocabulary, node, one.link, end, edge, self.fresh)
        first = ""
        if one.first_by is not None:
            keys = [(reader.prop(end, key.prop.order_by), key) for key in one.first_by]
            first = f"WITH {end} {order_clause(keys, end, backward=False)} LIMIT 1 "
        return f"head(COLLECT {{ MATCH {pattern} {first}RETURN {self.reads(one.reads, end)} }})"

    def names(self, one: Names, node: str) -> str:
        end, edge = self.fresh("n"), self.fresh("r")
        pattern = reader.step(self.vocabulary, node, one.link, end, edge, self.fresh)
        order = order_clause((), end, backward=False)
        limit = self.parameter(one.limit)
        return (
            f"COLLECT {{ MATCH {pattern} WITH DISTINCT {end} {order} LIMIT {limit} "
            f"RETURN {self.reads(one.reads, end)} }}"
        )

    # --- lists ---

    def connection(self, one: Connection, node: str | None = None) -> str:
        """The parts of a connection that are wanted: page, whether more lies behind, count."""
        parts: list[str] = []
        if one.wants_rows:
            parts.append(self.page(one, node))
        if one.looks_behind:
            parts.append(self.behind(one, node))
        if one.wants(TotalCount):
            ends, pattern = self.start(one, node)
            distinct = f" RETURN DISTINCT {ends[0]}" if one.link and one.link.steps else ""
            parts.append(f"COUNT {{ MATCH {pattern}{self.where(one, ends)}{distinct} }}")
        return f"[{', '.join(parts)}]"

    def start(self, one: Connection, node: str | None) -> tuple[tuple[str, str], str]:
        """The variables of the nodes of a list and of the relationships to them; their pattern."""
        end, edge = self.fresh("n"), self.fresh("r")
        if one.link and node:
            return (end, edge), reader.step(self.vocabulary, node, one.link, end, edge, self.fresh)
        return (end, ""), reader.all_of(end, one.of or self.vocabulary.root)

    def where(self, one: Connection, ends: tuple[str, str], *more: str) -> str:
        parts = [p for p in (predicate(self, one.condition, *ends), *more) if p]
        return f" WHERE {' AND '.join(parts)}" if parts else ""

    def keys(self, one: Connection, end: str) -> tuple[list[tuple[str, OrderKey]], list[str]]:
        """The order's keys, each with its Cypher, and what computes those that links lead to."""
        keys: list[tuple[str, OrderKey]] = []
        computed: list[str] = []
        for key in one.order:
            if key.links:
                name = self.fresh("k")
                computed.append(f"{self.linked_key(key, end)} AS {name}")
                keys.append((name, key))
            else:
                keys.append((reader.prop(end, key.prop.order_by), key))
        return keys, computed

    def linked_key(self, key: OrderKey, node: str) -> str:
        patterns: list[str] = []
        for link in key.links:
            end = self.fresh("n")
            edge = self.fresh("r")
            patterns.append(reader.step(self.vocabulary, node, link, end, edge, self.fresh))
            node = end
        return (
            f"head(COLLECT {{ MATCH {', '.join(patterns)} "
            f"RETURN {reader.prop(node, key.prop.order_by)} }})"
        )

    def page(self, one: Connection, node: str | None) -> str:
        (end, edge), pattern = self.start(one, node)
        plain = one.link is not None and not one.link.steps
        kept = [end, edge] if plain else [end]
        carried = ", ".join(kept)
        distinct = "DISTINCT " if one.link and one.link.steps else ""
        keys, computed = self.keys(one, end)
        backward = one.page.backward
        cursor = one.page.cursor
        after = beyond(self, keys, end, cursor, backward=backward) if cursor else ""
        text = f"MATCH {pattern}"
        if computed:
            text += self.where(one, (end, edge))
            text += f" WITH {distinct}{carried}, {', '.join(computed)}"
            text += f" WHERE {after}" if after else ""
            carried = ", ".join([*kept, *(key for key, by in keys if by.links)])
            distinct = ""
        else:
            text += self.where(one, (end, edge), after)
        order = order_clause(keys, end, backward=backward)
        limit = self.parameter(one.page.size + 1)
        text += f" WITH {distinct}{carried} {order} LIMIT {limit}"
        columns: list[str] = []
        if one.wants_cursors:
            columns.append(f"[{', '.join([*(k for k, _ in keys), reader.prop(end, ID)])}]")
        for part in one.fields:
            if isinstance(part, Nodes):
                columns.append(self.reads(part.reads, end))
            elif isinstance(part, Edges):
                columns += [c for e in part.fields for c in self.edge_field(e, end, edge)]
        return f"COLLECT {{ {text} RETURN [{', '.join(columns)}] }}"

    def edge_field(self, one: EdgeField, end: str, edge: str) -> list[str]:
        match one:
            case EdgeNode(reads=reads):
                return [self.reads(reads, end)]
            case EdgeValue(prop=prop) | EdgeDate(prop=prop):
                return [reader.prop(edge, prop.name)]
            case EdgeVersion():
                return [reader.prop(edge, RECORDED_IN)]
            case Cursor() | TypeName():
                return []

    def behind(self, one: Connection, node: str | None) -> str:
        """Whether the list has anything on the other side of the cursor that the page left."""
        (end, edge), pattern = self.start(one, node)
        keys, computed = self.keys(one, end)
        text = beyond(
            self,
            keys,
            end,
            one.page.cursor or (),
            backward=not one.page.backward,
            inclusive=True,
        )
        if not computed:
            return f"EXISTS {{ MATCH {pattern}{self.where(one, (end, edge), text)} }}"
        where = self.where(one, (end, edge))
        return (
            f"EXISTS {{ MATCH {pattern}{where} WITH {end}, {', '.join(computed)} "
            f"WHERE {text} RETURN {end} }}"
        )
