"""Answering an operation: planned, asked of the database in one query, shaped.

Strawberry parses and validates; completing every field is skipped, for the shaper has checked what
completion would check. ``tests/oracle.py`` holds both to the same answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
    get_variable_values,
)

from schema.vocabulary import Vocabulary
from service.errors import (
    BadUserInput,
    ParleyError,
    ServiceUnavailable,
)
from service.graphql.arguments import Arguments, PageLimits
from service.graphql.document import Asked, Document
from service.graphql.limits import Limits
from service.graphql.selection import Planner
from service.query.answer import Row
from service.query.cypher import Query, emit
from service.query.shape import Shaper
from service.query.version import COLUMNS

log = structlog.get_logger()

Read = Callable[[Sequence[Query]], Awaitable[list[Row]]]
"""Runs queries in order (several in one read transaction) and gives the one row of each."""

ATTEMPTS = 10
PAUSE = 0.02
"""Seconds to wait, times the attempts so far, before an answer that moved is asked again."""
CODE = "code"
INTERNAL = ParleyError.code
BROKEN = "Something broke on our side; it has been logged."


@dataclass(frozen=True, slots=True)
class Engine:
    """What answers operations: a vocabulary, a way to read, and limits."""

    vocabulary: Vocabulary
    read: Read
    pages: PageLimits = field(default_factory=PageLimits)
    limits: Limits = field(default_factory=Limits)
    budget: int = 100
    deadline: float = 30.0

    async def answer(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation_name: str | None,
        variables: Mapping[str, object] | None,
    ) -> ExecutionResult:
        """The result of one operation of a valid document."""
        operation, fragments = _definitions(document, operation_name)
        coerced = get_variable_values(
            schema, operation.variable_definitions or (), dict(variables or {})
        )
        if isinstance(coerced, list):
            return ExecutionResult(data=None, errors=[coded(e, BadUserInput.code) for e in coerced])
        asked = Document(schema, operation, fragments, coerced)
        arguments = Arguments(self.vocabulary, self.pages)
        planner = Planner(self.vocabulary, asked, arguments, self.limits)
        try:
            plan = planner.plan()
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[coded(error, BadUserInput.code)])
        if planner.mistakes:
            errors = [
                GraphQLError(m.message, path=list(m.path), extensions={CODE: m.code})
                for m in planner.mistakes
            ]
            return ExecutionResult(data=None, errors=errors)
        queries = emit(plan, self.vocabulary, self.budget, self.limits.subqueries)
        async with asyncio.timeout(self.deadline):
            columns, version = await self._columns(queries)
        shaper = Shaper(self.vocabulary)
        query_type = schema.query_type.name if schema.query_type else ""
        data = shaper.answer(plan, columns, query_type)
        errors = [
            GraphQLError(one.message, path=list(one.path), extensions={CODE: INTERNAL})
            for one in shaper.broken
        ]
        if data is not None:
            data = _with_introspection(schema, asked, document, variables, data)
        extensions = {"version": version} if version is not None else None
        return ExecutionResult(data=data, errors=errors or None, extensions=extensions)

    async def _columns(self, queries: Sequence[Query]) -> tuple[dict[int, Row], int | None]:
        """What came back for each root field, and of which version, where one is promised."""
        if not queries:
            return {}, None
        for attempt in range(ATTEMPTS):
            rows = await self.read(queries)
            columns: dict[int, Row] = {}
            for query, row in zip(queries, rows, strict=True):
                columns.update(zip(query.fields, row, strict=False))
            if not queries[0].versioned:
                return columns, None
            versions, stood, future = zip(*(row[-COLUMNS:] for row in rows), strict=True)
            if any(future):
                raise BadUserInput("@asOf: known is a time to come; what will be is not known yet.")
            if all(stood) and len(set(versions)) == 1:
                return columns, versions[0]
            await asyncio.sleep(PAUSE * (attempt + 1))
        raise ServiceUnavailable("The graph is being changed all the while. Try again shortly.")


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """The error with a code."""
    error.extensions = {**(error.extensions or {}), CODE: code}
    return error


def _definitions(
    document: DocumentNode, name: str | None
) -> tuple[OperationDefinitionNode, dict[str, FragmentDefinitionNode]]:
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    if name is not None:
        operations = [n for n in operations if n.name and n.name.value == name]
    if len(operations) != 1:
        raise BadUserInput("Say by operationName which operation of the document is meant.")
    return operations[0], fragments


def _with_introspection(
    schema: GraphQLSchema,
    document: Document,
    whole: DocumentNode,
    variables: Mapping[str, object] | None,
    data: dict[str, object],
) -> dict[str, object]:
    """The data with what is asked of the schema itself, each in its place."""
    asked = document.root()
    about_schema = [one for one in asked if one.name in {"__schema", "__type"}]
    if not about_schema:
        return data
    found = _introspect(schema, document, whole, variables, about_schema)
    return {one.key: found[one.key] if one in about_schema else data[one.key] for one in asked}


def _introspect(
    schema: GraphQLSchema,
    document: Document,
    whole: DocumentNode,
    variables: Mapping[str, object] | None,
    about_schema: Sequence[Asked],
) -> dict[str, object]:
    """Answered by graphql-core, from the operation without its other fields."""
    nodes = tuple(node for one in about_schema for node in one.nodes)
    operation = document.operation
    alone = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=nodes),
    )
    fragments = [d for d in whole.definitions if isinstance(d, FragmentDefinitionNode)]
    result = execute_sync(
        schema,
        DocumentNode(definitions=(alone, *fragments)),
        variable_values=dict(variables or {}),
    )
    return dict(result.data or {})
