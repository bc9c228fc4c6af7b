"""Hints find entities that look alike by an index, however large the graph is."""

from typing import Any

import neo4j

from graph_seed import load
from graph_seed.graph.hints import find_hints, suggest_id
from graph_seed.graph.versions import Run
from graph_seed.loading import transaction
from graph_seed.state.elements import GraphNode, to_properties
from schema.domain import DOMAIN
from tests.builders import facts, record
from tests.conftest import DATABASE
from tests.graph_seed.loading.test_load import rows
from tests.profile import total_db_hits

ISSUE = DOMAIN.by_kind["issue"]
PERSON = DOMAIN.by_kind["person"]


def profiling(driver: neo4j.Driver, read: list[int]) -> Run:
    """Run queries, and add to the last of ``read`` what they read."""

    def run(text: str, **parameters: object) -> list[neo4j.Record]:
        with driver.session(database=DATABASE) as session:
            result = session.run(f"CYPHER 5 PROFILE {text}", parameters)
            found = list(result)
            read[-1] += total_db_hits(result.consume().profile)
            return found

    return run


def test_advice_on_an_id_reads_no_more_of_a_larger_graph(empty: neo4j.Driver) -> None:
    labels = ":".join(ISSUE.labels)
    load(empty, facts("one", record("issue:customs-duties")), database=DATABASE)
    read: list[int] = []
    for issues in (600, 4000):
        rows(
            empty,
            f"UNWIND range(1, $n) AS i CREATE (:{labels} {{id: 'issue:toll-' + $n + '-' + i, "
            "name: 'toll ' + i, nameFolded: 'toll ' + i, searchWords: 'toll ' + i})",
            n=issues,
        )
        rows(empty, "CALL db.awaitIndexes()")
        read.append(0)
        run = profiling(empty, read)
        assert suggest_id(run, DOMAIN, "issue:tol-600-77") == "; did you mean 'issue:toll-600-77'?"
        assert "'issue:customs-duties'" in suggest_id(run, DOMAIN, "issue:custom-duties")
        assert "'issue:customs-duties'" in suggest_id(run, DOMAIN, "issue:kustoms-duties")
        assert suggest_id(run, DOMAIN, "issue:none-of-these") == ""
    assert 0 < read[1] < 1.2 * read[0]


def test_hints_read_no_more_of_a_larger_graph(empty: neo4j.Driver) -> None:
    labels = ":".join(PERSON.labels)
    load(empty, facts("one", record("person:linda", name="Linda Hasenfratz")), database=DATABASE)
    new = GraphNode(PERSON, to_properties(PERSON, "person:new", {"name": "Linda Hasenfrats"}))
    read: list[int] = []
    run = profiling(empty, read)
    for people in (100, 3000):
        rows(
            empty,
            f"UNWIND range(1, $n) AS i CREATE (:{labels} {{id: 'person:' + $n + '-' + i, "
            "name: 'Linda ' + i, nameFolded: 'linda ' + i, searchWords: 'linda ' + i})",
            n=people,
        )
        rows(empty, "CALL db.awaitIndexes()")
        read.append(0)
        found = find_hints(run, DOMAIN, {"source:two": [new]}, [])
        assert "person:new is perhaps the same as person:linda" in found["source:two"][0]
    assert 0 < read[1] < 1.2 * read[0]


def test_typos_and_turned_words_are_hinted_at_and_other_types_are_not(empty: neo4j.Driver) -> None:
    held = [
        record("person:linda", name="Linda Hasenfratz"),
        record("person:tibor", name="Tibor", aliases=["Tibor Kovacs-Nagy"]),
        record("organization:linda", name="Linda Hasenfratz"),
    ]
    load(empty, facts("one", *held), database=DATABASE)
    for name, ids in {
        "Hasenfratz, Linda": ["person:linda"],
        "Lynda Hasenfratz": ["person:linda"],
        "Tibor Kovács Nagy": ["person:tibor"],
        "Linda Moreno": [],
        "OR AND NOT": [],
    }.items():
        (report,) = load(
            empty, facts("two", record("person:new", name=name)), database=DATABASE, dry_run=True
        )
        alike = [line.split(" as ")[1].split(" ")[0] for line in report.hints]
        assert alike == ids, name


def test_a_dry_run_hints_at_what_is_loaded_together(empty: neo4j.Driver) -> None:
    load(empty, facts("zero", record("issue:a")), database=DATABASE)
    given = [facts(key, record(f"person:{key}", name="Ada Moreno")) for key in ("one", "two")]
    (_, dry) = load(empty, given, database=DATABASE, dry_run=True)
    (_, done) = load(empty, given, database=DATABASE)
    assert dry.hints == done.hints
    assert "person:two is perhaps the same as person:one" in dry.hints[0]


def test_hints_are_looked_for_once_the_lock_is_free(empty: neo4j.Driver, monkeypatch: Any) -> None:
    load(empty, facts("zero", record("person:a", name="Ada Moreno")), database=DATABASE)
    versions: list[int] = []

    def seen(*_: object) -> dict[str, list[str]]:
        # Takes the lock that a load holds until its commit.
        with empty.session(database=DATABASE) as session:
            locked = "MATCH (c:Clock) SET c.lock = true RETURN c.version"
            versions.append(session.run(locked).single(strict=True)[0])
        return {}

    monkeypatch.setattr(transaction, "find_hints", seen)
    load(empty, facts("one", record("person:b", name="Ada Moreno")), database=DATABASE)
    assert versions == [2]
