"""Tests of snippets: the matched property, marked and escaped."""

import re

from hypothesis import given
from hypothesis import strategies as st

from service.query.snippets import lucene, make_snippet, query_words


def test_initials_are_one_word() -> None:
    assert query_words("U.S. dairy") == ("us", "dairy")


def test_any_input_is_words_and_nothing_else() -> None:
    assert query_words('a AND (b OR c:"d) ~2 ^ \\ /e/ [f TO g]') == (
        "a", "and", "b", "or", "c", "d", "2", "e", "f", "to", "g",
    )  # fmt: skip
    assert query_words("!!! --- ***") == ()


def test_short_words_have_no_typos() -> None:
    assert "~" not in lucene(("us",))
    assert "dairy~1" in lucene(("dairy",))


def test_a_number_with_another_digit_is_another_number() -> None:
    assert "~" not in lucene(("2017",))
    assert "<mark>" not in make_snippet(("2017",), {"text": "In November 2018."}).marked
    assert "<mark>2017</mark>" in make_snippet(("201",), {"text": "In November 2017."}).marked


def test_the_property_with_most_of_the_words_is_shown() -> None:
    found = make_snippet(
        ("sunset", "clause"), {"name": "Sunset", "text": "A clause like a sunset."}
    )
    assert found.property == "text"
    assert found.marked == "A <mark>clause</mark> like a <mark>sunset</mark>."


def test_what_is_absent_or_empty_is_never_shown() -> None:
    assert make_snippet(("dai",), {"name": "", "text": "Tolls."}).property == "text"
    assert make_snippet(("dai",), {"name": "", "text": None, "aliases": [""]}).property == ""


def test_a_typo_and_a_beginning_are_marked() -> None:
    assert make_snippet(("hasenfrats",), {"name": "Linda Hasenfratz"}).marked.endswith(
        "<mark>Hasenfratz</mark>"
    )
    assert make_snippet(("dai",), {"name": "Dairy"}).marked == "<mark>Dairy</mark>"


def test_markup_of_the_text_is_escaped() -> None:
    assert make_snippet(("b",), {"text": "<b>&"}).marked == "&lt;<mark>b</mark>&gt;&amp;"


@given(st.text(), st.lists(st.text(max_size=40), max_size=3))
def test_a_snippet_is_never_anything_but_marks(query: str, texts: list[str]) -> None:
    marked = make_snippet(query_words(query), {"aliases": texts}).marked
    assert "<" not in re.sub(r"</?mark>", "", marked)
