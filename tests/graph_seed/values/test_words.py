"""Words, letters and numbers of every script, as searches and readers take them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.values import fold
from graph_seed.values.words import (
    clusters,
    count_words,
    is_boundary,
    search_words,
    terms_in,
    words_in,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U.S. dairy", "us dairy"),
        ("U.S and US, the U.S.-led", "us and us the us led"),
        ("J.P. Morgan, e.g. at 5 p.m.", "jp morgan eg at 5 pm"),
        ("É.-U. or É.U.", "e u or eu"),
        ("Canada’s O'Neill", "canada s o neill"),
        ("Hawaiʻi, Hawai'i", "hawai i hawai i"),
        ("Ame\u0301lie", "amelie"),
        ("हिन्दी, हवा", "हिन्दी हवा"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("தமிழ் நாடு", "தமிழ் நாடு"),
        ("한국은 \u1112\u1161\u11ab국", "한국은 한국"),
        ("日本国2031年", "日本 本国 国 2031 年"),
        ("ไทย", "ไท ทย ย"),
        ("$53.1 and 53,1", "53.1 and 53.1"),
        ("1,000,000 = 1 000 000 = 1.000.000 = 1’000’000", "1000000 1000000 1000000 1000000"),
        ("12.4 billion, $1.2bn, 2017-11", "12.4 billion 1.2 bn 2017 11"),
        ("1,234.5", "1234.5"),
        ("5.11.2017", "5 11 2017"),
        ("٥٣ ५३", "53 53"),
        ("co\u00adoperate می\u200cخواهم", "cooperate میخواهم"),
        ("⑴ ½", "1 1 2"),
        ("… — !", ""),
    ],
)
def test_words_that_are_indexed(text: str, words: str) -> None:
    assert search_words([text]) == words


def test_unspaced_letters_are_searched_in_their_order() -> None:
    assert list(terms_in("日本国 2031")) == ["日本 本国", "2031"]
    assert " 本日" not in f" {search_words(['日本国'])}"
    assert "日本 本国" in search_words(["大日本国民"])
    assert list(terms_in("国")) == ["国"]


@given(st.text(st.sampled_from("aB.é 1,5'’e\u0301मोदी日本ไทยกำガ\u200d½-م\u064e")))
def test_words_stand_where_they_are_read(text: str) -> None:
    """What is asked, what is indexed and what is marked are the same words."""
    words = list(words_in(text))
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert [fold(word.text) for word in words] == [word.text for word in words]
    ends = [(word.start, word.end) for word in words]
    assert ends == sorted(ends)


@given(st.text())
def test_forms_of_one_text_have_the_same_words(text: str) -> None:
    record_schema = {search_words([unicodedata.normalize(form, text)]) for form in ("NFC", "NFD")}
    assert len(record_schema) == 1
    assert not {"\n", "\t"} & set(record_schema.pop())


@given(st.text())
def test_a_text_of_ascii_has_the_words_of_any_other(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert search_words([plain + " é"]) == f"{search_words([plain])} e".strip()


@pytest.mark.parametrize(
    ("phrase", "count"),
    [
        ("winner-take-all mindset", 2),
        ("नरेंद्र मोदी ने कहा", 4),
        ("مُحَمَّد علي", 2),
        ("Jose\u0301 left", 2),
        ("日本国語", 2),
        ("日本国", 2),
        ("กำที่", 1),
    ],
)
def test_a_reader_counts_words(phrase: str, count: int) -> None:
    assert count_words(phrase) == count


@given(st.text(st.sampled_from("ae\u0301\u0308क्िी\u200d👩💻🇨🇦\u1100\u1161 ก ำ"), max_size=12))
def test_boundaries_are_those_of_grapheme_clusters(text: str) -> None:
    ends = {0}
    for one in clusters(text):
        ends.add(max(ends) + len(one))
    assert {at for at in range(len(text) + 1) if is_boundary(text, at)} == ends
