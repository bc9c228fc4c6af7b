"""Answering an operation: planned, asked of the database in one query, shaped, set as the result.

Strawberry parses and validates; completing every field is skipped, for the shaper has checked what
completion would check. ``tests/oracle.py`` holds both to the same answers.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
    get_variable_values,
)
from strawberry.extensions import SchemaExtension

from schema.vocabulary import Vocabulary
from service.errors import BadUserInput, ParleyError, QueryTooComplex, Timeout
from service.graphql.arguments import Arguments, PageLimits
from service.graphql.document import Asked, Document
from service.graphql.limits import Limits, check
from service.graphql.selection import Planner
from service.query.answer import Row
from service.query.cypher import Query, emit
from service.query.shape import Shaper

log = structlog.get_logger()

Read = Callable[[Sequence[Query]], Awaitable[list[Row]]]
"""Runs queries in order (several in one read transaction) and gives the one row of each."""

CODE = "code"
INTERNAL = ParleyError.code
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
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
            return ExecutionResult(
                data=None, errors=[_coded(e, BadUserInput.code) for e in coerced]
            )
        asked = Document(schema, operation, fragments, coerced)
        arguments = Arguments(self.vocabulary, self.pages)
        planner = Planner(self.vocabulary, asked, arguments, self.limits)
        try:
            plan = planner.plan()
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[_coded(error, BadUserInput.code)])
        if planner.mistakes:
            errors = [
                GraphQLError(m.message, path=list(m.path), extensions={CODE: m.code})
                for m in planner.mistakes
            ]
            return ExecutionResult(data=None, errors=errors)
        columns: dict[int, Row] = {}
        queries = emit(plan, self.vocabulary, self.budget, self.limits.subqueries)
        if queries:
            async with asyncio.timeout(self.deadline):
                rows = await self.read(queries)
            for query, row in zip(queries, rows, strict=True):
                columns.update(zip(query.fields, row, strict=True))
        shaper = Shaper(self.vocabulary)
        query_type = schema.query_type.name if schema.query_type else ""
        data = shaper.answer(plan, columns, query_type)
        errors = [
            GraphQLError(one.message, path=list(one.path), extensions={CODE: INTERNAL})
            for one in shaper.broken
        ]
        if data is not None:
            data = _with_introspection(schema, asked, document, variables, data)
        return ExecutionResult(data=data, errors=errors or None)


def _coded(error: GraphQLError, code: str) -> GraphQLError:
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


class Compiled(SchemaExtension):
    """Answers operations by the engine in the request's context, and gives every error a code."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Set the result, so that Strawberry does not execute field by field."""
        context = self.execution_context
        engine: Engine = context.context["engine"]
        document = context.graphql_document
        if document is not None:
            try:
                context.result = await engine.answer(
                    context.schema._schema,
                    document,
                    context._provided_operation_name,  # the public one falls back
                    context.variables,
                )
            except TimeoutError:
                context.result = self._failed(
                    Timeout("This took too long and was ended. Ask less.")
                )
            except (UnicodeEncodeError, OverflowError) as error:
                log.info("a value was refused", reason=str(error))
                context.result = self._failed(
                    BadUserInput("A value cannot be stored: half a surrogate pair, or too large.")
                )
            except RecursionError:
                context.result = self._failed(QueryTooComplex("This is nested too deeply."))
            except ParleyError as error:
                context.result = self._failed(error)
            except Exception:
                log.exception("operation failed")
                context.result = self._failed(ParleyError(BROKEN))
        yield

    def _failed(self, error: ParleyError) -> ExecutionResult:
        response = self.execution_context.context.get("response")
        if response is not None:
            response.status_code = error.status
        one = GraphQLError(str(error), extensions={CODE: error.code})
        return ExecutionResult(data=None, errors=[one])

    async def on_validate(self) -> AsyncIterator[None]:
        """Refuse what is too much before it is validated; give a code to what validation refused.

        Validation itself takes long over a long document, and nobody else is answered meanwhile.
        """
        context = self.execution_context
        engine: Engine = context.context["engine"]
        if context.graphql_document is not None:
            too_much = check(context.graphql_document, engine.limits)
            context.pre_execution_errors = too_much or None
        yield
        for error in context.pre_execution_errors or []:
            if CODE not in (error.extensions or {}):
                _coded(error, VALIDATION_FAILED)

    async def on_operation(self) -> AsyncIterator[None]:
        """Give a code to what was refused before validation, and hide what broke."""
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None) or self.execution_context.pre_execution_errors
        for error in errors or []:
            if CODE in (error.extensions or {}):
                continue
            if isinstance(error, GraphQLSyntaxError):
                _coded(error, PARSE_FAILED)
            elif error.original_error is None:
                _coded(error, BadUserInput.code)
            else:
                log.error("operation failed", exc_info=error.original_error)
                _coded(error, INTERNAL)
                error.message = BROKEN
