"""A Strawberry extension that runs the engine in place of resolvers.

Strawberry parses and validates the document. The engine's result is set before execution, so that
graphql-core does not execute field by field.
"""

from collections.abc import AsyncIterator

from strawberry.extensions import SchemaExtension

from service.graphql.outcome import CODE, OK, assign_codes, to_result, with_code
from service.graphql.plan.limits import check_limits
from service.graphql.run.engine import Engine
from service.graphql.wording import improve_message

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
