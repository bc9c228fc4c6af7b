"""Templates are read into parts, and what is not well formed is refused."""

import pytest

from schema.captions import Place, Section, TemplateError, conditions, parse, places


def test_places_sections_and_conditions() -> None:
    template = "{holder.name} {stance}: {target.caption|{id}}[?voice=own, says {reporters.name}]"
    parts = parse(template)
    assert parts[0] == Place(("holder", "name"), "")
    assert parts[1] == " "
    assert parts[4] == Place(("target", "caption"), Place(("id",), ""))
    section = parts[5]
    assert isinstance(section, Section)
    assert section.condition == ("voice", "own")
    assert [place.path for place in places(template)] == [
        ("holder", "name"), ("stance",), ("target", "caption"), ("id",), ("reporters", "name"),
    ]  # fmt: skip
    assert conditions(template) == ["voice"]


@pytest.mark.parametrize("template", ["{name", "name}", "[{name}", "{a b}", "{}"])
def test_what_is_not_well_formed_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse(template)
