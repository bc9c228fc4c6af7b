"""Tests of superseded claims: marked, filtered, excluded from sums, and as of a day."""

import random
from collections.abc import Iterable
from typing import Any

import neo4j
import pytest

from graph_seed import unload
from graph_seed.values import parse_edtf
from tests.builders import facts
from tests.graph_seed.graph.test_standing import (
    CORRECTION,
    KINDS,
    RETRACTION,
    SHARED,
    claim,
    entities,
)
from tests.graph_seed.loading.test_load_traps import loaded, rows
from tests.querying import answer

NOTHING = {"count": 0, "sum": None, "avg": None, "min": None, "max": None}
SAYS = "count sum avg min max"


def figures(driver: neo4j.Driver, *amounts: dict[str, Any], **options: Any) -> None:
    """Load figures of one source, each with its values and what it supersedes."""
    records = []
    for number, given in enumerate(amounts):
        links = {"supersedes": given["supersedes"]} if "supersedes" in given else None
        values = {name: value for name, value in given.items() if name != "supersedes"}
        records.append(claim(f"figure:one/f{number}", links, **values))
    loaded(driver, facts("one", *records, **options))


def sums(driver: neo4j.Driver, fields: str) -> Any:
    return answer(driver, f"{{ tradeFigures {{ aggregate {{ {fields} }} }} }}")["tradeFigures"][
        "aggregate"
    ]


def test_a_sum_leaves_out_what_is_superseded(empty: neo4j.Driver) -> None:
    figures(
        empty,
        {"value": "100"},
        {"value": "120", "supersedes": [("figure:one/f0", CORRECTION)]},
        {"value": "7", "figureStatus": "hypothetical"},
        {"value": "9", "figureStatus": "hypothetical"},
        {"value": "11", "supersedes": [("figure:one/f3", RETRACTION)]},
        {"comparator": "range", "value": None, "lower": "1", "upper": "2"},
        {"comparator": "range", "value": None, "lower": "3", "upper": "5",
         "supersedes": [("figure:one/f5", CORRECTION)]},
    )  # fmt: skip
    found = sums(
        empty,
        f"count value {{ {SAYS} unit }} lower {{ sum }} upper {{ max }} "
        "hypothetical: value(include: [HYPOTHETICAL]) { sum } "
        "superseded: value(include: [SUPERSEDED]) { sum } none: value(include: []) { sum } "
        "all: value(include: [HYPOTHETICAL, SUPERSEDED]) { count sum } "
        "lowers: lower(include: SUPERSEDED) { sum }",
    )
    assert found == {
        "count": 7,
        "value": {
            "count": 2,
            "sum": "131",
            "avg": "65.5",
            "min": "11",
            "max": "120",
            "unit": "USD",
        },
        "lower": {"sum": "3"},
        "upper": {"max": "5"},
        "hypothetical": {"sum": "138"},
        "superseded": {"sum": "231"},
        "none": {"sum": "131"},
        "all": {"count": 5, "sum": "247"},
        "lowers": {"sum": "4"},
    }


def test_groups_leave_it_out_too(empty: neo4j.Driver) -> None:
    figures(
        empty,
        {"product": "milk", "value": "100"},
        {"product": "milk", "value": "20", "supersedes": [("figure:one/f0", CORRECTION)]},
        {"product": "cars", "value": "50"},
    )
    found = answer(
        empty,
        "{ tradeFigures { groupBy(by: {product: true}, orderBy: {value: {sum: DESC}}) "
        "{ key { value } aggregate { value { sum max } } } "
        "over: groupBy(by: {product: true}, having: {value: {max: {gt: 30}}}) { key { value } } "
        "by: groupBy(by: {standing: true}, orderBy: {key: ASC}) { count key { value } } } }",
    )["tradeFigures"]
    assert found == {
        "groupBy": [
            {"key": {"value": "cars"}, "aggregate": {"value": {"sum": "50", "max": "50"}}},
            {"key": {"value": "milk"}, "aggregate": {"value": {"sum": "20", "max": "20"}}},
        ],
        "over": [{"key": {"value": "cars"}}],
        "by": [
            {"count": 1, "key": {"value": "CORRECTED"}},
            {"count": 2, "key": {"value": "STANDING"}},
        ],
    }


def test_amounts_that_count_per_different_things_are_not_added(empty: neo4j.Driver) -> None:
    figures(
        empty,
        {"value": "10", "per": "kg", "measure": "a"},
        {"value": "5", "measure": "b"},
        {"value": "7", "per": "year", "measure": "c"},
        {"value": "8", "per": "year", "measure": "c"},
        {"value": "1", "per": "year", "unit": "EUR", "measure": "d"},
    )
    found = answer(
        empty,
        f"{{ tradeFigures {{ aggregate {{ value {{ {SAYS} unit per }} }} "
        "groupBy(by: {measure: true}, orderBy: {key: ASC}) "
        "{ key { value } aggregate { value { sum unit per } } } "
        "having: groupBy(by: {unit: true}, having: {value: {sum: {isNull: false}}}) "
        "{ key { value } } "
        "max: groupBy(by: {unit: true}, orderBy: {value: {max: DESC}}) { key { value } } } }",
    )["tradeFigures"]
    assert found["aggregate"]["value"] == {**NOTHING, "count": 5, "unit": None, "per": None}
    assert [(g["key"]["value"], *g["aggregate"]["value"].values()) for g in found["groupBy"]] == [
        ("a", "10", "USD", "kg"),
        ("b", "5", "USD", None),
        ("c", "15", "USD", "year"),
        ("d", "1", "EUR", "year"),
    ]
    assert found["having"] == [{"key": {"value": "EUR"}}]
    assert [one["key"]["value"] for one in found["max"]] == ["EUR", "USD"]


def test_nothing_has_no_sum(empty: neo4j.Driver) -> None:
    figures(empty, {"value": "1"}, {"value": "2", "scale": 3, "product": "milk"})
    none = (
        f'tradeFigures(where: {{id: {{eq: "figure:none/x"}}}}) {{ aggregate {{ value {{ {SAYS} }} '
    )
    found = answer(
        empty,
        f"{{ {none} lower {{ {SAYS} }} scale {{ {SAYS} }} period {{ count min max }} }} }} "
        f"sizes: people {{ aggregate {{ size {{ {SAYS} }} }} }} "
        f"groups: tradeFigures {{ groupBy(by: {{product: true}}, orderBy: {{scale: {{sum: ASC}}}}) "
        f"{{ key {{ value }} aggregate {{ scale {{ sum }} }} }} "
        "some: groupBy(by: {product: true}, having: {scale: {sum: {isNull: true}}}) { count } } }",
    )
    says = found["tradeFigures"]["aggregate"]
    assert [says[name] for name in ("value", "lower", "scale")] == [NOTHING] * 3
    assert says["period"] == {"count": 0, "min": None, "max": None}
    assert found["sizes"]["aggregate"]["size"] == NOTHING
    assert found["groups"]["groupBy"] == [
        {"key": {"value": "milk"}, "aggregate": {"scale": {"sum": "3"}}},
        {"key": {"value": None}, "aggregate": {"scale": {"sum": None}}},
    ]
    assert found["groups"]["some"] == [{"count": 1}]


# --- as of a day ---

PLURALS = ("statements", "tradeFigures", "positions", "affiliations", "agendaItems")
ASKED = (
    """
facts(first: 100) { nodes { id standing
  supersededBy(first: 100) { totalCount nodes { id } }
  supersedes(first: 100) { totalCount nodes { id } } } }

live: facts(where: {standing: {eq: STANDING}}) { totalCount }
gone: facts(where: {not: {standing: {in: [STANDING, CORRECTED]}}}, first: 100) { nodes { id } }
free: facts(where: {supersededBy: {none: {}}}) { totalCount }

ordered: facts(orderBy: [{standing: DESC}, {id: ASC}], first: 100) { nodes { id } }
groups: facts { groupBy(by: {standing: true}, orderBy: {key: ASC}) { key { value } count } }

most: facts(orderBy: [{supersededBy: {count: DESC}}], first: 1) {
  nodes { supersededBy { totalCount } } }
sums: tradeFigures {
  aggregate { value { count } all: value(include: SUPERSEDED) { count } } }
""".split("\n\n")
    + [f"{plural}(first: 100) {{ nodes {{ id caption }} }}" for plural in PLURALS]
)
"""One operation each: what is asked together takes longer to plan."""
DAYS = ("2031-01-01", "2031-03-15", "2031-04", "2031-06-01", "2031-12-31", "2031")


def test_a_claim_stands_on_the_days_before_it_was_superseded(empty: neo4j.Driver) -> None:
    chance = random.Random(3)
    loaded(empty, entities())
    older = [claim(f"{kind}:one/{number}") for kind in KINDS for number in range(3)]
    loaded(empty, facts("one", *older, uses=SHARED))
    targets = [one.id for one in older]
    for key, published in (("two", "2031-06-01"), ("three", None), ("four", "2031-03")):
        new = []
        for kind in KINDS:
            said = {"statement": "saidOn", "position": "heldOn"}.get(kind)
            date = chance.choice(["2031-03-10", "2031-04", "[2031-02-01..2031-05-01]", None])
            ends = [(end, chance.choice((CORRECTION, RETRACTION)))
                    for end in chance.sample(targets, 3)]  # fmt: skip
            values = {said: date} if said and date else {}
            new.append(claim(f"{kind}:{key}/new", {"supersedes": ends}, **values))
        loaded(empty, facts(key, *new, uses=[*SHARED, *targets], published=published))
    edges = rows(
        empty,
        "MATCH (a)-[r:SUPERSEDES]->(b) RETURN a.id, b.id, r.supersession, r.supersededOn",
    )
    kept = {}
    for day in DAYS:
        found = asked(empty, f'validTime: "{day}"')
        check_answer(found, [one for one in edges if one[3] is None or may_be_by(one[3], day)])
        kept[day] = found
    assert len({str(one["facts"]) for one in kept.values()}) > 3, "the days differ"
    check_answer(asked(empty), edges)
    ((at,),) = rows(empty, "MATCH (l:Load) RETURN toString(max(l.at))")
    for key in ("four", "three", "two"):
        unload(empty, f"source:{key}", database="neo4j")
    for day, found in kept.items():
        assert asked(empty, f'systemTime: "{at}", validTime: "{day}"') == found, day


def asked(driver: neo4j.Driver, as_of: str = "") -> dict[str, Any]:
    """Return the answers to all of it together."""
    directive = f"@asOf({as_of}) " if as_of else ""
    found: dict[str, Any] = {}
    for fields in ASKED:
        found |= answer(driver, f"query {directive}{{ {fields} }}")
    return found


def may_be_by(said: str, day: str) -> bool:
    first, last = parse_edtf(said).earliest, parse_edtf(day).latest
    return first is None or last is None or first <= last


def check_answer(found: dict[str, Any], edges: Iterable[list[str]]) -> None:
    """Check an answer against the supersessions that count."""
    nodes = {one["id"]: one for one in found["facts"]["nodes"]}
    by_id: dict[str, str] = {}
    for name, one in nodes.items():
        reasons = [why for _, end, why, _ in edges if end == name]
        by_id[name] = (
            "RETRACTED" if "retraction" in reasons else "CORRECTED" if reasons else "STANDING"
        )
        assert one["standing"] == by_id[name], name
        for link, near, far in (("supersededBy", 1, 0), ("supersedes", 0, 1)):
            ends = sorted(edge[far] for edge in edges if edge[near] == name)
            assert [n["id"] for n in one[link]["nodes"]] == ends
            assert one[link]["totalCount"] == len(ends)
    for one in (node for plural in PLURALS for node in found[plural]["nodes"]):
        for word in ("CORRECTED", "RETRACTED"):
            assert one["caption"].endswith(f"({word.lower()})") == (by_id[one["id"]] == word)
    live = [name for name, standing in by_id.items() if standing == "STANDING"]
    gone = sorted(name for name, standing in by_id.items() if standing == "RETRACTED")
    assert found["live"]["totalCount"] == found["free"]["totalCount"] == len(live)
    assert [one["id"] for one in found["gone"]["nodes"]] == gone
    assert [one["id"] for one in found["ordered"]["nodes"]] == [
        name for word in ("STANDING", "RETRACTED", "CORRECTED")
        for name in sorted(by_id) if by_id[name] == word
    ]  # fmt: skip
    counts = {one["key"]["value"]: one["count"] for one in found["groups"]["groupBy"]}
    assert counts == {word: list(by_id.values()).count(word) for word in set(by_id.values())}
    most = max(one["supersededBy"]["totalCount"] for one in nodes.values())
    assert found["most"]["nodes"] == [{"supersededBy": {"totalCount": most}}]
    figures_ = [name for name in nodes if name.startswith("figure:")]
    said = found["sums"]["aggregate"]
    assert said["value"]["count"] == sum(name in live for name in figures_)
    assert said["all"]["count"] == len(figures_)


def test_the_correcting_figure_is_found_whatever_its_period(empty: neo4j.Driver) -> None:
    figures(
        empty,
        {"value": "1", "period": "2030"},
        {"value": "2", "period": "2030", "supersedes": [("figure:one/f0", CORRECTION)]},
    )
    asked = '{ tradeFigure(id: "figure:one/f0") { standing supersededBy { nodes { id } } } }'
    found = answer(empty, f'query @asOf(validTime: "2031-07-01") {asked}')["tradeFigure"]
    assert found == {"standing": "CORRECTED", "supersededBy": {"nodes": [{"id": "figure:one/f1"}]}}


@pytest.mark.parametrize("day", ["2031-05-30", "2031-06-01"])
def test_a_remark_stands_on_the_day_before_it_is_withdrawn(empty: neo4j.Driver, day: str) -> None:
    said = claim("statement:one/s", saidOn="2031-03-01")
    back = {"supersedes": [("statement:one/s", RETRACTION)]}
    loaded(empty, facts("one", said, claim("statement:one/t", back, saidOn="2031-06-01")))
    asked = '{ statement(id: "statement:one/s") { standing supersededBy { totalCount } } }'
    found = answer(empty, f'query @asOf(validTime: "{day}") {asked}')["statement"]
    later = day == "2031-06-01"
    assert found == {
        "standing": "RETRACTED" if later else "STANDING",
        "supersededBy": {"totalCount": int(later)},
    }
