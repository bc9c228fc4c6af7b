"""Ask a question: one page, or page after page of one version."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import ExecutionResult, GraphQLSchema

from service.errors import ServiceUnavailable, Timeout
from service.graphql.options import NO_OPTIONS, Options
from service.graphql.outcome import OK
from service.graphql.run.engine import Engine
from service.questions.columns import items_at, values_at
from service.questions.document import Question

TABLE_DEADLINES = 4
"""The deadlines of an operation that all pages of a table may take together."""
ATTEMPTS = 5
"""How often pages are read again from the first one, because the graph changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request gives to a question; the version that is read is always included."""

    variables: Mapping[str, object]
    options: Options


@dataclass(slots=True)
class Answered:
    """The answer to a question: its last result, and the rows of all pages that were read."""

    result: ExecutionResult
    status: int
    rows: list[object] = field(default_factory=list)
    cursor: str | None = None
    """Where the next page begins; None if there is none."""

    @property
    def is_whole(self) -> bool:
        """Return whether there is an answer, without errors."""
        return self.result.data is not None and not self.result.errors

    @property
    def version(self) -> object:
        """Return the version that was read."""
        return (self.result.extensions or {}).get("version")


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks questions of an engine."""

    engine: Engine
    schema: GraphQLSchema

    async def ask(
        self, text: str, variables: Mapping[str, object], options: Options = NO_OPTIONS
    ) -> tuple[ExecutionResult, int]:
        """Return the result of a document."""
        return await self.engine.ask(self.schema, text, variables, options)

    async def ask_page(
        self, question: Question, asked: Asked, document: str | None = None
    ) -> Answered:
        """Return one page of the answer to a question, by another of its documents if given."""
        text = document or question.text
        result, status = await self.ask(text, asked.variables, asked.options)
        answered = Answered(result, status)
        if answered.is_whole:
            answered.rows = items_at(result.data, question.rows)
            answered.cursor = _next_cursor(question, result)
        return answered

    async def ask_all(self, question: Question, asked: Asked, most: int) -> Answered:
        """Return all rows, up to ``most``, as one version has them.

        Where the request names a page itself, that page alone. Raises ServiceUnavailable if the
        graph changes all the while, Timeout after the deadlines of four operations.
        """
        paging = question.paging
        if paging is None or asked.variables.get(paging.variable) is not None:
            return await self.ask_page(question, asked)
        try:
            async with asyncio.timeout(TABLE_DEADLINES * self.engine.deadline):
                for _ in range(ATTEMPTS):
                    answered = await self._ask_pages(question, asked, most)
                    if answered is not None:
                        return answered
        except TimeoutError as error:
            message = "The table took too long to read. Ask for a page of it"
            raise Timeout(f"{message}, by the parameter {paging.variable}.") from error
        raise ServiceUnavailable("The graph changed while this answer was being read; retry.")

    async def _ask_pages(self, question: Question, asked: Asked, most: int) -> Answered | None:
        """Return the rows of all pages; None if they are of several versions."""
        answered = await self.ask_page(question, asked)
        version, paging = answered.version, question.paging
        while paging and answered.cursor and len(answered.rows) < most:
            rows = answered.rows
            more = {**asked.variables, paging.variable: answered.cursor}
            answered = await self.ask_page(question, Asked(more, asked.options))
            if not answered.is_whole:
                break
            if answered.version != version:
                return None
            answered.rows = answered.rows + rows if paging.backward else rows + answered.rows
        return answered


def _next_cursor(question: Question, result: ExecutionResult) -> str | None:
    paging = question.paging
    if paging is None or values_at(result.data, paging.has_more) != [True]:
        return None
    (cursor,) = values_at(result.data, paging.cursor)
    return str(cursor)


def status_of(answered: Answered) -> int:
    """Return the HTTP status of an answer: 400 for wrong values, where GraphQL has 200."""
    if answered.is_whole or answered.status != OK:
        return answered.status
    return 400 if answered.result.data is None else 500
