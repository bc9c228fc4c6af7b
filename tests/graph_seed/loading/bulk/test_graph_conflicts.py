"""What a large file and the graph are wrong with together is told before anything is written."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph_seed import FactsError, LoadError, check, load
from graph_seed.checking.references import Step
from graph_seed.graph.repository import Repository
from graph_seed.loading.bulk import graph_cycles, scan
from graph_seed.loading.bulk.graph_conflicts import find_conflicts
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.loading.bulk.load import BulkReport, load_large
from graph_seed.loading.bulk.scan import check_large
from graph_seed.loading.load import check_against
from graph_seed.problems import Problem, errors
from graph_seed.records import Facts, Place, Record
from schema.domain import DOMAIN
from tests.builders import facts, record, statement
from tests.conftest import DATABASE
from tests.graph_seed.loading.test_load import rows
from tests.graph_seed.loading.test_load_traps import event
from tests.json_lines import write_json_lines

EXAMPLES = int(os.environ.get("PARLEY_TEST_BULK_CYCLES", "6"))
CORRECTION = {"supersession": "correction"}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is about one source."""
    monkeypatch.setattr("graph_seed.loading.bulk.spool.BATCH", 5)


def everything(driver: neo4j.Driver) -> list[Any]:
    """All nodes and relationships, those of versions, the past and the clock included."""
    nodes = rows(driver, "MATCH (n) RETURN labels(n), properties(n)")
    relationships = rows(driver, "MATCH (a)-[r]->(b) RETURN type(r), a.id, b.id, properties(r)")
    return sorted(map(str, nodes)) + sorted(map(str, relationships))


def load_file(driver: neo4j.Driver, path: Path, *given: Facts) -> BulkReport:
    return load_large(driver, [write_json_lines(path / "all.jsonl", given)], database=DATABASE)


def refused(driver: neo4j.Driver, path: Path, *given: Facts) -> list[Problem]:
    """Load what has to be refused, after a source that is right; the graph stays as it was."""
    before = everything(driver)
    given = (facts("padding", record("issue:padding"), record("issue:more")), *given)
    with pytest.raises(FactsError) as caught:
        load_file(driver, path, *given)
    assert everything(driver) == before
    with driver.session(database=DATABASE) as session:
        told = check_large([path / "all.jsonl"], session=session).problems
    assert errors(told) == caught.value.problems
    against = partial(check_against, driver, DATABASE, DOMAIN)
    small = errors(check([path / "all.jsonl"], elsewhere=against).problems)
    assert sorted(one.code for one in small) == sorted(one.code for one in errors(told))
    return caught.value.problems


def line_of(path: Path, words: str) -> int:
    """The last line that has these words."""
    lines = (path / "all.jsonl").read_text().splitlines()
    return max(number for number, one in enumerate(lines, start=1) if words in one)


def series(link: str, *steps: tuple[str, str], others: Sequence[str] = ()) -> list[Record]:
    """Events that lead along a link."""
    names = sorted({name for step in steps for name in step} | {*others})
    onward = {name: [f"event:{b}" for a, b in steps if a == name] for name in names}
    return [event(name, {link: ends} if ends else None) for name, ends in onward.items()]


def claim(source: str, over: Sequence[str] = ()) -> Record:
    links = {"supersedes": [(one, CORRECTION) for one in over]} if over else None
    return statement(f"statement:{source}/s", links)


# --- cycles ---


@pytest.mark.parametrize("link", ["follows", "partOf"])
def test_a_cycle_of_entities_is_told_before_anything_is_written(
    empty: neo4j.Driver, tmp_path: Path, link: str
) -> None:
    load(empty, facts("one", *series(link, ("a", "b"), ("b", "c"))), database=DATABASE)
    (problem,) = refused(empty, tmp_path, facts("two", *series(link, ("c", "d"), ("d", "a"))))
    assert (problem.code, problem.place.line) == ("CIRCLE", line_of(tmp_path, f'"{link}"'))
    assert f"{link} leads in a circle: event:" in problem.message
    done = load_file(empty, tmp_path, facts("three"), facts("two", *series(link, ("c", "d"))))
    assert done.versions == 2


def test_a_cycle_of_facts_is_told_before_anything_is_written(
    empty: neo4j.Driver, tmp_path: Path
) -> None:
    load(empty, facts("one", claim("one")), database=DATABASE)
    newer = facts("two", claim("two", ["statement:one/s"]), uses=["statement:one/s"])
    load(empty, newer, database=DATABASE)
    older = facts("one", claim("one", ["statement:two/s"]), uses=["statement:two/s"])
    (problem,) = refused(empty, tmp_path, older)
    assert problem.message == (
        "together with what is loaded, supersedes leads in a circle: "
        "statement:one/s → statement:two/s → statement:one/s"
    )
    assert problem.place.line == line_of(tmp_path, "supersedes")


@pytest.mark.parametrize("turned", [False, True])
def test_what_the_files_say_no_more_closes_no_cycle(
    empty: neo4j.Driver, tmp_path: Path, turned: bool
) -> None:
    both = ["a", "b"]
    first = facts("one", *series("follows", ("a", "b")))
    other = facts("two", *series("follows", others=both))
    load(empty, [first, other], database=DATABASE)
    given = [
        facts("one", *series("follows", others=both)),
        facts("two", *series("follows", ("b", "a"))),
    ]
    load_file(empty, tmp_path, *(reversed(given) if turned else given))
    found = rows(empty, "MATCH (a:Event)-[:FOLLOWS]->(b) RETURN a.id, b.id")
    assert found == [["event:b", "event:a"]]


def test_a_cycle_of_links_that_do_not_show_is_none(empty: neo4j.Driver, tmp_path: Path) -> None:
    """An event is part of one other: that of the source that was published first."""
    first = facts("one", *series("partOf", ("a", "b"), ("c", "a")), published="2031-01-01")
    load(empty, first, database=DATABASE)
    later = facts("two", *series("partOf", ("a", "c")), published="2031-02-01")
    load_file(empty, tmp_path, later)
    found = rows(empty, "MATCH (:Event {id: 'event:a'})-[:PART_OF]->(b) RETURN b.id")
    assert found == [["event:b"]]
    (problem,) = refused(
        empty, tmp_path, facts("two", *series("partOf", ("a", "c")), published="2030-12-01")
    )
    assert problem.code == "CIRCLE"


def test_a_link_that_did_not_show_closes_a_cycle(empty: neo4j.Driver, tmp_path: Path) -> None:
    first = facts("one", *series("partOf", ("a", "b")), published="2031-01-01")
    second = facts("two", *series("partOf", ("a", "c")), published="2031-02-01")
    load(empty, [first, second], database=DATABASE)
    mended = [*series("partOf", ("c", "a"), others=["b"])]
    (problem,) = refused(empty, tmp_path, facts("one", *mended, published="2031-01-01"))
    assert problem.code == "CIRCLE"


def test_an_id_that_was_merged_away_leads_in_a_cycle(empty: neo4j.Driver, tmp_path: Path) -> None:
    load(empty, facts("one", *series("follows", ("new", "b"))), database=DATABASE)
    rows(
        empty,
        "MATCH (b:Event {id: 'event:new'}) CREATE (:PastEvent:PastEntity:PastNode {id: 'event:old',"
        " recordedIn: 1, expiredIn: 1})-[:MERGED_INTO {recordedIn: 1}]->(b)",
    )
    closing_one = facts("two", *series("follows", ("b", "old")))
    (problem,) = refused(empty, tmp_path, closing_one)
    assert "event:new" in problem.message


class CountingStore(Repository):
    """Counts what it asks."""

    asked = 0

    def run(self, text: str, **parameters: object) -> list[neo4j.Record]:
        self.asked += 1
        return super().run(text, **parameters)


def walked(driver: neo4j.Driver, *steps: tuple[str, str]) -> tuple[list[list[Step]], int]:
    """The cycles of steps with what is loaded, and how often the graph was asked."""
    place = Place("made.jsonl", 1)
    with closing(IdIndex()) as ids, driver.session(database=DATABASE) as session:
        ids.rows.execute("INSERT INTO source VALUES ('source:made', NULL, 'made.jsonl', 1, 1)")
        ids.add_steps(
            Step("follows", f"event:{a}", f"event:{b}", place, "source:made") for a, b in steps
        )
        with session.begin_transaction() as transaction:
            store = CountingStore(transaction, DOMAIN)
            found = graph_cycles.find_cycles_with_graph(store, DOMAIN, ids, merged=False)
            return list(found), store.asked


def test_a_long_way_through_the_graph_takes_few_questions(empty: neo4j.Driver) -> None:
    assert walked(empty, ("x", "y")) == ([], 1), "the graph has no such link"
    chain = [f"{number:04}" for number in range(300)]
    load(empty, facts("one", *series("follows", *pairwise(chain))), database=DATABASE)
    assert walked(empty, ("x", "y")) == ([], 2), "none leads on"
    ((way,), asked) = walked(empty, (chain[-1], chain[0]))
    assert {step.start for step in way} == {f"event:{name}" for name in chain}
    assert asked < 12
    some = [(chain[number + 5], chain[number]) for number in range(0, 290, 10)]
    found, asked = walked(empty, *some)
    assert len(found) == len(some)
    assert asked < 12


EVENTS = ("a", "b", "c", "d")
SOURCES = ("one", "two", "three", "four")


def random_source(chance: random.Random, key: str, statements: Sequence[str]) -> Facts:
    """A source that describes all events, and supersedes some of these statements."""
    links: dict[str, dict[str, Any]] = {name: {} for name in EVENTS}
    for _ in range(chance.randint(0, 2)):
        start, end = chance.sample(EVENTS, 2)
        links[start].setdefault("follows", []).append(f"event:{end}")
    if chance.random() < 0.5:
        start, end = chance.sample(EVENTS, 2)
        links[start]["partOf"] = [f"event:{end}"]
    over = [one for one in statements if chance.random() < 0.3]
    day = chance.choice([None, "2031-01-01", "2031-02-01"])
    events = [event(name, links[name]) for name in EVENTS]
    return facts(key, *events, claim(key, over), published=day, uses=over)


def edges_shown(given: Sequence[Facts]) -> Iterator[tuple[str, str, str]]:
    """The links that a graph of these sources shows: of links to one node that of the first."""
    part_of: dict[str, str] = {}
    for one in sorted(
        given, key=lambda f: (str(f.source.values.get("publishedOn", "9")), f.source.id)
    ):
        for made in one.records:
            for link, ends in made.links.items():
                for to in ends:
                    shown = part_of.setdefault(made.id, to.id) if link == "partOf" else to.id
                    if shown == to.id:
                        yield link, made.id, to.id


def has_cycle(edges: Sequence[tuple[str, str, str]]) -> bool:
    """Whether nodes are left when those from which nothing leads on are taken away, repeatedly."""
    left = set(edges)
    while dead := {e for e in left if not any(o[0] == e[0] and o[1] == e[2] for o in left)}:
        left -= dead
    return bool(left)


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_cycles_are_found_whatever_was_loaded_before(
    empty: neo4j.Driver, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    loaded: dict[str, Facts] = {}
    for key in SOURCES[: chance.randint(2, 4)]:
        one = random_source(chance, key, [f"statement:{name}/s" for name in loaded])
        if not has_cycle(list(edges_shown([*loaded.values(), one]))) and not has_claimed([one]):
            load(empty, one, database=DATABASE)
            loaded[key] = one
    keys = chance.sample(SOURCES, chance.randint(1, 3))
    given: dict[str, Facts] = {}
    for key in keys:
        others = [name for name in loaded if name not in keys] + list(given)
        given[key] = random_source(chance, key, [f"statement:{name}/s" for name in others])
    wrong = has_cycle(list(edges_shown([*(loaded | given).values()]))) or has_claimed(
        list(given.values())
    )
    before = everything(empty)
    if wrong:
        with pytest.raises(FactsError) as caught:
            load_file(empty, tmp_path, *given.values())
        assert {one.code for one in caught.value.problems} == {"CIRCLE"}
        assert everything(empty) == before
    else:
        load_file(empty, tmp_path, *given.values())
        found = rows(
            empty, "MATCH (a:Node)-[r:FOLLOWS|PART_OF|SUPERSEDES]->(b:Event|Fact) "
            "RETURN type(r), a.id, b.id",
        )  # fmt: skip
        assert not has_cycle([(str(kind), str(a), str(b)) for kind, a, b in found])


def has_claimed(given: Sequence[Facts]) -> bool:
    """Whether what sources given together say leads in a cycle, whether it shows or not."""
    records = [one for each in given for one in each.records]
    steps = [
        (link, one.id, to.id) for one in records for link in one.links for to in one.links[link]
    ]
    return has_cycle(steps)


# --- what is too long together ---


def named(key: str, number: int, size: int = 100, **values: Any) -> Facts:
    """A source that gives a person so many aliases, no two sources the same."""
    aliases = [f"{key}{one}".ljust(size, "x") for one in range(number)]
    return facts(key, record("person:ada", aliases=aliases), **values)


def test_names_that_are_too_long_together_are_told(empty: neo4j.Driver, tmp_path: Path) -> None:
    files = [named("one", 150), named("two", 100), named("three", 100)]
    (problem,) = refused(empty, tmp_path, *files)
    assert problem.code == "TOO_LONG"
    assert problem.message.startswith("person:ada, as all sources together have it: name, aliases")
    assert problem.place.line == line_of(tmp_path, "one0x")
    alone = check_large([tmp_path / "all.jsonl"]).problems
    assert [one.code for one in alone if one.severity == "error"] == ["TOO_LONG"]
    load(empty, [named("zero", 150), files[0]], database=DATABASE)
    told = refused(empty, tmp_path, files[1])
    assert [one.code for one in told] == ["TOO_LONG"]
    again = [named(key, 150) for key in ("five", "six")]
    for one in again:
        one.records[0].values["aliases"] = files[0].records[0].values["aliases"]
    assert load_file(empty, tmp_path, *again).versions == 2, "those are the same names"


@pytest.mark.parametrize("turned", [False, True])
def test_names_that_the_files_take_back_do_not_count(
    empty: neo4j.Driver, tmp_path: Path, turned: bool
) -> None:
    load(empty, [named("one", 200), named("two", 50)], database=DATABASE)
    given = [named("one", 50), named("two", 200)]
    load_file(empty, tmp_path, *(reversed(given) if turned else given))
    assert rows(empty, "MATCH (p:Person) RETURN size(p.aliases)") == [[250]]


# --- what is still needed ---


def figure(node_id: str) -> Record:
    return record(
        node_id, measure="toll", unit="USD", comparator="eq", value="5", figureStatus="observed"
    )


def test_what_others_need_is_told_before_anything_is_written(
    empty: neo4j.Driver, tmp_path: Path
) -> None:
    defining = facts(
        "one", record("issue:kept"), record("issue:old"), figure("figure:one/f"), event("talks")
    )
    needing = facts(
        "two",
        statement("statement:two/s", {"about": ["issue:old", "figure:one/f"]}),
        event("rest", {"partOf": ["event:talks"]}),
        uses=["issue:old", "figure:one/f", "event:talks"],
    )
    load(empty, [defining, needing], database=DATABASE)
    problems = refused(empty, tmp_path, facts("one", record("issue:kept")))
    assert {one.code for one in problems} == {"IN_USE"}
    words = " ".join(one.message for one in problems)
    for whom, who in (
        ("issue:old", "statement:two/s"),
        ("figure:one/f", "statement:two/s"),
        ("event:talks", "event:rest"),
    ):
        assert f"{whom} is no longer defined here" in words
        assert who in words
    assert {one.place.line for one in problems} == {line_of(tmp_path, '"source:one"')}
    released = facts("two", statement("statement:two/s"))
    load_file(empty, tmp_path, facts("one", record("issue:kept")), released)
    assert rows(empty, "MATCH (i:Issue) RETURN i.id") == [["issue:kept"]]
    assert rows(empty, "MATCH (n:Event|TradeFigure) RETURN n.id") == []


def test_what_does_not_show_is_needed_too(empty: neo4j.Driver, tmp_path: Path) -> None:
    load(empty, [facts("x", event("x")), facts("y", event("y"))], database=DATABASE)
    part = {"partOf": ["event:y"]}
    first = facts("one", event("e", part), published="2031-01-01", uses=["event:y"])
    part = {"partOf": ["event:x"]}
    second = facts("two", event("e", part), published="2031-02-01", uses=["event:x"])
    load(empty, [first, second], database=DATABASE)
    (problem,) = refused(empty, tmp_path, facts("x", record("issue:x")))
    assert problem.code == "IN_USE"
    assert "event:x" in problem.message
    assert "event:e" in problem.message


def test_what_another_source_defines_too_is_not_dropped(
    empty: neo4j.Driver, tmp_path: Path
) -> None:
    shared = [facts(key, record("issue:a"), record(f"issue:{key}")) for key in ("one", "two")]
    using = facts("three", statement("statement:three/s", {"about": ["issue:a"]}), uses=["issue:a"])
    load(empty, [*shared, using], database=DATABASE)
    load_file(empty, tmp_path, facts("one", record("issue:one")))
    (problem,) = refused(empty, tmp_path, facts("two", record("issue:two")))
    assert (problem.code, "statement:three/s" in problem.message) == ("IN_USE", True)


def test_what_the_files_use_they_may_not_drop(empty: neo4j.Driver, tmp_path: Path) -> None:
    using = facts("two", statement("statement:two/s", {"about": ["issue:a"]}), uses=["issue:a"])
    load(empty, [facts("one", record("issue:a")), using], database=DATABASE)
    again = statement("statement:two/s", {"about": ["issue:a"]}, text="Mended.")
    mended = facts("two", again, uses=["issue:a"])
    (problem,) = refused(empty, tmp_path, facts("one", record("issue:b")), mended)
    assert problem.code == "UNKNOWN_ID"
    assert problem.place.line == line_of(tmp_path, '"uses"')


def test_all_of_it_is_told_at_once(empty: neo4j.Driver, tmp_path: Path) -> None:
    talks = series("follows", ("a", "b"))
    using = facts("two", statement("statement:two/s", {"about": ["issue:a"]}), uses=["issue:a"])
    load(empty, [facts("one", record("issue:a")), using, facts("three", *talks)], database=DATABASE)
    load(empty, named("zero", 200), database=DATABASE)
    problems = refused(
        empty,
        tmp_path,
        facts("one", record("issue:b")),
        facts("four", *series("follows", ("b", "a"))),
        named("five", 150),
        facts("six", statement("statement:six/s", {"about": ["issue:c"]}), uses=["issue:c"]),
    )
    assert sorted(one.code for one in problems) == ["CIRCLE", "IN_USE", "TOO_LONG", "UNKNOWN_ID"]


# --- what another load does meanwhile ---


def test_a_refusal_says_what_was_written_before(
    empty: neo4j.Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(empty, facts("one", *series("follows", ("a", "b"))), database=DATABASE)
    monkeypatch.setattr(scan, "find_conflicts", lambda *_: iter(()))
    with pytest.raises(LoadError) as caught:
        load_file(
            empty,
            tmp_path,
            facts("two", record("issue:a")),
            facts("three", *series("follows", ("b", "a"))),
        )
    assert caught.value.code == "CIRCLE"
    assert "This load wrote 1 version before; that stays." in str(caught.value)
    assert rows(empty, "MATCH (s:Source) RETURN s.id ORDER BY s.id") == [
        ["source:one"],
        ["source:two"],
    ]


def test_nothing_is_asked_closely_where_nothing_of_the_kind_is_there(empty: neo4j.Driver) -> None:
    load(empty, facts("one", record("issue:a")), database=DATABASE)
    with closing(IdIndex()) as ids, empty.session(database=DATABASE) as session:
        ids.rows.execute("INSERT INTO source VALUES ('source:made', NULL, 'made.jsonl', 1, 1)")
        place = Place("made.jsonl", 1)
        ids.add_steps([Step("follows", "event:a", "event:b", place, "source:made")])
        with session.begin_transaction() as transaction:
            store = CountingStore(transaction, DOMAIN)
            assert list(find_conflicts(store, DOMAIN, ids)) == []
            assert store.asked == 3, "merged ids, links of the kind, the sources"
