"""Compile the root of a plan to queries with a version check, and to a decoder of their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from schema import rules
from schema.names import GATE, GRAPH, ID, LOADED_AT, OPEN, OPENING
from schema.names import VERSION as VERSION_OF
from schema.vocabulary import Vocabulary
from service.errors import QueryTooComplex
from service.query.decoding import Answer, Decode, Decoding, NullPropagation, Row
from service.query.emitter import Emitter, TypeName
from service.query.fragments import Cypher, cypher, first, join
from service.query.historical import VERSION, HistoricalReader
from service.query.parameters import Parameter, Variables
from service.query.reader import Reader, ValidTime

COLUMNS = 3
"""Columns after the response's own: the version, whether it stood still, whether it is future."""


def read_version(
    emitter: Emitter,
    version: Parameter[int] | None,
    system_time: Parameter[str] | None,
    columns: Sequence[tuple[str, Cypher]],
) -> Cypher:
    """Return the query of named columns as of a version or a moment, or of the latest version."""
    graph = emitter.parameter(GRAPH)
    gate = f"MATCH (gate:{GATE} {{{ID}: {graph}}})"
    marks = f"{gate} WITH gate.{OPEN} AS open, gate.{OPENING} AS opening"
    future = "false"
    if version is not None:
        number = emitter.parameter(version)
        opened = Cypher(f"WITH open, opening, {number} AS {VERSION}")
        future = f"{VERSION} > open"
    elif system_time is None:
        opened = Cypher(f"WITH open, opening, open AS {VERSION}")
    else:
        moment = f"datetime({emitter.parameter(system_time)})"
        load = emitter.vocabulary.by_kind[rules.LOAD].label
        latest = first(
            f"MATCH (l:{load}) WHERE l.{LOADED_AT} <= {moment} AND l.{VERSION_OF} <= open",
            f"RETURN l.{VERSION_OF} AS version ORDER BY l.{LOADED_AT} DESC, version DESC LIMIT 1",
        )
        opened = cypher("WITH open, opening, coalesce({}, 0) AS {}", latest, VERSION)
        future = f"{moment} > datetime.realtime('Z')"
    named = [cypher("{} AS {}", column, name) for name, column in columns]
    answer = cypher("WITH open, opening, {}", join(",\n       ", [VERSION, *named]))
    names = ", ".join(name for name, _ in columns)
    stood = f"open = opening AND open = gate.{OPEN} AND opening = gate.{OPENING}"
    last = f"{gate} RETURN {names}, {VERSION}, {stood} AS stood, {future} AS future"
    return join("\n", [marks, opened, answer, last])


DIALECT = "CYPHER 5"


class RootField(Protocol):
    """A field of the query type that takes one column."""

    @property
    def key(self) -> str:
        """Return the key of the response."""

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the column as an expression."""

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return what decodes the column."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The times that an operation is answered as of."""

    version: Parameter[int] | None = None
    """The version of the graph; None for the latest, or that of ``system_time``."""
    system_time: Parameter[str] | None = None
    """The moment by which everything read was recorded, in ISO 8601."""
    valid_time: tuple[Parameter[object], Parameter[object]] | None = None
    """The first and the last day; None if facts of all days are asked for."""
    given: Mapping[str, Parameter[object]] = field(default_factory=dict)
    """The times by the names of their arguments, as the request gave them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation: its root fields, in the order of the response."""

    fields: Sequence[TypeName | RootField]
    as_of: AsOf | None = None
    """None where the latest version is read, and no exact version is promised."""


@dataclass(frozen=True, slots=True)
class Query:
    """A Cypher text with its parameters; ``fields`` are the indexes of the root fields it answers.

    Where ``versioned``, three more columns follow: the version, whether it stood still meanwhile,
    and whether it is in the future (``service.query.operation``).
    """

    text: str
    parameters: Mapping[str, object]
    """By name: values, or ``Parameter``s until the query is ``bound``."""
    fields: tuple[int, ...]
    versioned: bool = False
    subqueries: int = 0

    def bind(self, variables: Variables) -> "Query":
        """Return the query of a request with these variables."""
        values = {
            name: one.resolve(variables) if isinstance(one, Parameter) else one
            for name, one in self.parameters.items()
        }
        return Query(self.text, values, self.fields, self.versioned, self.subqueries)


def compile_queries(
    plan: Plan, vocabulary: Vocabulary, budget: int = 100, limit: int = 300
) -> list[Query]:
    """Return the queries that answer a plan: one, unless its subqueries exceed ``budget``.

    A root field is never split, so one field alone may exceed it. A field that needs more than
    ``limit`` raises QueryTooComplex: the database would take many seconds to plan it.
    """
    emitter = _emitter(plan, vocabulary)
    groups: list[list[_Column]] = []
    spent = 0
    for index, root in enumerate(plan.fields):
        if isinstance(root, TypeName):
            continue
        own = emitter.with_own_parameters()
        column = _Column(index, root.root_column(own), own.parameters)
        cost = column.expression.subqueries
        if cost > limit:
            message = f"{root.key} needs {cost} subqueries; {limit} are allowed. Split it."
            raise QueryTooComplex(message)
        if not groups or spent + cost > budget:
            groups.append([])
            spent = 0
        groups[-1].append(column)
        spent += cost
    return [_query(plan, emitter, columns) for columns in groups]


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    expression: Cypher
    parameters: Mapping[str, object]


def _query(plan: Plan, emitter: Emitter, columns: Sequence[_Column]) -> Query:
    own = emitter.with_own_parameters()
    named = [(f"f{one.index}", one.expression) for one in columns]
    if plan.as_of is None:
        answers = [cypher("{} AS {}", expression, name) for name, expression in named]
        text = cypher("RETURN {}", join(",\n       ", answers))
    else:
        text = read_version(own, plan.as_of.version, plan.as_of.system_time, named)
    parameters = {**emitter.parameters, **own.parameters}
    for one in columns:
        parameters |= one.parameters
    return Query(
        f"{DIALECT} {text.text}",
        parameters,
        tuple(one.index for one in columns),
        versioned=plan.as_of is not None,
        subqueries=text.subqueries,
    )


def _emitter(plan: Plan, vocabulary: Vocabulary) -> Emitter:
    """Return an emitter whose parameters are those of the valid time, which all queries need."""
    emitter = Emitter(vocabulary, Reader(vocabulary))
    if plan.as_of is None:
        return emitter
    valid_time = None
    if plan.as_of.valid_time is not None:
        first, last = (emitter.parameter(one) for one in plan.as_of.valid_time)
        valid_time = ValidTime(first, last)
    is_latest = plan.as_of.version is None and plan.as_of.system_time is None
    reader = Reader if is_latest else HistoricalReader
    return emitter.with_reader(reader(vocabulary, valid_time))


DecodeAnswer = Callable[[Mapping[int, Row], Decoding], Answer | None]
"""Decodes a response's data from the columns of its root fields, by their indexes."""


def make_decoder(plan: Plan, vocabulary: Vocabulary, query_type: str) -> DecodeAnswer:
    """Return the decoder of a plan's response; ``query_type`` is the name of the query type."""
    roots = [
        (index, one.key, None if isinstance(one, TypeName) else one.decoder(vocabulary))
        for index, one in enumerate(plan.fields)
    ]

    def decode(columns: Mapping[int, Row], decoding: Decoding) -> Answer | None:
        try:
            return {
                key: query_type if root is None else root(columns[index], (None, key), decoding)
                for index, key, root in roots
            }
        except NullPropagation:
            return None

    return decode
