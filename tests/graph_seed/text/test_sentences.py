"""Sentences, as a reader counts them. Every text is invented."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.text import sentence_starts


def sentences(text: str) -> list[str]:
    starts = sentence_starts(text)
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        # one sentence a part; "|" stands where one ends
        "The ferry left. |It was late. |Was it full? |No! |Nobody knew…",
        "Ada said: “We wait.” |The others left.",
        "‘Nothing new.’ |“Nothing at all!” |Then silence.",
        "„Wir warten.“ |Dann gingen sie.",
        "He asked “Why now?” and left. |She stayed.",
        "“Why now?” he asked. |She stayed.",
        "They met (in the rain.) |Then they left.",
        "They met (with Upper Basin Corp.) Friday morning.",
        "Mr. Moreno met Dr. Lund and Gen. Okoro. |They spoke.",
        "Sen. Ada Moreno spoke, e.g. Tuesday, with J. P. Lund of St. Olaf.",
        "It was led by George H. W. Lund and Jan F. Will Moreno.",
        "They chose Plan B. |The other was dropped.",
        "The fifth round ends Nov. 17. |The sixth starts in Dec. |Then comes a pause.",
        "See No. 5 and Art. 12 of p. 3. |Then read on.",
        "Tolls rose 2.5 percent to 1.25 a ton. |Water fell 0.5 percent.",
        "Upper Basin Corp. said no. |Delta Ferries Inc. |The firms agree.",
        "Delta Ferry Co. Chief Executive Ada Lund left.",
        "The U.S. Trade Representative spoke. |U.S. Senators listened.",
        "He knows the U.S. Congress has a vote.",
        "They side with the U.S. |Mexico is not amused.",
        "They side with the U.S. |The others do not.",
        "They side with the U.S., others do not.",
        "They met in Washington, D.C. |It rained.",
        "They met at 5 p.m. Friday. |They left at 9 a.m. |Nobody spoke.",
        "Cheese, milk etc. |Mexico sells both.",
        "It is over... |Or is it?",
        "It is … over.",
        "See example.org/a.b for more. |Then write.",
        "A claim.[3] |Another claim.[12] |A third.",
        "1. Dairy comes first.\n\n|2. Cars come second.",
        "A heading\n\n|A sentence over\ntwo lines. |Another.",
        "A heading\n \t\n\n|Text.",
        "水が先だ。|通行料は後だ！|本当か？|はい。",
        "「水が先だ。」と大臣は言った。|次へ。",
        "پانی پہلے ہے۔ |پھر محصول؟ |جی۔",
        "One 🛶. |Two 🛶🛶!",
    ],
)
def test_sentences_are_what_a_reader_counts(text: str) -> None:
    parts = text.split("|")
    assert sentences("".join(parts)) == [part.strip() for part in parts]


@pytest.mark.parametrize("text", ["", " ", "\n\n \n"])
def test_a_text_of_white_space_has_none(text: str) -> None:
    assert sentence_starts(text) == ()


def test_the_first_begins_with_the_first_character() -> None:
    assert sentence_starts("\n\n  One. Two.") == (4, 9)


@given(st.text("ab AB.?!…”) \n。「U.S1"))
def test_starts_ascend_and_are_never_at_white_space(text: str) -> None:
    starts = sentence_starts(text)
    assert list(starts) == sorted(set(starts))
    assert not any(text[start].isspace() for start in starts)
    assert bool(starts) == bool(text.strip())


@pytest.mark.parametrize("part", [".", "\n", " \n", "A.", ".”", ".[1", "Ada came. ", "a"])
def test_time_grows_with_length_alone(part: str) -> None:
    text = part * (400_000 // len(part))
    begun = time.perf_counter()
    sentence_starts(text)
    assert time.perf_counter() - begun < 5  # what grows with the square takes minutes
