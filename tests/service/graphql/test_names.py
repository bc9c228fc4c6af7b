"""Tests of names: filters test all names of an entity, orderings only its own."""

import asyncio
from typing import Any

import neo4j
import pytest
from graphql import parse

from graph_seed import load
from schema.domain import DOMAIN
from service.graphql.plan.cache import PlanCache
from service.graphql.run.engine import Engine
from tests.builders import facts, record, statement
from tests.conftest import DATABASE, clear
from tests.querying import SCHEMA, answer, execute

# Invented.
AGREEMENTS = (
    record("agreement:pact", name="Northern Pact", aliases=["NPACT", "Pact of Tarrow"]),
    record("agreement:accord", name="Accord"),
)
PEOPLE = (
    record("person:tie-1", name="Bruno", aliases=["Zoltan the Old"]),
    record("person:tie-2", name="bruno"),
    record("person:tie-3", name="BRUNO", aliases=["Anselm"]),
    record("person:ada", name="Ada Vey", previousNames=["Ada Núñez"]),
)
ISSUES = (
    record("issue:b", name="beta"),
    record("issue:z", name="zeta"),
    record("issue:a", name="Ångström"),
)
BODIES = (
    record("organization:mill", {}, name="Mill Board", classification="zeta"),
    record("organization:weir", {}, name="Weir Board", classification="Ångström"),
    record("organization:lock", {}, name="Lock Board", classification="beta"),
    record("organization:quay", {}, name="Quay Board"),
)
TALKS = record(
    "event:talks",
    {
        "participants": [
            ("person:ada", {"participantRole": "host"}),
            ("person:tie-1", {"participantRole": "Negotiator"}),
            ("person:tie-2", {}),
            ("person:tie-3", {"participantRole": "negotiator"}),
        ]
    },
    eventType="talks",
)
SAID = statement(
    "statement:one/said",
    {
        "speakers": ["person:ada"],
        "about": ["issue:z", "agreement:accord", "figure:one/toll", "issue:a", "event:talks"],
    },
    saidOn="0001-01-01",
)
TOLL = record(
    "figure:one/toll",
    measure="toll",
    unit="USD",
    comparator="eq",
    figureStatus="observed",
    value="1",
)


@pytest.fixture(scope="module")
def named(driver: neo4j.Driver) -> neo4j.Driver:
    clear(driver)
    one = facts(
        "one", *AGREEMENTS, *PEOPLE, *ISSUES, *BODIES, TALKS, SAID, TOLL, published="2031-01-01"
    )
    load(driver, one, database=DATABASE)
    other = record("organization:mill", name="Board of Mills")
    load(driver, facts("two", other, published="2031-02-01"), database=DATABASE)
    return driver


def ids(data: dict[str, Any]) -> list[str]:
    (found,) = data.values()
    return [one["id"] for one in found["nodes"]]


# --- filters ---


FILTERS: list[tuple[str, str, list[str]]] = [
    ("agreements", 'name: {eq: "NPACT"}', ["agreement:pact"]),
    ("agreements", 'name: {eq: "Northern Pact"}', ["agreement:pact"]),
    ("agreements", 'name: {eq: "npact"}', []),
    ("agreements", 'name: {eq: ""}', []),
    ("agreements", 'name: {eq: "\\n"}', []),
    ("agreements", 'name: {in: ["NPACT", "x"]}', ["agreement:pact"]),
    ("agreements", "name: {in: []}", []),
    ("agreements", 'name: {notIn: ["NPACT"]}', ["agreement:accord"]),
    ("agreements", 'not: {name: {eq: "NPACT"}}', ["agreement:accord"]),
    ("agreements", 'not: {name: {startsWith: "pact of"}}', ["agreement:accord"]),
    ("agreements", 'name: {startsWith: "PACT"}', ["agreement:pact"]),
    ("agreements", 'name: {startsWith: "of tarrow"}', []),
    ("agreements", 'name: {endsWith: "npact"}', ["agreement:pact"]),
    ("agreements", 'name: {contains: "npact pact"}', []),
    ("agreements", 'name: {contains: "npact\\npact"}', []),
    ("agreements", 'name: {eq: "NPACT", contains: "tarrow"}', ["agreement:pact"]),
    ("people", 'name: {eq: "Ada Núñez"}', ["person:ada"]),
    ("people", 'name: {eq: "Ada Nun\\u0303ez"}', []),
    ("people", 'name: {contains: "nunez"}', ["person:ada"]),
    ("actors", 'name: {in: ["Board of Mills", "Mill Board"]}', ["organization:mill"]),
    ("entities", 'name: {in: ["beta", "Anselm"]}', ["issue:b", "person:tie-3"]),
    ("entities", 'name: {eq: "Zoltan the Old"}', ["person:tie-1"]),
    ("organizations", 'name: {endsWith: "mills"}', ["organization:mill"]),
    ("organizations", 'name: {eq: "Mill Board"}', ["organization:mill"]),
    ("statements", 'speakers: {some: {name: {eq: "Ada Núñez"}}}', ["statement:one/said"]),
    ("statements", 'speakers: {none: {name: {eq: "Ada Núñez"}}}', []),
]  # fmt: skip


def directive(driver: neo4j.Driver, *, then: bool) -> str:
    """Return a directive that asks for what was recorded by the last load."""
    if not then:
        return ""
    with driver.session(database=DATABASE) as session:
        latest = session.run("MATCH (l:Load) RETURN toString(max(l.at))").single(strict=True)
    return f'@asOf(systemTime: "{latest[0]}")'


@pytest.mark.parametrize("then", [False, True])
def test_filters_test_every_name(named: neo4j.Driver, then: bool) -> None:
    lists = " ".join(
        f"f{index}: {plural}(where: {{{where}}}) {{ nodes {{ id }} totalCount }}"
        for index, (plural, where, _) in enumerate(FILTERS)
    )
    data = answer(named, f"query {directive(named, then=then)} {{ {lists} }}")
    for index, (_, where, found) in enumerate(FILTERS):
        assert [one["id"] for one in data[f"f{index}"]["nodes"]] == found, where
        assert data[f"f{index}"]["totalCount"] == len(found), where


@pytest.mark.parametrize("operator", ["contains", "startsWith", "endsWith"])
@pytest.mark.parametrize("text", ["", "\n", "\u0301", "\u00ad \u0308\n"])
def test_a_text_that_folds_to_nothing_is_refused(
    named: neo4j.Driver, operator: str, text: str
) -> None:
    where = f"{{name: {{{operator}: $x}}}}"
    query = f"query ($x: String!) {{ people(where: {where}) {{ totalCount }} }}"
    (error,) = execute(named, query, {"x": text}).errors or []
    assert (error.extensions or {})["code"] == "BAD_USER_INPUT"
    assert error.path == ["people"]


@pytest.mark.parametrize(
    ("plural", "where"),
    [
        ("people", 'name: {eq: "Anselm"}'),
        ("people", 'name: {in: ["Anselm", "Bruno"]}'),
        ("actors", 'name: {in: ["Anselm", "Bruno"]}'),
        ("entities", 'name: {eq: "Anselm"}'),
    ],
)
def test_exact_names_are_read_from_an_index(named: neo4j.Driver, plural: str, where: str) -> None:
    plans: list[str] = []
    with named.session(database=DATABASE) as session:

        async def explained(queries: Any) -> Any:
            for one in queries:
                text = one.text.replace("CYPHER 5", "CYPHER 5 EXPLAIN", 1)
                plans.append(str(session.run(text, one.parameters).consume().plan))
            raise NotImplementedError

        engine = Engine(PlanCache(DOMAIN), explained)
        document = parse(f"{{ {plural}(where: {{{where}}}) {{ nodes {{ id }} }} }}")
        with pytest.raises(NotImplementedError):
            asyncio.run(engine.answer(SCHEMA._schema, document, None, {}))
    (plan,) = plans
    assert "NodeIndexContainsScan" in plan
    assert "LabelScan" not in plan


# --- orderings ---


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("[{name: ASC}]", ["ada", "tie-1", "tie-2", "tie-3"]),
        ("[{name: DESC}]", ["tie-1", "tie-2", "tie-3", "ada"]),
        ("[{name: DESC}, {id: DESC}]", ["tie-3", "tie-2", "tie-1", "ada"]),
        ("[{name: ASC}, {id: DESC}]", ["ada", "tie-3", "tie-2", "tie-1"]),
    ],
)
@pytest.mark.parametrize("then", [False, True])
def test_aliases_decide_nothing_in_an_order_by_name(
    named: neo4j.Driver, order: str, found: list[str], then: bool
) -> None:
    as_of = directive(named, then=then)
    pages = follow(named, "people", f"orderBy: {order}", as_of)
    assert pages == [f"person:{one}" for one in found]
    groups = answer(
        named, f"query {as_of} {{ people {{ groupBy(by: {{anonymous: true}}) {{ "
        f"members(orderBy: {order}) {{ nodes {{ id }} }} }} }} }}",
    )["people"]["groupBy"]  # fmt: skip
    assert [ids(one) for one in groups] == [pages]


@pytest.mark.parametrize("then", [False, True])
@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("ASC", ["person:ada", "person:tie-1", "person:tie-3", "person:tie-2"]),
        ("DESC", ["person:tie-1", "person:tie-3", "person:ada", "person:tie-2"]),
    ],
)
def test_edges_are_ordered_by_their_own_properties(
    named: neo4j.Driver, order: str, found: list[str], then: bool
) -> None:
    as_of = directive(named, then=then)
    list_ = f"orderBy: [{{edge: {{participantRole: {order}}}}}]"
    assert follow(named, "participants", list_, as_of, 'event(id: "event:talks")') == found


@pytest.mark.parametrize("then", [False, True])
def test_a_mixed_list_is_ordered_by_name(named: neo4j.Driver, then: bool) -> None:
    as_of = directive(named, then=then)
    at = 'statement(id: "statement:one/said")'
    rising = ["agreement:accord", "issue:a", "event:talks", "issue:z", "figure:one/toll"]
    assert follow(named, "about", "orderBy: [{name: ASC}]", as_of, at) == rising
    falling = ["issue:z", "event:talks", "issue:a", "agreement:accord", "figure:one/toll"]
    assert follow(named, "about", "orderBy: [{name: DESC}]", as_of, at) == falling
    by_measure = follow(named, "about", "orderBy: [{measure: ASC}, {name: ASC}]", as_of, at)
    assert by_measure == ["figure:one/toll", *rising[:-1]]


def follow(
    driver: neo4j.Driver, plural: str, order: str, as_of: str = "", owner: str = ""
) -> list[str]:
    """Read a list whole, two by two; assert that it is the same from behind."""

    def read(first: str, cursor: str, info: str) -> list[list[str]]:
        pages: list[list[str]] = []
        after = ""
        while True:
            fields = f"{{ nodes {{ ... on Node {{ id }} }} pageInfo {{ {info} }} }}"
            page = f"{plural}({order}, {first}: 2{after}) {fields}"
            text = f"{{ one: {owner} {{ {page} }} }}" if owner else f"{{ {page} }}"
            data = answer(driver, f"query {as_of} {text}")
            found = data["one"][plural] if owner else data[plural]
            pages.append([one["id"] for one in found["nodes"]])
            more, end = (found["pageInfo"][name] for name in info.split())
            if not more:
                return pages
            after = f', {cursor}: "{end}"'

    forward = [one for page in read("first", "after", "hasNextPage endCursor") for one in page]
    back = read("last", "before", "hasPreviousPage startCursor")
    assert [one for page in reversed(back) for one in page] == forward
    return forward


# --- groups ---


def test_groups_are_ordered_as_lists_are(named: neo4j.Driver) -> None:
    query = """{ organizations {
      rising: groupBy(by: {classification: true}, orderBy: {key: ASC}) { key { value } }
      falling: groupBy(by: {classification: true}, orderBy: {key: DESC}) { key { value } }
      most: groupBy(by: {classification: true}) { key { value } }
      nodes: groupBy(by: {name: true}, orderBy: {key: ASC}) { key { value } }
    } }"""
    found = {
        name: [group["key"]["value"] for group in groups]
        for name, groups in answer(named, query)["organizations"].items()
    }
    assert found["rising"] == found["most"] == ["Ångström", "beta", "zeta", None]
    assert found["falling"] == ["zeta", "beta", "Ångström", None]
    assert found["nodes"] == ["Lock Board", "Mill Board", "Quay Board", "Weir Board"]


def test_parts_of_early_dates_have_years_of_four_digits(named: neo4j.Driver) -> None:
    parts = {"YEAR": "0001", "QUARTER": "0001-Q1", "MONTH": "0001-01", "DAY": "0001-01-01"}
    groups = " ".join(
        f"{part}: groupBy(by: {{saidOn: {part}}}) {{ key {{ value }} }}" for part in parts
    )
    found = answer(named, f"{{ statements {{ {groups} }} }}")["statements"]
    assert {part: found[part][0]["key"]["value"] for part in parts} == parts
