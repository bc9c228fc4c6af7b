"""Tests of the messages of GraphQL errors: in GraphQL's words, with what to write instead."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLError,
    OperationDefinitionNode,
    get_variable_values,
    parse,
    specified_rules,
    validate,
)
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from service.graphql.wording import MOST_LENGTH, improve_message
from tests.operations import literal
from tests.querying import SCHEMA

CORE = SCHEMA._schema
LISTS = {
    "Int": "people(first: {}) {{ totalCount }}",
    "String": "people(where: {{name: {{eq: {}}}}}) {{ totalCount }}",
    "ID": "people(where: {{id: {{eq: {}}}}}) {{ totalCount }}",
    "Boolean": "people(where: {{anonymous: {{eq: {}}}}}) {{ totalCount }}",
    "Long": "groups(where: {{size: {{eq: {}}}}}) {{ totalCount }}",
    "Decimal": "tradeFigures(where: {{value: {{eq: {}}}}}) {{ totalCount }}",
    "Date": "positions(where: {{notAfter: {{eq: {}}}}}) {{ totalCount }}",
    "DateTime": "loads(where: {{at: {{eq: {}}}}}) {{ totalCount }}",
    "EDTF": "statements(where: {{saidOn: {{eq: {}}}}}) {{ totalCount }}",
    "Stance": "positions(where: {{stance: {{eq: {}}}}}) {{ totalCount }}",
    "PersonWhere": "people(where: {}) {{ totalCount }}",
    "PersonOrder": "people(orderBy: [{}]) {{ totalCount }}",
}
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
PYTHON = re.compile(
    r"\b(None|True|False|Undefined|isoformat|timedelta|datetime|sys|int\(\)|float|str|dict|codec|"
    r"invalid literal|out of range|recursion|object at|Error)\b|must be in "
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("eq"), inner, max_size=1),
    max_leaves=4,
) | st.sampled_from(
    [
        "9" * 10_000, 10**400, "1.5", "1_000", "x' OR 1", "2017-02-30", "2017-13-01T00:00:00Z",
        "2017-11-07T25:00:00Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00",
        "2017-11-07T09:30:00", "2017-11-07T09:30:00+99:00", "NaN", "Infinity", "1e999999999",
        {"name": None}, {"name": "ASC", "id": "ASC"}, {"nope": None}, {}, [None],
    ]
)  # fmt: skip


def errors_of_variable(kind: str, value: Any) -> list[GraphQLError]:
    document = parse(f"query ($v: {kind}!) {{ {LISTS[kind].format('$v')} }}")
    (definition,) = document.definitions
    assert isinstance(definition, OperationDefinitionNode)
    found = get_variable_values(CORE, definition.variable_definitions or (), {"v": value})
    return found if isinstance(found, list) else []


@pytest.mark.parametrize("kind", LISTS)
@given(value=VALUES)
@example(value="9" * 10_000)
@example(value="x' OR 1")
@hypothesis_settings(max_examples=60)
def test_no_message_of_a_value_has_words_of_python(kind: str, value: Any) -> None:
    errors = errors_of_variable(kind, value)
    errors += validate(CORE, parse(f"{{ {LISTS[kind].format(literal(value))} }}"))
    for error in errors:
        message = improve_message(CORE, error).message
        assert not PYTHON.search(QUOTED.sub("", message)), message
        assert len(message) <= MOST_LENGTH + 500


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{ statements(where: {saidOn: {gte: "2017"}}) { totalCount } }',
         "In place of gte write after or within."),
        ('{ statements(where: {saidOn: {lt: "2017"}}) { totalCount } }',
         "In place of lt write before or within."),
        ('{ people(where: {recordedIn: {between: 3}}) { totalCount } }',
         "In place of between write gte or lte."),
        ('{ people(where: {name: {equals: "x"}}) { totalCount } }',
         "TextFilter takes eq, in, notIn, isNull, contains, startsWith and endsWith."),
        ('{ statements(where: {saidOn: "2017"}) { totalCount } }',
         "EdtfFilter takes eq, in, notIn, isNull, before, after, within and overlaps."),
        ('{ positions(where: {target: {name: {eq: "x"}}}) { totalCount } }',
         "Write issue: {name: …}, agreement: {name: …}"),
        ('{ statements(where: {speakers: {name: {eq: "x"}}}) { totalCount } }',
         "Write some: {name: …}, none: {name: …} or all: {name: …}."),
        ('{ positions(where: {name: {eq: "x"}}) { totalCount } }', "Write holder: {name: …}"),
        ("{ persons { totalCount } }", "The list of type Person is people."),
        ("{ countrys { totalCount } }", "The list of type Country is countries."),
        ("{ figures { totalCount } }", "The list of type TradeFigure is tradeFigures."),
        ("{ agendaitems { totalCount } }", "The list of type AgendaItem is agendaItems."),
        ("{ people { name } }", "Select it on the nodes: nodes { name }."),
        ("{ people(filter: {}) { totalCount } }",
         "people takes where, orderBy, first, after, last and before."),
        ("{ positions(where: {stance: {eq: LOVES}}) { totalCount } }",
         "Write one of DEMANDS, PROPOSES, SUPPORTS, OPPOSES, CRITICIZES or WARNS."),
    ],
)  # fmt: skip
def test_a_message_says_what_to_write(text: str, hint: str) -> None:
    errors = [improve_message(CORE, error).message for error in validate(CORE, parse(text))]
    assert any(hint in message for message in errors), errors


def test_a_number_of_many_digits_is_refused_in_plain_words() -> None:
    (error,) = validate(CORE, parse(f"{{ people(first: {'9' * 10_000}) {{ totalCount }} }}"))
    assert improve_message(CORE, error).message.startswith(
        "Expected value of type 'Int', found: 999"
    )
    (error,) = errors_of_variable("Long", float("inf"))
    assert improve_message(CORE, error).message.endswith("found: Infinity.")


def test_hints_are_given_for_variables_too() -> None:
    (error,) = errors_of_variable("PersonWhere", {"statements": {"saidOn": None}})
    assert "Write some: {saidOn: …}" in improve_message(CORE, error).message


@pytest.mark.parametrize(
    ("document", "advice"),
    [
        ('{ search(text: "x") { totalCount } }', "SearchResult has hits and counts."),
        (
            "{ tradeFigures { aggregate(include: []) { count } } }",
            "value, lower and upper take include",
        ),
        ("{ statements(orderBy: [{id: ASC, text: ASC}]) { totalCount } }", "an object of its own"),
        ("{ statements(orderBy: [{}]) { totalCount } }", "an object of its own"),
        (
            "{ statements { groupBy(by: {mode: true, text: true}) { count } } }",
            "nest groupBy in the groups",
        ),
        ("query @asOf(when: 1) { statements { totalCount } }", "@asOf takes "),
        ("{ statements @asOf { totalCount } }", "query @asOf(…) { … }"),
        (
            "{ statements { groupBy(by: {speakers: true}) { count } } }",
            "Write an object, such as {id: …}.",
        ),
        (
            '{ statements(where: {about: {name: {eq: "x"}}}) { totalCount } }',
            "Write some: {issue: {name: …}}, some: {agreement: {name: …}}",
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_is(document: str, advice: str) -> None:
    errors = validate(CORE, parse(document), [*specified_rules, OneOfInputValidationRule])
    messages = [improve_message(CORE, error).message for error in errors]
    assert any(advice in one for one in messages), messages


@pytest.mark.parametrize(
    ("kind", "written", "advice"),
    [
        ("EDTF", "01/07/2017", "write 2017-07-01 or 2017-01-07"),
        ("EDTF", "2017-11-10..2017-11-01", "write 2017-11-01/2017-11-10"),
        ("Date", "7.1.2017", "write 2017-01-07"),
        ("DateTime", "7.1.2017", "as in 2017-01-07T00:00:00Z"),
        ("DateTime", "2017-01-07", "end it with Z or +01:00, as 2017-01-07T00:00:00Z"),
    ],
)
def test_a_wrong_date_is_told_with_a_right_one(kind: str, written: str, advice: str) -> None:
    (error,) = errors_of_variable(kind, written)
    assert advice in improve_message(CORE, error).message
