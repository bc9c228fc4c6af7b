"""Tests of the list of changes, against a comparison of the states of the graph."""

import random
from collections.abc import Iterator
from typing import Any

import neo4j
import orjson
import pytest

from graph_seed import LoadError, load, unload
from graph_seed.graph.migrate import restore_link_changes
from graph_seed.records import Facts
from schema.domain import DOMAIN
from service.errors import BadUserInput
from tests.builders import facts, record
from tests.conftest import DATABASE
from tests.graph_seed.loading.test_load import rows
from tests.oracle import Graph, Oracle
from tests.querying import SCHEMA, answer
from tests.random_facts import FactsGenerator, list_claims

FORWARD = """
query Forward($since: Int!, $until: Int, $after: String) {
  changes(since: $since, until: $until, first: 9, after: $after) {
    until
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor
      node {
        id kind version load { id at } nodeId nodeType caption node { id caption }
        link targetId targetCaption target { id } values { name old new }
      }
    }
  }
}
"""
BACKWARD = FORWARD.replace("first: 9, after: $after", "last: 9, before: $after")
KEYS = ("one", "two")
VERSIONS = 6


@pytest.fixture
def states(empty: neo4j.Driver) -> list[Graph]:
    """The states of a graph at each version: random sources that change, expire and come back."""
    chance = random.Random(3)
    generator = FactsGenerator(DOMAIN, chance, entities=2, facts=2, order="0", cyclic=0.02)
    loaded: dict[str, Facts] = {}
    found = [Graph(DOMAIN, [], [])]
    while len(found) <= VERSIONS:
        key = chance.choice(KEYS)
        source = f"source:{key}"
        generator.claims = [one for some in loaded.values() for one in list_claims(DOMAIN, some)]
        try:
            if source in loaded and chance.random() < 0.4:
                report = unload(empty, source, database=DATABASE)
                del loaded[source]
            else:
                made = generator.source(key)
                (report,) = load(empty, made, database=DATABASE)
                loaded[source] = made
        except LoadError as error:
            assert error.code in {"UNKNOWN_ID", "IN_USE", "CIRCLE"}
            continue
        if report.made_version:
            found.append(Graph.read(empty, DATABASE, DOMAIN))
    return found


def pages(driver: neo4j.Driver, document: str, **variables: Any) -> Iterator[dict[str, Any]]:
    """Yield the pages of a list of changes, each after the one before."""
    cursor = None
    forward = document == FORWARD
    while True:
        page = answer(driver, document, {**variables, "after": cursor})["changes"]
        yield page
        info = page["pageInfo"]
        if not info["hasNextPage" if forward else "hasPreviousPage"]:
            return
        cursor = info["endCursor" if forward else "startCursor"]


@pytest.mark.parametrize("document", [FORWARD, BACKWARD], ids=["forward", "backward"])
def test_pages_are_those_of_a_comparison_of_states(
    states: list[Graph], empty: neo4j.Driver, document: str
) -> None:
    oracle = Oracle(SCHEMA.as_str(), states[-1], states[:-1])
    kinds: set[tuple[str, bool]] = set()
    number, cursor = 0, None
    for page in pages(empty, document, since=1, until=VERSIONS - 1):
        assert page["until"] == VERSIONS - 1
        info = page["pageInfo"]
        edges = [one["node"] for one in page["edges"]]
        forward = document == FORWARD
        number += len(edges)
        kinds |= {(one["kind"], one["link"] is None) for one in edges}
        variables = {"since": 1, "until": VERSIONS - 1, "after": cursor}
        expected = oracle.answer(document, variables)
        assert not expected.errors
        assert expected.data is not None
        assert orjson.dumps(page) == orjson.dumps(expected.data["changes"])
        cursor = info["endCursor" if forward else "startCursor"]
    assert number > 60
    assert kinds == {
        (kind, own) for kind in ("ADDED", "CHANGED", "EXPIRED") for own in (True, False)
    }


MARKS = "MATCH (m:LinkChange) RETURN m.version, m.id ORDER BY m.version, m.id"


@pytest.fixture
def described(empty: neo4j.Driver) -> neo4j.Driver:
    """A graph in which another source describes an issue, and then no longer does."""
    load(empty, facts("one", record("issue:toll")), database=DATABASE)
    load(empty, facts("two", record("issue:toll"), record("issue:fish")), database=DATABASE)
    load(empty, facts("two", record("issue:fish")), database=DATABASE)
    return empty


def test_links_that_change_from_a_node_that_does_not_are_listed(described: neo4j.Driver) -> None:
    ask = "{ changes(since: %s, first: 100) { nodes { nodeId kind link targetId } } }"
    for since, kind in ((1, "ADDED"), (2, "EXPIRED")):
        found = answer(described, ask % since)["changes"]["nodes"]
        assert {
            "nodeId": "issue:toll",
            "kind": kind,
            "link": "descriptions",
            "targetId": "source:two",
        } in found
        assert not [one for one in found if (one["nodeId"], one["link"]) == ("issue:toll", None)]


def test_marks_of_changed_links_are_restored_by_a_migration(described: neo4j.Driver) -> None:
    before = rows(described, MARKS)
    assert before == [[2, "issue:toll"], [3, "issue:toll"]]
    rows(described, "MATCH (m:LinkChange) DELETE m")
    with described.session(database=DATABASE) as session:
        for _ in range(2):  # it may be begun again
            restore_link_changes(lambda text, **given: list(session.run(text, given)), DOMAIN)
    assert rows(described, MARKS) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("since: 9", "since is 9, but the version that is read is 1"),
        ("since: 0, until: 2", "until is 2, but the version that is read is 1"),
        ("since: 1, until: 0", "until is 0, before since, 1"),
        ("since: -1", "since is -1; give a version of the graph, from 0 on"),
        ('since: 0, first: 2, after: "x"', "not a cursor of changes"),
        ("since: 0, first: 101", "give a number from 0 to 100"),
        ("since: 0, first: 1, last: 1", "first or last, not both"),
    ],
)
def test_wrong_arguments_are_refused(empty: neo4j.Driver, arguments: str, message: str) -> None:
    load(empty, facts("one", record("issue:toll")), database=DATABASE)
    with pytest.raises((BadUserInput, AssertionError), match=message):
        answer(empty, f"{{ changes({arguments}) {{ until }} }}")


def test_a_former_version_lists_the_changes_up_to_it(empty: neo4j.Driver) -> None:
    load(empty, facts("one", record("issue:toll")), database=DATABASE)
    load(empty, facts("two", record("issue:fish")), database=DATABASE)
    ask = "{ changes(since: 0, first: 100) { until nodes { version node { id } nodeId } } }"
    then = answer(empty, f"query @asOf(version: 1) {ask}")["changes"]
    assert then["until"] == 1
    assert {one["version"] for one in then["nodes"]} == {1}
    assert all(one["node"]["id"] == one["nodeId"] for one in then["nodes"])
