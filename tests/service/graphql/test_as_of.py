"""Tests that ``@asOf`` repeats old answers, whatever was recorded, changed and expired since."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import orjson
import pytest
from graphql import ExecutionResult, parse
from hypothesis import Phase, given, seed
from hypothesis import settings as hypothesis_settings

import graph_seed
from graph_seed import LoadError, cite, load, load_files, unload
from graph_seed.records import Facts
from schema.domain import DOMAIN
from service.errors import BadUserInput
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.limits import Limits
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema
from service.query.operation import DIALECT
from tests.builders import facts, record, statement
from tests.conftest import DATABASE, FACTS, clear
from tests.graph_seed.loading.test_load import rows
from tests.operations import Operation, operations
from tests.oracle import Graph
from tests.random_facts import FactsGenerator, list_claims

VERSIONS = int(os.environ.get("PARLEY_TEST_VERSIONS", "3"))
OPERATIONS = int(os.environ.get("PARLEY_TEST_OPERATIONS_EACH", "4"))
"""Operations that are answered after each version."""
POOL = 300
"""Operations that are chosen from, at most: to plan them takes most of the time."""
LONGEST = 3000
"""Characters of an operation that is asked."""
ROUNDS = 10
"""In which so many are drawn, at most: how many of a round are short depends on the other tests of
the run, since Hypothesis draws constants from the modules it finds imported."""
KEYS = ("one", "two", "three")
SCHEMA = make_schema(DOMAIN)


class Asker:
    """Asks documents of a graph, and counts the queries."""

    def __init__(self, driver: neo4j.Driver) -> None:
        self.session = driver.session(database=DATABASE)
        self.loop = asyncio.new_event_loop()
        self.queries = 0
        limits = Limits(conditions=100_000, subqueries=100_000, cost=1_000_000_000)
        self.engine = Engine(PlanCache(DOMAIN, limits=limits, budget=1000), self.read, 300)

    async def read(self, queries: Any) -> Any:
        self.queries += len(queries)
        return [
            self.session.run(text_of(one), one.parameters).single(strict=True).values()
            for one in queries
        ]

    def __call__(self, document: str, variables: Any = None) -> ExecutionResult:
        answer = self.engine.answer(SCHEMA._schema, parse(document), None, variables)
        return self.loop.run_until_complete(answer)


def text_of(query: Any) -> str:
    """Its text; a plan that was made once stays, however much other history is written."""
    return str(query.text).replace(DIALECT, f"{DIALECT} replan=skip", 1)


@pytest.fixture
def ask(empty: neo4j.Driver) -> Iterator[Asker]:
    asker = Asker(empty)
    yield asker
    asker.session.close()
    asker.loop.close()


@pytest.fixture(scope="module")
def pool(driver: neo4j.Driver) -> list[Operation]:
    """Operations over a graph whose ids the histories have too."""
    clear(driver)
    graph_seed.ensure_schema(driver, DATABASE)
    generator = FactsGenerator(DOMAIN, random.Random(0), entities=2, facts=2, stray=0)
    for key in KEYS:
        load(driver, generator.source(key), database=DATABASE)
    found: list[Operation] = []
    drawn = operations(DOMAIN, Graph.read(driver, DATABASE, DOMAIN))
    wanted = min(POOL, VERSIONS * OPERATIONS)
    for number in range(ROUNDS):
        if len(found) >= wanted:
            break

        @seed(number)
        @hypothesis_settings(max_examples=wanted, phases=[Phase.generate])
        @given(drawn)
        def run(operation: Operation) -> None:
            # What takes a minute to be planned shows nothing that less does not.
            if len(operation.document) < LONGEST:
                found.append(operation)

        run()
    assert len(found) >= wanted, f"{ROUNDS} rounds drew {len(found)} short operations of {wanted}"
    return found


def step(driver: neo4j.Driver, chance: random.Random, generator: FactsGenerator,
         loaded: dict[str, Facts]) -> bool:  # fmt: skip
    """Load, mend or unload one source; whether that made a version."""
    key = chance.choice(KEYS)
    source = f"source:{key}"
    generator.claims = [one for facts in loaded.values() for one in list_claims(DOMAIN, facts)]
    try:
        if source in loaded and chance.random() < 0.3:
            report = unload(driver, source, database=DATABASE)
            del loaded[source]
        else:
            facts = generator.source(key)
            (report,) = load(driver, facts, database=DATABASE)
            loaded[source] = facts
    except LoadError as error:
        assert error.code in {"UNKNOWN_ID", "IN_USE", "CIRCLE"}
        return False
    return report.made_version


def test_every_kept_answer_can_be_had_again(
    pool: list[Operation], empty: neo4j.Driver, ask: Asker
) -> None:
    chance = random.Random(0)
    generator = FactsGenerator(DOMAIN, chance, entities=2, facts=2, order="0", cyclic=0.02)
    loaded: dict[str, Facts] = {}
    kept: list[tuple[int, str, Operation, bytes]] = []
    versions: set[int] = set()
    while len(versions) < VERSIONS or not kept:
        if not step(empty, chance, generator, loaded):
            continue
        latest = "RETURN l.version, toString(l.at) ORDER BY l.version DESC LIMIT 1"
        ((number_of, moment),) = rows(empty, f"MATCH (l:Load) {latest}")
        version, at = int(str(number_of)), str(moment)
        versions.add(version)
        for operation in chance.sample(pool, OPERATIONS):
            answer = ask(operation.document, operation.variables)
            assert not answer.errors, operation
            kept.append((version, at, operation, orjson.dumps(answer.data)))
    # Neo4j keeps the plan of an operation that is asked again at once.
    for version, at, operation, data in sorted(kept, key=lambda one: one[2].document):
        for name, value in (("systemTime", at), ("version", version)):
            given = f"{name}: {json.dumps(value)}"
            again = ask(operation.with_directive(f"@asOf({given})"), operation.variables)
            assert not again.errors, operation
            assert orjson.dumps(again.data) == data, (version, operation)
            assert again.extensions is not None
            assert again.extensions["version"] == version
            assert list(again.extensions["asOf"]) == [name]


def test_a_time_before_the_first_load_is_empty_and_one_to_come_is_refused(
    empty: neo4j.Driver, ask: Asker
) -> None:
    load_files(empty, [FACTS / "nafta-round-five.yaml", FACTS / "countries.yaml"],
               database=DATABASE)  # fmt: skip
    asked = '{ people { totalCount nodes { name } } node(id: "person:donald-trump") { id } }'
    for time in ('systemTime: "2001-01-01T00:00:00Z"', "version: 0"):
        before = ask(f"query @asOf({time}) {asked}")
        assert before.data == {"people": {"totalCount": 0, "nodes": []}, "node": None}
        assert before.extensions is not None
        assert before.extensions["version"] == 0
    for time, message in (
        ('systemTime: "2999-01-01T00:00:00Z"', "has not reached"),
        ("version: 3", "has not reached"),
        ("version: -1", "from 0 on"),
        ('version: 1, systemTime: "2017-11-17T00:00:00Z"', "not both"),
    ):
        with pytest.raises(BadUserInput, match=message):
            ask(f"query @asOf({time}) {asked}")
    by_number = ask(f"query @asOf(version: 2) {asked}")
    assert by_number.data == ask(asked).data
    assert by_number.extensions == {"version": 2, "asOf": {"version": 2}}
    latest = ask(f"query @asOf {asked}")
    assert latest.data == ask(asked).data
    assert latest.extensions == {"version": 2}


WORLD = """
source: {id: source:world, type: invented, publishedOn: 2031-06-01}
entities:
- {person: ada, find: Ada}
- {organization: mill, find: mill}
- {event: march-fair, eventType: fair, date: 2031-03, find: Ada}
facts:
- affiliation: miller
  by: ada
  with: mill
  role: miller
  validFrom: 2030-01-15
  validTo: 2031-02
  find: Ada
- {affiliation: owner, by: ada, with: mill, role: owner, validFrom: 2031-02, find: Ada}
- {affiliation: baker, by: ada, with: mill, role: baker, find: Ada}
- {statement: early, by: ada, says: Early., saidOn: 2031-01-10, find: Ada}
- {statement: some-day, by: ada, says: Some day., saidOn: "[2031-02-05..2031-02-25]", find: Ada}
- {statement: late, by: ada, says: Late., saidOn: 2031-05, find: Ada}
- {figure: month, measure: flour, is: 5 sacks, period: 2031-02, find: mill}
- agenda: next
  itemKind: topic
  agendaStatus: open
  about: march-fair
  partOf: march-fair
  find: Ada
"""
DAYS = {
    # day: what the affiliations, statements, figures and events say
    "2031-02-10": (
        {"baker": "UNKNOWN", "miller": "UNKNOWN", "owner": "UNKNOWN"},
        {"Early.": "VALID", "Some day.": "UNKNOWN"},
        {"flour": "VALID"},
        {},
    ),
    "2031-03-10": (
        {"baker": "UNKNOWN", "owner": "VALID"},
        {"Early.": "VALID", "Some day.": "VALID"},
        {},
        {"March Fair": "UNKNOWN"},
    ),
    "2030": (
        {"baker": "UNKNOWN", "miller": "UNKNOWN"},
        {},
        {},
        {},
    ),
    "2030-06": ({"baker": "UNKNOWN", "miller": "VALID"}, {}, {}, {}),
}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("known", ["", ', systemTime: "AT"'], ids=["now", "then"])
def test_what_held_on_a_day(
    empty: neo4j.Driver, ask: Asker, tmp_path: Path, day: str, known: str
) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(WORLD, "utf-8")
    assert cite(path, "Invented: Ada and her mill.\n").problems == []
    load_files(empty, [path], database=DATABASE)
    ((at,),) = rows(empty, "MATCH (l:Load) RETURN toString(l.at)")
    if known:
        unload(empty, "source:world", database=DATABASE)
    answer = ask(
        f'query @asOf(validTime: "{day}"{known.replace("AT", str(at))}) {{'
        " affiliations { totalCount nodes { role validity } }"
        ' person(id: "person:ada") {'
        "   statements { totalCount nodes { text validity } }"
        '   affiliations(where: {holder: {name: {eq: "Ada"}}}) { nodes { role validity } } }'
        " tradeFigures { nodes { measure validity } } events { nodes { name validity } }"
        ' people(where: {statements: {some: {text: {eq: "Late."}}}}) { totalCount }'
        ' statement(id: "statement:world/late") { validity }'
        ' agendaItem(id: "agenda:world/next") { caption } }'
    )
    assert answer.errors is None
    data = answer.data
    assert data is not None
    held = [
        {one[name]: one["validity"] for one in found["nodes"]}
        for found, name in (
            (data["affiliations"], "role"),
            (data["person"]["statements"], "text"),
            (data["tradeFigures"], "measure"),
            (data["events"], "name"),
        )
    ]
    assert held == list(DAYS[day])
    assert data["affiliations"]["totalCount"] == len(held[0])
    assert data["person"]["statements"]["totalCount"] == len(held[1])
    assert data["person"]["affiliations"]["nodes"] == data["affiliations"]["nodes"]
    assert data["people"]["totalCount"] == 0, "a filter does not see what was not said yet"
    assert data["statement"] == {"validity": "NOT_VALID"}, "what is asked by its id says so itself"
    caption = "March Fair (March 2031) (open), March Fair"
    assert data["agendaItem"] == {"caption": caption}, "a caption names events to come, too"


def test_without_a_day_nothing_says_whether_it_held(empty: neo4j.Driver, ask: Asker) -> None:
    load_files(empty, [FACTS / "nafta-round-five.yaml", FACTS / "countries.yaml"],
               database=DATABASE)  # fmt: skip
    answer = ask("{ statements(first: 1) { nodes { validity } } }")
    assert answer.data == {"statements": {"nodes": [{"validity": None}]}}


def test_history_of_a_node_that_changed_since_names_its_loads(
    empty: neo4j.Driver, ask: Asker
) -> None:
    """The load is read within the query of the node, which has a current node itself."""
    for name in ("Ada", "Ada Moreno"):
        load(empty, facts("talks", record("person:ada", name=name)), database=DATABASE)
    asked = '{ node(id: "person:ada") { id history { load { id } } } }'
    answer = ask(f"query @asOf(version: 1) {asked}")
    assert answer.data == {"node": {"id": "person:ada", "history": [{"load": {"id": "load:1"}}]}}


def test_a_search_at_a_time_finds_what_was_said_then(
    empty: neo4j.Driver, ask: Asker, tmp_path: Path
) -> None:
    path = tmp_path / "mill.yaml"
    body = (
        "source: {{id: source:mill, type: invented}}\nfacts:\n"
        "- {{statement: s, says: {}, find: Ada}}\n"
    )
    moments: list[str] = []
    for words in ("The mill grinds.", "The wheel turns."):
        path.write_text(body.format(words), "utf-8")
        assert cite(path, "Invented: Ada and her mill.\n").problems == []
        load_files(empty, [path], database=DATABASE)
        ((at,),) = rows(
            empty, "MATCH (l:Load) RETURN toString(l.at) ORDER BY l.version DESC LIMIT 1"
        )
        moments.append(str(at))
    rows(empty, "CALL db.awaitIndexes()")
    unload(empty, "source:mill", database=DATABASE)
    rows(empty, "CALL db.awaitIndexes()")
    for words, at, there in (
        ("mill", moments[0], True), ("wheel", moments[0], False),
        ("mill", moments[1], False), ("whel", moments[1], True),
    ):  # fmt: skip
        answer = ask(
            f'query @asOf(systemTime: "{at}") {{ search(text: "{words}") '
            "{ hits { property snippet node { id caption } } counts { type count } } }"
        )
        assert answer.data is not None
        hits = answer.data["search"]["hits"]
        assert [one["node"]["id"] for one in hits] == ["statement:mill/s"] * there
        assert answer.data["search"]["counts"] == [{"type": "Statement", "count": 1}] * there
    gone = ask('{ search(text: "mill") { hits { score } } }')
    assert gone.data == {"search": {"hits": []}}


def test_a_search_at_a_time_knows_what_facts_named_and_how_that_was_called(
    empty: neo4j.Driver, ask: Asker, tmp_path: Path
) -> None:
    path = tmp_path / "mill.yaml"
    body = (
        "source: {{id: source:mill, type: invented}}\n"
        "entities:\n- {{issue: flour{}, find: mill}}\n- {{issue: water, find: mill}}\nfacts:\n"
        "- {{statement: s, says: It is scarce., about: {}, find: Ada}}\n"
    )
    moments: list[str] = []
    for alias, about in (("", "flour"), (", aliases: [meal]", "flour"), ("", "water")):
        path.write_text(body.format(alias, about), "utf-8")
        assert cite(path, "Invented: Ada and her mill.\n").problems == []
        load_files(empty, [path], database=DATABASE)
        ((at,),) = rows(
            empty, "MATCH (l:Load) RETURN toString(l.at) ORDER BY l.version DESC LIMIT 1"
        )
        moments.append(str(at))
    rows(empty, "CALL db.awaitIndexes()")
    for words, there in (
        ("flour scarce", [True, True, False]),
        ("meal scarce", [False, True, False]),
        ("water scarce", [False, False, True]),
        ("scarce", [True, True, True]),
    ):
        search = (
            f'{{ search(text: "{words}", types: [Statement]) {{ hits {{ property snippet }} }} }}'
        )
        answers = [ask(f'query @asOf(systemTime: "{at}") {search}').data for at in moments]
        found = [answer["search"]["hits"] for answer in answers if answer]
        assert [bool(some) for some in found] == there, words
        assert all("<mark>" in hit["snippet"] for some in found for hit in some)
        now = ask(search).data
        assert now is not None
        assert bool(now["search"]["hits"]) == there[-1], words


def test_a_node_tells_its_versions(empty: neo4j.Driver, ask: Asker, tmp_path: Path) -> None:
    path = tmp_path / "mill.yaml"
    body = (
        "source: {{id: source:mill, type: invented}}\n"
        "entities:\n- {{issue: flour, find: mill}}\n- {{issue: water, find: mill}}\nfacts:\n"
        "- {{statement: s, says: {}, about: {}, {} find: Ada}}\n"
    )
    for row in (
        ("It grinds.", "flour", ""),
        ("It turns.", "flour", "saidOn: 2031-05,"),
        ("It turns.", "water", "saidOn: 2031-05,"),
    ):
        path.write_text(body.format(*row), "utf-8")
        assert cite(path, "Invented: Ada and her mill.\n").problems == []
        load_files(empty, [path], database=DATABASE, by="the desk", note=row[0])
    asked = (
        'node(id: "statement:mill/s") { history(first: 3) '
        "{ version l: load { by note } load { at } changes { name old new } } }"
    )
    answer = ask(f"{{ {asked} }}")
    assert answer.errors is None
    assert answer.data is not None
    third, second, first = answer.data["node"]["history"]
    evidence = "passage:mill/10-13"
    assert [one["version"] for one in (third, second, first)] == [3, 2, 1]
    assert (second["l"], first["l"]["by"]) == ({"by": "the desk", "note": "It turns."}, "the desk")
    assert third["changes"] == [
        {"name": "about", "old": "issue:flour", "new": None},
        {"name": "about", "old": None, "new": "issue:water"},
    ]
    assert second["changes"] == [
        {"name": "text", "old": "It grinds.", "new": "It turns."},
        {"name": "saidOn", "old": None, "new": "2031-05"},
    ]
    assert {"name": "text", "old": None, "new": "It grinds."} in first["changes"]
    assert {"name": "evidence", "old": None, "new": evidence} in first["changes"]
    then = ask(f'query @asOf(systemTime: "{second["load"]["at"]}") {{ {asked} }}')
    assert then.data == {"node": {"history": [second, first]}}


def test_an_id_that_comes_back_tells_all_its_versions(empty: neo4j.Driver, ask: Asker) -> None:
    def say(text: str) -> Facts:
        about = statement("statement:mill/s", {"about": ["issue:flour"]}, text=text)
        return facts("mill", record("issue:flour"), about)

    for text in ("It grinds.", "It turns."):
        load(empty, say(text), database=DATABASE)
    unload(empty, "source:mill", database=DATABASE)
    load(empty, facts("other", record("issue:other")), database=DATABASE)
    for text in ("It turns.", "It stands."):
        load(empty, say(text), database=DATABASE)
    asked = "{ version changes { name old new } }"
    answer = ask(f'{{ node(id: "statement:mill/s") {{ history(first: 9) {asked} }} }}')
    assert answer.errors is None
    assert answer.data is not None
    told = {one["version"]: one["changes"] for one in answer.data["node"]["history"]}
    assert [*told] == [6, 5, 3, 2, 1], "the version between is of another source"

    def of(version: int, name: str) -> list[tuple[object, object]]:
        return [(one["old"], one["new"]) for one in told[version] if one["name"] == name]

    assert [of(version, "text") for version in (1, 2, 3, 5, 6)] == [
        [(None, "It grinds.")],
        [("It grinds.", "It turns.")],
        [("It turns.", None)],
        [(None, "It turns.")],
        [("It turns.", "It stands.")],
    ]
    assert [of(version, "about") for version in (1, 2, 3, 5, 6)] == [
        [(None, "issue:flour")], [], [("issue:flour", None)], [(None, "issue:flour")], [],
    ]  # fmt: skip
    moments = rows(empty, "MATCH (l:Load) RETURN l.version, toString(l.at) ORDER BY l.version")
    for version, at in moments:
        then = ask(
            f'query @asOf(systemTime: "{at}") {{ node(id: "statement:mill/s") '
            f"{{ history(first: 9) {asked} }} }}"
        )
        assert then.data is not None
        if version in (3, 4):
            assert then.data["node"] is None
            continue
        seen = {one["version"]: one["changes"] for one in then.data["node"]["history"]}
        assert seen == {v: changes for v, changes in told.items() if v <= int(str(version))}
