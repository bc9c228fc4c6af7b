"""The bundled article says what a careful reader would want it to say.

Tests that need the article's own words run where its text lies beside the repository.
"""

import hashlib
import re
from pathlib import Path

import pytest

from graph_seed import check
from graph_seed.records import Record
from tests.conftest import FACTS

TEXT = Path(__file__).parents[4] / "shared" / "sources" / "nafta-round-five.txt"
SUBHEADINGS = [(2078, 2091), (3620, 3634), (5291, 5303)]
"""Offsets of the three subheadings, end-exclusive."""
OFFICES = {"government agency", "government", "advisory council"}


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    checked = check(sorted(FACTS.glob("*.yaml")))
    assert checked.valid
    return {one.id: one for facts in checked.facts for one in facts.records}


@pytest.fixture(scope="module")
def text() -> str:
    if not TEXT.exists():
        pytest.skip("the article's text is not beside the repository")
    return TEXT.read_text(encoding="utf-8")


def of_kind(records: dict[str, Record], label: str) -> list[Record]:
    return [one for one in records.values() if one.type.label == label]


def linked(record: Record, link: str) -> list[str]:
    return [one.id for one in record.links.get(link, ())]


def test_no_subheading_proves_what_a_person_said(records: dict[str, Record]) -> None:
    for one in of_kind(records, "Statement"):
        spans = {(passage.start, passage.end) for passage in one.evidence}
        assert spans.isdisjoint(SUBHEADINGS), one.id


def test_every_affiliation_names_what_it_is_with(records: dict[str, Record]) -> None:
    affiliations = of_kind(records, "Affiliation")
    assert affiliations
    assert [one.id for one in affiliations if len(linked(one, "affiliatedWith")) != 1] == []


def test_every_office_leads_to_its_country(records: dict[str, Record]) -> None:
    offices = {
        one.id
        for one in of_kind(records, "Organization")
        if one.values.get("classification") in OFFICES
    }
    led = {
        holder
        for one in of_kind(records, "Affiliation")
        for holder in linked(one, "holder")
        if linked(one, "affiliatedWith")[0].startswith("country:")
    }
    assert offices
    assert offices - led == set()


def test_occasions_are_events(records: dict[str, Record]) -> None:
    """A statement with a medium that has a day is said at an event, whatever the medium."""
    for one in of_kind(records, "Statement"):
        if "medium" in one.values:
            assert len(linked(one, "saidAt")) == 1, one.id
    assert linked(records["event:videgaray-interview"], "partOf") == ["event:apec-summit"]


def test_amounts_that_fall_are_negative(records: dict[str, Record]) -> None:
    falls = [
        one
        for one in of_kind(records, "TradeFigure")
        if one.values.get("flow") == "balance" or "change in" in str(one.values["measure"])
    ]
    assert len(falls) == 3
    assert all(str(one.values["value"]).startswith("-") for one in falls)


def test_passages_hold_in_the_text(records: dict[str, Record], text: str) -> None:
    cited = [
        (record, passage)
        for record in records.values()
        if record.source == "source:nafta-round-five"
        for passage in record.evidence
    ]
    assert len(cited) > 250
    for record, passage in cited:
        digest = hashlib.sha256(text[passage.start : passage.end].encode()).hexdigest()
        assert digest == passage.sha256, record.id


def test_a_statement_that_names_nafta_is_about_it(records: dict[str, Record], text: str) -> None:
    named = re.compile(r"nafta|north american free trade", re.IGNORECASE)
    naming = [
        one
        for one in of_kind(records, "Statement")
        if any(named.search(text[passage.start : passage.end]) for passage in one.evidence)
    ]
    assert len(naming) > 10
    assert [one.id for one in naming if "agreement:nafta" not in linked(one, "about")] == []
