"""Limit what a request may ask before the work that the limits bound.

1. `check_variables`: the lengths of lists and texts in the variables, before they are coerced.
2. `check_document`: tokens while a document is parsed, then its parts, before it is validated.
   Each node of the document is visited once; the sizes of fragments are computed once, as one that
   is spread wherever it occurs can make a short document exponentially large.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    ListValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
)

from service.errors import QueryTooComplex
from service.graphql.outcome import with_code

Fragments = Mapping[str, FragmentDefinitionNode]
"""The fragments of a document by their names."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an operation, of its document, and of its variables."""

    document_length: int = 150_000
    """The characters of a document."""
    tokens: int = 10_000
    """The tokens of a document."""
    operations: int = 100
    """The operations of a document."""
    aliases: int = 1000
    """The aliases of a document."""
    arguments: int = 2000
    """The arguments of all fields and directives of a document."""
    directives: int = 500
    """The directives of a document."""
    list_items: int = 1000
    """The items of one list, in a document or in variables."""
    text_length: int = 10_000
    """The characters of one text, in a document or in variables."""
    characters: int = 50_000
    """The characters of all texts of a document, and of all in the variables."""
    variable_values: int = 10_000
    """The values in all variables: each scalar, list and object."""
    depth: int = 20
    root_fields: int = 50
    fields: int = 5000
    """The fields of an operation, fragments spread."""
    repeats: int = 5000
    """The pairs of fields that have the same response key and are merged: validation compares
    each pair."""
    cost: int = 50_000
    """The nodes that the answer of an operation could have (``service.query.cost``)."""
    filter_depth: int = 10
    """The depth of nested links in a filter: each level doubles the time of planning."""
    conditions: int = 500
    """The number of comparisons and links in all filters."""
    subqueries: int = 300
    """The number of subqueries of one root field."""


CHARACTERS_PER_VALUE = 20
"""The characters whose folding and parsing takes as long as coercing a value."""

# --- variables ----------------------------------------------------------------------------------


def check_variables(variables: Mapping[str, object], limits: Limits) -> int:
    """Return how much work variables are; raises QueryTooComplex beyond a limit.

    A value counts as 1, and so do ``CHARACTERS_PER_VALUE`` characters.
    """
    number = characters = 0
    rest: list[object] = [dict(variables)] if variables else []
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            if len(value) > limits.text_length:
                raise QueryTooComplex(_too_long_text(len(value), limits, "of the variables"))
            characters += len(value)
            if characters > limits.characters:
                raise QueryTooComplex(_too_much_text(limits, "of the variables"))
        elif isinstance(value, dict | list):
            if isinstance(value, list) and len(value) > limits.list_items:
                raise QueryTooComplex(_too_long_list(len(value), limits, "of the variables"))
            number += len(value)
            if number > limits.variable_values:
                most = limits.variable_values
                raise QueryTooComplex(f"The variables have over {most} values. Split the request.")
            rest += value.values() if isinstance(value, dict) else value
    return number + characters // CHARACTERS_PER_VALUE


def _too_much_text(limits: Limits, where: str) -> str:
    most = limits.characters
    return f"The texts {where} have over {most} characters in all. Split the request."


def _too_long_text(length: int, limits: Limits, where: str) -> str:
    most = limits.text_length
    return f"A text {where} has {length} characters; {most} are allowed. Shorten it."


def _too_long_list(length: int, limits: Limits, where: str) -> str:
    return f"A list {where} has {length} items; {limits.list_items} are allowed. Split it."


# --- documents ----------------------------------------------------------------------------------


def check_document(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Return an error for each limit that a document or one of its operations exceeds."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    return (
        _check_parts(document, limits)
        or list(_check_operations(document, measure, limits))
        # Those that no operation spreads are validated too.
        or list(_check_fragments(measure, limits))
    )


def too_many(name: str, found: object, most: int, node: Node | None = None) -> GraphQLError:
    """Return the error for a number beyond its limit."""
    message = f"This document's {name} come to {found}; {most} are allowed. Split it."
    return _error(message, node)


def _error(message: str, node: Node | None = None) -> GraphQLError:
    return with_code(GraphQLError(message, node), QueryTooComplex.code)


def _check_parts(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Count what a document is made of, each part once, wherever its fragments are spread."""
    aliases = arguments = directives = operations = characters = 0
    for node in _walk(document):
        if isinstance(node, FieldNode):
            aliases += node.alias is not None
        elif isinstance(node, ArgumentNode):
            arguments += 1
        elif isinstance(node, DirectiveNode):
            directives += 1
        elif isinstance(node, OperationDefinitionNode):
            operations += 1
        elif isinstance(node, ListValueNode):
            if len(node.values) > limits.list_items:
                return [_error(_too_long_list(len(node.values), limits, "of the document"), node)]
        elif isinstance(node, StringValueNode):
            if len(node.value) > limits.text_length:
                return [_error(_too_long_text(len(node.value), limits, "of the document"), node)]
            characters += len(node.value)
            if characters > limits.characters:
                return [_error(_too_much_text(limits, "of the document"))]
    return [
        too_many(name, found, most)
        for name, found, most in (
            ("operations", operations, limits.operations),
            ("aliases", aliases, limits.aliases),
            ("arguments", arguments, limits.arguments),
            ("directives", directives, limits.directives),
        )
        if found > most
    ]


def _walk(root: Node) -> Iterator[Node]:
    rest: list[Node] = [root]
    while rest:
        node = rest.pop()
        yield node
        for key in node.keys:
            child = getattr(node, key)
            if isinstance(child, Node):
                rest.append(child)
            elif child and isinstance(child, tuple | list):
                rest += child


def _check_operations(
    document: DocumentNode, measure: "_Measure", limits: Limits
) -> Iterator[GraphQLError]:
    for node in document.definitions:
        if not isinstance(node, OperationDefinitionNode):
            continue
        size = measure.size(node.selection_set)
        exceeded = False
        for name, found, most in (
            ("depth", size.depth, limits.depth),
            ("root fields", size.width, limits.root_fields),
            ("fields", size.fields, limits.fields),
        ):
            if found > most:
                exceeded = True
                message = f"This operation's {name} come to {found}; {most} are allowed. Split it."
                yield _error(message, node)
        # Fields are collected fragment by fragment: only of an operation that has not too many.
        if not exceeded:
            repeats = _count_repeats([node.selection_set], measure.fragments)
            if repeats > limits.repeats:
                yield _error(
                    f"This operation selects the same fields again and again: {repeats} pairs of "
                    f"fields have to be compared; {limits.repeats} are allowed. Select each once.",
                    node,
                )


def _check_fragments(measure: "_Measure", limits: Limits) -> Iterator[GraphQLError]:
    fragments = measure.fragments
    for fragment in fragments.values():
        size = measure.size(fragment.selection_set)
        if size.fields > limits.fields or size.depth > limits.depth:
            yield _error("This fragment is too large or nested too deeply. Split it.", fragment)
        elif _count_repeats([fragment.selection_set], fragments) > limits.repeats:
            yield _error("This fragment selects the same fields again and again.", fragment)


@dataclass(frozen=True, slots=True)
class Size:
    """A selection set's depth, its number of fields at the top, and its number of all fields."""

    depth: int
    width: int
    fields: int


class _Measure:
    def __init__(self, fragments: Fragments) -> None:
        self.fragments = fragments
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
        if name not in self.fragments or name in self._open:
            return Size(0, 0, 0)  # validation reports these
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self.size(self.fragments[name].selection_set)
            self._open.remove(name)
        return self._known[name]


def _count_repeats(sets: Iterable[SelectionSetNode], fragments: Fragments) -> int:
    """Return the pairs of fields with the same response key, in these sets and below them.

    This collects fields as execution does, whatever their types (GraphQL, section 6.3.2).
    """
    number = 0
    grouped: dict[str, list[FieldNode]] = {}
    for node in _collect(sets, fragments, set()):
        key = node.alias.value if node.alias else node.name.value
        grouped.setdefault(key, []).append(node)
    for nodes in grouped.values():
        number += len(nodes) * (len(nodes) - 1) // 2
        below = [node.selection_set for node in nodes if node.selection_set]
        if below:
            number += _count_repeats(below, fragments)
    return number


def _collect(
    sets: Iterable[SelectionSetNode],
    fragments: Fragments,
    spread: set[str],
) -> Iterator[FieldNode]:
    for one in sets:
        nodes: Sequence[object] = one.selections
        for node in nodes:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from _collect([node.selection_set], fragments, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = fragments.get(node.name.value)
                if fragment is not None:
                    yield from _collect([fragment.selection_set], fragments, spread)
