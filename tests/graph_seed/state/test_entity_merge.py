"""Merging what several sources say of an entity, whatever the order in which they were loaded."""

from collections.abc import Mapping
from datetime import date
from itertools import permutations

from graph_seed.state.elements import RelationshipKey, Relationships
from graph_seed.state.entity_merge import (
    Description,
    merge_descriptions,
    merge_own_descriptions,
    resolve_ids,
)
from schema.domain import DOMAIN

ADA = "person:ada"
PERSON = DOMAIN.nodes["Person"]


def said(
    source: str,
    day: date | None = None,
    relationships: Relationships | None = None,
    **values: object,
) -> Description:
    given: Mapping[str, object] = {"name": "Ada", **values}
    return Description(source, day, PERSON, given, relationships or {}, 1, relationships or {})


EARLY = said("source:b", date(2031, 1, 1), aliases=["A."])
LATE = said("source:a", date(2031, 2, 1), name="Ada Moreno", aliases=["Moreno", "A."])
UNDATED = said("source:0", None, name="Adda")


def test_the_source_published_first_gives_a_single_value_and_lists_are_united() -> None:
    for some in permutations([EARLY, LATE, UNDATED]):
        node, relationships, differing = merge_descriptions(DOMAIN, ADA, some)
        assert node.properties["name"] == "Ada"
        assert node.properties["aliases"] == ["A.", "Moreno"]
        assert node.properties["nameVariants"] == ["Ada Moreno", "Adda"]
        assert relationships == {}
        assert differing == [
            "person:ada: name is 'Ada' in source:b and 'Ada Moreno' in source:a",
            "person:ada: name is 'Ada' in source:b and 'Adda' in source:0",
        ]


def test_sources_that_agree_differ_in_nothing() -> None:
    other = said("source:c", date(2031, 3, 1))
    node, _, differing = merge_descriptions(DOMAIN, ADA, [EARLY, other])
    assert differing == []
    assert "nameVariants" not in node.properties


def test_one_source_has_no_variants() -> None:
    node, _, _ = merge_descriptions(DOMAIN, ADA, [LATE])
    assert "nameVariants" not in node.properties


def test_a_name_that_is_an_alias_already_is_no_variant() -> None:
    other = said("source:c", date(2031, 3, 1), name="A.")
    node, _, differing = merge_descriptions(DOMAIN, ADA, [EARLY, other])
    assert "nameVariants" not in node.properties
    assert differing == ["person:ada: name is 'Ada' in source:b and 'A.' in source:c"]


def test_records_of_one_source_become_one_description() -> None:
    one = said("source:a", date(2031, 1, 1), aliases=["A."])
    two = said("source:a", date(2031, 1, 1), aliases=["B."])
    two.digest = 2
    merged = merge_own_descriptions(DOMAIN, ADA, [one, two])
    assert merged.values["aliases"] == ["A.", "B."]
    assert merged.digest == 3
    assert merge_own_descriptions(DOMAIN, ADA, [one]) is one


def test_merged_ids_are_resolved_and_nothing_differs_from_itself() -> None:
    (symmetric,) = [one for one in DOMAIN.relationships.values() if one.symmetric]
    given: Relationships = {
        RelationshipKey(symmetric.type, "person:zoe", ADA): {},
        RelationshipKey(symmetric.type, "person:adda", ADA): {},
    }
    found = resolve_ids(DOMAIN, given, {"person:adda": ADA, "person:zoe": "person:bob"})
    assert found == {RelationshipKey(symmetric.type, ADA, "person:bob"): {}}
