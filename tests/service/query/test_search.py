"""Tests of full-text search, in many scripts."""

import unicodedata
from collections.abc import AsyncIterator
from itertools import combinations
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Literal

import httpx
import neo4j
import pytest
from rapidfuzz.distance import OSA

from graph_seed import cite, load_files
from schema.domain import DOMAIN
from service.settings import Settings
from tests.conftest import DATABASE, clear
from tests.querying import answer
from tests.service.http.test_app import serving

NAMES = {
    "amelie": "Ame\u0301lie Vossen",
    "muhammad": "مُحَمَّد",
    "hindi": "हिन्दी",
    "hava": "हवा",
    "nihon": "日本国",
    "thai": "การเจรจาการค้า",
    "korean": "한국 무역",
    "tamil": "தமிழ்நாடு",
    "hebrew": "שָׁלוֹם",
    "viet": "Nguyễn Văn An",
    "office": "U.S. Trade Office",
    "hawaii": "Hawaiʻi Board",
    "rene\u0301": "Rene\u0301 Faure",
}


@pytest.fixture(scope="module")
def names(driver: neo4j.Driver, tmp_path_factory: pytest.TempPathFactory) -> neo4j.Driver:
    clear(driver)
    path = tmp_path_factory.mktemp("names") / "names.yaml"
    people = "".join(
        f"- {{person: {key}, name: '{name}', find: Names}}\n" for key, name in NAMES.items()
    )
    path.write_text(f"source: {{id: source:names, type: invented}}\nentities:\n{people}", "utf-8")
    assert cite(path, "Names, all invented.\n").problems == []
    load_files(driver, [path], database=DATABASE)
    return driver


@pytest.fixture(scope="module")
async def client(names: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings) as client:
        yield client


async def search_hits(client: httpx.AsyncClient, text: str) -> dict[str, str]:
    """Return the key and the snippet of each hit of a search."""
    query = "query ($t: String!) { search(text: $t, first: 100) { hits { snippet node { id } } } }"
    response = await client.post("/graphql", json={"query": query, "variables": {"t": text}})
    answer = response.json()
    assert "errors" not in answer
    hits = answer["data"]["search"]["hits"]
    return {one["node"]["id"].partition(":")[2]: one["snippet"] for one in hits}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("amelie", {"amelie"}),
        ("Ame\u0301lie", {"amelie"}),
        ("Amélie", {"amelie"}),
        ("ame", {"amelie"}),
        ("محمد", {"muhammad"}),
        ("مُحَمَّد", {"muhammad"}),
        ("محـــمد", {"muhammad"}),
        ("हि", {"hindi"}),
        ("हिन्दी", {"hindi"}),
        ("हवा", {"hava"}),
        ("日本", {"nihon"}),
        ("本国", {"nihon"}),
        ("国", {"nihon"}),
        ("日", {"nihon"}),
        ("日本国", {"nihon"}),
        ("本日", set()),
        ("国日", set()),
        ("เจรจา", {"thai"}),
        ("ค้า", {"thai"}),
        ("จาเจร", set()),
        ("한국", {"korean"}),
        ("\u1112\u1161\u11ab국", {"korean"}),
        ("தமிழ்", {"tamil"}),
        ("שלום", {"hebrew"}),
        ("nguyen van", {"viet"}),
        ("U.S.", {"office"}),
        ("U.S", {"office"}),
        ("US", {"office"}),
        ("us trade", {"office"}),
        ("hawai'i", {"hawaii"}),
        ("\u0301", set()),
        ("!?", set()),
        ("", set()),
        ("U.S. AND (trade OR", set()),
        ("x" * 9000, set()),
        ("word " * 2000, set()),
        ("\ufdfa" * 10_000, set()),
    ],
)
async def test_words_are_found_in_every_script(
    client: httpx.AsyncClient, text: str, keys: set[str]
) -> None:
    hits = await search_hits(client, text)
    assert set(hits) == keys
    assert all("<mark>" in snippet for snippet in hits.values())


@pytest.mark.parametrize(
    ("text", "snippet"),
    [
        ("本国", "日<mark>本国</mark>"),
        ("amelie", "<mark>Amélie</mark> Vossen"),
        ("เจรจา", "การ<mark>เจรจา</mark>การค้า"),
        ("US", "<mark>U.S.</mark> Trade Office"),
    ],
)
async def test_marks_never_cut_a_letter(client: httpx.AsyncClient, text: str, snippet: str) -> None:
    assert list((await search_hits(client, text)).values()) == [snippet]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_ids_and_names_are_the_same_in_any_form(
    client: httpx.AsyncClient, form: Literal["NFC", "NFD"]
) -> None:
    key, name = (unicodedata.normalize(form, text) for text in ("person:rené", "René Faure"))
    query = """query ($id: ID!, $name: String!) {
      person(id: $id) { name } nodes(ids: [$id]) { id }
      a: people(where: {id: {in: [$id]}}) { totalCount }
      b: people(where: {name: {eq: $name}}) { totalCount } }"""
    given = {"query": query, "variables": {"id": key, "name": name}}
    answer = (await client.post("/graphql", json=given)).json()
    assert answer["data"] == {
        "person": {"name": "René Faure"},
        "nodes": [{"id": "person:rené"}],
        "a": {"totalCount": 1},
        "b": {"totalCount": 1},
    }


# --- facts by the names of what they name ---

TALKS = """
source: {id: source:talks, type: invented}
entities:
- {person: ada, name: Ada Moreno, aliases: [Madam Minister], find: Ada}
- {organization: mill, name: Old Mill Company, previousNames: [Water Works], find: Ada}
- {organization: osk, name: Osk Republic, aliases: [Oskland], find: Ada}
- {agreement: trp, name: Trans-Riparian Partnership, aliases: [TRP], find: Ada}
- {issue: tolls, aliases: [user fees], find: Ada}
- {event: hearing, name: Spring Hearing, eventType: hearing, find: Ada}
facts:
- {statement: a, by: ada, about: trp, says: Oskland gains from it., find: Ada}
- {statement: b, by: mill, about: tolls, on: hearing, says: They are too high., find: Ada}
- {statement: c, about: [trp, tolls], says: Both wait for the fees of Osk., find: Ada}
- {figure: f, is: -53.1 billion USD, measure: goods balance, of: [osk, mill], about: trp, find: Ada}
- {figure: g, is: 2..2.5 %, measure: toll rate, product: timber, about: tolls, find: Ada}
- {figure: h, is: "> 1 trillion USD a year", measure: trade, period: 2031, find: Ada}
- {position: p, by: ada, opposes: tolls, find: Ada}
- {position: q, by: osk, supports: trp, content: Sign it soon., find: Ada}
- {affiliation: head, by: ada, with: mill, role: head, find: Ada}
"""
NAMED = {
    "ada": "ada moreno madam minister",
    "mill": "old mill company water works",
    "osk": "osk republic oskland",
    "trp": "trans riparian partnership trp",
    "tolls": "tolls user fees",
}
SAID = {
    "statement:talks/a": ("oskland gains from it", ["ada", "trp"]),
    "statement:talks/b": ("they are too high", ["mill", "tolls"]),
    "statement:talks/c": ("both wait for the fees of osk", ["trp", "tolls"]),
    "figure:talks/f": ("goods balance 53.1 billion usd 53100000000", ["osk", "mill", "trp"]),
    "figure:talks/g": ("toll rate timber between 2 and 2.5 percent 2 2.5", ["tolls"]),
    "figure:talks/h": ("trade more than 1 trillion usd a year 1000000000000", []),
    "position:talks/p": ("", ["ada", "tolls"]),
    "position:talks/q": ("sign it soon", ["osk", "trp"]),
    "affiliation:talks/head": ("head", ["ada", "mill"]),
}
"""Of each fact its own words, and the entities by whose names it is found."""


def is_met(wanted: str, words: list[str]) -> bool:
    typo = len(wanted) > 3 and not any(map(str.isdigit, wanted))
    return any(
        word.startswith(wanted) or (typo and OSA.distance(word, wanted) <= 1) for word in words
    )


def find_facts(wanted: list[str]) -> set[str]:
    """Return the facts that have every word, found naively."""
    return {
        fact
        for fact, (own, named) in SAID.items()
        if all(
            is_met(word, own.split()) or any(is_met(word, NAMED[one].split()) for one in named)
            for word in wanted
        )
    }


@pytest.fixture(scope="module")
def talks(driver: neo4j.Driver, tmp_path_factory: pytest.TempPathFactory) -> neo4j.Driver:
    clear(driver)
    path = tmp_path_factory.mktemp("talks") / "talks.yaml"
    path.write_text(TALKS, "utf-8")
    assert cite(path, "Invented: Ada.\n").problems == []
    load_files(driver, [path], database=DATABASE)
    return driver


FACTS = "types: [Statement, TradeFigure, Position, Affiliation], first: 100"


async def test_facts_are_found_by_the_names_of_what_they_name(
    talks: neo4j.Driver, settings: Settings
) -> None:
    words = sorted({word for one in NAMED.values() for word in one.split()})
    words += ["oskl", "riparain", "fee", "high", "53.1", "usd", "billion", "timber", "gains", "2.5"]
    asked = [[word] for word in words] + [list(pair) for pair in combinations(words, 2)][::3]
    asked += [["oskland", "trp", "gains"], ["madam", "user", "it"], ["nothing"], ["hearing"]]
    size = 6
    names = [f"t{number}" for number in range(size)]
    declared = " ".join(f"${name}: String!" for name in names)
    fields = (f"{n}: search(text: ${n}, {FACTS}) {{ hits {{ node {{ id }} }} }}" for n in names)
    query = f"query ({declared}) {{ {' '.join(fields)} }}"
    async with serving(settings) as client:
        for begin in range(0, len(asked), size):
            some = [" ".join(one) for one in asked[begin : begin + size]]
            given = dict(zip(names, [*some, *[""] * (size - len(some))], strict=True))
            answer = await client.post("/graphql", json={"query": query, "variables": given})
            data = answer.json()["data"]
            for name, text in given.items():
                hits = {one["node"]["id"] for one in data[name]["hits"]}
                assert hits == (find_facts(text.split()) if text else set()), text


@pytest.mark.parametrize(
    ("text", "fact", "place", "snippet"),
    [
        ("oskland trp", "statement:talks/a", "text", "<mark>Oskland</mark> gains from it."),
        (
            "Oskland Trans-Riparian",
            "statement:talks/a",
            "about",
            "<mark>Trans</mark>-<mark>Riparian</mark> Partnership",
        ),
        ("minister", "statement:talks/a", "speakers", "Madam <mark>Minister</mark>"),
        ("$53.1 billion", "figure:talks/f", "words", "−<mark>53.1</mark> <mark>billion</mark> USD"),
        ("53100000000", "figure:talks/f", "value", "-<mark>53100000000</mark>"),
        ("53,1", "figure:talks/f", "words", "−<mark>53.1</mark> billion USD"),
        ("water works", "figure:talks/f", "partner", "<mark>Water</mark> <mark>Works</mark>"),
        ("user fees", "position:talks/p", "target", "<mark>user</mark> <mark>fees</mark>"),
    ],
)
async def test_a_hit_says_where_its_words_are(
    talks: neo4j.Driver, settings: Settings, text: str, fact: str, place: str, snippet: str
) -> None:
    query = (
        f"query ($t: String!) {{ search(text: $t, {FACTS}) "
        "{ hits { property snippet node { id } } counts { type count } } }"
    )
    async with serving(settings) as client:
        answer = await client.post("/graphql", json={"query": query, "variables": {"t": text}})
    found = answer.json()["data"]["search"]
    (hit,) = [one for one in found["hits"] if one["node"]["id"] == fact]
    assert (hit["property"], hit["snippet"]) == (place, snippet)
    assert sum(one["count"] for one in found["counts"]) == len(found["hits"])


async def test_a_search_of_many_words_stays_within_what_lucene_takes(
    empty: neo4j.Driver, settings: Settings, tmp_path: Path
) -> None:
    """Each word has sixty neighbours in spelling, and names many entities."""
    chance = Random(3)
    words = ["".join(chance.choices(ascii_lowercase, k=9)) for _ in range(32)]
    entities, said = [], []
    for number, word in enumerate(words):
        near = [
            word[:at] + letter + word[at + 1 :]
            for at in range(9)
            for letter in chance.sample(ascii_lowercase, 7)
        ]
        said.append(f"- {{statement: s{number}, says: {' '.join(near)}, find: Ada}}\n")
        entities += [
            f"- {{issue: i{number}-{each}, name: {word} {near[each]}, find: Ada}}\n"
            for each in range(20)
        ]
    path = tmp_path / "many.yaml"
    source = "source: {id: source:many, type: invented}\n"
    path.write_text(f"{source}entities:\n{''.join(entities)}facts:\n{''.join(said)}", "utf-8")
    assert cite(path, "Invented: Ada.\n").problems == []
    load_files(empty, [path], database=DATABASE)
    query = "query ($t: String!) { search(text: $t) { counts { type count } } }"
    async with serving(settings) as client:
        for count in (1, 8, 32):
            given = {"query": query, "variables": {"t": " ".join(words[:count])}}
            answer = (await client.post("/graphql", json=given)).json()
            assert "errors" not in answer, count


SELECTION = """{
  __typename hits { score property snippet passage { id } node { id } } counts { type count }
}"""


@pytest.mark.parametrize("types", ["", *(node.label for node in DOMAIN.concrete)])
@pytest.mark.parametrize("as_of", ["", "@asOf"])
def test_a_search_of_types_finds_nodes_of_these_types_alone(
    article: neo4j.Driver, types: str, as_of: str
) -> None:
    text = f'query {as_of} {{ search(text: "nafta trade", types: [{types}]) {SELECTION} }}'
    found = answer(article, text)["search"]
    assert {one["type"] for one in found["counts"]} <= {types}
    assert bool(found["hits"]) == bool(found["counts"])
