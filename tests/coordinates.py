"""Find the schema coordinates that documents reach.

A coordinate names a field, an argument, an input field or a word of an enumeration, as the GraphQL
specification writes it (section "Schema Coordinates"): ``Person.name``, ``Query.person(id:)``,
``PersonWhere.name``, ``Stance.OPPOSES``, ``@asOf(systemTime:)``. Words of enumerations count where
a request can send them: which of them a response has depends on the data.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_introspection_type,
    type_from_ast,
    visit,
)

EXECUTABLE = {"QUERY", "FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}
"""Locations of directives that a request can write."""


def input_types(schema: GraphQLSchema) -> set[str]:
    """Return the names of all types that arguments lead to."""
    found: set[str] = set()
    arguments = [
        argument.type
        for one in schema.type_map.values()
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)
        for field in one.fields.values()
        for argument in field.args.values()
    ]
    waiting = [get_named_type(one) for one in arguments]
    while waiting:
        one = waiting.pop()
        if one.name in found:
            continue
        found.add(one.name)
        if isinstance(one, GraphQLInputObjectType):
            waiting += [get_named_type(field.type) for field in one.fields.values()]
    return found


def schema_coordinates(schema: GraphQLSchema) -> set[str]:
    """Return every coordinate of a schema that a request can reach."""
    found: set[str] = set()
    sent = input_types(schema)
    for name, one in schema.type_map.items():
        if is_introspection_type(one):
            continue
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in one.fields.items():
                found.add(f"{name}.{field}")
                found |= {f"{name}.{field}({argument}:)" for argument in definition.args}
        elif isinstance(one, GraphQLInputObjectType):
            found |= {f"{name}.{field}" for field in one.fields}
        elif isinstance(one, GraphQLEnumType) and name in sent:
            found |= {f"{name}.{word}" for word in one.values}
    for directive in schema.directives:
        if EXECUTABLE & {location.name for location in directive.locations}:
            found |= {f"@{directive.name}({argument}:)" for argument in directive.args}
    return found


class _Reached(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo, variables: Mapping[str, Any]) -> None:
        super().__init__()
        self.schema = schema
        self.info = info
        self.variables = variables
        self.found: set[str] = set()
        self.directive = ""
        self.fields: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.info.get_parent_type()
        name = "" if parent is None else parent.name
        self.fields.append(f"{name}.{node.name.value}")
        if not node.name.value.startswith("__"):
            self.found.add(self.fields[-1])

    def leave_field(self, *_: Any) -> None:
        self.fields.pop()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.directive = node.name.value

    def leave_directive(self, *_: Any) -> None:
        self.directive = ""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        if self.directive:
            self.found.add(f"@{self.directive}({node.name.value}:)")
        elif self.fields:
            self.found.add(f"{self.fields[-1]}({node.name.value}:)")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self.info.get_parent_input_type())
        if parent is not None:
            self.found.add(f"{parent.name}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: Any) -> None:
        of = get_named_type(self.info.get_input_type())
        if of is not None:
            self.found.add(f"{of.name}.{node.value}")

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        for one in node.variable_definitions or ():
            of = type_from_ast(self.schema, one.type)
            value = self.variables.get(one.variable.name.value)
            if of is not None:
                self.values(of, value)

    def values(self, of: GraphQLType, value: Any) -> None:
        """Add the coordinates that a variable's value reaches."""
        named = get_named_type(of)
        if isinstance(value, list):
            for one in value:
                self.values(named, one)
        elif isinstance(named, GraphQLInputObjectType) and isinstance(value, Mapping):
            for key, below in value.items():
                self.found.add(f"{named.name}.{key}")
                self.values(named.fields[key].type, below)
        elif isinstance(named, GraphQLEnumType) and isinstance(value, str):
            self.found.add(f"{named.name}.{value}")


def reached_coordinates(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]
) -> set[str]:
    """Return the coordinates that a valid document with its variables reaches."""
    info = TypeInfo(schema)
    visitor = _Reached(schema, info, variables)
    visit(document, TypeInfoVisitor(info, visitor))
    return visitor.found


def is_list(of: GraphQLType) -> bool:
    """Return whether a type, null or not, is a list."""
    inner = getattr(of, "of_type", None) if not isinstance(of, GraphQLList) else of
    return isinstance(inner, GraphQLList)
