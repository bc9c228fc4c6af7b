"""Describe an operation without its values: what it selects, and which arguments it gives."""

from collections.abc import Iterable, Iterator

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

LENGTH = 1000
"""The most characters of a shape."""


def describe_shape(
    operation: OperationDefinitionNode,
    fragments: Iterable[FragmentDefinitionNode] = (),
    length: int = LENGTH,
) -> str:
    """Return the fields of an operation with the names of their arguments, cut to ``length``.

    Aliases and values are left out, so operations that differ in these alone have one shape.
    """
    parts: list[str] = []
    left = length
    for part in _parts_of_document(operation, fragments):
        left -= len(part)
        if left < 0:
            return "".join(parts) + "…"
        parts.append(part)
    return "".join(parts)


def _parts_of_document(
    operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]
) -> Iterator[str]:
    yield operation.operation.value
    if operation.name:
        yield f" {operation.name.value}"
    for directive in operation.directives or ():
        yield f" @{directive.name.value}({_names(directive.arguments)})"
    yield " "
    yield from _parts(operation.selection_set)
    for fragment in fragments:
        yield f" fragment {fragment.name.value} on {fragment.type_condition.name.value} "
        yield from _parts(fragment.selection_set)


def _names(arguments: Iterable[ArgumentNode] | None) -> str:
    return ", ".join(one.name.value for one in arguments or ())


def _parts(selections: SelectionSetNode) -> Iterator[str]:
    """Yield the parts of a selection set, in braces."""
    yield "{"
    for number, one in enumerate(selections.selections):
        if number:
            yield " "
        if isinstance(one, FieldNode):
            yield one.name.value
            if one.arguments:
                yield f"({_names(one.arguments)})"
            if one.selection_set:
                yield from _parts(one.selection_set)
        elif isinstance(one, FragmentSpreadNode):
            yield f"...{one.name.value}"
        elif isinstance(one, InlineFragmentNode):
            condition = one.type_condition
            yield f"...on {condition.name.value}" if condition else "..."
            yield from _parts(one.selection_set)
    yield "}"
