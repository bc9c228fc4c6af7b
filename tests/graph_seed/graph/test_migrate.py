"""A graph follows its vocabulary: labels are put right, what is not declared is refused."""

from collections.abc import Iterator

import neo4j
import pytest

from graph_seed import LoadError, ensure_schema, load, load_files, unload
from schema.build import Declaration, build_vocabulary
from schema.declare import Endpoints
from schema.domain import DECLARATIONS, DOMAIN
from schema.lint import lint
from tests.builders import facts, record
from tests.conftest import DATABASE, clear
from tests.graph_seed.graph.test_standing import CORRECTION, RETRACTION, SHARED, claim, entities
from tests.graph_seed.loading.test_load import RIVER, rows
from tests.graph_seed.loading.test_load_traps import loaded
from tests.schema.declarations import node, relationship, text

THING = node()
PARENT = node("Parent", {"colour": text()}, kind=None, plural="parents")
CHILD = node("Thing", parents=(PARENT,))
EXTRA: tuple[Declaration, ...] = (
    THING,
    relationship("Touches", Endpoints(THING, THING, "0..n", forward="touches", back="touchedBy")),
)


@pytest.fixture
def graph(empty: neo4j.Driver) -> Iterator[neo4j.Driver]:
    """One that is put back to the domain afterwards."""
    yield empty
    clear(empty)
    ensure_schema(empty, DATABASE, DOMAIN)


def test_nodes_get_the_labels_of_a_new_parent_and_lose_those_of_an_old_one(
    graph: neo4j.Driver,
) -> None:
    with_parent = lint(build_vocabulary([*DECLARATIONS, PARENT, CHILD]))
    parentless = lint(
        build_vocabulary([*DECLARATIONS, PARENT, node("Other", parents=(PARENT,)), THING])
    )
    ensure_schema(graph, DATABASE, parentless)
    rows(
        graph,
        "CREATE (:Thing:Node {id: 'thing:now', recordedIn: 1}), "
        "(:PastThing:PastNode {id: 'thing:then', recordedIn: 1, expiredIn: 2}), "
        "(:Clock:Mine {id: 'other'})",
    )
    assert ensure_schema(graph, DATABASE, with_parent)
    labelled = "MATCH (n {id: $id}) UNWIND labels(n) AS l WITH l ORDER BY l RETURN collect(l)"
    now, then = labelled.replace("$id", "'thing:now'"), labelled.replace("$id", "'thing:then'")
    assert rows(graph, now) == [[["Node", "Parent", "Thing"]]]
    assert rows(graph, then) == [[["PastNode", "PastParent", "PastThing"]]]
    assert ensure_schema(graph, DATABASE, parentless)
    assert rows(graph, now) == [[["Node", "Thing"]]]
    assert rows(graph, then) == [[["PastNode", "PastThing"]]]


def test_what_is_no_longer_declared_is_refused_and_kept(graph: neo4j.Driver) -> None:
    ensure_schema(graph, DATABASE, lint(build_vocabulary([*DECLARATIONS, *EXTRA])))
    rows(
        graph,
        "CREATE (a:Thing:Node {id: 'thing:a', recordedIn: 1})-[:TOUCHES {recordedIn: 1}]->"
        "(:Thing:Node {id: 'thing:b', recordedIn: 1})",
    )
    for _ in range(2):
        with pytest.raises(LoadError, match="2 Thing, 1 TOUCHES") as caught:
            ensure_schema(graph, DATABASE, DOMAIN)
        assert caught.value.code == "UNDECLARED"
    assert rows(graph, "MATCH (:Thing)-[r:TOUCHES]->(:Thing) RETURN count(r)") == [[1]]
    with pytest.raises(LoadError, match="2 Thing"):
        unload(graph, "source:river-talks", database=DATABASE, migrate=True)


def test_a_relationship_that_another_type_declares_now_is_refused(graph: neo4j.Driver) -> None:
    other = node("Other", kind="other", plural="others")
    both = (
        THING,
        other,
        relationship("Touches", *(Endpoints(one, THING, "0..n", forward="touches", back="touchedBy")
            for one in (THING, other))),
    )  # fmt: skip
    ensure_schema(graph, DATABASE, lint(build_vocabulary([*DECLARATIONS, *both])))
    rows(
        graph,
        "CREATE (a:Other:Node {id: 'other:a', recordedIn: 1})-[:TOUCHES {recordedIn: 1}]->"
        "(:Thing:Node {id: 'thing:b', recordedIn: 1})",
    )
    with pytest.raises(LoadError, match="1 TOUCHES of no Thing") as caught:
        ensure_schema(graph, DATABASE, lint(build_vocabulary([*DECLARATIONS, *EXTRA, other])))
    assert caught.value.code == "UNDECLARED"


def test_what_a_researcher_drew_is_no_reason_to_refuse(graph: neo4j.Driver) -> None:
    load_files(graph, [RIVER], database=DATABASE)
    rows(graph, "MATCH (a:Person), (b:Issue) WITH a, b LIMIT 1 CREATE (a)-[:LIKES]->(b)")
    rows(graph, "MATCH (n:Person) SET n:Interesting")
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, "MATCH (n:Person) WHERE NOT n:Interesting RETURN count(n)") == [[0]]


def test_every_fact_of_a_bundle_survives_a_migration(graph: neo4j.Driver) -> None:
    load_files(graph, [RIVER], database=DATABASE)
    held = "MATCH (n:Node) WITH n ORDER BY n.id RETURN collect([labels(n), properties(n)])"
    before = rows(graph, held)
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, held) == before


def test_a_graph_without_the_names_of_other_sources_gets_them(graph: neo4j.Driver) -> None:
    names = {"one": "Osprey Bank", "two": "Bank of the Osprey", "three": "The Osprey Bank"}
    for day, (key, name) in enumerate(names.items(), start=1):
        made = facts(key, record("organization:o", name=name), published=f"2031-01-0{day}")
        load(graph, made, database=DATABASE)
    unload(graph, "source:three", database=DATABASE)
    stored = (
        "MATCH (o:Organization|PastOrganization) "
        "RETURN o.nameVariants, o.nameFolded, o.nameAllFolded, o.searchWords ORDER BY o.recordedIn"
    )
    before = rows(graph, stored)
    assert len(before) == 4
    rows(
        graph,
        "MATCH (o:Organization|PastOrganization) SET o.nameFolded = o.nameAllFolded "
        "REMOVE o.nameVariants, o.nameAllFolded",
    )
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'of an earlier release'")
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, stored) == before


WHOLE = (
    "MATCH (n:Fact|PastFact) OPTIONAL MATCH (n)-[r]->(m) "
    "WITH n, r, m ORDER BY n.id, n.recordedIn, type(r), m.id, m.recordedIn "
    "WITH n, collect([type(r), properties(r), m.id, m.recordedIn]) AS relationships "
    "RETURN labels(n), properties(n), relationships ORDER BY n.id, n.recordedIn"
)
FORMER = """
MATCH (s:Statement|PastStatement) SET s.statementStatus = s.standing
MATCH (f:Fact|PastFact) REMOVE f.standing
MATCH ()-[r:SUPERSEDES|WAS_SUPERSEDES]->() REMOVE r.supersededOn, r.supersededOnEarliest
MATCH ()-[r:SUPERSEDES|WAS_SUPERSEDES]->() REMOVE r.supersededOnLatest
MATCH (c:Clock) SET c.vocabulary = 'former'
"""
"""Makes of a graph one of before: only statements had a standing, corrections had no dates."""
UNCHANGED = (
    "MATCH (n:TradeFigure)-[:WAS]->(c) MATCH (n)-[:WAS*0..1]->(next) "
    "WHERE next.recordedIn = c.expiredIn AND next.value = c.value "
    "WITH c, next, c.recordedIn AS since ORDER BY since LIMIT 1 "
    "SET next.recordedIn = since DETACH DELETE c RETURN since"
)
"""Makes one state of two of a figure that differ by its standing alone."""


def test_claims_get_the_standing_that_they_had_at_each_version(graph: neo4j.Driver) -> None:
    f, s, uses = "figure:one/f", "statement:one/s", ["figure:one/f", "statement:one/s"]
    loaded(graph, entities())
    loaded(graph, facts("one", claim(f), claim(s), claim("position:one/p"), uses=SHARED))
    both = (
        claim("figure:two/f", {"supersedes": [(f, CORRECTION)]}),
        claim("statement:two/s", {"supersedes": [(s, RETRACTION)]}, saidOn="2031-05-28"),
        claim("statement:two/t", {"figures": ["figure:two/f"]}, saidOn="2031-05-20"),
    )
    loaded(graph, facts("two", *both, uses=uses, published="2031-06"))
    loaded(graph, facts("one", claim(f, value="2"), claim(s), claim("position:one/p"), uses=SHARED))
    retracting = claim("figure:three/f", {"supersedes": [(f, RETRACTION)]})
    loaded(graph, facts("three", retracting, uses=[f], published="2031-07"))
    loaded(graph, facts("three", claim("figure:three/f"), published="2031-07"))
    expected = rows(graph, WHOLE)
    states = "MATCH (:TradeFigure {id: $f})-[:WAS*0..1]->(x) RETURN x.recordedIn, x.standing"
    known = [
        [2, "standing"],
        [3, "corrected"],
        [4, "corrected"],
        [5, "retracted"],
        [6, "corrected"],
    ]
    assert sorted(rows(graph, states, f=f)) == known
    for statement in FORMER.strip().splitlines():
        rows(graph, statement)
    while rows(graph, UNCHANGED):
        pass
    assert len(rows(graph, states, f=f)) == 2
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, WHOLE) == expected
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, WHOLE) == expected, "once more changes nothing"
    assert not loaded(graph, facts("two", *both, uses=uses, published="2031-06")).made_version


def test_search_words_of_an_earlier_release_are_made_again(graph: neo4j.Driver) -> None:
    """Folded texts, the ids of entities that facts name, in the past as now; and the indexes."""
    for about in ("issue:tolls", "issue:water"):
        made = facts(
            "one",
            record("issue:tolls"),
            record("issue:water", name="Amélie’s Water"),
            record(
                "statement:one/s",
                {"about": [about]},
                text="It is scarce.",
                mode="narration",
                attribution="narrator",
            ),
        )
        load(graph, made, database=DATABASE)
    stored = (
        "MATCH (n:Statement|PastStatement|Issue) "
        "RETURN n.id, n.searchWords, n.nameFolded ORDER BY n.recordedIn, n.id"
    )
    before = rows(graph, stored)
    words = [row[1] for row in before if row[0] == "statement:one/s"]
    assert words == ["it is scarce @issue:tolls", "it is scarce @issue:water"]
    rows(graph, "MATCH (n:Statement|PastStatement) REMOVE n.searchWords")
    rows(graph, "MATCH (n:Issue) SET n.searchWords = 'x', n.nameFolded = 'x'")
    rows(graph, "DROP INDEX parley_full_text")
    rows(
        graph,
        "CREATE FULLTEXT INDEX parley_full_text FOR (n:Statement) ON EACH [n.searchWords] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}",
    )
    rows(graph, "MATCH (c:Clock) SET c.vocabulary = 'of an earlier release'")
    assert ensure_schema(graph, DATABASE, DOMAIN)
    assert rows(graph, stored) == before
    analyzer = "options.indexConfig['fulltext.analyzer']"
    index = "SHOW INDEXES YIELD name, options WHERE name = 'parley_full_text'"
    assert rows(graph, f"{index} RETURN {analyzer}") == [["whitespace"]]
