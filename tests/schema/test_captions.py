"""Tests of reading caption templates, and of refusing those that are not well formed."""

import pytest

from schema.captions import (
    OptionalSection,
    Placeholder,
    TemplateError,
    conditions_of,
    parse_template,
    placeholders_of,
)


def test_places_sections_and_conditions() -> None:
    template = "{holder.name} {stance}: {target.caption|{id}}[?voice=own, says {reporters.name}]"
    parts = parse_template(template)
    assert parts[0] == Placeholder(("holder", "name"), "")
    assert parts[1] == " "
    assert parts[4] == Placeholder(("target", "caption"), Placeholder(("id",), ""))
    section = parts[5]
    assert isinstance(section, OptionalSection)
    assert section.condition == ("voice", "own")
    assert [place.path for place in placeholders_of(template)] == [
        ("holder", "name"), ("stance",), ("target", "caption"), ("id",), ("reporters", "name"),
    ]  # fmt: skip
    assert conditions_of(template) == ["voice"]


@pytest.mark.parametrize("template", ["{name", "name}", "[{name}", "{a b}", "{}"])
def test_what_is_not_well_formed_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(template)
