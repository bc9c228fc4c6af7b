"""Loads of sources that meet: ids, merges, relationships, refusals, texts."""

from typing import Any

import neo4j
import pytest

from graph_seed import FactsError, LoadError, load, unload
from graph_seed.records import Facts, Place
from tests.builders import TEXT, facts, record, statement
from tests.conftest import DATABASE


def rows(driver: neo4j.Driver, text: str, **parameters: object) -> list[list[Any]]:
    with driver.session(database=DATABASE) as session:
        return [record.values() for record in session.run(text, parameters)]


def loaded(driver: neo4j.Driver, *given: Facts, **options: Any) -> Any:
    return load(driver, given, database=DATABASE, **options)[-1]


def event(key: str, links: Any = None, **values: Any) -> Any:
    return record(f"event:{key}", links, eventType="meeting", **values)


# --- ids and what they stand for ---


def test_a_merged_away_id_is_resolved_inside_what_others_said(empty: neo4j.Driver) -> None:
    talks = event("talks", {"participants": ["person:old"]})
    loaded(empty, facts("one", record("person:old"), record("person:new")))
    loaded(empty, facts("two", talks, uses=["person:old"]))
    rows(
        empty,
        "MATCH (a:Person {id: 'person:old'}), (b:Person {id: 'person:new'}), (e:Event)"
        "MATCH (e)-[r:HAS_PARTICIPANT]->(a), (a)-[d:DESCRIBED_IN]->(s), (a)-[v:EVIDENCED_BY]->(p) "
        "CREATE (e)-[:HAS_PARTICIPANT {recordedIn: 3}]->(b), "
        "(e)-[w:WAS_HAS_PARTICIPANT]->(a), (a)-[:MERGED_INTO {recordedIn: 3}]->(b), "
        "(a)-[:WAS_EVIDENCED_BY {recordedIn: 1, expiredIn: 3}]->(p) "
        "SET w = properties(r), w.expiredIn = 3, "
        "a:PastPerson:PastActor:PastEntity:PastNode, a.expiredIn = 3 "
        "REMOVE a:Person:Actor:Entity:Node DELETE r, d, v",
    )
    rows(empty, "MATCH (c:Clock) MATCH (g:Gate) SET c.version = 3, g.open = 3, g.opening = 3")
    report = loaded(empty, facts("three", event("talks", ordinal=5)))
    assert report.made_version
    found = rows(empty, "MATCH (e:Event)-[:HAS_PARTICIPANT]->(p) RETURN e.ordinal, p.id")
    assert found == [[5, "person:new"]]
    again = loaded(empty, facts("two", talks, uses=["person:old"]))
    assert not again.made_version, again.counts
    assert rows(empty, "MATCH (:Event)-[r:HAS_PARTICIPANT]->(p) RETURN p.id") == [["person:new"]]


def test_two_records_of_one_source_that_became_one_entity(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("person:new", aliases=["N"])))
    rows(
        empty,
        "MATCH (b:Person) CREATE (:PastPerson:PastActor:PastEntity:PastNode {id: 'person:old', "
        "recordedIn: 1, expiredIn: 1})-[:MERGED_INTO {recordedIn: 1}]->(b)",
    )
    both = facts("two", record("person:old", aliases=["O"]), record("person:new", aliases=["P"]))
    loaded(empty, both)
    assert not loaded(empty, both).made_version
    loaded(empty, facts("three", record("person:new", aliases=["Q"])))
    (found,) = rows(empty, "MATCH (p:Person) RETURN p.id, p.aliases")
    assert (found[0], set(found[1])) == ("person:new", {"N", "O", "P", "Q"})


def test_a_merged_id_stays_merged_while_its_other_is_away(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("person:new")))
    rows(
        empty,
        "MATCH (b:Person) CREATE (:PastPerson:PastActor:PastEntity:PastNode {id: 'person:old', "
        "recordedIn: 1, expiredIn: 1})-[:MERGED_INTO {recordedIn: 1}]->(b)",
    )
    unload(empty, "source:one", database=DATABASE)
    loaded(empty, facts("two", record("person:old")))
    assert rows(empty, "MATCH (p:Person) RETURN p.id") == [["person:new"]]


def test_a_fact_of_another_source_cannot_be_taken_over(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", statement("statement:one/s")))
    with pytest.raises((LoadError, FactsError)):
        loaded(empty, facts("two", statement("statement:one/s", text="Taken over.")))
    assert rows(empty, "MATCH (s:Statement) RETURN s.text") == [["Said."]]


def test_the_same_source_twice_in_one_call_is_refused(empty: neo4j.Driver) -> None:
    with pytest.raises((LoadError, FactsError)):
        load(
            empty,
            [facts("one", record("issue:a")), facts("one", record("issue:b"))],
            database=DATABASE,
        )
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_what_is_used_is_loaded_first(empty: neo4j.Driver) -> None:
    user = facts("one", statement("statement:one/s", {"about": ["issue:a"]}), uses=["issue:a"])
    reports = load(empty, [user, facts("two", record("issue:a"))], database=DATABASE)
    assert [one.source for one in reports] == ["source:two", "source:one"]


def test_every_use_has_to_be_there(empty: neo4j.Driver) -> None:
    with pytest.raises(LoadError) as caught:
        loaded(empty, facts("one", record("issue:a"), uses=["person:nobody"]))
    assert (caught.value.code, caught.value.ids) == ("UNKNOWN_ID", ["person:nobody"])


def test_what_is_absent_is_told_with_its_place_and_the_nearest_there_is(
    empty: neo4j.Driver,
) -> None:
    loaded(empty, facts("two", record("issue:tolls")))
    used = statement("statement:one/s", {"about": ["issue:toll"]})
    one = facts("one", used, uses=["issue:toll"])
    one.uses = {"issue:toll": Place("my.yaml", 2, 8)}
    with pytest.raises(LoadError) as caught:
        loaded(empty, one)
    assert "my.yaml:2:8: issue:toll; did you mean 'issue:tolls'?" in str(caught.value)
    used.place = Place("my.yaml", 7, 3)
    one.uses = {}
    with pytest.raises(LoadError) as caught:
        loaded(empty, one)
    assert "my.yaml:7:3: issue:toll; did you mean 'issue:tolls'?" in str(caught.value)


# --- what a program's records must hold ---


def test_records_of_a_program_are_held_to_the_vocabulary(empty: neo4j.Driver) -> None:
    bad = record("event:talks")
    bad.values |= {"ordinal": "five", "colour": "red", "date": "soon"}
    bare = statement("statement:one/s", mode="shouted")
    bare.evidence.clear()
    aff = record("affiliation:one/a", {"holder": ["issue:x"]}, role="r")
    figure = record("figure:one/f", measure="m", unit="USD", comparator="eq", value="many")
    figure.values["figureStatus"] = "observed"
    with pytest.raises(FactsError) as caught:
        loaded(empty, facts("one", bad, bare, aff, figure, record("issue:x"), record("issue:x")))
    codes = sorted(p.code for p in caught.value.problems)
    assert codes == [
        "DUPLICATE", "EDTF", "MISSING", "MISSING", "NO_EVIDENCE", "UNKNOWN_PROPERTY", "VALUE",
        "VALUE", "VALUE", "WRONG_KIND",
    ]  # fmt: skip


# --- merging ---


def test_a_slot_of_two_sources_shows_what_either_says_of_it(empty: neo4j.Driver) -> None:
    plain = event("talks", {"participants": ["country:us"]})
    hosted = event("talks", {"participants": [("country:us", {"participantRole": "host"})]})
    loaded(empty, facts("us", record("country:us")))
    loaded(empty, facts("one", plain, published="2031-01-01", uses=["country:us"]))
    loaded(empty, facts("two", hosted, published="2031-02-01", uses=["country:us"]))
    found = rows(
        empty, "MATCH (:Event)-[r:HAS_PARTICIPANT]->() RETURN r.participantRole, r.recordedIn"
    )
    assert found == [["host", 3]]


def test_a_mended_date_of_publication_turns_the_order(empty: neo4j.Driver) -> None:
    one, two = record("person:ada", name="First"), record("person:ada", name="Second")
    loaded(empty, facts("one", one, published="2031-01-01"))
    loaded(empty, facts("two", two, published="2031-02-01"))
    assert rows(empty, "MATCH (p:Person) RETURN p.name") == [["First"]]
    loaded(empty, facts("one", one, published="2031-03-01"))
    found = rows(empty, "MATCH (p:Person) RETURN p.name, p.nameFolded, p.nameAllFolded")
    assert found == [["Second", "\nsecond\n", "\nsecond\nfirst\n"]]


def test_an_entity_is_found_by_the_name_that_each_source_gives(empty: neo4j.Driver) -> None:
    loaded(
        empty, facts("one", record("organization:o", name="Osprey Bank"), published="2031-01-01")
    )
    second = record("organization:o", name="Bánk of the Osprey", aliases=["OB"])
    loaded(empty, facts("two", second, published="2031-02-01"))
    third = record("organization:o", name="OB")
    loaded(empty, facts("three", third, published="2031-03-01"))
    found = "MATCH (o:Organization) RETURN o.name, o.nameVariants, o.nameAllFolded, o.searchWords"
    assert rows(empty, found) == [
        [
            "Osprey Bank",
            ["Bánk of the Osprey"],
            "\nosprey bank\nob\nbank of the osprey\n",
            "osprey bank bank of the osprey ob",
        ]
    ]
    unload(empty, "source:two", database=DATABASE)
    assert rows(empty, found) == [["Osprey Bank", ["OB"], "\nosprey bank\nob\n", "osprey bank ob"]]
    past = rows(
        empty, "MATCH (:Organization)-[:WAS]->(p) RETURN p.nameVariants ORDER BY p.expiredIn"
    )
    assert past == [[None], [["Bánk of the Osprey"]]]


def test_a_symmetric_slot_stays_while_either_end_says_so(empty: neo4j.Driver) -> None:
    say = "MATCH (a)-[r:DIFFERENT_FROM]->(b) RETURN a.id, b.id, r.recordedIn"
    b = record("person:b", {"differentFrom": ["person:a"]})
    a = record("person:a", {"differentFrom": ["person:b"]})
    loaded(empty, facts("zero", record("person:a"), record("person:b"), record("person:c")))
    loaded(empty, facts("one", b, uses=["person:a"]))
    loaded(empty, facts("two", a, uses=["person:b"]))
    assert rows(empty, say) == [["person:a", "person:b", 2]]
    unload(empty, "source:one", database=DATABASE)
    assert rows(empty, say) == [["person:a", "person:b", 2]]
    other = record("person:c", {"differentFrom": ["person:a"]})
    loaded(empty, facts("three", other, uses=["person:a"]))
    unload(empty, "source:two", database=DATABASE)
    assert rows(empty, say) == [["person:a", "person:c", 5]]


# --- refusals ---


def test_what_only_an_unshown_description_names_is_in_use_too(empty: neo4j.Driver) -> None:
    loaded(empty, facts("x", event("x")))
    loaded(empty, facts("y", event("y")))
    part = {"partOf": ["event:y"]}
    loaded(empty, facts("one", event("e", part), published="2031-01-01", uses=["event:y"]))
    part = {"partOf": ["event:x"]}
    loaded(empty, facts("two", event("e", part), published="2031-02-01", uses=["event:x"]))
    assert rows(empty, "MATCH (:Event)-[:PART_OF]->(e:Event) RETURN e.id") == [["event:y"]]
    with pytest.raises(LoadError) as caught:
        unload(empty, "source:x", database=DATABASE)
    assert (caught.value.code, caught.value.ids) == ("IN_USE", ["event:e"])
    unload(empty, "source:one", database=DATABASE)
    assert rows(empty, "MATCH (:Event)-[:PART_OF]->(e:Event) RETURN e.id") == [["event:x"]]


def test_another_description_of_the_same_entity_keeps_its_end_in_use(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", event("e"), record("issue:i")))
    loaded(empty, facts("two", event("e", {"about": ["issue:i"]}), uses=["issue:i"]))
    with pytest.raises(LoadError) as caught:
        unload(empty, "source:one", database=DATABASE)
    assert (caught.value.code, caught.value.ids) == ("IN_USE", ["event:e"])


def test_a_drop_that_a_symmetric_slot_of_others_needs(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("person:a")))
    other = record("person:b", {"differentFrom": ["person:a"]})
    loaded(empty, facts("two", other, uses=["person:a"]))
    with pytest.raises(LoadError) as caught:
        unload(empty, "source:one", database=DATABASE)
    assert (caught.value.code, caught.value.ids) == ("IN_USE", ["person:b"])


def test_a_drop_that_the_file_itself_still_needs(empty: neo4j.Driver) -> None:
    say = statement("statement:one/s", {"about": ["issue:a"]})
    loaded(empty, facts("one", record("issue:a"), say))
    with pytest.raises(LoadError) as caught:
        loaded(empty, facts("one", say, uses=["issue:a"]))
    assert (caught.value.code, caught.value.ids) == ("UNKNOWN_ID", ["issue:a"])


# --- corrections across sources ---


def test_a_correction_by_another_source_comes_and_goes(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", statement("statement:one/s")))
    say = "MATCH (s:Statement {id: 'statement:one/s'}) RETURN s.standing, s.recordedIn"
    past = (
        "MATCH (:Statement {id: 'statement:one/s'})-[:WAS]->(p) "
        "RETURN p.standing, p.recordedIn, p.expiredIn ORDER BY p.expiredIn"
    )
    correction = {"supersedes": [("statement:one/s", {"supersession": "correction"})]}
    report = loaded(
        empty, facts("two", statement("statement:two/c", correction), uses=["statement:one/s"])
    )
    assert report.counts["Statement"] == {"recorded": 1, "changed": 1}
    assert rows(empty, say) == [["corrected", 2]]
    assert rows(empty, past) == [["standing", 1, 2]]
    assert not loaded(empty, facts("one", statement("statement:one/s"))).made_version
    loaded(empty, facts("one", statement("statement:one/s", text="Mended.")))
    assert rows(empty, say) == [["corrected", 3]]
    unload(empty, "source:two", database=DATABASE)
    assert rows(empty, say) == [["standing", 4]]
    assert rows(empty, past)[1:] == [["corrected", 2, 3], ["corrected", 3, 4]]


# --- what is not knowledge ---


def test_a_digest_alone_is_no_change(empty: neo4j.Driver) -> None:
    one = facts("one", record("issue:a"), statement("statement:one/s"))
    loaded(empty, one)
    for made in one.records:
        made.digest = 7
    assert not loaded(empty, one).made_version


def test_a_load_is_found_by_its_note_whatever_its_case(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("issue:a")), by="Ana", note="Première")
    found = rows(empty, "MATCH (l:Load) RETURN l.byFolded, l.noteFolded, l.id, l.recordedIn")
    assert found == [["\nana\n", "\npremiere\n", "load:1", 1]]


def test_past_copies_hold_no_attached_text(empty: neo4j.Driver) -> None:
    one = facts("one", record("issue:a"))
    loaded(empty, one, texts={"source:one": TEXT})
    one.source.values["title"] = "Mended"
    loaded(empty, one)
    assert rows(
        empty, "MATCH (s:Source)-[:WAS]->(p) RETURN s.fullText = $t, p.fullText", t=TEXT
    ) == [[True, None]]
    unload(empty, "source:one", database=DATABASE)
    held = "MATCH (n) WHERE n.fullText IS NOT NULL OR n.exact IS NOT NULL RETURN count(n)"
    assert rows(empty, held) == [[0]]


def test_new_passages_of_an_attached_text_show_their_words(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("issue:a")), texts={"source:one": TEXT})
    loaded(empty, facts("one", record("issue:a", at=[(0, 10), (61, 66)])))
    words = rows(empty, "MATCH (p:Passage) RETURN p.exact ORDER BY p.start")
    assert words == [["Ada Moreno"], [TEXT[61:66]]]
    other = "Another text. " * 20
    loaded(empty, facts("one", record("issue:a"), text=other))
    assert rows(empty, "MATCH (s:Source)<-[:PART_OF]-(p) RETURN s.fullText, p.exact") == [
        [None, None]
    ]


def test_a_passage_that_does_not_hold_is_refused_though_the_text_does(empty: neo4j.Driver) -> None:
    wrong = record("issue:a", at=[(0, 10)])
    object.__setattr__(wrong.evidence[0], "sha256", "0" * 64)
    with pytest.raises(LoadError) as caught:
        loaded(empty, facts("one", wrong), texts={"source:one": TEXT})
    assert caught.value.code == "TEXT_DIFFERS"


def test_a_differing_text_says_where_passages_have_moved(empty: neo4j.Driver) -> None:
    with pytest.raises(LoadError) as caught:
        loaded(empty, facts("one", record("issue:a")), texts={"source:one": f"New. {TEXT}"})
    assert "0–10 is at 5–15" in str(caught.value)
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_a_text_of_a_source_that_is_not_loaded_is_an_error(empty: neo4j.Driver) -> None:
    with pytest.raises(LoadError) as caught:
        loaded(empty, facts("one", record("issue:a")), texts={"source:on": TEXT})
    assert (caught.value.code, caught.value.ids) == ("UNKNOWN_ID", ["source:on"])


# --- hints ---


def test_a_hint_is_silenced_by_the_very_load(empty: neo4j.Driver) -> None:
    loaded(empty, facts("one", record("person:ada", name="Linda Hasenfratz")))
    other = record("person:linda", name="Linda Hasenfrats")
    assert loaded(empty, facts("two", other), dry_run=True).hints
    other = record("person:linda", {"differentFrom": ["person:ada"]}, name="Linda Hasenfrats")
    assert loaded(empty, facts("two", other, uses=["person:ada"])).hints == []
