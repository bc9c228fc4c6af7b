"""A source's text: hashing, spans, finding words. Every text is invented."""

import hashlib
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.text import (
    Find,
    TextProblem,
    find_span,
    hashed_text,
    locator,
    sentence_starts,
    span,
    text_sha256,
)
from graph_seed.values.words import count_words

TEXT = (
    "Minister Ada Moreno wants the toll settled first. “Water can wait,” she said. Delta’s envoy, "
    "Jan Lund, wants water\nfirst—and the toll later. “No chance,” she said of that. "
    "The tolls rose."
)


def test_the_hashed_text_has_no_mark_and_plain_line_feeds() -> None:
    assert hashed_text(b"\xef\xbb\xbfone\r\ntwo\rthree\n\r\n") == "one\ntwo\rthree\n\n"
    assert hashed_text("\ufeff\ufeffé".encode()) == "\ufeffé"
    assert text_sha256("é\n") == hashlib.sha256(b"\xc3\xa9\n").hexdigest()


def test_bytes_that_are_not_utf8_are_named() -> None:
    with pytest.raises(TextProblem, match="byte 0xe9 at offset 3"):
        hashed_text(b"caf\xe9!")


@given(st.text(max_size=40), st.data())
def test_offsets_hold_in_both_countings(text: str, data: st.DataObject) -> None:
    text = f"a{text}🛶{text}"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    cited = span(text, start, end, sentence_starts(text))
    units = text.encode("utf-16-le")
    assert units[2 * cited.start_utf16 : 2 * cited.end_utf16].decode("utf-16-le") == text[start:end]
    assert cited.sha256 == hashlib.sha256(text[start:end].encode()).hexdigest()
    assert 1 <= cited.first_sentence <= cited.last_sentence


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [
        (0, 10, (1, 1, "sentence 1 of 3")),
        (9, 11, (1, 2, "sentences 1–2 of 3")),
        (10, 20, (2, 2, "sentence 2 of 3")),
        (19, 30, (2, 3, "sentences 2–3 of 3")),
    ],
)
def test_a_locator_needs_no_text(start: int, end: int, where: tuple[int, int, str]) -> None:
    assert locator(start, end, (0, 10, 20), 30) == where


def test_what_stands_before_the_first_sentence_belongs_to_it() -> None:
    assert locator(0, 1, (4, 9), 20)[:2] == (1, 1)


@pytest.mark.parametrize(
    ("start", "end", "starts", "problem"),
    [
        (5, 5, (0,), "is empty"),
        (-1, 5, (0,), "is empty"),
        (5, 31, (0,), "beyond the text's end, 30"),
        (0, 5, (), "no sentences"),
    ],
)
def test_a_passage_has_to_lie_within(
    start: int, end: int, starts: tuple[int, ...], problem: str
) -> None:
    with pytest.raises(TextProblem, match=problem):
        locator(start, end, starts, 30)


@pytest.mark.parametrize(
    ("find", "words"),
    [
        (Find("Ada Moreno"), "Ada Moreno"),
        (Find('"Water can wait,"'), "“Water can wait,”"),
        (Find("Delta's envoy"), "Delta’s envoy"),
        (Find("water first-and"), "water\nfirst—and"),
        (Find("wants  water first"), "wants water\nfirst"),
        (Find("toll", after="Ada"), "toll"),
        (Find(start="Jan", end="toll"), "Jan Lund, wants water\nfirst—and the toll"),
        (Find(start="she said", end="that", after="chance"), "she said of that"),
        (Find("rose."), "rose."),
        (Find("Minis"), "Minis"),
        (Find(start="Water"), "Water"),
    ],
)
def test_words_are_found(find: Find, words: str) -> None:
    start, end = find_span(TEXT, find)
    assert TEXT[start:end] == words


def test_after_and_before_say_which() -> None:
    second = TEXT.index("she said of")
    assert find_span(TEXT, Find("she said", after="No chance"))[0] == second
    assert find_span(TEXT, Find("she said", before="Delta"))[0] == TEXT.index("she said")
    assert find_span(TEXT, Find("she said", before="The tolls"))[0] == second
    assert find_span(TEXT, Find("toll", after="Delta", before="The tolls"))[0] == TEXT.index(
        "toll later"
    )


def test_whole_words_go_before_parts_of_words() -> None:
    assert find_span("The tolls. The toll. A tollgate.", Find("toll")) == (15, 19)


def test_scripts_without_spaces_have_no_whole_words() -> None:
    with pytest.raises(TextProblem, match="2 times"):
        find_span("水が先。通行料と水。", Find("水"))


@pytest.mark.parametrize(
    ("find", "problem"),
    [
        (Find("she said"), r"“she said” is found 2 times, in sentences 2, 4 of 5; .*after:"),
        (Find(start="she said", end="that"), "from: .* to:"),
        (Find("Ada Morena"), "not found; nearest is “Ada Moreno” in sentence 1 of 5"),
        (Find("ada moreno"), "nearest is “Ada Moreno”"),
        (Find("No chance wants"), "is not found"),
        (Find("zzzz qqqq"), "is not found$"),
        (Find("Ada", after="Jan"), "in that part, though it is elsewhere"),
        (Find("Ada", after="Olaf"), "after: “Olaf” is not found"),
        (Find("Jan", before="Ada"), "in that part, though it is elsewhere"),
        (Find(start="Jan", end="Ada"), "to: “Ada” is not found there"),
        (Find(" "), "no words"),
        (Find(), "words or from:"),
        (Find("Ada", start="Jan"), "words or from:"),
        (Find("Ada", end="Jan"), "needs from:"),
    ],
)
def test_what_is_not_found_once_is_refused_with_advice(find: Find, problem: str) -> None:
    with pytest.raises(TextProblem, match=problem):
        find_span(TEXT, find)


typed = {"’": "'", "‘": "'", "“": '"', "”": '"', "—": "-", "–": "-", "\n": " ", "\u00a0": " "}


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Nu\u0301n\u0303ez he called", "Núñez he called", "Nu\u0301n\u0303ez he called"),
        ("Núñez he called", "Nu\u0301n\u0303ez he called", "Núñez he called"),
        ("A\u030asa left", "Åsa left", "A\u030asa left"),
        ("नरेंद्र मोदी ने कहा। मोद खड़ा है।", "मोद", "मोद"),
        ("Jose\u0301 left. Then Jose stayed.", "Jose", "Jose"),
        ("x\u030cy left. Then xy stayed.", "x", "x"),
        ("น้ำ กับ น", "น", "น"),
        ("ประเทศไทยและลาว", "ไทย", "ไทย"),
        ("\u1112\u1161\u11ab국이 왔다", "한국이", "\u1112\u1161\u11ab국이"),
        ("co\u00adope\u00adrate now", "cooperate", "co\u00adope\u00adrate"),
        ("Osk港 met Oskar", "Osk", "Osk"),
        ("𝔘 Ame\u0301lie", "Amélie", "Ame\u0301lie"),
        ("👩\u200d💻 met 👩.", "👩", "👩"),
    ],
)
def test_words_are_found_in_any_form_and_never_cut_a_letter(
    text: str, words: str, found: str
) -> None:
    start, end = find_span(text, Find(quote=words))
    assert text[start:end] == found


@given(st.text(st.sampled_from("aé\u0301 ñक\u093f日\u1100\u1161ẹ\u0323"), min_size=1), st.data())
def test_forms_of_one_text_have_the_same_words_in_them(text: str, data: st.DataObject) -> None:
    record_schema = [unicodedata.normalize(form, f"a{text}") for form in ("NFC", "NFD")]
    words = data.draw(st.sampled_from(record_schema)).strip()
    found = [one[slice(*find_span(one, Find(quote=words)))] for one in record_schema]
    assert {unicodedata.normalize("NFC", one) for one in found} == {
        unicodedata.normalize("NFC", words)
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Then Аda left.", "the text has “А” (U+0410 CYRILLIC CAPITAL LETTER A) where you wrote"),
        ("Then ada left.", "only capitals differ"),
    ],
)
def test_words_that_look_alike_are_told_apart(text: str, why: str) -> None:
    with pytest.raises(TextProblem, match=regex.escape(why)):
        find_span(text, Find(quote="Ada left"))


def test_a_ligature_is_told_apart_from_its_letters() -> None:
    why = "the text has “ﬁ” (U+FB01 LATIN SMALL LIGATURE FI) where you wrote “fi”"
    with pytest.raises(TextProblem, match=regex.escape(why)):
        find_span("He left the ﬁrst ofﬁce.", Find(quote="first office"))


@given(
    st.lists(st.sampled_from(["ab", "c’d", "“e”", "f—g", "🛶", "Ünï"]), min_size=1, max_size=6),
    st.lists(st.sampled_from([" ", "\n", "\u00a0"]), min_size=6, max_size=6),
    st.text("xyz 🛶", max_size=20),
)
def test_what_is_typed_plainly_spans_what_is_printed(
    words: list[str], spaces: list[str], around: str
) -> None:
    printed = "".join(f"{space}{word}" for space, word in zip(spaces, words, strict=False)).strip()
    text = f"{around}⟨{printed}⟩{around}"
    needle = "".join(typed.get(character, character) for character in printed)
    at = text.index("⟨") + 1
    assert find_span(text, Find(needle, after="⟨")) == (at, at + len(printed))


@pytest.mark.parametrize(
    ("quote", "count"),
    [
        ("no chance", 2),
        ("winner-take-all mindset", 2),
        ("let’s wait, Ada’s friends!", 4),
        ("water—then tolls", 3),
        ("rose 2.5 percent", 3),
        ("", 0),
        ("… —", 0),
        ("水が先だ", 2),
        ("one 🛶 two", 2),
    ],
)
def test_words_are_counted(quote: str, count: int) -> None:
    assert count_words(quote) == count


@pytest.mark.parametrize(
    ("text", "words", "found", "why"),
    [
        ("Then مُحَمَّد left.", "محمد", "مُحَمَّد", "the text has “◌ُ” (U+064F ARABIC DAMMA) and 2 more"),
        ("Then محمد left.", "مُحَمَّد", "محمد", "which the text has not"),
        ("He said שָׁלוֹם then.", "שלום", "שָׁלוֹם", "HEBREW POINT QAMATS"),
        ("वह ज़मीन पर है।", "जमीन", "ज़मीन", "DEVANAGARI SIGN NUKTA), which you left out"),
        ("เขาไปที่น้ำตก", "นำตก", "น้ำตก", "THAI CHARACTER MAI THO), which you left out"),
        ("The ﬁnal oﬃce closed.", "final office", "ﬁnal oﬃce", "LATIN SMALL LIGATURE FI"),
        ("The final office closed.", "ﬁnal oﬃce", "final office", "where the text has “fi”"),
        ("Ｔｈｅ ＮＡＦＴＡ round", "NAFTA", "ＮＡＦＴＡ", "FULLWIDTH LATIN CAPITAL LETTER N"),
        ("او می\u200cخواهم رفت", "میخواهم", "می\u200cخواهم", "ZERO WIDTH NON-JOINER"),
        ("مـــحمد قال", "محمد", "مـــحمد", "ARABIC TATWEEL"),
        ("شركة أرامكو", "ارامكو", "أرامكو", "ALEF WITH HAMZA ABOVE"),
        ("İstanbul talks", "Istanbul", "İstanbul", "LATIN CAPITAL LETTER I WITH DOT ABOVE"),
        ("the border -- now", "border – now", "border -- now", "HYPHEN-MINUS"),
        ("1O jobs are gone", "10 jobs", "1O jobs", "where you wrote “0” (U+0030 DIGIT ZERO)"),
        ("the word break here", "wordbreak", "word break", "U+0020 SPACE"),
        ("He said: No.", "he said: No.", "He said: No", "only capitals differ"),
    ],
)
def test_words_that_are_alike_are_shown_with_the_reason(
    text: str, words: str, found: str, why: str
) -> None:
    with pytest.raises(TextProblem) as refused:
        find_span(text, Find(quote=words))
    message = str(refused.value)
    assert f"nearest is “{found}”" in message
    assert why in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The nego\u00adtiators left", "negotiators"),
        ("The negotiators left", "nego\u00adtiators"),
        ("“Don’t go,” she said", '"Don\'t go," she said'),
        ("the U.S.–Mexico border — now", "the U.S.-Mexico border - now"),
        ("10\u00a0000 jobs", "10 000 jobs"),
        ("वह ज़मीन पर है।", "ज\u093cमीन"),
        ("각하 said", "\u1100\u1161\u11a8\u1112\u1161"),
        ("a\u2028b", "a b"),
        ("Oʼneill", "O'neill"),
    ],
)
def test_words_typed_in_another_form_are_found(text: str, words: str) -> None:
    start, end = find_span(text, Find(quote=words))
    assert end > start
