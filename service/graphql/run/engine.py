"""Answer operations by compiled queries, in place of resolvers.

Strawberry makes the schema; no operation is executed field by field. What may
take long without waiting for the database runs in a `Lane`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter
from typing import ParamSpec, TypeVar

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    get_variable_values,
)

from service.errors import BadUserInput, QueryTooComplex, ServiceUnavailable
from service.graphql.options import (
    AS_OF,
    COST,
    NO_OPTIONS,
    VERSION,
    Options,
    coerce_times,
    require_same_times,
)
from service.graphql.outcome import (
    CODE,
    INTERNAL,
    ConstantResult,
    LargeResult,
    OperationRejected,
    RequestErrors,
    to_result,
)
from service.graphql.plan.cache import BoundOperation, Operation, PlanCache
from service.graphql.plan.document import CollectedField, Document
from service.graphql.plan.limits import check_variables
from service.graphql.plan.parse import parse_document
from service.graphql.plan.temporal import time_variable
from service.graphql.run.introspection import execute_introspection
from service.graphql.run.lane import Lane
from service.observe.record import Stage, add_time, note_answer, note_operation
from service.query.cost import UNKNOWN, Statistics, describe_excess
from service.query.decoding import Decoding, Path, Row
from service.query.operation import COLUMNS, Query

Read = Callable[[Sequence[Query]], Awaitable[list[Row]]]
"""A function that runs queries in one read transaction and returns the one row of each."""

P = ParamSpec("P")
T = TypeVar("T")
LARGE = 1000
"""Answers that could have more nodes than this are decoded in the lane."""
MANY_VALUES = 500
"""More values than this in variables are coerced in the lane."""
PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds to wait, times the attempts so far, before an answer that changed is read again."""
REPAIR_SECONDS = 1.0
"""Seconds after which a commit that does not end may be that of a load that was killed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The cost of an operation, and the queries that it sends."""

    cost: float
    """The nodes that its answer could have in this graph."""
    cost_by_pages: float
    """The same by the sizes of its pages alone."""
    limit: int
    sources: Sequence[tuple[Path, int, float]]
    """Each field that adds nodes: its path, its size, and how many it may add."""
    excess: str | None
    """How to reduce the cost; None if it is within the limit."""
    queries: Sequence[Query]


@dataclass(frozen=True, slots=True)
class Engine:
    """An executor of operations that runs compiled queries in place of resolvers."""

    plan_cache: PlanCache
    read: Read
    deadline: float = 30.0
    confirm: Callable[[], Awaitable[None]] | None = None
    """A function that raises an error if one explains an answer of the wrong shape."""
    repair: Callable[[], None] | None = None
    """A function that starts to repair the graph after a load was killed in its commit."""
    statistics: Callable[[], Awaitable[Statistics]] | None = None
    """Returns statistics of the graph, which bound the cost of operations."""
    lane: Lane | None = None
    """Where long computations run; without one, they run on the event loop."""

    async def execute(
        self,
        schema: GraphQLSchema,
        text: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
        options: Options = NO_OPTIONS,
    ) -> tuple[ExecutionResult, int]:
        """Return the result of an operation of a new document, and its HTTP status.

        The operation is cached for ``run``. Every error of the result has a code.
        """
        return await to_result(self._execute(schema, text, operation_name, variables, options))

    async def ask(
        self,
        schema: GraphQLSchema,
        text: str,
        variables: Mapping[str, object] | None = None,
        options: Options = NO_OPTIONS,
    ) -> tuple[ExecutionResult, int]:
        """Return what ``execute`` does for the only operation of a document, cached or new."""
        cached = self.plan_cache.find(text, None, options.added_times)
        if cached is not None:
            return await to_result(self.run(cached, variables, options))
        return await self.execute(schema, text, None, variables, options)

    async def _execute(
        self,
        schema: GraphQLSchema,
        text: str,
        operation_name: str | None,
        variables: Mapping[str, object] | None,
        options: Options,
    ) -> ExecutionResult:
        async with asyncio.timeout(self.deadline):
            began = perf_counter()
            try:
                operation = await self.aside(
                    self._prepare, schema, text, operation_name, options.added_times
                )
            except OperationRejected as rejected:
                return RequestErrors(data=None, errors=rejected.errors)
            finally:
                add_time(Stage.PLAN, began)
            return await self.run(operation, variables, options)

    def _prepare(
        self,
        schema: GraphQLSchema,
        text: str,
        name: str | None,
        added_times: tuple[str, ...] | None = None,
    ) -> Operation:
        document = parse_document(schema, text, self.plan_cache.limits)
        return self.plan_cache.prepare(schema, document, name, text, added_times)

    async def aside(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of work that does not wait for anything, but may take long."""
        if self.lane is None:
            return work(*args, **kwargs)
        return await self.lane.run(work, *args, **kwargs)

    async def answer(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation_name: str | None,
        variables: Mapping[str, object] | None,
        text: str | None = None,
    ) -> ExecutionResult:
        """Return the result of an operation of a valid document; with a ``text`` it is cached."""
        operation = self.plan_cache.prepare(schema, document, operation_name, text)
        return await self.run(operation, variables)

    async def run(
        self,
        operation: Operation,
        variables: Mapping[str, object] | None,
        options: Options = NO_OPTIONS,
    ) -> ExecutionResult:
        """Return the result of an operation with the variables and options of a request."""
        note_operation(operation.name, operation.describe_shape)
        began = perf_counter()
        given = variables or {}
        asked_times: Mapping[str, object] = {}
        if options.times:
            asked_times = coerce_times(operation.schema, options.times)
            given = {**given, **{time_variable(name): one for name, one in asked_times.items()}}
        async with asyncio.timeout(self.deadline):
            try:
                bound = await self._bind(operation, given)
            except OperationRejected as rejected:
                return RequestErrors(data=None, errors=rejected.errors)
            times = bound.resolve_times()
            if options.times:
                require_same_times(times, asked_times)
            cost = await self._check_cost(bound)
            add_time(Stage.PLAN, began)
            columns, version = await self._read_columns(bound.queries)
            began = perf_counter()
            decoding = Decoding(bound.variables)
            if cost > LARGE:
                data = await self.aside(bound.compiled.decode, columns, decoding)
            else:
                data = bound.compiled.decode(columns, decoding)
            add_time(Stage.DECODE, began)
            note_answer(cost, decoding.rows)
        if decoding.errors and self.confirm is not None:
            await self.confirm()
        errors = [
            GraphQLError(one.message, path=list(one.path), extensions={CODE: INTERNAL})
            for one in decoding.errors
        ]
        if data is not None and bound.compiled.introspection:
            introspection = bound.compiled.introspection
            data |= await self.aside(_introspect, operation, given, introspection)
            data = {key: data[key] for key in bound.compiled.keys}
        extensions: dict[str, object] = {} if version is None else {VERSION: version}
        if times:
            extensions[AS_OF] = times
        if COST in options.include:
            nodes = bound.compiled.cost.evaluate(bound.variables)
            extensions[COST] = {"nodes": int(nodes), "limit": self.plan_cache.limits.cost}
        kind = ExecutionResult if cost <= LARGE else LargeResult
        if not bound.queries:
            kind = ConstantResult
        return kind(data=data, errors=errors or None, extensions=extensions or None)

    async def _bind(self, operation: Operation, given: Mapping[str, object]) -> BoundOperation:
        """Return an operation bound to the variables of a request, by a cached plan if possible.

        Raises OperationRejected, and QueryTooComplex.
        """
        cache = self.plan_cache
        if check_variables(given, cache.limits) > MANY_VALUES:
            return await self.aside(cache.bind, operation, given)
        request = cache.coerce(operation, given)
        bound = cache.bind_cached(request)
        return bound if bound is not None else await self.aside(cache.bind_compiled, request)

    async def explain(
        self,
        schema: GraphQLSchema,
        text: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> Explanation:
        """Return what an operation would cost, without running it.

        Raises OperationRejected and QueryTooComplex, but not for its cost.
        """
        bound = await self._bind(self._prepare(schema, text, operation_name), variables or {})
        cost, limit = bound.compiled.cost, self.plan_cache.limits.cost
        by_pages = cost.evaluate(bound.variables)
        statistics = await self._read_statistics()
        found = cost.evaluate(bound.variables, statistics)
        return Explanation(
            found,
            by_pages,
            limit,
            cost.explain(bound.variables, statistics),
            await self._describe_excess(bound, found, statistics),
            bound.queries,
        )

    async def _check_cost(self, bound: BoundOperation) -> float:
        """Return the cost of an operation; raises QueryTooComplex if it is beyond the limit."""
        cost, limit = bound.compiled.cost, self.plan_cache.limits.cost
        if cost.most <= LARGE:
            return cost.most
        found = cost.evaluate(bound.variables)
        if found > limit:
            statistics = await self._read_statistics()
            found = cost.evaluate(bound.variables, statistics)
            excess = await self._describe_excess(bound, found, statistics)
            if excess is not None:
                raise QueryTooComplex(excess)
        return found

    async def _read_statistics(self) -> Statistics:
        return UNKNOWN if self.statistics is None else await self.statistics()

    async def _describe_excess(
        self, bound: BoundOperation, cost: float, statistics: Statistics
    ) -> str | None:
        """Return how to reduce a cost beyond the limit; None for one within it."""
        limit = self.plan_cache.limits.cost
        if cost <= limit:
            return None
        # The cost is evaluated for many sizes of the lists.
        suggest = bound.compiled.cost.suggest_sizes
        sizes = await self.aside(suggest, bound.variables, statistics, limit)
        return describe_excess(cost, limit, sizes)

    async def _read_columns(self, queries: Sequence[Query]) -> tuple[dict[int, Row], int | None]:
        """Return the columns of each root field, and the version that they are of, if it is known.

        While a load commits, the version is not certain: it reads again, nearly to the deadline.
        """
        if not queries:
            return {}, None
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = began + max(self.deadline - 1, self.deadline / 2)
        repair_at = began + REPAIR_SECONDS
        for attempt in count(1):
            rows = await self.read(queries)
            columns: dict[int, Row] = {}
            for query, row in zip(queries, rows, strict=True):
                columns.update(zip(query.fields, row, strict=False))
            if not queries[0].versioned:
                return columns, None
            versions, stood, future = zip(*(row[-COLUMNS:] for row in rows), strict=True)
            if any(future):
                raise BadUserInput(
                    "@asOf: the graph has not reached this version or moment yet. Leave it out to "
                    "read the latest version."
                )
            if all(stood) and len(set(versions)) == 1:
                return columns, versions[0]
            pause = min(PAUSE * attempt, LONGEST_PAUSE)
            if loop.time() + pause >= until:
                break
            if self.repair is not None and loop.time() >= repair_at:
                self.repair()
                repair_at = loop.time() + REPAIR_SECONDS
            await asyncio.sleep(pause)
        raise ServiceUnavailable("The graph changed while this answer was being read; retry.")


def _introspect(
    operation: Operation, variables: Mapping[str, object], introspection: Sequence[CollectedField]
) -> dict[str, object]:
    """Return the values of the introspection fields of an operation, by their response keys."""
    declared = operation.definition.variable_definitions or ()
    coerced = get_variable_values(operation.schema, declared, dict(variables))
    if isinstance(coerced, list):
        raise OperationRejected(coerced)
    document = Document(operation.schema, operation.definition, operation.fragments, coerced)
    return execute_introspection(document, coerced, introspection)
