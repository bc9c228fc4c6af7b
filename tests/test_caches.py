"""Tests that every cache is bounded by the memory that it retains."""

import functools
import importlib
import random
import string
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

import graph_seed
import schema
import service
from graph_seed.values.short_cache import cache_short
from schema.declare import Enumeration
from schema.domain import DOMAIN
from schema.model import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.limits import Limits
from service.graphql.types.schema import make_schema
from service.weighted_lru import WeightedLRU
from tests.memory import reachable_objects, retained_bytes

CASES = sorted((Path(__file__).parent / "cases").glob("*/query.graphql"))
DECLARED = {Vocabulary, NodeType, Link, Property, type[Enumeration]}
"""What is declared once: no input adds to it."""
BY_NAMES = {
    "graph_seed.checking.validate._compile",
    "graph_seed.values.currencies._names_of",
    "graph_seed.values.scales._currencies",
    "graph_seed.values.scales._scales",
    "schema.captions.parse_template",
    "schema.names.camel",
}
"""Caches by a text of a declaration, by the code of a currency that there is, or by a script."""
ROOMS = {"schema", "graph_seed", "service"}
OF_FEW = 2
"""Entries of a cache of whole texts: the one that is worked on, and another."""


def caches() -> dict[str, Any]:
    """Return every cache of a function in the product."""
    found: dict[str, Any] = {}
    for room in (schema, graph_seed, service):
        root = Path(str(room.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            if path.stem in {"__main__", "lock_jars"}:
                continue
            parts = path.relative_to(root).with_suffix("").parts
            module = importlib.import_module(".".join([room.__name__, *parts]))
            for one in vars(module).values():
                if not isinstance(one, functools._lru_cache_wrapper):
                    continue
                if one.__wrapped__.__module__.partition(".")[0] in ROOMS:
                    found[f"{one.__wrapped__.__module__}.{one.__wrapped__.__qualname__}"] = one
    return found


def test_a_cache_without_a_bound_is_by_what_is_declared() -> None:
    """Another has to be of few texts, or by ``cache_short``, or ``WeightedLRU``."""
    of_names: set[str] = set()
    for name, one in caches().items():
        if (most := one.cache_parameters()["maxsize"]) is not None:
            assert most == OF_FEW, name
            continue
        hints = typing.get_type_hints(one.__wrapped__)
        hints.pop("return")
        if not set(hints.values()) <= DECLARED:
            of_names.add(name)
    assert of_names == BY_NAMES


def test_a_cache_of_short_texts_keeps_no_long_ones() -> None:
    seen: list[str] = []

    @cache_short(2, longest=3)
    def length(text: str) -> int:
        seen.append(text)
        return len(text)

    for text in ("a", "b", "a", "long", "long", "c", "b"):
        assert length(text) == len(text)
    assert seen == ["a", "b", "long", "long", "c", "b"]


SCHEMA = functools.cache(lambda: make_schema(DOMAIN)._schema)


def plan_cache(operations: int = 10**9, plans: int = 10**9) -> PlanCache:
    return PlanCache(
        DOMAIN,
        operations=WeightedLRU(operations),
        plans=WeightedLRU(plans),
        limits=Limits(conditions=100_000, subqueries=100_000, cost=1_000_000_000),
    )


def ask(one: PlanCache, text: str, variables: dict[str, object]) -> None:
    kept = one.find(text, None)
    one.bind(kept or one.prepare(SCHEMA(), parse(text), None, text), variables)


IDS = ", ".join(f'"person:someone-{number}"' for number in range(1000))
FIELDS = " ".join(f"a{number}: name" for number in range(1000))
LISTS = " ".join(
    f'a{n}: people(where: {{name: {{contains: "{n}"}}}}) '
    "{ nodes { id statements { nodes { id caption } } } }"
    for n in range(20)
)
DOCUMENTS: list[tuple[str, dict[str, object]]] = [
    ("{ __typename }", {}),
    ("{ __typename } #" + "x" * 50_000, {}),
    ("{ __typename } #" + "é中😀" * 20_000, {}),
    (f"{{ people(where: {{id: {{in: [{IDS}]}}}}) {{ nodes {{ id }} }} }}", {}),
    (f"{{ people(first: 3) {{ nodes {{ {FIELDS} }} }} }}", {}),
    (f"{{ {LISTS} }}", {}),
    ("{ __schema { types { name fields { name args { name type { name } } } } } }", {}),
    ("query ($v: [ID!]!) { nodes(ids: $v) { id } }", {"v": ["a"] * 100}),
    (
        "query ($w: PersonWhere) { people(where: $w) { nodes { id } } }",
        {"w": {"or": [{"name": {"eq": str(number)}} for number in range(400)]}},
    ),
    *((text, {}) for text in (path.read_text("utf-8") for path in CASES) if "$" not in text),
]


@pytest.mark.parametrize(("text", "variables"), DOCUMENTS, ids=lambda one: str(one)[:30])
def test_what_is_kept_weighs_what_it_holds(text: str, variables: dict[str, object]) -> None:
    one = plan_cache()
    ask(one, text, variables)
    shared = reachable_objects(SCHEMA(), DOMAIN, PlanCache, one.pages, one.limits)
    for kept in (one.operations, one.plans):
        held = retained_bytes(list(kept._entries.items()), shared)
        assert 0.9 * held < kept.weight + 1000, "it holds more than it weighs"
        assert kept.weight < 12 * held, "it weighs much more than it holds"


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"{{ __typename }} #{n} " + "x" * 900_000,
        lambda n: f"{{ __typename }} #{n} " + "é" * 400_000,
        lambda n: f"{{ __typename{' ' * 100_000} }} #{n}",
        lambda n: f"{{ a{n}{'x' * 300_000}: __typename }}",
        lambda n: f'{{ people(where: {{name: {{eq: "{n}{"x" * 300_000}"}}}}) {{ totalCount }} }}',
        lambda n: f"query {'q' * 100_000}{n} {{ __typename }}",
    ],
)
def test_long_documents_are_not_kept(make: Callable[[int], str]) -> None:
    one = plan_cache()
    for number in range(3):
        ask(one, make(number), {})
    assert one.operations.weight == one.plans.weight == 0


def test_documents_of_middling_length_are_bounded() -> None:
    one = plan_cache(operations=1_000_000, plans=1_000_000)
    for number in range(60):
        ask(one, f"{{ __typename }} #{number} " + "x" * 60_000, {})
    assert one.operations.weight > 0
    shared = reachable_objects(SCHEMA(), DOMAIN, PlanCache, one.pages, one.limits)
    assert retained_bytes([one.operations, one.plans], shared) < 2_000_000


def test_many_small_ones_are_bounded_too() -> None:
    chance = random.Random(0)
    one = plan_cache(operations=300_000, plans=300_000)
    shared = reachable_objects(SCHEMA(), DOMAIN, PlanCache, one.pages, one.limits)
    for _ in range(300):
        key = "".join(chance.choices(string.ascii_letters, k=chance.randint(1, 400)))
        fields = " ".join(f"{key}{n}: name" for n in range(chance.randint(1, 4)))
        ask(one, f"query {key} {{ people {{ nodes {{ id {fields} }} }} }}", {})
    assert one.operations.weight <= one.operations.capacity
    assert retained_bytes([one.operations, one.plans], shared) < 700_000
