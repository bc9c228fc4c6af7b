"""Tests that documents and variables are bounded before the work that the limits bound."""

from typing import Any

import pytest
from graphql import get_introspection_query, parse

from benchmarks.attacks import repeat
from schema.domain import DOMAIN
from service.errors import QueryTooComplex
from service.graphql.outcome import OperationRejected
from service.graphql.plan.cache import PlanCache, find_operation
from service.graphql.plan.introspection import IntrospectionLimit
from service.graphql.plan.limits import Limits, check_document, check_variables
from service.graphql.plan.parse import MOST_ERRORS, parse_document
from service.graphql.types.schema import make_schema

SCHEMA = make_schema(DOMAIN)._schema
FEW = Limits(
    tokens=100, operations=2, aliases=2, arguments=2, directives=2, list_items=2, text_length=5,
    characters=12, variable_values=8, depth=4, root_fields=3, fields=9, repeats=3,
)  # fmt: skip


def messages(text: str, limits: Limits = FEW) -> list[str]:
    return [error.message for error in check_document(parse(text), limits)]


@pytest.mark.parametrize(
    ("most", "more", "named"),
    [
        ("query a { x } query b { x }", "query a { x } query b { x } query c { x }", "operations"),
        ("{ a: x b: x }", "{ a: x b: x c: x }", "aliases"),
        ("{ x(a: 1 b: 2) }", "{ x(a: 1) y(a: 1) z(a: 1) }", "arguments"),
        ("{ x @a(if: true) }", "{ x @a @b @c }", "directives"),
        ("query @a @b { x }", "query @a @b { x @c }", "directives"),
        ("{ x(a: [1, 2]) }", "{ x(a: [1, 2, 3]) }", "list of the document has 3 items"),
        ("{ x(a: {b: [1, 2]}) }", "{ x(a: {b: [[1], [1, 2, 3]]}) }", "3 items"),
        ('{ x(a: "12345") }', '{ x(a: "123456") }', "text of the document has 6 characters"),
        ('{ x(a: """12345""") }', '{ x(a: """123456""") }', "6 characters"),
        ('{ x(a: ["12345", "12345"]) }', '{ x(a: [["12345", "12345"], "123"]) }', "over 12"),
        ("{ a { b { c { d } } } }", "{ a { b { c { d { e } } } } }", "depth"),
        ("{ a b c }", "{ a b ...F } fragment F on T { c d }", "root fields"),
        ("{ a { b c d e f g } }", "{ a { b c d e f g h i j } }", "fields"),
        ("{ a a a }", "{ b { a a a a } }", "again and again"),
        ("{ x } fragment F on T { a a }", "{ x } fragment F on T { a a a a }", "again and again"),
        ("{ x } fragment F on T { a }", "{ x } fragment F on T { a{b{c{d{e}}}} }", "fragment"),
    ],
)
def test_what_is_beyond_a_limit_is_refused(most: str, more: str, named: str) -> None:
    assert messages(most) == []
    found = messages(more)
    assert len(found) == 1
    assert named in found[0]


def test_fields_of_fragments_are_compared_wherever_they_are_spread() -> None:
    fragments = "fragment A on T { a { b } } fragment B on T { a { b } }"
    assert messages(f"{{ ...A ...B }} {fragments}") == []
    assert messages(f"{{ a {{ b b }} ...A ...B }} {fragments}") != []
    # A fragment is collected once, however often it is spread.
    assert messages("{ t { ...A ...A ...A ...A } } fragment A on T { a }") == []


def test_tokens_are_counted_while_the_document_is_parsed() -> None:
    for text in ("{" + "a " * 99 + "}", "{ a }" + "#x\n" * 101):
        with pytest.raises(OperationRejected) as refused:
            parse_document(SCHEMA, text, FEW)
        (error,) = refused.value.errors
        assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"
        assert "100 are allowed" in error.message


def test_few_errors_of_validation_are_worded() -> None:
    text = "{" + " ".join(f"persn{number}" for number in range(50)) + "}"
    with pytest.raises(OperationRejected) as refused:
        parse_document(SCHEMA, text, Limits())
    assert len(refused.value.errors) == MOST_ERRORS + 1
    assert "Too many validation errors" in refused.value.errors[-1].message


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"a": "123456"}, "6 characters"),
        ({"a": {"b": ["123456"]}}, "6 characters"),
        ({"a": ["12345", "12345"], "b": "123"}, "over 12 characters"),
        ({"a": [1, 2, 3]}, "3 items"),
        ({"a": {"b": [[1, 2, 3]]}}, "3 items"),
        ({"a": [[1, 2], [3, 4]], "b": [1, 2]}, "over 8 values"),
        ({"a": {str(number): number for number in range(9)}}, "over 8 values"),
        (dict.fromkeys("abcdefghi", 1), "over 8 values"),
    ],
)
def test_variables_beyond_a_limit_are_refused(variables: dict[str, Any], said: str) -> None:
    with pytest.raises(QueryTooComplex, match=said):
        check_variables(variables, FEW)


def test_variables_within_the_limits_are_counted() -> None:
    assert check_variables({}, FEW) == 0
    assert check_variables({"a": [1, "12345"], "b": {"c": None, "d": True}}, FEW) == 6


def check(text: str) -> None:
    document = parse_document(SCHEMA, text, Limits())
    PlanCache(DOMAIN).bind(find_operation(SCHEMA, document, None, text), {})


NAMES = "{ __schema { types { name } } }"


@pytest.mark.parametrize(
    "text",
    [
        get_introspection_query(input_value_deprecation=True, specified_by_url=True),
        NAMES,
        '{ __type(name: "Person") { fields { name args { name type { name kind } } } } }',
        "{ __schema { queryType { fields { name } } directives { name args { name } } } }",
    ],
)
def test_introspection_of_tools_is_allowed(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{{ __schema {{ {repeat('a#: types { fields { args { name } } }', 60)} }} }}",
        f"{{ {repeat('a#: __schema { types { inputFields { name type { name } } } }', 40)} }}",
        "{ __schema { types { fields { type { fields { type { name } } } } } } }",
    ],
)
def test_introspection_that_reads_too_much_is_refused(text: str) -> None:
    with pytest.raises(QueryTooComplex, match="introspection"):
        check(text)


def test_the_limit_of_introspection_is_that_of_the_query_of_tools() -> None:
    assert 50_000 < IntrospectionLimit(SCHEMA).most < 500_000
