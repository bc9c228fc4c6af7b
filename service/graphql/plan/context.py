"""What plans an operation, as the modules see it that plan parts of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from schema.terms import NodeType
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
    """Something in an operation that cannot be answered, and where."""

    message: str
    path: Path
    code: str = BadUserInput.code


class NodeReader(Protocol):
    """What plans the reading of nodes."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments

    def reads(self, asked: CollectedField, types: tuple[NodeType, ...], path: Path) -> Selection:
        """What is read of a node of one of these types."""

    def mistake(self, message: str, path: Path) -> None:
        """Note something that cannot be answered."""


def first_of(reader: NodeReader, given: Mapping[str, object], path: Path) -> Parameter[int]:
    """How many are asked for by ``first``, of what has no pages; one that may not be is noted."""
    limits = reader.arguments.limits
    first = given.get("first")
    try:
        return how_many("first", limits.default if first is None else first, limits.most)
    except BadUserInput as error:
        reader.mistake(str(error), path)
        return how_many("first", limits.default, limits.most)
