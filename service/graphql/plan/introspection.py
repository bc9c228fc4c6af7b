"""Bound what introspection reads, before it is executed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from graphql import (
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableValues,
    get_introspection_query,
    parse,
)

from service.errors import QueryTooComplex
from service.graphql.plan.document import CollectedField, Document

INTROSPECTION = {"__schema", "__type"}
"""The root fields of introspection."""
META_TYPES = {"__schema": "__Schema", "__type": "__Type", "__typename": "String"}
"""The types of the fields that a type's own do not list (GraphQL, section 4)."""
MOST_WRAPPERS = 3
"""The wrappers of a type: ``[T!]!`` has three. Beyond them, ``ofType`` is null."""
TIMES = 1.2
"""The most values of an operation, as a multiple of those of the usual query of tools."""


@dataclass(frozen=True, slots=True)
class _Total:
    """How many there are in the whole schema, and of one type or field at most."""

    all: int
    most: int


class IntrospectionLimit:
    """The values that introspection of a schema may read."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def check(self, document: Document, introspection: Sequence[CollectedField]) -> None:
        """Raise QueryTooComplex if these root fields read too many values."""
        found = sum(self._count_below(document, one, 1) for one in introspection)
        if found > self.most:
            raise QueryTooComplex(
                f"This introspection could read {found} values; {self.most} are allowed. Split it, "
                "or take the whole schema from `parley schema`."
            )

    @cached_property
    def most(self) -> int:
        """Return the most values of an operation."""
        query = parse(get_introspection_query(input_value_deprecation=True))
        (operation,) = (d for d in query.definitions if isinstance(d, OperationDefinitionNode))
        fragments = {
            one.name.value: one
            for one in query.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        none = VariableValues(sources={}, coerced={})
        document = Document(self._schema, operation, fragments, none)
        return int(TIMES * sum(self._count_below(document, one, 1) for one in document.root()))

    @cached_property
    def _totals(self) -> dict[tuple[str, str], _Total]:
        """Return the lengths of lists, by type and field of the introspection schema."""
        types = list(self._schema.type_map.values())
        fields = [
            field
            for one in types
            if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)
            for field in one.fields.values()
        ]
        return {
            ("__Schema", "types"): _total([len(types)]),
            ("__Schema", "directives"): _total([len(self._schema.directives)]),
            ("__Directive", "args"): _total([len(d.args) for d in self._schema.directives]),
            ("__Directive", "locations"): _total(
                [len(d.locations) for d in self._schema.directives]
            ),
            ("__Field", "args"): _total([len(field.args) for field in fields]),
            ("__Type", "fields"): _total([_number(one, "fields") for one in types]),
            ("__Type", "inputFields"): _total([_number(one, "inputFields") for one in types]),
            ("__Type", "enumValues"): _total([_number(one, "enumValues") for one in types]),
            ("__Type", "interfaces"): _total([_number(one, "interfaces") for one in types]),
            ("__Type", "possibleTypes"): _total([self._possible(one) for one in types]),
        }

    def _possible(self, one: GraphQLNamedType) -> int:
        is_abstract = not isinstance(one, GraphQLObjectType) and hasattr(one, "resolve_type")
        return len(self._schema.get_possible_types(one)) if is_abstract else 0  # type: ignore[arg-type]

    def _count_below(
        self,
        document: Document,
        asked: CollectedField,
        parents: int,
        wrappers: int = 0,
        *,
        complete: bool = False,
    ) -> int:
        """Return the values of a field for some parents, with all below.

        ``complete`` says that the parents are all there are of their kind, each once.
        """
        total = self._totals.get((asked.parent.name, asked.name))
        number = parents
        if total is not None:
            complete = complete or (asked.parent.name == "__Schema" and parents == 1)
            number = total.all if complete else parents * total.most
        # Each type is in several lists of others, each of its fields in one list.
        complete = complete and asked.name in {"types", "fields", "directives"}
        if asked.name == "ofType":
            wrappers += 1
            if wrappers > MOST_WRAPPERS:
                return parents
        else:
            wrappers = 0
        of = META_TYPES.get(asked.name) or document.value_type(asked)
        if not isinstance(self._schema.get_type(of), GraphQLObjectType):
            return number
        return number + sum(
            self._count_below(document, one, number, wrappers, complete=complete)
            for one in document.fields(asked, of)
        )


def _number(one: GraphQLNamedType, name: str) -> int:
    match name, one:
        case "fields", GraphQLObjectType() | GraphQLInterfaceType():
            return len(one.fields)
        case "inputFields", GraphQLInputObjectType():
            return len(one.fields)
        case "enumValues", GraphQLEnumType():
            return len(one.values)
        case "interfaces", GraphQLObjectType() | GraphQLInterfaceType():
            return len(one.interfaces)
    return 0


def _total(numbers: list[int]) -> _Total:
    return _Total(sum(numbers), max(numbers, default=0))
