"""Collect the fields of an operation: fragments, directives, variables, merged fields.

Specification: GraphQL, October 2021, section 6.1.2 (variables), 6.3.2 (field collection) and 6.4.1
(arguments).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableValues,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from service.query.parameters import PathStep, VariableRef

VariablePath = tuple[PathStep, ...]
SCALAR = "scalar"


def extract_shape(variables: VariableValues) -> tuple[Hashable, VariableValues]:
    """Return the shape of coerced variables, and the variables with scalars as ``VariableRef``s."""
    shapes: list[Hashable] = []
    given: dict[str, object] = {}
    for name, value in variables.coerced.items():
        shape, given[name] = _extract(value, variables.sources[name].signature.type, (name,))
        shapes.append((name, shape))
    return tuple(shapes), variables._replace(coerced=given)


def _extract(value: object, kind: GraphQLInputType, path: VariablePath) -> tuple[Hashable, object]:
    of = get_named_type(kind)
    if value is None:
        return None, None
    if isinstance(of, GraphQLScalarType) and of is not GraphQLBoolean:
        return SCALAR, VariableRef(path, value)
    if isinstance(value, list):
        inner = get_nullable_type(kind)
        item = inner.of_type if is_list_type(inner) else kind
        parts = [_extract(one, item, (*path, index)) for index, one in enumerate(value)]
        return tuple(shape for shape, _ in parts), [one for _, one in parts]
    if isinstance(of, GraphQLInputObjectType) and isinstance(value, dict):
        shapes: list[Hashable] = []
        fields: dict[str, object] = {}
        for name, one in value.items():
            shape, fields[name] = _extract(one, of.fields[name].type, (*path, name))
            shapes.append((name, shape))
        return tuple(shapes), fields
    if not isinstance(value, Hashable):
        raise TypeError(f"{value!r} is no value of {kind}")
    return value, value


@dataclass(frozen=True, slots=True)
class CollectedField:
    """A field of the response: all field nodes of the operation with this response key."""

    key: str
    name: str
    nodes: tuple[FieldNode, ...]
    parent: GraphQLObjectType


class Document:
    """One operation of a document, with its variables coerced."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self._fragments = fragments
        self._variables = variables

    def directive(self, name: str) -> dict[str, object] | None:
        """Return the arguments of a directive of the operation, or None if it does not have it.

        Raises GraphQLError for arguments that cannot be coerced.
        """
        declared = self.schema.get_directive(name)
        if declared is None:
            return None
        return get_directive_values(declared, self.operation, self._variables)

    def root(self) -> list[CollectedField]:
        """Return the root fields, in the order of the response."""
        query = self.schema.query_type
        if query is None:
            raise TypeError("the schema has no Query")
        return self._collect([self.operation.selection_set], query)

    def fields(self, asked: CollectedField, type_name: str) -> list[CollectedField]:
        """Collect the subfields of a field that apply to an object of this type."""
        return self.fields_of([asked], type_name)

    def fields_of(self, asked: Iterable[CollectedField], type_name: str) -> list[CollectedField]:
        """Merge the subfields of fields with one value that apply to an object of this type."""
        found = self.schema.get_type(type_name)
        if not isinstance(found, GraphQLObjectType):
            raise TypeError(f"{type_name} is not an object type")
        sets = [n.selection_set for one in asked for n in one.nodes if n.selection_set]
        return self._collect(sets, found)

    def definition(self, asked: CollectedField) -> GraphQLField:
        """Return the definition of a field in the schema."""
        found: GraphQLField = asked.parent.fields[asked.name]
        return found

    def arguments(self, asked: CollectedField) -> Mapping[str, object]:
        """Return the coerced arguments of a field; raises GraphQLError for invalid ones."""
        return get_argument_values(self.definition(asked), asked.nodes[0], self._variables)

    def value_type(self, asked: CollectedField) -> str:
        """Return the name of the named type of a field's value."""
        return str(get_named_type(self.definition(asked).type).name)

    def plain_fields(self, asked: CollectedField, type_name: str) -> tuple[tuple[str, str], ...]:
        """Return the keys and names of the fields selected of a value whose fields are leaves."""
        return tuple((one.key, one.name) for one in self.fields(asked, type_name))

    def _collect(
        self, sets: Iterable[SelectionSetNode], parent: GraphQLObjectType
    ) -> list[CollectedField]:
        grouped: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for one in sets:
            for node in self._walk_selections(one, parent, seen):
                key = node.alias.value if node.alias else node.name.value
                grouped.setdefault(key, []).append(node)
        return [
            CollectedField(key, nodes[0].name.value, tuple(nodes), parent)
            for key, nodes in grouped.items()
        ]

    def _walk_selections(
        self, selections: SelectionSetNode, parent: GraphQLObjectType, seen: set[str]
    ) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or self._matches_type(condition.name.value, parent):
                    yield from self._walk_selections(node.selection_set, parent, seen)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                fragment = self._fragments[name]
                if name in seen or not self._matches_type(
                    fragment.type_condition.name.value, parent
                ):
                    continue
                seen.add(name)
                yield from self._walk_selections(fragment.selection_set, parent, seen)

    def _is_included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not include or bool(include["if"])

    def _matches_type(self, condition: str, parent: GraphQLObjectType) -> bool:
        if condition == parent.name:
            return True
        found = self.schema.get_type(condition)
        if isinstance(found, GraphQLInterfaceType | GraphQLUnionType):
            return self.schema.is_sub_type(found, parent)
        return False
