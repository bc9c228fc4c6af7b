"""Answer operations by compiled queries, in place of resolvers, behind Strawberry's validation.

Strawberry parses and validates the document. Its extension ``Compiled`` sets the engine's result
before execution, so that graphql-core does not execute field by field.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)
from strawberry.extensions import SchemaExtension

from service.errors import BadUserInput, ServiceUnavailable
from service.graphql.outcome import CODE, INTERNAL, OK, assign_codes, to_result, with_code
from service.graphql.plan.cache import Operation, OperationRejected, PlanCache
from service.graphql.plan.document import CollectedField
from service.graphql.plan.limits import check_limits
from service.graphql.wording import improve_message
from service.query.decoding import Decoding, Row
from service.query.operation import COLUMNS, Query

Read = Callable[[Sequence[Query]], Awaitable[list[Row]]]
"""A function that runs queries in one read transaction and returns the one row of each."""

PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds to wait, times the attempts so far, before an answer that changed is read again."""
REPAIR_SECONDS = 1.0
"""Seconds after which a commit that does not end may be that of a load that was killed."""


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
        self, operation: Operation, variables: Mapping[str, object] | None
    ) -> ExecutionResult:
        """Return the result of an operation with the variables of a request."""
        given = variables or {}
        try:
            bound = self.plan_cache.bind(operation, given)
        except OperationRejected as refused:
            return ExecutionResult(data=None, errors=refused.errors)
        async with asyncio.timeout(self.deadline):
            columns, version = await self._read_columns(bound.queries)
        decoding = Decoding(bound.variables)
        data = bound.compiled.decode(columns, decoding)
        if decoding.errors and self.confirm is not None:
            await self.confirm()
        errors = [
            GraphQLError(one.message, path=list(one.path), extensions={CODE: INTERNAL})
            for one in decoding.errors
        ]
        if data is not None and bound.compiled.introspection:
            data |= _introspect(operation, given, bound.compiled.introspection)
            data = {key: data[key] for key in bound.compiled.keys}
        extensions = {"version": version} if version is not None else None
        return ExecutionResult(data=data, errors=errors or None, extensions=extensions)

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
    """Execute the introspection fields of an operation by graphql-core."""
    nodes = tuple(node for one in introspection for node in one.nodes)
    alone = OperationDefinitionNode(
        operation=operation.definition.operation,
        name=operation.definition.name,
        variable_definitions=operation.definition.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=nodes),
    )
    result = execute_sync(
        operation.schema,
        DocumentNode(definitions=(alone, *operation.fragments.values())),
        variable_values=dict(variables),
    )
    return dict(result.data or {})


VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"


class EngineExtension(SchemaExtension):
    """An extension that answers operations by the engine in the context, and codes every error."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Set the result of the engine, so that Strawberry does not execute the operation."""
        context = self.execution_context
        engine: Engine = context.context["engine"]
        document = context.graphql_document
        if document is not None:
            answer = engine.answer(
                context.schema._schema,
                document,
                context._provided_operation_name,  # the public one has a fallback
                context.variables,
                context.query,
            )
            context.result, status = await to_result(answer)
            response = context.context.get("response")
            if response is not None and status != OK:
                response.status_code = status
        yield

    def get_results(self) -> dict[str, object]:
        """Return the ``extensions`` of the result."""
        return dict(getattr(self.execution_context.result, "extensions", None) or {})

    async def on_validate(self) -> AsyncIterator[None]:
        """Check the limits before validation; give a code to each error of validation.

        Validation of a long document takes long, and blocks the event loop meanwhile.
        """
        context = self.execution_context
        engine: Engine = context.context["engine"]
        if context.graphql_document is not None:
            exceeded = check_limits(context.graphql_document, engine.plan_cache.limits)
            context.pre_execution_errors = exceeded or None
        yield
        for error in context.pre_execution_errors or []:
            if CODE not in (error.extensions or {}):
                with_code(improve_message(context.schema._schema, error), VALIDATION_FAILED)

    async def on_operation(self) -> AsyncIterator[None]:
        """Give a code to each error before validation, and hide unexpected errors."""
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None) or self.execution_context.pre_execution_errors
        assign_codes(errors or ())
