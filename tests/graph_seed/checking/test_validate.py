"""Facts that a program builds itself are held to what files are held to, without a file."""

from collections.abc import Callable

import pytest

from graph_seed.checking.validate import validate_records
from graph_seed.records import Facts, Reference
from schema.domain import DOMAIN
from schema.scalars import PropertyValue
from tests.builders import facts, record

FIGURE: dict[str, PropertyValue] = {"measure": "m", "unit": "USD", "figureStatus": "observed"}


def codes(*given: Facts) -> set[str]:
    """The codes of all that is wrong; each problem names its record."""
    return {one.code for one in validate_records(DOMAIN, given)}


def test_what_is_right_has_no_problems() -> None:
    assert (
        codes(facts("a", record("person:ada"), record("issue:toll", aliases=["a", "b"]))) == set()
    )


def _twice() -> Facts:
    return facts("a", record("person:ada"), record("person:ada"))


def _of_another() -> Facts:
    made = facts("a", record("person:ada"))
    made.records[0].source = "source:b"
    return made


def _no_own_id() -> Facts:
    return facts("a", record("statement:b/s", text="x", mode="direct", attribution="named"))


@pytest.mark.parametrize(
    ("make", "code"),
    [(_twice, "DUPLICATE"), (_of_another, "WRONG_SOURCE"), (_no_own_id, "WRONG_ID")],
)
def test_ids_belong_to_one_record_and_one_source(make: Callable[[], Facts], code: str) -> None:
    assert code in codes(make())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("name", "a\x00b", "VALUE"),
        ("name", "half \ud800", "VALUE"),
        ("name", "\u200b", "VALUE"),
        ("name", float("nan"), "VALUE"),
        ("aliases", "no list", "VALUE"),
        ("aliases", ["a", {"b"}], "VALUE"),
        ("size", -3, "VALUE"),
        ("size", True, "VALUE"),
        ("size", 2**63, "VALUE"),
        ("iso2", "zzzzz", "VALUE"),
        ("anonymous", "true", "VALUE"),
        ("name", "x" * 9000, "TOO_LONG"),
        ("aliases", ["x" * 900] * 40, "TOO_LONG"),
    ],
)
def test_values_are_held_to_their_declarations(name: str, value: PropertyValue, code: str) -> None:
    group = record("group:a")
    group.values[name] = value
    assert codes(facts("a", group)) == {code}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"comparator": ["eq"]}, "VALUE"),
        ({"comparator": {"eq": 1}}, "VALUE"),
        ({"comparator": "eq", "value": "1e400"}, "VALUE"),
        ({"comparator": "eq", "value": float("inf")}, "VALUE"),
        ({"comparator": "range", "lower": "3", "upper": "1"}, "VALUES"),
        ({"comparator": "vague", "period": "yesterday"}, "EDTF"),
    ],
)
def test_values_of_facts_are_read_without_a_bare_exception(
    values: dict[str, PropertyValue], code: str
) -> None:
    figure = record("figure:a/f")
    figure.values |= FIGURE | values
    assert code in codes(facts("a", figure))


@pytest.mark.parametrize(
    ("link", "to", "code"),
    [
        ("holder", "issue:tolls", "WRONG_KIND"),
        ("holders", "person:ada", "UNKNOWN_PROPERTY"),
        ("evidence", "passage:a/0-1", "UNKNOWN_PROPERTY"),
    ],
)
def test_links_lead_where_they_may(link: str, to: str, code: str) -> None:
    position = record("position:a/p", stance="opposes")
    position.links |= {"target": [Reference("issue:tolls")], "holder": [Reference("person:ada")]}
    assert codes(facts("a", position)) == set()
    position.links[link] = [Reference(to)]
    assert codes(facts("a", position)) == {code}


def test_an_event_that_follows_a_later_one_is_refused() -> None:
    first, second = record("event:one", date="2031-05"), record("event:two", date="2031-04")
    second.links["follows"] = [Reference("event:one")]
    for one in (first, second):
        one.values["eventType"] = "call"
    assert codes(facts("a", first, second)) == {"VALUES"}


def test_an_end_before_its_beginning_is_told() -> None:
    assert codes(facts("a", record("agreement:x", signedOn="2031", endedOn="2030"))) == {"VALUES"}
