"""From a plan to one Cypher query and its parameters.

Nested links are ``COLLECT { … }`` expressions, so the whole is one recursion: each part of the plan
becomes one expression, and a row is the list of its parts' expressions in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schema.terms import NodeType
from schema.vocabulary import Vocabulary
from service.errors import QueryTooComplex
from service.query import pages
from service.query.conditions import order_clause
from service.query.emitter import returned
from service.query.history import history_column
from service.query.known import Known
from service.query.lists import Connection, TypeName
from service.query.operation import ById, ByIds, Plan, RootField, Search
from service.query.parameters import Parameter, Variables
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
from service.query.reader import Reader
from service.query.search import search_columns
from service.query.starts import Origin
from service.query.version import versioned
from service.query.world import Day

DIALECT = "CYPHER 5"
SUBQUERIES = ("COLLECT {", "EXISTS {", "COUNT {")
"""What a query takes long to be planned for: each is planned by itself, within those around it."""


@dataclass(frozen=True, slots=True)
class Query:
    """A Cypher text with its parameters; ``fields`` says which root fields its columns answer.

    Where ``versioned``, three more columns follow: the version, whether it stood still meanwhile,
    and whether it was asked for a time to come (``service.query.version``).
    """

    text: str
    parameters: Mapping[str, object]
    """Each a value, or a ``Parameter`` until the query is ``bound``."""
    fields: tuple[int, ...]
    versioned: bool = False

    def bound(self, variables: Variables) -> "Query":
        """The query of a request with these variables."""
        values = {
            name: one.value(variables) if isinstance(one, Parameter) else one
            for name, one in self.parameters.items()
        }
        return Query(self.text, values, self.fields, self.versioned)


def emit(plan: Plan, vocabulary: Vocabulary, budget: int = 100, most: int = 300) -> list[Query]:
    """The queries that answer a plan: one, unless its subqueries exceed ``budget``.

    A root field is never split, so one field alone may exceed it. One that needs more than ``most``
    raises QueryTooComplex: planning alone would take many seconds.
    """
    groups: list[list[int]] = []
    spent = 0
    for index, one in enumerate(plan.fields):
        if isinstance(one, TypeName):
            continue
        text = _emitter(plan, vocabulary).root(one)
        cost = sum(text.count(word) for word in SUBQUERIES)
        if cost > most:
            message = f"{one.key} needs {cost} subqueries; {most} are allowed. Split it."
            raise QueryTooComplex(message)
        if not groups or spent + cost > budget:
            groups.append([])
            spent = 0
        groups[-1].append(index)
        spent += cost
    return [_query(plan, vocabulary, group) for group in groups]


def _query(plan: Plan, vocabulary: Vocabulary, group: list[int]) -> Query:
    emitter = _emitter(plan, vocabulary)
    columns = [f"{emitter.root(plan.fields[index])} AS f{index}" for index in group]
    if plan.as_of is None:
        text = "RETURN " + ",\n       ".join(columns)
    else:
        text = versioned(emitter, plan.as_of, columns)
    exact = plan.as_of is not None
    return Query(f"{DIALECT} {text}", emitter.parameters, tuple(group), versioned=exact)


def _emitter(plan: Plan, vocabulary: Vocabulary) -> "_Emitter":
    emitter = _Emitter(vocabulary, Reader(vocabulary))
    if plan.as_of is not None:
        day = None
        if plan.as_of.world is not None:
            first, last = (emitter.parameter(one) for one in plan.as_of.world)
            day = Day(first, last)
        known = plan.as_of.known is not None
        emitter.reader = Known(vocabulary, day) if known else Reader(vocabulary, day)
    return emitter


@dataclass(slots=True)
class _Emitter:
    vocabulary: Vocabulary
    reader: Reader
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
                found = self.reader.by_id(node, self.parameter(one.id), one.of)
                return f"head(COLLECT {{ {found} {returned(self.reads(one.reads, node))} }})"
            case ByIds():
                wanted, node = self.fresh("i"), self.fresh("n")
                ids = self.parameter(one.ids)
                found = self.reader.by_id(node, wanted, self.vocabulary.root, optional=True)
                row = f"CASE WHEN {node} IS NOT NULL THEN {self.reads(one.reads, node)} END"
                return f"COLLECT {{ UNWIND {ids} AS {wanted} {found} {returned(row)} }}"
            case Connection():
                return pages.columns(self, one)
            case Search():
                return search_columns(self, one)
            case TypeName():
                return "null"

    # --- what is read of a node ---

    def reads(self, reads: Reads, node: str) -> str:
        """The row of a node: its parts, after the name of its type where that has to be read."""
        if isinstance(reads, Selection):
            return self.row(reads.fields, node)
        if len(reads.of) == 1:
            return self.row(reads.of[0].fields, node, reads.of[0].types)
        branches = [
            f"WHEN {self.reader.is_a(node, one.types)} THEN {self.row(one.fields, node, one.types)}"
            for one in reads.of
        ]
        return f"CASE {' '.join(branches)} END"

    def row(self, fields: tuple[Field, ...], node: str, types: tuple[NodeType, ...] = ()) -> str:
        columns = [self.field(one, node) for one in fields if not isinstance(one, TypeName)]
        if len(types) == 1:
            columns.insert(0, f"'{types[0].label}'")
        elif types:
            columns.insert(0, self.reader.type_name(node, types))
        return f"[{', '.join(columns)}]"

    def field(self, one: Field, node: str) -> str:
        match one:
            case Value(prop=prop) | DateValue(prop=prop):
                return self.reader.prop(node, prop.name)
            case ComputedValue(needs=needs):
                return f"[{', '.join(self.reader.prop(node, prop.name) for prop in needs)}]"
            case History():
                return history_column(self, one, node)
            case HeldThen(of=of):
                return self.reader.held_then(node, of)
            case Caption(reads=reads):
                return self.row(reads, node)
            case One():
                return self.one(one, node)
            case Names():
                return self.names(one, node)
            case Connection():
                return pages.columns(self, one, Origin(node))
            case TypeName():
                raise TypeError("a type's name takes no column")

    def one(self, one: One, node: str) -> str:
        end, edge = self.fresh("n"), self.fresh("r")
        found = self.reader.step(node, one.link, end, edge, self.fresh)
        first = ""
        if one.first_by is not None:
            keys = [(self.reader.prop(end, key.prop.order_by), key) for key in one.first_by]
            kept = ", ".join(self.reader.kept(end))
            first = f"WITH {kept} {order_clause(self, keys, end, backward=False)} LIMIT 1 "
        return f"head(COLLECT {{ {found} {first}{returned(self.reads(one.reads, end))} }})"

    def names(self, one: Names, node: str) -> str:
        end, edge = self.fresh("n"), self.fresh("r")
        # Whatever the day: a caption of an event to come would lose what the event is about.
        found = self.reader.step(node, one.link, end, edge, self.fresh)
        order = order_clause(self, (), end, backward=False)
        kept = ", ".join(self.reader.kept(end))
        limit = self.parameter(one.limit)
        return (
            f"COLLECT {{ {found} WITH DISTINCT {kept} {order} LIMIT {limit} "
            f"{returned(self.reads(one.reads, end))} }}"
        )
