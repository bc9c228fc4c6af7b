"""Keys made of names, and names made of keys."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.values import ValueProblem, name_from_key, slug


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ada Moreno", "ada-moreno"),
        ("O’Neill & Sons’ Co.", "oneill-and-sons-co"),
        ("  Über_größe: 2/3 ", "über-größe-2-3"),
        ("Nu\u0301n\u0303ez", "núñez"),
        ("東京 2031", "東京-2031"),
        ("मोदी", "मोदी"),
        ("मादा", "मादा"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("مُحَمَّد علي", "مُحَمَّد-علي"),
        ("\u1112\u1161\u11ab국", "한국"),
        ("C", "c"),
        ("C#", "c-sharp"),
        ("C++", "c-plus-plus"),
        ("5 %", "5-percent"),
        ("€ 5", "euro-5"),
        ("pond 🐟", "pond-fish"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_a_key_is_made_of_a_name(text: str, key: str) -> None:
    assert slug(text) == key
    assert slug(key) == key


@pytest.mark.parametrize("text", ["—", "", " ", "\u0301", "\u200b", "…?!", "🐟", "+"])
def test_a_key_needs_a_letter(text: str) -> None:
    with pytest.raises(ValueProblem, match="no letter or digit"):
        slug(text)


NAMES = st.text(
    st.sampled_from("aAbéÉe\u0301ñ मोदी ा ि ก ิ 日本 ДйиЁ 한 1 5½+#&%€ -_.,'’!?"), max_size=8
)


@given(NAMES, NAMES)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    """Only what differs in case, spacing, punctuation and Unicode form has one key."""

    def essence(text: str) -> list[str]:
        plain = unicodedata.normalize("NFC", text).lower().replace("'", "").replace("’", "")
        return regex.findall(r"\p{L}[\p{L}\p{M}\p{N}]*|\p{N}[\p{L}\p{M}\p{N}]*|[+#&%€]", plain)

    if all(any(word[0].isalnum() for word in essence(text)) for text in (one, other)):
        assert (slug(one) == slug(other)) == (essence(one) == essence(other))


@given(st.text())
def test_a_key_of_a_key_is_itself(text: str) -> None:
    try:
        key = slug(text)
    except ValueProblem:
        return
    assert slug(key) == key
    assert slug(unicodedata.normalize("NFD", key)) == key


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ada-moreno", "Ada Moreno"),
        ("bank-of-the-north", "Bank of the North"),
        ("the-upper-basin", "The Upper Basin"),
        ("round-5", "Round 5"),
        ("núñez", "Núñez"),
        ("élan-vital", "Élan Vital"),
        ("नरेंद्र-मोदी", "नरेंद्र मोदी"),
    ],
)
def test_a_name_is_made_of_a_key(key: str, name: str) -> None:
    assert name_from_key(key) == name
