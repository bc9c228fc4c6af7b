"""The planner as its parts see it (groups, search, history), and the errors that they report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from schema.model import NodeType
from schema.vocabulary import Vocabulary
from service.errors import BadUserInput
from service.graphql.plan.arguments import Arguments
from service.graphql.plan.document import CollectedField, Document
from service.graphql.plan.paging import bounded_int
from service.query.nodes import Selection
from service.query.parameters import Parameter

FieldPath = tuple[str, ...]
"""The response keys from the root to a field."""


@dataclass(frozen=True, slots=True)
class PlanError:
    """A reason why an operation cannot be answered, with the path of the field."""

    message: str
    path: FieldPath
    code: str = BadUserInput.code


class PlanContext(Protocol):
    """The planner of an operation, as the planners of its parts see it."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments

    def plan_selection(
        self, asked: CollectedField, types: tuple[NodeType, ...], path: FieldPath
    ) -> Selection:
        """Return the selection of a field whose value is a node of one of these types."""

    def report(self, message: str, path: FieldPath) -> None:
        """Report a reason why the operation cannot be answered."""


def plan_first(
    context: PlanContext, given: Mapping[str, object], path: FieldPath
) -> Parameter[int]:
    """Return the value of ``first`` of a list without pages; an invalid one is reported."""
    limits = context.arguments.limits
    first = given.get("first")
    try:
        return bounded_int("first", limits.default if first is None else first, limits.most)
    except BadUserInput as error:
        context.report(str(error), path)
        return bounded_int("first", limits.default, limits.most)
