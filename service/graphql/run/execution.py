"""The execution of Strawberry's schema: the engine's answer set as the result, every error coded.

Strawberry parses and validates; completing every field is skipped, for the shaper has checked what
completion would check_limits. ``tests/oracle.py`` holds both to the same answers.
"""

from collections.abc import AsyncIterator

from strawberry.extensions import SchemaExtension

from service.graphql.outcome import CODE, OK, assign_codes, to_result, with_code
from service.graphql.plan.limits import check_limits
from service.graphql.run.engine import Engine
from service.graphql.wording import improve_message

VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"


class EngineExtension(SchemaExtension):
    """Answers operations by the engine in the request's context, and gives every error a code."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Set the result, so that Strawberry does not execute field by field."""
        context = self.execution_context
        engine: Engine = context.context["engine"]
        document = context.graphql_document
        if document is not None:
            answer = engine.answer(
                context.schema._schema,
                document,
                context._provided_operation_name,  # the public one falls back
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
        """Refuse what is too much before it is validated; give a code to what validation refused.

        Validation itself takes long over a long document, and nobody else is answered meanwhile.
        """
        context = self.execution_context
        engine: Engine = context.context["engine"]
        if context.graphql_document is not None:
            too_much = check_limits(context.graphql_document, engine.plan_cache.limits)
            context.pre_execution_errors = too_much or None
        yield
        for error in context.pre_execution_errors or []:
            if CODE not in (error.extensions or {}):
                with_code(improve_message(context.schema._schema, error), VALIDATION_FAILED)

    async def on_operation(self) -> AsyncIterator[None]:
        """Give a code to what was refused before validation, and hide what broke."""
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None) or self.execution_context.pre_execution_errors
        assign_codes(errors or ())
