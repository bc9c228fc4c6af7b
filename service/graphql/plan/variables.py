"""Extract the shape of an operation's variables: all of them but their scalar values.

Two requests of one document have the same plan if their variables have the same shape: the same
variables, the same fields of input objects, the same enum values, booleans and nulls.
"""

from collections.abc import Hashable

from graphql import (
    GraphQLBoolean,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLScalarType,
    VariableValues,
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
