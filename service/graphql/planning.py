"""What plans an operation, as the modules see it that plan parts of one."""

from collections.abc import Mapping
from typing import Protocol

from schema.terms import NodeType
from schema.vocabulary import Vocabulary
from service.graphql.arguments import Arguments, number_of
from service.graphql.document import Asked, Document
from service.query.plan import Reads

Path = tuple[str, ...]


class NodeReader(Protocol):
    """What plans the reading of nodes."""

    vocabulary: Vocabulary
    document: Document
    arguments: Arguments

    def reads(self, asked: Asked, types: tuple[NodeType, ...], path: Path) -> Reads:
        """What is read of a node of one of these types."""

    def mistake(self, message: str, path: Path) -> None:
        """Note something that cannot be answered."""


def first_of(reader: NodeReader, given: Mapping[str, object], path: Path) -> int:
    """How many are asked for by ``first``, of what has no pages; one that may not be is noted."""
    limits = reader.arguments.limits
    first = number_of(given.get("first"))
    if first is None:
        return limits.default
    if not 0 <= first <= limits.most:
        reader.mistake(f"first is {first}; give a number from 0 to {limits.most}.", path)
    return first
