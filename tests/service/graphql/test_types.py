"""Tests of the schema as a whole: fragments on several types may select fields together."""

from collections.abc import Iterator
from itertools import combinations

from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

from schema.domain import DOMAIN
from tests.querying import SCHEMA

CORE = SCHEMA._schema


def conflicts(
    one: GraphQLObjectType, other: GraphQLObjectType, seen: set[frozenset[str]]
) -> Iterator[str]:
    """Yield the fields of one name that two types give in two shapes, at any depth."""
    pair = frozenset((one.name, other.name))
    if len(pair) == 1 or pair in seen:
        return
    seen.add(pair)
    for name in sorted({*one.fields} & {*other.fields}):
        first, second = one.fields[name].type, other.fields[name].type
        (wrapped, at), (also, there) = unwrap(first), unwrap(second)
        leaf = is_leaf_type(at) or is_leaf_type(there)
        if wrapped != also or (leaf and at is not there):
            yield f"{one.name}.{name}: {first}, {other.name}.{name}: {second}"
        elif not leaf and at is not there:
            for left in possible_types(at):
                for right in possible_types(there):
                    yield from conflicts(left, right, seen)


def unwrap(of: GraphQLOutputType) -> tuple[str, GraphQLOutputType]:
    wrappers = ""
    while is_non_null_type(of) or is_list_type(of):
        wrappers += "!" if is_non_null_type(of) else "[]"
        of = of.of_type
    return wrappers, of


def possible_types(of: GraphQLOutputType) -> list[GraphQLObjectType]:
    if is_abstract_type(of):
        return list(CORE.get_possible_types(of))
    return [of] if isinstance(of, GraphQLObjectType) else []


def test_fields_of_one_name_have_one_shape() -> None:
    types = [CORE.get_type(node.label) for node in DOMAIN.concrete]
    objects = [one for one in types if isinstance(one, GraphQLObjectType)]
    seen: set[frozenset[str]] = set()
    found = [c for one, other in combinations(objects, 2) for c in conflicts(one, other, seen)]
    assert found == []
    assert len(seen) > len(objects)


def test_a_field_of_two_types_is_selected_on_both() -> None:
    text = """{ passages { nodes { supports { nodes {
      ... on Event { partOf { id } } ... on AgendaItem { partOf { id } } } } } } }"""
    assert validate(CORE, parse(text)) == []


def test_an_argument_is_described_where_that_says_something_of_its_own() -> None:
    described = [
        argument.description
        for one in CORE.type_map.values()
        if isinstance(one, GraphQLObjectType) and not one.name.startswith("__")
        for field in one.fields.values()
        for argument in field.args.values()
        if argument.description
    ]
    assert "The ids of the nodes, at most 100." in described
    assert len(described) < 10


def test_a_property_is_described_by_its_type_and_its_filter_alone() -> None:
    described = {
        one.name: one.fields["name"].description
        for one in CORE.type_map.values()
        if one.name.startswith("Person")
        and isinstance(one, GraphQLObjectType | GraphQLInputObjectType)
        and "name" in one.fields
    }
    name = described["Person"]
    assert name
    where = dict.fromkeys(("Person", "PersonWhere"), name)
    assert described == dict.fromkeys(described) | where
    assert len(described) > 4
