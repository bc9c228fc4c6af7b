"""Tests that the schema says what is deprecated."""

import pytest
from graphql import build_schema, get_introspection_query, graphql_sync

from schema.domain import DOMAIN
from schema.model import DeclarationError
from service.graphql.types.schema import make_schema
from tests.releases.intended_changes import find_changes

REASON = "Use the other; deprecated in 0.3."
DEPRECATED = ("Statement.quote", "Query.people(last:)", "PersonWhere.name", "Mode.MIXED")


def test_deprecated_elements_say_why_in_the_sdl_and_in_introspection() -> None:
    schema = make_schema(DOMAIN, dict.fromkeys(DEPRECATED, REASON))
    sdl = schema.as_str()
    assert sdl.count(f'@deprecated(reason: "{REASON}")') == len(DEPRECATED)
    query = get_introspection_query(input_value_deprecation=True)
    result = graphql_sync(schema._schema, query)
    assert str(result.data).count(REASON) == len(DEPRECATED)
    assert find_changes(build_schema(make_schema(DOMAIN).as_str()), build_schema(sdl)) == []


def test_only_what_the_schema_has_can_be_deprecated() -> None:
    with pytest.raises(DeclarationError, match=r"^Person\.nickname: "):
        make_schema(DOMAIN, {"Person.nickname": REASON, "Statement.quote": REASON})
