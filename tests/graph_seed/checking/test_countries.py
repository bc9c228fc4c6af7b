"""The bundled countries are valid and cite a text that is bundled beside them."""

from pathlib import Path

import pycountry

import graph_seed
from graph_seed import check
from graph_seed.text import hashed_text, text_sha256

FACTS = Path(graph_seed.__file__).parent / "facts"


def test_every_country_is_there_and_holds_in_the_text() -> None:
    checked = check([FACTS / "countries.yaml"], for_load=True)
    assert checked.problems == []
    (facts,) = checked.facts
    text = hashed_text((FACTS / "countries.txt").read_bytes())
    assert facts.source.values["sha256"] == text_sha256(text)
    records = {record.id: record for record in facts.records}
    codes = {country.alpha_2 for country in pycountry.countries}
    assert {f"country:{code.lower()}" for code in codes} == set(records)
    for record in records.values():
        (cited,) = record.evidence
        words = text[cited.start : cited.end]
        assert text_sha256(words) == cited.sha256
        assert words == f"{record.values['iso2']} is the code of {record.values['name']}."


def test_a_country_goes_by_its_common_and_official_names() -> None:
    (facts,) = check([FACTS / "countries.yaml"]).facts
    values = {record.id: record.values for record in facts.records}
    assert values["country:us"]["name"] == "United States"
    assert values["country:us"]["aliases"] == ["United States of America"]
    assert values["country:vn"]["name"] == "Vietnam"
    assert "Viet Nam" in str(values["country:vn"]["aliases"])
