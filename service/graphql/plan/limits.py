"""Limit the depth and the width of operations, visiting each fragment once.

Strawberry's own limiters visit a fragment again wherever it is spread, which a short document can
make exponential.
"""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from service.errors import QueryTooComplex


@dataclass(frozen=True, slots=True)
class Size:
    """A selection set's depth, its number of fields at the top, and its number of all fields."""

    depth: int
    width: int
    fields: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an operation."""

    depth: int = 20
    root_fields: int = 50
    fields: int = 5000
    filter_depth: int = 10
    """The depth of nested links in a filter: each level doubles the time of planning."""
    conditions: int = 500
    """The number of comparisons and links in all filters."""
    subqueries: int = 300
    """The number of subqueries of one root field."""


def check_limits(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return an error for each limit that an operation of the document exceeds."""
    measure = _Measure(document)
    errors: list[GraphQLError] = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = measure.size(node.selection_set)
            for name, found, most in (
                ("depth", size.depth, limits.depth),
                ("root fields", size.width, limits.root_fields),
                ("fields", size.fields, limits.fields),
            ):
                if found > most:
                    message = (
                        f"This operation's {name} come to {found}; {most} are allowed. Split it."
                    )
                    code = {"code": QueryTooComplex.code}
                    errors.append(GraphQLError(message, node, extensions=code))
    return errors


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}
        self._open: set[str] = set()

    def size(self, selections: SelectionSetNode) -> Size:
        depth = width = fields = 0
        for node in selections.selections:
            below = Size(0, 0, 0)
            if isinstance(node, FieldNode):
                if node.selection_set:
                    below = self.size(node.selection_set)
                below = Size(below.depth + 1, 1, below.fields + 1)
            elif isinstance(node, InlineFragmentNode):
                below = self.size(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                below = self._fragment(node.name.value)
            depth = max(depth, below.depth)
            width += below.width
            fields += below.fields
        return Size(depth, width, fields)

    def _fragment(self, name: str) -> Size:
        if name not in self._fragments or name in self._open:
            return Size(0, 0, 0)  # validation reports these
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self.size(self._fragments[name].selection_set)
            self._open.remove(name)
        return self._known[name]
