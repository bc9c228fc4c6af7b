"""What plans an operation, as the modules see it that plan parts of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from schema.model import NodeType
from schema.vocabulary import Vocabulary
from service.errors import BadUserInput
from service.graphql.plan.arguments import Arguments
from service.graphql.plan.document import CollectedField, Document
from service.graphql.plan.paging import how_many
from service.query.nodes import Selection
from service.query.parameters import Parameter

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanError:
    """A reason why an operation cannot be answered, with the path of the field."""

    message: str
    path: Path
    code: str = BadUserInput.code


class NodeReader(Protocol):
    """A planner, as the modules see it that plan parts of an operation."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments

    def reads(self, asked: CollectedField, types: tuple[NodeType, ...], path: Path) -> Selection:
        """Return the selection of a field whose value is a node of one of these types."""

    def mistake(self, message: str, path: Path) -> None:
        """Note something that cannot be answered."""


def first_of(reader: NodeReader, given: Mapping[str, object], path: Path) -> Parameter[int]:
    """Return the value of ``first`` of a list without pages; an invalid one is reported."""
    limits = reader.arguments.limits
    first = given.get("first")
    try:
        return how_many("first", limits.default if first is None else first, limits.most)
    except BadUserInput as error:
        reader.mistake(str(error), path)
        return how_many("first", limits.default, limits.most)
