"""Loading and unloading: identity, merging, refusals, attached texts, many at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph_seed import FactsError, LoadError, cite, ensure_schema, load, load_files, unload
from graph_seed.checking.check import check
from graph_seed.records import Facts
from graph_seed.text import hashed_text, text_sha256
from schema.domain import DOMAIN
from tests.concurrency import run_concurrently
from tests.conftest import DATABASE, clear

FACTS = Path(__file__).parents[2] / "facts"
RIVER = FACTS / "river-talks.yaml"
TEXT = hashed_text((FACTS / "river-talks.txt").read_bytes())
WORDS = "INVENTED. Ada Moreno said the toll is too high. Tarrow opposes it. The fourth sentence.\n"

Make = Callable[..., Facts]


def rows(driver: neo4j.Driver, text: str, **parameters: object) -> list[list[object]]:
    with driver.session(database=DATABASE) as session:
        return [record.values() for record in session.run(text, parameters)]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes facts of a source from the body of a facts file; each record cites the same words."""

    def made(body: str, source: str = "one", published: str = "", uses: str = "") -> Facts:
        path = tmp_path / f"{source}.yaml"
        date = f", publishedOn: {published}" if published else ""
        used = f"uses: [{uses}]\n" if uses else ""
        path.write_text(
            f"source: {{id: source:{source}, type: invented{date}}}\n{used}"
            + body.replace("FIND", "find: Ada Moreno"),
            encoding="utf-8",
        )
        assert cite(path, WORDS).problems == []
        checked = check([path], for_load=True)
        assert checked.problems == []
        return checked.facts[0]

    return made


def test_the_second_negotiation_loads_and_again_changes_nothing(empty: neo4j.Driver) -> None:
    (first,) = load_files(empty, [RIVER], database=DATABASE)
    assert first.made_version
    assert first.total("recorded") > 150
    (again,) = load_files(empty, [RIVER], database=DATABASE)
    assert not again.made_version
    assert again.version == first.version
    assert again.total("unchanged") == first.total("recorded")
    assert again.total("recorded") + again.total("changed") + again.total("expired") == 0
    found = rows(empty, "MATCH (s:Statement) RETURN s.id, s.standing")
    status = {key: value for key, value in found}  # noqa: C416 - rows are lists of two
    assert status["statement:river-talks/no-peace"] == "retracted"
    assert status["statement:river-talks/taken-back"] == "standing"
    found = rows(empty, "MATCH (:Figure|TradeFigure {id: 'figure:river-talks/toll-corrected'})"
                 "-[r:SUPERSEDES]->(o) RETURN o.id, r.supersession")  # fmt: skip
    assert found == [["figure:river-talks/toll-in-may", "correction"]]


def test_a_file_that_is_wrong_is_refused_whole(empty: neo4j.Driver) -> None:
    with pytest.raises(FactsError) as caught:
        load_files(empty, [FACTS / "river-talks.draft.yaml"], database=DATABASE)
    assert {p.code for p in caught.value.problems} == {"NOT_CITED"}
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_a_load_records_who_when_and_why_and_keeps_the_file(empty: neo4j.Driver) -> None:
    load_files(empty, [RIVER], database=DATABASE, by="the desk", note="first reading")
    found = rows(
        empty, "MATCH (l:Load) RETURN l.version, l.loadKind, l.sourceId, l.by, l.note, l.factsFile"
    )
    assert found == [
        [1, "load", "source:river-talks", "the desk", "first reading", RIVER.read_text("utf-8")]
    ]


def test_a_dry_run_reports_and_writes_nothing(empty: neo4j.Driver) -> None:
    (report,) = load_files(empty, [RIVER], database=DATABASE, dry_run=True)
    assert report.total("recorded") > 150
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_a_mended_fact_keeps_its_id_and_its_past(empty: neo4j.Driver, make: Make) -> None:
    body = "facts:\n- statement: s\n  says: {}\n  FIND\n"
    load(empty, make(body.format("First.")), database=DATABASE)
    (report,) = load(empty, make(body.format("Mended.")), database=DATABASE)
    assert report.counts["Statement"]["changed"] == 1
    found = rows(empty, "MATCH (s:Statement) OPTIONAL MATCH (s)-[:WAS]->(p:PastStatement) "
                 "RETURN s.id, s.text, s.recordedIn, p.text, p.recordedIn, p.expiredIn")  # fmt: skip
    assert found == [["statement:one/s", "Mended.", 2, "First.", 1, 2]]


def test_what_is_no_longer_in_the_file_expires(empty: neo4j.Driver, make: Make) -> None:
    issue = "entities:\n- issue: toll\n  FIND\n"
    statement = "facts:\n- statement: s\n  says: x\n  about: toll\n  FIND\n"
    load(empty, make(issue + statement), database=DATABASE)
    load(empty, make(issue), database=DATABASE)
    assert rows(empty, "MATCH (s:Statement) RETURN count(s)") == [[0]]
    found = rows(empty, "MATCH (s:PastStatement)-[r:WAS_ABOUT]->(i:Issue) "
                 "RETURN s.text, s.recordedIn, s.expiredIn, r.expiredIn, i.name")  # fmt: skip
    assert found == [["x", 1, 2, 2, "toll"]]


PERSON = "entities:\n- person: ada\n  name: {name}\n  aliases: [{alias}]\n  FIND\n"


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_sources_are_merged_whatever_the_order(
    empty: neo4j.Driver, make: Make, order: tuple[str, str]
) -> None:
    facts = {
        "one": make(PERSON.format(name="Ada M.", alias="A"), "one", "2031-06-01"),
        "two": make(PERSON.format(name="Ada Moreno", alias="B"), "two", "2031-05-01"),
    }
    reports = [load(empty, facts[key], database=DATABASE)[0] for key in order]
    assert rows(empty, "MATCH (p:Person) RETURN p.name, p.aliases") == [["Ada Moreno", ["B", "A"]]]
    assert any("name is 'Ada Moreno'" in line for line in reports[1].differences)
    said = rows(empty, "MATCH (p:Person)-[d:DESCRIBED_IN]->(s) RETURN s.id, d.name ORDER BY s.id")
    assert said == [["source:one", "Ada M."], ["source:two", "Ada Moreno"]]


def test_an_unload_leaves_what_others_say(empty: neo4j.Driver, make: Make) -> None:
    load(
        empty, make(PERSON.format(name="Ada M.", alias="A"), "one", "2031-05-01"), database=DATABASE
    )
    load(
        empty, make(PERSON.format(name="Moreno", alias="B"), "two", "2031-06-01"), database=DATABASE
    )
    unload(empty, "source:one", database=DATABASE)
    assert rows(empty, "MATCH (p:Person) RETURN p.name, p.aliases") == [["Moreno", ["B"]]]
    assert rows(empty, "MATCH (s:Source) RETURN s.id") == [["source:two"]]
    assert rows(empty, "MATCH (s:PastSource) RETURN s.id, s.expiredIn") == [["source:one", 3]]
    with pytest.raises(LoadError) as caught:
        unload(empty, "source:one", database=DATABASE)
    assert caught.value.code == "UNKNOWN_ID"


SAYS = "facts:\n- statement: s\n  says: x\n  by: person:ada\n  FIND\n"


def test_what_others_point_at_cannot_go(empty: neo4j.Driver, make: Make) -> None:
    load(empty, make(PERSON.format(name="Ada", alias="A"), "one"), database=DATABASE)
    load(empty, make(SAYS, "two", uses="person:ada"), database=DATABASE)
    for work in (
        lambda: unload(empty, "source:one", database=DATABASE),
        lambda: load(empty, make("entities: []\n", "one"), database=DATABASE),
    ):
        with pytest.raises(LoadError) as caught:
            work()
        assert caught.value.code == "IN_USE"
        assert caught.value.ids == ["statement:two/s"]
    assert rows(empty, "MATCH (l:Load) RETURN count(l)") == [[2]]


def test_an_absent_end_is_an_error_that_names_it(empty: neo4j.Driver, make: Make) -> None:
    with pytest.raises(LoadError) as caught:
        load(empty, make(SAYS, "two", uses="person:ada"), database=DATABASE)
    assert caught.value.code == "UNKNOWN_ID"
    assert caught.value.ids == ["person:ada"]
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_ids_resolve_through_merged_into(empty: neo4j.Driver, make: Make) -> None:
    load(empty, make(PERSON.format(name="Ada Moreno", alias="A"), "one"), database=DATABASE)
    rows(empty, "MATCH (n:Person {id: 'person:ada'}) CREATE (p:PastPerson:PastActor:PastEntity:"
         "PastNode {id: 'person:a-moreno', recordedIn: 0, expiredIn: 1})"
         "-[:MERGED_INTO {recordedIn: 1}]->(n)")  # fmt: skip
    body = SAYS.replace("person:ada", "person:a-moreno")
    load(empty, make(body, "two", uses="person:a-moreno"), database=DATABASE)
    found = rows(empty, "MATCH (:Statement)-[:SAID_BY]->(p) RETURN p.id")
    assert found == [["person:ada"]]
    other = PERSON.replace("person: ada", "person: a-moreno")
    load(empty, make(other.format(name="A. Moreno", alias="C"), "three"), database=DATABASE)
    assert rows(empty, "MATCH (p:Person) RETURN p.id, p.aliases") == [["person:ada", ["A", "C"]]]


def test_a_hint_is_given_and_silenced(empty: neo4j.Driver, make: Make) -> None:
    load(empty, make(PERSON.format(name="Linda Hasenfratz", alias="L"), "one"), database=DATABASE)
    other = PERSON.replace("person: ada", "person: linda")
    (report,) = load(empty, make(other.format(name="Linda Hasenfrats", alias="H"), "two"),
                     database=DATABASE)  # fmt: skip
    assert any("person:linda is perhaps the same as person:ada" in line for line in report.hints)
    unload(empty, "source:two", database=DATABASE)
    body = other.format(name="Linda Hasenfrats", alias="H") + "  differentFrom: person:ada\n"
    facts = make(body, "two", uses="person:ada")
    load(empty, facts, database=DATABASE)
    renamed = make(body.replace("Hasenfrats", "Hasenfratzz"), "two", uses="person:ada")
    (silent,) = load(empty, renamed, database=DATABASE)
    assert silent.hints == []


def test_a_text_is_verified_and_attached_outside_history(empty: neo4j.Driver) -> None:
    load_files(empty, [RIVER], database=DATABASE)
    (report,) = load_files(empty, [RIVER], database=DATABASE, texts={"source:river-talks": TEXT})
    assert not report.made_version
    assert report.attached > 30
    found = rows(empty, "MATCH (p:Passage) RETURN p.start, p.end, p.exact")
    assert all(TEXT[int(str(a)) : int(str(b))] == words for a, b, words in found)
    facts = check([RIVER]).facts[0]
    facts.records[0].values["name"] = "Tarrow, mended"
    load(empty, facts, database=DATABASE)
    kept = rows(empty, "MATCH (s:Source) RETURN s.fullText")
    assert kept == [[TEXT]], "a mend does not take the text away"


def test_a_differing_text_is_refused_with_what_holds(empty: neo4j.Driver) -> None:
    moved = TEXT.replace("INVENTED FOR TESTS.", "INVENTED FOR OUR TESTS.")
    with pytest.raises(LoadError) as caught:
        load_files(empty, [RIVER], database=DATABASE, texts={"source:river-talks": moved})
    assert caught.value.code == "TEXT_DIFFERS"
    assert "0 hold" in str(caught.value)
    assert "stand elsewhere" in str(caught.value)


def test_eight_identical_loads_at_once_give_the_graph_of_one(driver: neo4j.Driver) -> None:
    clear(driver)
    assert run_concurrently(lambda: load_files(driver, [RIVER], database=DATABASE)) == []
    count = rows(driver, "MATCH (n:Node) WHERE NOT n:Load RETURN count(n), count(DISTINCT n.id)")[0]
    (report,) = load_files(driver, [RIVER], database=DATABASE)
    assert not report.made_version
    assert count[0] == count[1]
    assert rows(driver, "MATCH (l:Load) RETURN count(l)") == [[1]]
    assert rows(driver, "MATCH (g:Gate) RETURN g.open, g.opening") == [[1, 1]]


def test_a_gate_left_open_is_mended_by_the_next_load(empty: neo4j.Driver, make: Make) -> None:
    load(empty, make("entities: []\n", "one"), database=DATABASE)
    rows(empty, "MATCH (g:Gate) SET g.opening = 7")
    load(empty, make("entities: []\n", "one"), database=DATABASE)
    assert rows(empty, "MATCH (g:Gate) RETURN g.open, g.opening") == [[1, 1]]


def test_preparing_twice_does_nothing_and_a_changed_vocabulary_is_migrated(
    empty: neo4j.Driver,
) -> None:
    load_files(empty, [RIVER], database=DATABASE)
    assert not ensure_schema(empty, DATABASE, DOMAIN)
    rows(empty, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    rows(empty, "MATCH (i:Issue) SET i.nameFolded = 'stale'")
    rows(empty, "CREATE INDEX parley_stale IF NOT EXISTS FOR (n:Stale) ON (n.x)")
    assert ensure_schema(empty, DATABASE, DOMAIN)
    assert rows(empty, "MATCH (i:Issue {nameFolded: 'stale'}) RETURN count(i)") == [[0]]
    held = rows(empty, "SHOW INDEXES YIELD name RETURN name")
    assert ["parley_stale"] not in held
    assert not ensure_schema(empty, DATABASE, DOMAIN)


# --- several at once ---


def test_a_dry_run_sees_what_files_before_it_would_bring(empty: neo4j.Driver, make: Make) -> None:
    user = make(
        "facts:\n- statement: s\n  says: x\n  about: issue:toll\n  FIND\n", "one", uses="issue:toll"
    )
    owner = make("entities:\n- issue: toll\n  FIND\n", "two")
    reports = load(empty, [user, owner], database=DATABASE, dry_run=True)
    assert [(one.source, one.made_version) for one in reports] == [
        ("source:two", False), ("source:one", False),
    ]  # fmt: skip
    assert all(one.total("recorded") for one in reports)
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_a_file_is_loaded_whole_or_not_at_all(empty: neo4j.Driver, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    part = "source: {{id: source:{0}, type: x}}\n{1}\nentities:\n- issue: {0}\n  find: toll\n"
    path.write_text(
        part.format("a", "") + "---\n" + part.format("b", "uses: [issue:gone]"), "utf-8"
    )
    for source in ("source:a", "source:b"):
        assert cite(path, WORDS, source=source).written
    with pytest.raises(LoadError) as caught:
        load_files(empty, [path], database=DATABASE)
    assert (caught.value.code, caught.value.ids) == ("UNKNOWN_ID", ["issue:gone"])
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]
    path.write_text(path.read_text("utf-8").replace("uses: [issue:gone]", ""), "utf-8")
    reports = load_files(empty, [path], database=DATABASE)
    assert [(one.version, one.made_version) for one in reports] == [(1, True), (2, True)]
    assert rows(empty, "MATCH (g:Gate) RETURN g.open, g.opening") == [[2, 2]]


def test_plain_records_are_checked_and_loaded(empty: neo4j.Driver, make: Make) -> None:
    cited = make("entities:\n- issue: toll\n  FIND\n").source.values
    at = {"start": 10, "end": 20, "startUtf16": 10, "endUtf16": 20, "locator": "sentence 2 of 4"}
    at["sha256"] = text_sha256(WORDS[10:20])
    head: dict[str, Any] = {"source": {"id": "source:one", "type": "x", **cited}}
    (report,) = load(empty, [head, {"issue": "toll", "at": at}], database=DATABASE)
    assert report.made_version
    assert rows(empty, "MATCH (i:Issue) RETURN i.name") == [["toll"]]
    with pytest.raises(FactsError) as caught:
        load(empty, [head, {"issue": "toll", "at": at, "colour": "red"}], database=DATABASE)
    assert [(p.code, p.place.line) for p in caught.value.problems] == [("UNKNOWN_PROPERTY", 2)]


def test_a_text_is_held_against_all_that_is_said_of_it(empty: neo4j.Driver, make: Make) -> None:
    facts = make(
        "facts:\n- statement: s\n  says: x\n  quote: too high\n  find: {from: Ada, to: high}\n"
    )
    facts.records[0].values["quote"] = "too low"
    cited = facts.records[0].evidence[0]
    facts.records[0].evidence[0] = replace(cited, start_utf16=cited.start_utf16 + 1)
    with pytest.raises(FactsError) as caught:
        load(empty, facts, database=DATABASE, texts={"source:one": WORDS})
    assert [p.code for p in caught.value.problems] == ["CITATION", "QUOTE_ELSEWHERE"]
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


# --- indexes ---


@pytest.mark.parametrize(
    ("label", "condition", "operator"),
    [
        ("Person", "n.nameAllFolded CONTAINS 'x'", "NodeIndexContainsScan"),
        ("Issue", "n.nameAllFolded CONTAINS 'x'", "NodeIndexContainsScan"),
        ("Statement", "n.textFolded CONTAINS 'x'", "NodeIndexContainsScan"),
        ("TradeFigure", "n.productFolded CONTAINS 'x'", "NodeIndexContainsScan"),
        ("Person", "n.nameFolded = 'x'", "NodeIndexSeek"),
        ("Statement", "n.saidOnEarliest > date('2031-01-01')", "NodeIndexSeekByRange"),
    ],
)
def test_filters_have_an_index_of_the_label_they_name(
    empty: neo4j.Driver, label: str, condition: str, operator: str
) -> None:
    text = f"CYPHER 5 EXPLAIN MATCH (n:{label}) WHERE {condition} RETURN n"
    with empty.session(database=DATABASE) as session:
        plan = session.run(text).consume().plan
    assert operator in str(plan)
