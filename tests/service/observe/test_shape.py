"""Tests of the shape of an operation: it tells operations apart, and has no values."""

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from service.observe.shape import LENGTH, describe_shape


def shape(text: str, length: int = LENGTH) -> str:
    operation, *fragments = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    found = [one for one in fragments if isinstance(one, FragmentDefinitionNode)]
    return describe_shape(operation, found, length)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ a }", "query {a}"),
        ('query N($v: Int = 7) @asOf(version: 3) { x: a(first: $v, text: "t") { b c } }',
         "query N @asOf(version) {a(first, text){b c}}"),
        ("{ ... on T { a } ... @include(if: true) { b } ...F } fragment F on T { c(d: [1]) }",
         "query {...on T{a} ...{b} ...F} fragment F on T {c(d)}"),
    ],
)  # fmt: skip
def test_a_shape_has_fields_and_arguments_without_values(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_a_shape_is_cut() -> None:
    cut = shape("{ " + "a " * 100_000 + "}", 50)
    assert len(cut) <= 51
    assert cut.endswith("…")
