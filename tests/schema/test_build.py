"""Tests that a wrong declaration fails with a message that names it and says what to do."""

from collections.abc import Callable
from typing import Annotated

import pytest

from schema.build import Declaration, build_vocabulary
from schema.declare import DerivedLink, Endpoints, Enumeration, FoldedWith, Node, Relationship
from schema.domain import DECLARATIONS, DOMAIN
from schema.lint import lint
from schema.model import DeclarationError


class Bare(Node, kind="bare", caption="{name}"):
    """A small type."""

    name: Annotated[str, "A name.", FoldedWith("others")]
    others: Annotated[list[str] | None, "More of them."]


def no_docstring() -> list[Declaration]:
    class Mute(Node, kind="mute", caption="{id}"):
        pass

    return [Mute]


def undescribed_property() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}"):
        """A thing."""

        size: Annotated[int, 3]

    return [Thing]


def unknown_type() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}"):
        """A thing."""

        size: Annotated[complex, "How large."]

    return [Thing]


def camel_property() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}"):
        """A thing."""

        howLarge: Annotated[int, "How large."]  # noqa: N815

    return [Thing]


def two_meanings() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}"):
        """A thing."""

        name: Annotated[int, "A number."]

    return [Bare, Thing]


def no_endpoints() -> list[Declaration]:
    class Touches(Relationship):
        """It touches."""

    return [Bare, Touches]


def undeclared_end() -> list[Declaration]:
    class Other(Node, kind="other", caption="{id}"):
        """Another."""

    class Touches(Relationship):
        """It touches."""

        endpoints = Endpoints(Bare, Other, "0..n", forward="touches", back="touchedBy")

    return [Bare, Touches]


def same_name_twice() -> list[Declaration]:
    class Touches(Relationship):
        """It touches."""

        endpoints = Endpoints(Bare, Bare, "0..n", forward="touches", back="touches")

    return [Bare, Touches]


def link_like_property() -> list[Declaration]:
    class Touches(Relationship):
        """It touches."""

        endpoints = Endpoints(Bare, Bare, "0..n", forward="others", back="touchedBy")

    return [Bare, Touches]


def wrong_caption() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{colour}"):
        """A thing."""

    return [Thing]


def no_caption() -> list[Declaration]:
    class Thing(Node, kind="thing"):
        """A thing."""

    return [Thing]


def same_kind() -> list[Declaration]:
    class Thing(Node, kind="bare", caption="{id}"):
        """A thing."""

    return [Bare, Thing]


def reserved_name() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}"):
        """A thing."""

        caption: Annotated[str, "A line."]

    return [Thing]


def wrong_short_form() -> list[Declaration]:
    class Thing(Node, kind="thing", caption="{id}", short={"by": "speaker"}):
        """A thing."""

    return [Thing]


def undescribed_word() -> list[Declaration]:
    class Colour(Enumeration):
        """A colour."""

        RED = "red", ""

    return [Colour]


def lost_step() -> list[Declaration]:
    class Along(DerivedLink):
        """Along."""

        endpoints = Endpoints(Bare, Bare, "0..n", forward="along", back="back")
        steps = ("nowhere",)

    return [Bare, Along]


CASES: list[tuple[Callable[[], list[Declaration]], str]] = [
    (no_docstring, "Mute has no docstring; say in one what it means"),
    (undescribed_property, 'Thing.size needs one description: Annotated[type, "what it says"]'),
    (unknown_type, "Thing.size has type <class 'complex'>; use one of"),
    (camel_property, "Thing.howLarge is not written in snake_case; rename it"),
    (two_meanings, "Thing.name and Bare.name differ in type or nullability"),
    (no_endpoints, "Touches joins nothing; give it endpoints"),
    (undeclared_end, "Touches joins Other, which is not declared; declare it as a node"),
    (same_name_twice, "Bare.touches is the name of two links"),
    (link_like_property, "Bare.others is declared more than once; rename one of them"),
    (wrong_caption, "caption place colour: Thing has neither property nor link colour"),
    (no_caption, "Thing has no caption; give its class one"),
    (same_kind, "kind 'bare' begins the ids of two types; give one of them another kind"),
    (reserved_name, "Thing.caption: every node has a field of this name; rename it"),
    (wrong_short_form, "Thing: short form 'by' stands for speaker, which it does not have"),
    (undescribed_word, "Colour.RED has no description; add one"),
    (lost_step, "Along: Bare has no link nowhere to one type"),
]


@pytest.mark.parametrize(("declared", "message"), CASES, ids=[c[0].__name__ for c in CASES])
def test_a_wrong_declaration_says_which_and_what_to_do(
    declared: Callable[[], list[Declaration]], message: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        lint(build_vocabulary(declared()))
    assert message in str(caught.value)


def test_a_copy_with_one_more_type_stands_beside_the_domain() -> None:
    copy = lint(build_vocabulary([*DECLARATIONS, Bare]))
    assert "Bare" in copy.nodes
    assert "Bare" not in DOMAIN.nodes
    assert copy.nodes["Bare"].properties["name"].folded_column == "nameFolded"


def test_links_of_a_type_hold_those_of_its_ancestors() -> None:
    links = DOMAIN.links(DOMAIN.nodes["Person"])
    assert links["statements"].owner is DOMAIN.nodes["Actor"]
    assert links["evidence"].owner is DOMAIN.nodes["Entity"]
    assert links["evidence"].required
    assert not links["evidence"].one


def test_a_type_with_several_endpoints_has_a_link_back_for_each_start() -> None:
    links = DOMAIN.links(DOMAIN.nodes["Issue"])
    assert {"statements", "tradeFigures", "events", "agendaItems"} <= set(links)
    about = DOMAIN.links(DOMAIN.nodes["Statement"])["about"]
    assert [t.label for t in about.targets] == [
        "Issue", "Agreement", "Actor", "Event", "TradeFigure",
    ]  # fmt: skip


def test_past_names_are_computed() -> None:
    person = DOMAIN.nodes["Person"]
    assert person.past_labels == ("PastPerson", "PastActor", "PastEntity", "PastNode")
    assert DOMAIN.relationships["SAID_BY"].past == "WAS_SAID_BY"
