"""Tests of fragments of Cypher: they count their subqueries and aggregates."""

import random

import pytest
from graphql import parse

from schema.domain import DOMAIN
from service.graphql.plan.cache import PlanCache, find_operation
from service.graphql.plan.limits import Limits
from service.graphql.types.schema import make_schema
from service.query.decoding import Decoding
from service.query.fragments import (
    Cypher,
    aggregation,
    collect,
    conjunction,
    count,
    cypher,
    exists,
    first,
    join_clauses,
    list_of,
    return_row,
    where,
)
from service.query.ordering import write_cursor
from tests.coordinates import reached_coordinates, schema_coordinates
from tests.targeted_operations import TargetedOperations

SUBQUERIES = ("COLLECT {", "EXISTS {", "COUNT {")


def test_a_fragment_counts_the_subqueries_within() -> None:
    inner = exists("MATCH (n)-->(m)", where("WITH m", count("(m)-->()")))
    assert inner.text == "EXISTS { MATCH (n)-->(m) WITH m WHERE COUNT { (m)-->() } }"
    assert inner.subqueries == 2
    column = first("MATCH (n)", cypher("RETURN {}", list_of(["n.id", inner])))
    assert column.text == f"head(COLLECT {{ MATCH (n) RETURN [n.id, {inner.text}] }})"
    assert column.subqueries == 3
    assert not column.aggregates


def test_a_row_that_aggregates_keeps_its_variables() -> None:
    assert return_row(Cypher("n.count")).text == "RETURN n.count"
    inner = collect("MATCH (m)", cypher("RETURN {}", aggregation("count", "m")))
    assert return_row(list_of(["n.id", inner])).text.endswith("AS row RETURN row")


def test_empty_fragments_are_left_out() -> None:
    assert join_clauses("MATCH (n)", "", Cypher(""), "RETURN n").text == "MATCH (n) RETURN n"
    assert where("MATCH (n)", "", Cypher("")).text == "MATCH (n)"
    assert conjunction(["a", "", "b"]).text == "a AND b"


def test_a_fragment_cannot_be_put_into_a_text_by_itself() -> None:
    with pytest.raises(TypeError, match="with cypher"):
        f"{Cypher('n.id')}"
    with pytest.raises(TypeError, match="with cypher"):
        str(Cypher("n.id"))


def test_queries_know_how_many_subqueries_they_have() -> None:
    schema = make_schema(DOMAIN)._schema
    missing = sorted(schema_coordinates(schema))[::25]
    left = set(missing)
    cursor = write_cursor((), ("statement:a/b",))
    reacher = TargetedOperations(
        schema, random.Random(1), lambda _: ["statement:a/b"], lambda _: cursor, left
    )
    plan_cache = PlanCache(DOMAIN, limits=Limits(conditions=2000, subqueries=100_000))
    directive = '@asOf(systemTime: "2031-01-01T00:00:00Z")'
    asked = 0
    for coordinate in missing:
        if coordinate not in left:
            continue
        operation = reacher.operation(coordinate)
        left -= {
            coordinate,
            *reached_coordinates(schema, parse(operation.document), operation.variables),
        }
        for text in (operation.document, operation.with_directive(directive)):
            found = plan_cache.prepare(schema, parse(text), None, None)
            for query in plan_cache.bind(found, operation.variables).queries:
                assert query.subqueries == sum(map(query.text.count, SUBQUERIES)), text
                asked += 1
    assert asked > 50


def test_a_property_has_one_column_however_often_it_is_selected() -> None:
    schema = make_schema(DOMAIN)._schema
    fields = "a: name __typename b: name id c: name d: id"
    text = f"{{ people(first: 3) {{ nodes {{ {fields} }} }} }}"
    operation = find_operation(schema, parse(text), None, text)
    compiled = PlanCache(DOMAIN).bind(operation, {}).compiled
    (query,) = compiled.queries
    assert query.text.count(".name") == 1
    decoded = compiled.decode({0: [[[["Ada", "person:ada"]]]]}, Decoding({}))
    assert decoded == {"people": {"nodes": [
        {"a": "Ada", "__typename": "Person", "b": "Ada", "id": "person:ada", "c": "Ada",
         "d": "person:ada"},
    ]}}  # fmt: skip
