"""Tests of the cost of operations: prices, statistics, and the sizes that are suggested."""

from collections.abc import Iterator

import pytest
from graphql import parse, validate

from schema.domain import DOMAIN
from schema.model import Link
from service.errors import QueryTooComplex
from service.graphql.plan.cache import BoundOperation, PlanCache, find_operation
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema
from service.query.cost import UNKNOWN, Statistics

SCHEMA = make_schema(DOMAIN)._schema
CACHE = PlanCache(DOMAIN)
SMALL = Statistics(
    {"Source": 2, "Passage": 400, "Person": 14, "Statement": 53},
    {"FROM_SOURCE": 400, "SAID_BY": 60},
)


def bind(text: str, **variables: object) -> BoundOperation:
    document = parse(text)
    assert validate(SCHEMA, document) == []
    return CACHE.bind(find_operation(SCHEMA, document, None, text), variables)


def cost(text: str, statistics: Statistics = UNKNOWN, **variables: object) -> float:
    bound = bind(text, **variables)
    found = bound.compiled.cost.evaluate(bound.variables, statistics)
    assert found <= bound.compiled.cost.most
    return found


GROUPS = """{ statements { groupBy(by: {speechAct: true}, first: 4) {
  key { value } members(first: 5) { nodes { id } }
} } }"""
MANY = " ".join(f"a{i}: name" for i in range(19))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ __typename }", 0),
        ('{ person(id: "person:x") { name } }', 1),
        ("{ people { nodes { name } } }", 20),
        ("{ people(first: 7) { nodes { name } totalCount } }", 7),
        ("{ people(last: 7) { edges { node { name } } } }", 7),
        ("{ people(first: 7) { totalCount } }", 0),
        ("{ people(first: 7) { edges { cursor } } }", 7),
        ("{ people(first: 7) { edges { a: node { id } b: node { name } } } }", 14),
        ("{ people(first: 7) { a: nodes { id } b: nodes { name } } }", 14),
        ("{ people(first: 7) { nodes { id } edges { node { id } } } }", 14),
        ("{ a: people(first: 7) { nodes { id } } b: people(first: 8) { nodes { id } } }", 15),
        ("{ people(first: 7) { nodes { statements(first: 3) { nodes { id } } } } }", 7 + 21),
        ("{ passages(first: 7) { nodes { source { id } } } }", 14),
        ('{ nodes(ids: ["person:x", "person:y"]) { id } }', 2),
        ('{ search(text: "x", first: 5) { hits { node { id } } } }', 10),
        (GROUPS, 4 + 20),
        ("{ changes(since: 0, first: 7) { nodes { id kind values { name } } until } }", 7),
        (
            "{ changes(since: 0, last: 7) { edges { node { load { at } caption node { id } } } } }",
            28,
        ),
        ("{ people(first: 7) { nodes { caption history(first: 2) { version } } } }", 7 + 14),
        (f"{{ people(first: 7) {{ nodes {{ {MANY} }} }} }}", 7),
        (f"{{ people(first: 7) {{ nodes {{ {MANY} id }} }} }}", 14),
        ("{ facts(first: 2) { nodes { ... on Statement { id } ... on Position { id } } } }", 2),
    ],
)
def test_what_can_be_returned_is_counted(text: str, expected: int) -> None:
    assert cost(text) == expected


def test_pages_of_variables_count_as_they_are() -> None:
    text = """query ($n: Int!) {
      people(first: $n) { nodes { statements(first: $n) { nodes { id } } } }
    }"""
    assert cost(text, n=3) == 12
    assert cost(text, n=10) == 110
    assert bind(text, n=3).compiled.cost.most == 100 + 10_000
    ids = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert cost(ids, ids=["person:a", "person:b", "person:c"]) == 3
    assert bind(ids, ids=[]).compiled.cost.most == 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ people(first: 100) { nodes { id } } }", 14),
        # Each passage is of one source: no more than all of them, as each source occurs once.
        ("{ sources(first: 100) { nodes { passages(first: 100) { nodes { id } } } } }", 2 + 200),
        (
            "{ people(first: 100) { nodes { statements(first: 100) { nodes { id } } } } }",
            14 + 60,
        ),
        # A source occurs as often as there are passages.
        (
            "{ passages(first: 100) { nodes { source { passages(first: 3) { nodes { id } } } } } }",
            100 + 100 + 300,
        ),
        # What is not known bounds nothing.
        ("{ issues(first: 100) { nodes { id } } }", 100),
    ],
)
def test_a_small_graph_costs_less(text: str, expected: int) -> None:
    assert cost(text, SMALL) == expected


DEEP = """query ($n: Int) {
  sources(first: 50) { nodes { passages(first: $n) { nodes {
    source { passages(first: 80) { nodes { source { id } } } }
  } } } }
}"""


async def test_what_could_return_too_much_is_refused_with_sizes_that_are_allowed() -> None:
    async def read(_: object) -> list[object]:
        raise AssertionError("nothing is read")

    engine = Engine(CACHE, read)  # type: ignore[arg-type]
    result, status = await engine.execute(SCHEMA, DEEP, None, {"n": 100})
    assert (status, result.data) == (400, None)
    assert result.errors
    (error,) = result.errors
    assert error.extensions == {"code": QueryTooComplex.code}
    assert "could have 810,050 nodes; 50,000 are allowed" in error.message
    bound = bind(DEEP, n=100)
    sizes = bound.compiled.cost.suggest_sizes(bound.variables, UNKNOWN, 50_000)
    assert [(path, size) for path, size, _ in sizes] == [
        (("sources",), 50), (("sources", "passages"), 100),
        (("sources", "passages", "source", "passages"), 80),
    ]  # fmt: skip
    first, second, third = (smaller for _, _, smaller in sizes)
    assert f"sources.passages (first: {second} in place of 100)" in error.message
    shorter = DEEP.replace("first: 50", f"first: {first}").replace("first: 80", f"first: {third}")
    assert 25_000 < cost(shorter, n=second) <= 50_000


def test_lists_that_no_shorter_page_would_allow_are_refused_without_sizes() -> None:
    bound = bind("{ people { nodes { id } } }")
    assert bound.compiled.cost.suggest_sizes(bound.variables, UNKNOWN, 0) == []


SHOWN = "... on Node { id caption }"


def plausible_operations() -> Iterator[str]:
    """Yield operations that people would ask: lists, what each link leads to, and one step on."""
    for node in DOMAIN.concrete:
        yield f"{{ {node.plural}(first: 100) {{ totalCount nodes {{ id caption }} }} }}"
        for link in DOMAIN.links(node).values():
            below = select(link, SHOWN)
            yield f"{{ {node.plural} {{ nodes {{ id caption {below} }} }} }}"
            yield f'{{ {node.field}(id: "{node.kind}:x") {{ {below} }} }}'
            (target, *_) = DOMAIN.concrete_of(*link.targets)
            for further in list(DOMAIN.links(target).values())[:3]:
                inner = f"... on {target.label} {{ {select(further, SHOWN)} }}"
                yield f"{{ {node.plural}(first: 10) {{ nodes {{ id {select(link, inner)} }} }} }}"


def select(link: Link, fields: str) -> str:
    return f"{link.name} {{ {fields} }}" if link.one else f"{link.name} {{ nodes {{ {fields} }} }}"


def test_plausible_operations_are_allowed() -> None:
    asked = list(dict.fromkeys(plausible_operations()))
    assert len(asked) > 200
    limit = CACHE.limits.cost
    assert {text for text in asked if cost(text) > limit} == set()
