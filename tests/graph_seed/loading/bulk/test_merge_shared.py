"""Sources that describe the same entities, written together: the graph is that of one by one."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import neo4j
import orjson
import pytest

from graph_seed import LoadError, ensure_schema, load
from graph_seed.checking.check import Checked
from graph_seed.graph import writer
from graph_seed.graph.repository import Repository
from graph_seed.loading.bulk import load as bulk_load
from graph_seed.loading.bulk.load import BulkReport
from graph_seed.loading.bulk.spool import spool_source
from graph_seed.records import Facts, Place
from graph_seed.state.elements import GraphNode
from graph_seed.syntax.sections import RawSection
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from tests.builders import facts, record, statement
from tests.conftest import DATABASE, clear
from tests.graph_seed.loading.bulk.test_load import held
from tests.graph_seed.loading.test_load import rows
from tests.graph_seed.loading.test_load_traps import event
from tests.random_facts import FactsGenerator

SOURCES = 12
ROUNDS = 3


def made(seed: int) -> list[Facts]:
    """Sources that share entities: each describes some again, and uses others of them."""
    chance = random.Random(seed)
    generator = FactsGenerator(DOMAIN, chance, entities=2, facts=2, stray=0)
    found: list[Facts] = []
    described: set[str] = set()
    for number in range(SOURCES):
        source = generator.source(f"made-{number}")
        for one in source.records:
            # Either end may claim it: such sources are compared one by one.
            if chance.random() < 0.98:
                one.links.pop("differentFrom", None)
        uses = {
            one.id
            for one in source.records
            if one.id in described and one.type.is_entity and chance.random() < 0.3
        }
        source.records = [one for one in source.records if one.id not in uses]
        source.uses = {one: Place("made.yaml", 1) for one in uses}
        described |= {one.id for one in source.records}
        found.append(source)
    return found


class Batches:
    """Writes facts as the batches of one large file are written."""

    def __init__(self, driver: neo4j.Driver) -> None:
        self.driver = driver
        self.report = BulkReport()
        self._facts: dict[bytes, Facts] = {}
        stages = bulk_load._Stages(self.report)
        told: dict[str, str | None] = {"by": "a test", "note": None}
        self._loader = bulk_load._Loader(
            driver, DATABASE, DOMAIN, told, self.report, stages, lambda: None
        )

    def check_lines(self, _: Vocabulary, section: RawSection) -> Checked:
        return Checked([self._facts[section.raw]], [], [])

    def write(self, given: Sequence[Facts], *, last: bool = True) -> None:
        sections = [RawSection(Path("made.jsonl"), 1, one.source.id.encode(), 0) for one in given]
        self._facts |= {section.raw: one for section, one in zip(sections, given, strict=True)}
        batch = [spool_source(DOMAIN, *one) for one in zip(given, sections, strict=True)]
        with pytest.MonkeyPatch.context() as patch:
            # Batches are large enough for the one query that creates all.
            patch.setattr(writer, "MANY", 1)
            self._loader.write(batch, None, "1 of 1", last=last)


@pytest.fixture
def batches(empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch) -> Batches:
    found = Batches(empty)
    monkeypatch.setattr(bulk_load, "check_lines", found.check_lines)
    return found


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_is_written_together_is_what_one_by_one_gives(batches: Batches, seed: int) -> None:
    given = made(seed)
    chance = random.Random(seed)
    for one in given:
        load(batches.driver, one, database=DATABASE)
    wanted = held(batches.driver)
    clear(batches.driver)
    ensure_schema(batches.driver, DATABASE)
    left = list(given)
    while left:
        size = chance.randint(1, 4)
        batches.write(left[:size])
        left = left[size:]
        if left and chance.random() < 0.2:
            # What the batches before left is what they left no more.
            load(batches.driver, left.pop(0), database=DATABASE)
    assert held(batches.driver) == wanted
    assert batches.report.one_by_one < SOURCES / 2
    changed = "MATCH (:Entity)-[:WAS]->(p) WHERE p.recordedIn < p.expiredIn RETURN count(p) > 0"
    assert rows(batches.driver, changed) == [[True]]
    over = "MATCH ()-[w]->() WHERE type(w) STARTS WITH 'WAS_' RETURN count(w) > 0"
    assert rows(batches.driver, over) == [[True]]


def test_what_was_there_is_kept_as_it_was(batches: Batches) -> None:
    batches.write([facts("one", record("person:ada", aliases=["A"]), event("talks", ordinal=1))])
    early = event("talks", {"participants": ["person:ada"]}, ordinal=2)
    batches.write(
        [
            facts("two", record("person:ada", aliases=["A", "B"])),
            facts("three", record("person:ada", aliases=["C"]), early),
            facts("four", record("person:ada")),
        ]
    )
    assert (batches.report.versions, batches.report.one_by_one) == (2, 0)
    found = rows(batches.driver, "MATCH (p:Person) RETURN p.aliases, p.recordedIn")
    assert found == [[["A", "C", "B"], 2]]
    was = rows(batches.driver, "MATCH (p:PastPerson) RETURN p.aliases, p.recordedIn, p.expiredIn")
    assert was == [[["A"], 1, 2]]
    ((counts,),) = rows(batches.driver, "MATCH (l:Load {version: 2}) RETURN l.counts")
    counted = orjson.loads(str(counts))
    assert counted["Person"] == {"changed": 1}
    assert counted["HAS_PARTICIPANT"] == {"recorded": 1}
    assert "Event" not in counted, "the ordinal of the source that comes first shows"


def test_what_others_write_meanwhile_is_seen(batches: Batches) -> None:
    batches.write([facts("one", record("person:ada")), facts("two", record("person:ada"))])
    load(batches.driver, facts("three", record("person:ada", aliases=["C"])), database=DATABASE)
    batches.write([facts("four", record("person:ada", aliases=["D"]))])
    batches.write([facts("five", record("person:ada", aliases=["E"]))])
    assert batches.report.one_by_one == 0
    found = rows(batches.driver, "MATCH (p:Person) RETURN p.aliases")
    assert found == [[["E", "D", "C"]]]


def test_what_all_describe_is_not_read_for_each_batch(
    batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    nodes = Repository.nodes

    def noted(self: Repository, ids: Iterable[str]) -> dict[str, GraphNode]:
        found = nodes(self, ids)
        read.extend(found)
        return found

    monkeypatch.setattr(Repository, "nodes", noted)
    for key in ("one", "two", "three", "four"):
        batches.write([facts(key, record("person:ada", aliases=[key]))])
    assert read == ["person:ada"], "once, when a second source describes it"


def test_an_id_that_was_merged_away_stays_what_it_stands_for(batches: Batches) -> None:
    batches.write([facts("one", record("person:new", aliases=["N"]))])
    rows(
        batches.driver,
        "MATCH (b:Person) CREATE (:PastPerson:PastActor:PastEntity:PastNode {id: 'person:old', "
        "recordedIn: 1, expiredIn: 1})-[:MERGED_INTO {recordedIn: 1}]->(b)",
    )
    batches.write(
        [facts("two", record("person:old", aliases=["O"])), facts("three", record("person:else"))]
    )
    assert batches.report.one_by_one == 1
    found = rows(batches.driver, "MATCH (p:Person) RETURN p.id, p.aliases ORDER BY p.id")
    assert found == [["person:else", None], ["person:new", ["N", "O"]]]


def test_what_needs_a_source_that_is_compared_comes_after_it(batches: Batches) -> None:
    batches.write([facts("one", record("person:ada"))])
    talks = event("talks", {"participants": ["person:bob"]})
    batches.write(
        [
            facts("one", record("person:ada", aliases=["A"]), record("person:bob")),
            facts("two", talks, uses=["person:bob"]),
            facts("three", record("person:ada", aliases=["C"])),
            facts("four", record("person:bob", aliases=["B"])),
            facts("five", event("rest", {"participants": ["person:bob"]}), uses=["person:bob"]),
        ]
    )
    assert batches.report.one_by_one == 2, "what is changed, and what only that defines"
    found = rows(batches.driver, "MATCH (p:Person) RETURN p.id, p.aliases ORDER BY p.id")
    assert found == [["person:ada", ["A", "C"]], ["person:bob", ["B"]]]
    joined = rows(batches.driver, "MATCH (e:Event)-[:HAS_PARTICIPANT]->(:Person) RETURN e.id")
    assert sorted(joined) == [["event:rest"], ["event:talks"]]


def test_a_rename_may_reach_over_batches(batches: Batches) -> None:
    def says(issue: str) -> Facts:
        about = statement("statement:two/s", {"about": [issue]})
        about.digest = len(issue)
        return facts("two", about, uses=[issue])

    batches.write([facts("one", record("issue:old")), says("issue:old")])
    batches.write([facts("one", record("issue:newer"))], last=False)
    assert rows(batches.driver, "MATCH (i:Issue) RETURN i.id") == [["issue:old"]]
    batches.write([says("issue:newer")])
    assert rows(batches.driver, "MATCH (i:Issue) RETURN i.id") == [["issue:newer"]]
    assert rows(batches.driver, "MATCH (s)-[:ABOUT]->(i) RETURN i.id") == [["issue:newer"]]
    with pytest.raises(LoadError) as caught:
        batches.write([facts("one", record("issue:other"))])
    assert caught.value.code == "IN_USE"
