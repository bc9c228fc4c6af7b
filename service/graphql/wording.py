"""Improve the messages of GraphQL errors: say what to write instead, in GraphQL's own words.

graphql-core's messages of validation and coercion name what a type lacks, in Python's notation. The
schema shows what the type has, and where the field is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from graphql import (
    DirectiveLocation,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from graph_seed.values import ValueProblem

MOST_NAMES = 16
"""The most names that a hint lists; a longer list would hide the message."""
MOST_LENGTH = 1_000
"""The most characters of a message, which may quote the request."""

_QUOTED_OR_WORD = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?:None|True|False|Undefined)\b|(?<=: )-?inf\b"""
)
_IN_GRAPHQL = {
    "None": "null",
    "True": "true",
    "False": "false",
    "Undefined": "nothing",
    "inf": "Infinity",
    "-inf": "-Infinity",
}
_LOGIC = {"and", "or", "not"}
_ON_QUERIES = DirectiveLocation.QUERY
_ABORTED = "Validation aborted."

_SYNONYMS = {
    "equals": ("eq",),
    "equal": ("eq",),
    "is": ("eq",),
    "ne": ("notIn",),
    "neq": ("notIn",),
    "not": ("notIn",),
    "gt": ("after", "within"),
    "gte": ("after", "within"),
    "from": ("gte", "after", "within"),
    "since": ("gte", "after", "within"),
    "lt": ("before", "within"),
    "lte": ("before", "within"),
    "to": ("lte", "before", "within"),
    "until": ("lte", "before", "within"),
    "before": ("lt",),
    "after": ("gt",),
    "between": ("gte", "lte", "within"),
    "within": ("gte", "lte"),
    "contains": ("has",),
    "includes": ("contains", "has"),
    "like": ("contains",),
    "ilike": ("contains",),
    "matches": ("contains",),
    "any": ("some", "hasAny"),
    "every": ("all",),
    "exists": ("isNull",),
    "null": ("isNull",),
}
"""Names of operators elsewhere, each with the operators here that may be meant."""


def improve_message(schema: GraphQLSchema, error: GraphQLError) -> GraphQLError:
    """Rewrite the message of an error of validation or coercion in place, and return the error."""
    message = error.message
    if message == _ABORTED:
        message += " The document is nested too deeply; nest less, or split it."
    cause = _cause(error)
    if cause is not None and not isinstance(cause, ValueProblem):
        message = message.replace(f", but encountered error '{cause}'; found", ", found")
    if len(message) > MOST_LENGTH:
        message = f"{message[:MOST_LENGTH]}…"
    message = _QUOTED_OR_WORD.sub(lambda found: _IN_GRAPHQL.get(found[0], found[0]), message)
    for pattern, hint in _HINTS:
        if found := pattern.search(message):
            message = " ".join([message, *hint(schema, *found.groups())])
    error.message = message
    return error


def _cause(error: GraphQLError) -> Exception | None:
    """Return the exception that parsing a value raised, or None."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _hint_unknown_input(schema: GraphQLSchema, type_name: str, unknown: str) -> Iterator[str]:
    """Yield what an input object has in place of an unknown field."""
    fields = _input_fields(schema, type_name)
    if meant := [name for name in _SYNONYMS.get(unknown.lower(), ()) if name in fields]:
        yield f"In place of {unknown} write {_join_names(meant, 'or')}."
    within = [
        f"{name}: {{{unknown}: …}}"
        for name, of in fields.items()
        if name not in _LOGIC and unknown in _input_fields(schema, of)
    ]
    if within or (within := _find_two_levels_below(schema, fields, unknown)):
        yield f"Write {_join_names(within, 'or')}."
    yield from _hint_fields(schema, type_name)


def _find_two_levels_below(
    schema: GraphQLSchema, fields: Mapping[str, str], unknown: str
) -> list[str]:
    """Return the paths to a field two objects further in: some: {issue: {name: …}}."""
    return [
        f"{name}: {{{inner}: {{{unknown}: …}}}}"
        for name, of in list(fields.items())[:1]
        if name not in _LOGIC
        for inner, inner_of in _input_fields(schema, of).items()
        if inner not in _LOGIC and unknown in _input_fields(schema, inner_of)
    ]


def _hint_fields(schema: GraphQLSchema, type_name: str) -> Iterator[str]:
    fields = _input_fields(schema, type_name)
    if 0 < len(fields) <= MOST_NAMES:
        yield f"{type_name} takes {_join_names(fields, 'and')}."


def _hint_object(schema: GraphQLSchema, type_name: str) -> Iterator[str]:
    """Yield how the object begins that has to be written."""
    fields = _input_fields(schema, type_name)
    if len(fields) > MOST_NAMES:
        yield f"Write an object, such as {{{next(iter(fields))}: …}}."
    yield from _hint_fields(schema, type_name)


def _hint_one_of(schema: GraphQLSchema, type_name: str) -> Iterator[str]:
    if type_name.endswith("GroupBy"):
        yield "Group by one key; nest groupBy in the groups for the next."
    else:
        yield "Write each key in an object of its own."
    yield from _hint_fields(schema, type_name)


def _hint_directive_arguments(schema: GraphQLSchema, name: str) -> Iterator[str]:
    if directive := schema.get_directive(name):
        yield f"@{name} takes {_join_names(directive.args, 'and')}."


def _hint_directive_place(schema: GraphQLSchema, name: str) -> Iterator[str]:
    if (directive := schema.get_directive(name)) and directive.locations == (_ON_QUERIES,):
        yield f"Write it on the operation: query @{name}(…) {{ … }}."


def _hint_unknown_field(schema: GraphQLSchema, unknown: str, type_name: str) -> Iterator[str]:
    """Yield where a field is that a type does not have: at the root, or within a connection."""
    of = schema.get_type(type_name)
    if not isinstance(of, GraphQLObjectType):
        return
    if of is schema.query_type:
        plain = unknown.replace("_", "").lower()
        for name, field in of.fields.items():
            type_name = get_named_type(field.type).name
            label = type_name.removesuffix("Connection")
            last_word = re.split(r"(?<=[a-z])(?=[A-Z])", label)[-1]
            if label != type_name and plain in {f"{label}s".lower(), f"{last_word}s".lower()}:
                yield f"The list of type {label} is {name}."
    elif "nodes" in of.fields:
        node = get_named_type(of.fields["nodes"].type)
        if isinstance(node, GraphQLObjectType | GraphQLInterfaceType) and unknown in node.fields:
            yield f"Select it on the nodes: nodes {{ {unknown} }}."
    elif len(of.fields) <= MOST_NAMES:
        yield f"{type_name} has {_join_names(of.fields, 'and')}."


def _hint_unknown_argument(
    schema: GraphQLSchema, argument: str, type_name: str, field: str
) -> Iterator[str]:
    of = schema.get_type(type_name)
    if isinstance(of, GraphQLObjectType | GraphQLInterfaceType) and field in of.fields:
        arguments = of.fields[field].args
        inner = get_named_type(of.fields[field].type)
        if isinstance(inner, GraphQLObjectType):
            within = [name for name, one in inner.fields.items() if argument in one.args]
            if within:
                verb = "take" if len(within) > 1 else "takes"
                yield f"{_join_names(within, 'and')} {verb} {argument}."
        yield f"{field} takes {_join_names(arguments, 'and') if arguments else 'no arguments'}."


def _hint_enum_values(schema: GraphQLSchema, type_name: str) -> Iterator[str]:
    of = schema.get_type(type_name)
    if isinstance(of, GraphQLEnumType) and len(of.values) <= MOST_NAMES:
        yield f"Write one of {_join_names(of.values, 'or')}."


_HINTS: tuple[tuple[re.Pattern[str], Callable[..., Iterator[str]]], ...] = (
    (
        re.compile(r"Expected value of type '(\w+)' not to include unknown field '(\w+)'"),
        _hint_unknown_input,
    ),
    (re.compile(r"Expected value of type '(\w+)' to be an object"), _hint_object),
    (re.compile(r"OneOf Input Object '(\w+)' must specify exactly one key"), _hint_one_of),
    (re.compile(r"Unknown argument '\w+' on directive '@(\w+)'"), _hint_directive_arguments),
    (re.compile(r"Directive '@(\w+)' may not be used on"), _hint_directive_place),
    (re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"), _hint_unknown_field),
    (re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'"), _hint_unknown_argument),
    (re.compile(r"does not exist in '(\w+)' enum"), _hint_enum_values),
    (re.compile(r"Enum '(\w+)' cannot represent"), _hint_enum_values),
)


def _input_fields(schema: GraphQLSchema, type_name: str) -> dict[str, str]:
    """Return the fields of an input object with the names of their types; none of another type."""
    of = schema.get_type(type_name)
    if not isinstance(of, GraphQLInputObjectType):
        return {}
    return {name: get_named_type(field.type).name for name, field in of.fields.items()}


def _join_names(names: Iterable[str], word: str) -> str:
    *others, last = list(names)[:MOST_NAMES]
    return f"{', '.join(others)} {word} {last}" if others else last
