"""Tests that lint names each wrong declaration that Python accepts, and says what to do."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import pytest

from schema.build import Declaration, build_vocabulary
from schema.declare import (
    INDEXED,
    SEARCHED,
    Endpoints,
    Enumeration,
    Exclusion,
    FoldedWith,
    Measure,
    Node,
    ValidPeriod,
)
from schema.lint import lint
from schema.model import DeclarationError
from schema.scalars import Decimal, Edtf, Token
from service.graphql.types.schema import make_schema
from tests.schema.declarations import enumeration, node, relationship, text

THING = node()
OTHER = node("Other")


def pair(
    cardinality: str = "0..n",
    forward: str = "touches",
    back: str = "touchedBy",
    start: type[Node] = THING,
    end: type[Node] = THING,
    **pages: int,
) -> Endpoints:
    return Endpoints(start, end, cardinality, forward, back, **pages)  # type: ignore[arg-type]


def prop(annotation: object, name: str = "size") -> list[Declaration]:
    return [node("Thing", {name: annotation})]


class Colour(Enumeration):
    """A colour."""

    RED = "red", "It is red."


def amount(measured: Measure) -> list[Declaration]:
    return [node("Thing", {"size": Annotated[Decimal, "It.", measured], "unit": text()})]


CASES: list[tuple[str, Sequence[Declaration], str]] = [
    # Properties.
    ("no_annotated", prop(int), "Thing.size needs one description"),
    ("assigned", [node(values={"size": Annotated[int, "It."]})], "Thing.size is assigned; write"),
    ("blank_description", prop(text("  ")), "Thing.size needs one description"),
    ("several_types", prop(Annotated[int | str, "It."]), "Thing.size has several types"),
    ("list_of_dates", prop(Annotated[list[Edtf], "It."]), "Thing.size is a list of Edtf; a list"),
    ("list_of_days", prop(Annotated[list[dt.date], "It."]), "Thing.size is a list of date"),
    ("list_of_words", prop(Annotated[list[Colour], "It."]), "Thing.size is a list of Colour"),
    ("searched_number", prop(Annotated[int, "It.", SEARCHED]), "Thing.size is SEARCHED, but"),
    ("searched_code", prop(Annotated[Token, "It.", SEARCHED]), "Thing.size is SEARCHED, but"),
    ("indexed_list", prop(Annotated[list[str], "It.", INDEXED]), "Thing.size is INDEXED, but"),
    (
        "folded_number",
        prop(Annotated[int, "It.", FoldedWith("others")]),
        "Thing.size is FoldedWith others, but",
    ),
    (
        "folded_with_numbers",
        [
            node(
                "Thing",
                {
                    "size": Annotated[str, "It.", FoldedWith("others")],
                    "others": Annotated[list[int], "More."],
                },
            )
        ],
        "Thing.size is folded with others, which is no list of str",
    ),
    (
        "unmeasured",
        amount(Measure("unit", "per")),
        "Thing.size is measured by per, which it does not have",
    ),
    (
        "undeclared_inclusion",
        amount(Measure("unit", "unit", (Exclusion(Colour.RED, "unit", ()),))),
        "Thing.size: Colour is not declared",
    ),
    (
        "left_out_by_no_word",
        [*amount(Measure("unit", "unit", (Exclusion(Colour.RED, "unit", (Colour.RED,)),))), Colour],
        "Thing.size leaves out RED, which is no word of unit",
    ),
    # Node types.
    ("blank_docstring", [node(doc=" ")], "Thing has no docstring"),
    ("label", [node("v_ote")], "v_ote is not written in CamelCase"),
    ("kind", [node(kind="a:b c")], "Thing: kind 'a:b c' begins ids"),
    ("no_kind", [node(kind=None)], "Thing has no kind and nothing builds on it"),
    (
        "kind_and_children",
        [THING, node("Other", parents=(THING,))],
        "Thing has a kind and Other builds on it",
    ),
    (
        "two_parents",
        [THING, OTHER, node("Both", parents=(THING, OTHER))],
        "Both builds on several types; a type has one parent",
    ),
    # Relationship types.
    ("cardinality", [THING, relationship("Touches", pair("many"))], "has the cardinality 'many'; use one"),
    ("link_name", [THING, relationship("Touches", pair(forward="my-link"))], "the link 'my-link' is not"),
    ("page", [THING, relationship("Touches", pair(page=0))], "a page of 0 holds nothing"),
    ("type_name", [THING, relationship("to_uch", pair())], "to_uch is not written in CamelCase"),
    ("twice", [THING, relationship("Touches", pair()), relationship("Touches", pair())], "TOUCHES is declared twice"),
    ("symmetric", [THING, relationship("Touches", pair(), symmetric=True)], "TOUCHES is symmetric, so"),
    ("describes", [THING, relationship("Touches", pair(), describes=OTHER)], "Touches describes Other, "),
    (
        "held",
        [THING, relationship("Touches", pair(), valid_period=ValidPeriod("since"))],
        "TOUCHES is valid by since, which is no Edtf property of it",
    ),
    (
        "one_link_of_two_cardinalities",
        [THING, OTHER, relationship("Touches", pair(), pair("1", end=OTHER))],
        "Thing.touches has cardinalities 0..n and 1",
    ),
    # Words.
    ("undescribed_word", [enumeration(RED="red")], "Colour.RED has no description"),
    ("one_spelling", [enumeration(RED=("red", "It."), PINK=("red", "It."))], "PINK is spelt as RED is"),
    ("word", [enumeration(Red=("red", "It."))], "Colour.Red is not written in SCREAMING_SNAKE_CASE"),
    ("spelling", [enumeration(RED=("Bright red", "It."))], "'Bright red' is not spelt in small letters"),
    # Clashes in the store.
    ("past_label", [THING, node("PastThing")], "PastThing is a label that Parley makes itself"),
    ("clock", [node("Clock")], "Clock is a label that Parley makes itself"),
    (
        "past_type",
        [THING, relationship("Touches", pair()), relationship("WasTouches", pair(forward="a", back="b"))],
        "WAS_TOUCHES is a relationship type that Parley makes itself",
    ),
    ("was", [THING, relationship("Was", pair())], "WAS is a relationship type that Parley makes itself"),
    ("kept", prop(text(), "digest"), "a property of Parley's and digest would both be stored"),
    (
        "derived",
        [node("Thing", {"day": Annotated[Edtf, "It."], "day_earliest": text()})],
        "day and dayEarliest would both be stored as dayEarliest",
    ),
    # Clashes of fields.
    ("caption", [THING, relationship("Touches", pair(forward="caption"))], "Thing.caption: every node has"),
    ("id", prop(text(), "id"), "Thing.id: every node has a field of this name"),
    ("plural", [THING, node("Other", plural="things")], "things is the name of two root fields"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "message"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_wrong_declaration_is_named(declared: Sequence[Declaration], message: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        lint(build_vocabulary(declared))
    assert message in str(caught.value)


def test_every_mistake_is_told_at_once() -> None:
    declared: list[Declaration] = [node("Clock"), node("Thing", kind=None), enumeration(RED="red")]
    with pytest.raises(DeclarationError) as caught:
        lint(build_vocabulary(declared))
    assert len(str(caught.value).splitlines()) == 3


GRAPHQL: list[tuple[str, Sequence[Declaration], str]] = [
    ("query", [node("Query")], "Query would be two types"),
    ("page_info", [node("PageInfo")], "PageInfo would be two types"),
    ("where", [THING, node("ThingWhere")], "ThingWhere would be two types"),
    ("connection", [THING, node("ThingConnection")], "ThingConnection would be two types"),
    ("root_field", [node("Search", plural="searches")], "Query.search would be two fields"),
    ("logic", prop(text(), "or"), "ThingWhere.or would be two fields"),
    (
        "edge_field",
        [THING, relationship("Touches", pair(), __annotations__={"cursor": text()})],
        "ThingTouchesEdge.cursor would be two fields",
    ),
]


@pytest.mark.parametrize(
    ("declared", "message"), [c[1:] for c in GRAPHQL], ids=[c[0] for c in GRAPHQL]
)
def test_a_name_that_graphql_needs_is_refused(
    declared: Sequence[Declaration], message: str
) -> None:
    good = lint(build_vocabulary(declared))
    with pytest.raises(DeclarationError) as caught:
        make_schema(good)
    assert message in str(caught.value)
