"""Claims that supersede others, whatever their kinds and sources, and from which day on."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import neo4j
import pytest

from graph_seed import FactsError, LoadError, unload
from graph_seed.graph.repository import Repository
from graph_seed.loading.bulk import load as bulk_load
from graph_seed.loading.bulk.load import BulkReport
from graph_seed.records import Facts, Record, Reference
from graph_seed.state.desired_state import desired_state, standing_for
from schema.domain import DOMAIN
from tests.builders import Links, facts, record, statement
from tests.conftest import DATABASE
from tests.graph_seed.loading.bulk.test_merge_shared import Batches
from tests.graph_seed.loading.test_load_traps import event, loaded, rows

ADA, TOLLS, UNION, TALKS = "person:ada", "issue:tolls", "organization:union", "event:talks"
SHARED = (ADA, TOLLS, UNION, TALKS)
KINDS = ("statement", "figure", "position", "affiliation", "agenda")
STANDING, CORRECTED, RETRACTED = "standing", "corrected", "retracted"
CORRECTION, RETRACTION = {"supersession": "correction"}, {"supersession": "retraction"}


def claim(node_id: str, links: Links | None = None, **values: Any) -> Record:
    """A claim of any kind, as its id says."""
    given: Mapping[str, Any] = {
        "statement": {"text": "Said.", "mode": "narration", "attribution": "narrator"},
        "figure": {"measure": "toll", "unit": "USD", "comparator": "eq", "value": "1",
                   "figureStatus": "observed"},
        "position": {"stance": "supports"},
        "affiliation": {"role": "member"},
        "agenda": {"itemKind": "topic", "agendaStatus": "open"},
    }[node_id.partition(":")[0]]  # fmt: skip
    needed: Links = {
        "position": {"holder": [ADA], "target": [TOLLS]},
        "affiliation": {"holder": [ADA], "affiliatedWith": [UNION]},
        "agenda": {"partOf": [TALKS]},
    }.get(node_id.partition(":")[0], {})
    known = {name: one for name, one in {**given, **values}.items() if one is not None}
    return record(node_id, {**needed, **(links or {})}, **known)


def entities() -> Facts:
    return facts("world", record(ADA), record(TOLLS), record(UNION), event("talks"))


def standings(driver: neo4j.Driver) -> dict[str, str]:
    return dict(rows(driver, "MATCH (f:Fact) RETURN f.id, f.standing"))


# --- any claim supersedes any other ---


def pairs() -> tuple[list[Record], list[Record], dict[str, str]]:
    """Old claims of each kind for new ones of each kind, and what becomes of the old."""
    old: list[Record] = []
    new: list[Record] = []
    becomes: dict[str, str] = {}
    for number, (one, other) in enumerate(product(KINDS, KINDS)):
        old_id, new_id = f"{one}:one/of-{other}", f"{other}:two/of-{one}"
        why = (CORRECTION, RETRACTION)[number % 2]
        old.append(claim(old_id))
        new.append(claim(new_id, {"supersedes": [(old_id, why)]}))
        becomes |= {old_id: (CORRECTED, RETRACTED)[number % 2], new_id: STANDING}
    return old, new, becomes


def test_a_claim_of_any_kind_supersedes_one_of_any_other(empty: neo4j.Driver) -> None:
    old, new, becomes = pairs()
    first = facts("one", *old, uses=SHARED)
    loaded(empty, entities(), first)
    assert standings(empty) == dict.fromkeys((one.id for one in old), STANDING)
    second = facts("two", *new, uses=[*SHARED, *(one.id for one in old)])
    report = loaded(empty, second)
    assert standings(empty) == becomes
    assert report.counts["TradeFigure"] == {"recorded": 5, "changed": 5}
    past = "MATCH (f:Fact)-[:WAS]->(p:PastFact) RETURN f.id, p.standing, p.recordedIn, p.expiredIn"
    assert sorted(rows(empty, past)) == sorted([one.id, STANDING, 2, 3] for one in old)
    for again in (first, second):
        assert not loaded(empty, again).made_version, "loading again changes nothing"
    unload(empty, "source:two", database=DATABASE)
    assert standings(empty) == dict.fromkeys((one.id for one in old), STANDING)


def written_together(
    driver: neo4j.Driver, monkeypatch: pytest.MonkeyPatch, *given: Facts
) -> BulkReport:
    """Write sources as one batch of a large file."""
    batches = Batches(driver)
    monkeypatch.setattr(bulk_load, "check_lines", batches.check_lines)
    batches.write(given)
    return batches.report


def test_sources_written_together_have_the_same_standing(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, becomes = pairs()
    for one in new:
        one.id = one.id.replace(":two/", ":one/new-")
    expected = {name.replace(":two/", ":one/new-"): then for name, then in becomes.items()}
    every = facts("one", *old, *new, uses=SHARED)
    assert written_together(empty, monkeypatch, entities(), every).one_by_one == 0
    assert standings(empty) == expected
    assert not loaded(empty, every).made_version


def test_a_retraction_outweighs_a_correction() -> None:
    assert standing_for(()) == STANDING
    assert standing_for(["correction", "correction"]) == CORRECTED
    assert standing_for(["retraction", "correction"]) == RETRACTED


# --- from which day on ---

SAID: dict[str, Any] = {"saidOn": "2031-05-03"}
DATES: list[tuple[str, list[Record], str | None]] = [
    ("statement", [claim("statement:two/new", **SAID)], "2031-05-03"),
    ("undated statement", [claim("statement:two/new")], "2031-06"),
    ("position", [claim("position:two/new", heldOn="2031-04")], "2031-04"),
    (
        "position in a report of a later day",
        [
            claim("position:two/new", {"reportedIn": ["statement:two/s"]}, heldOn="2031-04"),
            statement("statement:two/s", **SAID),
        ],
        "2031-05-03",
    ),
    ("figure", [claim("figure:two/new", period="2030")], "2031-06"),
    (
        "figure that statements state",
        [
            claim("figure:two/new", period="2030"),
            statement("statement:two/s", {"figures": ["figure:two/new"]}, **SAID),
            statement("statement:two/t", {"figures": ["figure:two/new"]}, saidOn="2031-05"),
            statement("statement:two/u", {"figures": ["figure:two/new"]}),
        ],
        "2031-05",
    ),
    (
        "figure that a position states",
        [
            claim("figure:two/new"),
            claim("position:two/p", {"figures": ["figure:two/new"]}, heldOn="2031-03-01"),
        ],
        "2031-03-01",
    ),
    ("affiliation", [claim("affiliation:two/new", validFrom="2020")], "2031-06"),
    ("agenda", [claim("agenda:two/new")], "2031-06"),
]


@pytest.mark.parametrize(("records", "day"), [d[1:] for d in DATES], ids=[d[0] for d in DATES])
def test_a_claim_supersedes_from_the_day_it_was_said(records: list[Record], day: str) -> None:
    new = next(one for one in records if one.id.endswith("/new"))
    older = {**new.links, "supersedes": [Reference("figure:one/f", CORRECTION)]}
    superseding = replace(new, links=older)
    given = [superseding if one is new else one for one in records]
    for published, expected in (("2031-06", day), (None, None if day == "2031-06" else day)):
        state = desired_state(DOMAIN, facts("two", *given, published=published), {}, {}, {})
        (edge,) = (p for key, p in state.relationships.items() if key.type == "SUPERSEDES")
        assert edge.get("supersededOn") == expected
        assert ("supersededOnEarliest" in edge) == (expected is not None)


def test_a_mended_date_dates_the_correction_anew(empty: neo4j.Driver) -> None:
    why = {"supersedes": [("figure:one/f", CORRECTION)]}
    loaded(empty, facts("one", claim("figure:one/f")))

    def second(**values: Any) -> Facts:
        new = claim("statement:two/s", why, **values)
        return facts("two", new, uses=["figure:one/f"], published="2031-06")

    dates = "MATCH ()-[r:SUPERSEDES]->() RETURN r.supersededOn, toString(r.supersededOnEarliest)"
    loaded(empty, second())
    assert rows(empty, dates) == [["2031-06", "2031-06-01"]]
    loaded(empty, second(saidOn="2031-05-03"))
    assert rows(empty, dates) == [["2031-05-03", "2031-05-03"]]
    over = "MATCH ()-[r:WAS_SUPERSEDES]->() RETURN r.supersededOn, r.recordedIn, r.expiredIn"
    assert rows(empty, over) == [["2031-06", 2, 3]]
    assert standings(empty)["figure:one/f"] == CORRECTED
    copies = "MATCH (:TradeFigure)-[:WAS]->(p) RETURN count(p)"
    assert rows(empty, copies) == [[1]], "the standing is what it was"


def test_what_is_computed_may_not_be_given(empty: neo4j.Driver) -> None:
    why = {**CORRECTION, "supersededOn": "2031"}
    new = claim("figure:one/g", {"supersedes": [("figure:one/f", why)]})
    given = facts("one", claim("figure:one/f"), new)
    with pytest.raises(FactsError, match="supersededOn of supersedes is computed; leave it out"):
        loaded(empty, given)


# --- no cycles over what is loaded already ---


def series(link: str, key: str, *ways: tuple[str, str], **options: Any) -> Facts:
    """A source that says of events which follow or are part of which."""
    ends: dict[str, list[str]] = {}
    for start, end in ways:
        ends.setdefault(start, []).append(f"event:{end}")
        ends.setdefault(end, [])
    records = [event(name, {link: to} if to else None) for name, to in ends.items()]
    return facts(key, *records, **options)


@pytest.mark.parametrize("link", ["follows", "partOf"])
@pytest.mark.parametrize("bulk", [False, True], ids=["small", "bulk"])
def test_a_cycle_over_several_loads_is_refused(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch, link: str, bulk: bool
) -> None:
    first = series(link, "one", ("a", "b"), ("b", "c"), ("x", "y"))
    loaded(empty, first)
    before = rows(empty, "MATCH (n)-[r]->(m) RETURN n.id, type(r), m.id ORDER BY n.id, m.id")
    closing = series(link, "two", ("c", "d"), ("d", "a"))
    write = partial(written_together, empty, monkeypatch) if bulk else partial(loaded, empty)
    with pytest.raises(LoadError) as caught:
        write(facts("zero", record(ADA)), closing)
    assert caught.value.code == "CIRCLE"
    assert caught.value.ids == ["event:a", "event:b", "event:c", "event:d"]
    assert f"made:1:1: error CIRCLE {link} leads in a circle: event:" in str(caught.value)
    after = rows(empty, "MATCH (n)-[r]->(m) RETURN n.id, type(r), m.id ORDER BY n.id, m.id")
    assert after == before, "nothing is written by halves"
    assert loaded(empty, series(link, "two", ("c", "d"), ("d", "y"))).made_version


def test_sources_that_are_loaded_together_are_held_as_one(empty: neo4j.Driver) -> None:
    for given in (
        [series("follows", "one", ("a", "b")), series("follows", "two", ("b", "a"))],
        [series("follows", "one", ("a", "b"), ("b", "c")), series("follows", "two", ("c", "a"))],
    ):
        with pytest.raises(LoadError) as caught:
            loaded(empty, *given)
        assert caught.value.code == "CIRCLE"
    assert rows(empty, "MATCH (n:Event) RETURN count(n)") == [[0]]


def test_claims_of_two_sources_do_not_supersede_one_another(empty: neo4j.Driver) -> None:
    older, newer = "statement:one/s", "figure:two/f"
    loaded(empty, facts("one", claim(older)))
    loaded(empty, facts("two", claim(newer, {"supersedes": [(older, CORRECTION)]}), uses=[older]))
    back = facts("one", claim(older, {"supersedes": [(newer, RETRACTION)]}), uses=[newer])
    with pytest.raises(LoadError, match="supersedes leads in a circle") as caught:
        loaded(empty, back)
    assert (caught.value.code, caught.value.ids) == ("CIRCLE", [newer, older])
    assert standings(empty) == {older: CORRECTED, newer: STANDING}


def test_a_link_that_a_mended_file_turns_round_is_no_cycle(empty: neo4j.Driver) -> None:
    loaded(empty, series("follows", "one", ("a", "b"), ("b", "c")))
    assert loaded(empty, series("follows", "one", ("c", "b"), ("b", "a"))).made_version
    found = "MATCH (a)-[:FOLLOWS]->(b) RETURN a.id, b.id ORDER BY a.id"
    assert rows(empty, found) == [["event:b", "event:a"], ["event:c", "event:b"]]


def test_an_unload_that_shows_a_cycle_is_refused(empty: neo4j.Driver) -> None:
    loaded(empty, series("partOf", "first", ("a", "b"), published="2030"))
    loaded(empty, series("partOf", "other", ("c", "a"), published="2031"))
    loaded(empty, series("partOf", "last", ("a", "c"), published="2032"))
    with pytest.raises(LoadError, match="partOf leads in a circle") as caught:
        unload(empty, "source:first", database=DATABASE)
    assert (caught.value.code, caught.value.ids) == ("CIRCLE", ["event:a", "event:c"])


def test_a_long_series_is_no_cycle_and_costs_no_search(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = [(f"e{number}", f"e{number - 1}") for number in range(1, 1500)]
    loaded(empty, series("follows", "one", *ways[:700]))
    searched: list[str] = []
    monkeypatch.setattr(Repository, "run_each", noting(Repository.run_each, searched))
    loaded(empty, series("follows", "two", *ways[700:]))
    assert searched == []
    with pytest.raises(LoadError, match="follows leads in a circle"):
        loaded(empty, series("follows", "three", ("e0", "e1499"), ("e1499", "e1498")))
    assert len(searched) == 1


def noting(run_each: Any, searched: list[str]) -> Any:
    def run(self: Repository, text: str, rows: Any, **parameters: Any) -> Any:
        given = list(rows)
        searched.extend(text for _ in given[:1] if "shortestPath" in text)
        return run_each(self, text, given, **parameters)

    return run
