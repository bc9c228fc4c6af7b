"""Answering an operation: prepared, asked of the database in one query, shaped.

Completing every field is skipped, for the shaper has checked what completion would check.
``tests/oracle.py`` holds both to the same answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
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

from service.errors import BadUserInput, ServiceUnavailable
from service.graphql.outcome import CODE, INTERNAL
from service.graphql.plan.cache import Operation, OperationRejected, PlanCache
from service.graphql.plan.document import CollectedField
from service.query.answer import Row
from service.query.decoding import Decoding
from service.query.operation import Query
from service.query.version import COLUMNS

Read = Callable[[Sequence[Query]], Awaitable[list[Row]]]
"""Runs queries in order (several in one read transaction) and gives the one row of each."""

PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Seconds to wait, times the attempts so far, before an answer that moved is read again."""
MEND_SECONDS = 1.0
"""Seconds after which a version that does not open may be that of a load that died."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Answers operations by compiled queries, in place of resolvers."""

    plan_cache: PlanCache
    read: Read
    deadline: float = 30.0
    confirm: Callable[[], Awaitable[None]] | None = None
    """Raises an error that explains an answer of the wrong shape, if there is one."""
    mend: Callable[[], None] | None = None
    """Begins to put the graph right after a load that died between two versions."""

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
            columns, version = await self._columns(bound.queries)
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

    async def _columns(self, queries: Sequence[Query]) -> tuple[dict[int, Row], int | None]:
        """Return what came back for each root field, and of which version, where one is promised.

        While a load commits, no version can be promised: it waits, nearly to the deadline.
        """
        if not queries:
            return {}, None
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = began + max(self.deadline - 1, self.deadline / 2)
        mend_at = began + MEND_SECONDS
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
            if self.mend is not None and loop.time() >= mend_at:
                self.mend()
                mend_at = loop.time() + MEND_SECONDS
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
