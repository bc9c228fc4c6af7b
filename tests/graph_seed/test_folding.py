"""What a search ignores; keys and names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.values import ValueProblem, fold, joined, name_from_key, slug


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("José  María\n\tÅström", "jose maria astrom"),
        ("Łódź — “Straße”", 'lodz - "strasse"'),
        ("Canada’s", "canada's"),
        ("İstanbul", "istanbul"),
        ("ﬁnal", "final"),
        ("co\u00adoperate\u200b", "cooperate"),
        ("한국", "한국"),
        ("ガス", "ガス"),
        ("हिन्दी", "हिन्दी"),
        ("𝔘nited 𝟐", "united 2"),
        ("  ", ""),
        ("a`b", "a`b"),
        ("é`b", "e`b"),
    ],
)
def test_case_accents_and_typography_are_ignored(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "\n" not in fold(text)


@given(st.text())
def test_forms_of_one_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_one_stored_text_answers_contains_starts_and_ends() -> None:
    stored = joined([fold("Rivière  Noire"), fold("The Upper Basin")])
    assert stored == "\nriviere noire\nthe upper basin\n"
    assert fold("ÈRE N") in stored
    assert "\n" + fold("the u") in stored
    assert fold("Noire") + "\n" in stored
    assert "\n" + fold("Noire") not in stored
    assert fold("noire the") not in stored


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ada Moreno", "ada-moreno"),
        ("O’Neill & Sons’ Co.", "oneill-and-sons-co"),
        ("  Über_größe: 2/3 ", "uber-grosse-2-3"),
        ("東京 2031", "東京-2031"),
    ],
)
def test_a_key_is_made_of_a_name(text: str, key: str) -> None:
    assert slug(text) == key
    assert slug(key) == key


def test_a_key_needs_a_letter() -> None:
    with pytest.raises(ValueProblem, match="no letter or digit"):
        slug("—")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ada-moreno", "Ada Moreno"),
        ("bank-of-the-north", "Bank of the North"),
        ("the-upper-basin", "The Upper Basin"),
        ("round-5", "Round 5"),
    ],
)
def test_a_name_is_made_of_a_key(key: str, name: str) -> None:
    assert name_from_key(key) == name
