"""Determine the words of a text that are indexed, and those that a search asks for."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from graph_seed.values.folding import fold
from graph_seed.values.letters import UNSPACED_RUN, WORD, cluster_spans, clusters

_ASCII_WORD = re.compile(
    r"\b(?:[a-z]\.)+[a-z]\b\.?"
    r"|\b(?<!\d[.,])(?:[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+|(?: \d{3}){2,})"
    r"(?:[.,]\d+)?|\d+[.,]\d+)(?![.,]?\d)"
    r"|[a-z0-9]+"
)
"""The same as ``WORD`` in folded ASCII text, which most texts are, and many times as quick."""
_GROUPED = re.compile(r"(\d{1,3}(?:([.,' ])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?")


class Word(NamedTuple):
    """A word of a text as searches compare it, and where it stands.

    ``unspaced`` is set for a letter of a script that puts no spaces between words.
    """

    text: str
    start: int
    end: int
    unspaced: bool = False


def words_in(text: str) -> Iterator[Word]:
    """Yield each word of a text, folded.

    Initials are one word with or without full stops (``U.S.`` is ``us``), and so is a number,
    whatever separates its digits (``53,1`` is ``53.1``, ``1,000`` is ``1000``). Of scripts without
    spaces each letter is a word.
    """
    for found in WORD.finditer(text):
        start, word = found.start(), found[0]
        if UNSPACED_RUN.match(word):
            for begin, end in cluster_spans(word):
                for letter in clusters(fold(word[begin:end])):
                    yield Word(letter, start + begin, start + end, unspaced=True)
            continue
        # Folding may make several words of one: ½ becomes 1⁄2.
        for one in _folded_words(fold(word)):
            yield Word(one, start, found.end())


def terms_in(text: str) -> Iterator[str]:
    """Yield what a text is searched for by.

    That is each word; of a run of unspaced letters all pairs of neighbours, as one phrase
    (``日本国`` is ``日本 本国``), so that they are found in this order only.
    """
    for word in _folded_words(fold(text)):
        if UNSPACED_RUN.match(word):
            letters = clusters(word)
            yield " ".join(_pairs(letters)) or word
        else:
            yield word


def search_words(texts: Iterable[str]) -> str:
    """Return the words of several texts as the full-text index holds them, with spaces between.

    A run of unspaced letters is held as its pairs of neighbours, then its last letter: so every
    letter of it begins a word.
    """
    return " ".join(word for text in texts for word in _indexed(fold(text)))


def _indexed(plain: str) -> list[str]:
    words = _folded_words(plain)
    if plain.isascii():
        return words
    indexed: list[str] = []
    for word in words:
        if not word.isascii() and UNSPACED_RUN.match(word):
            letters = clusters(word)
            indexed += [*_pairs(letters), letters[-1]]
        else:
            indexed.append(word)
    return indexed


def _folded_words(plain: str) -> list[str]:
    """Return the words of a folded text; unspaced letters that stand together are one."""
    words = _ASCII_WORD.findall(plain) if plain.isascii() else WORD.findall(plain)
    return [word if word.isalnum() else _joined(word) for word in words]


def _joined(word: str) -> str:
    """Return initials without full stops, a number with one separator at most: a point."""
    if number := _GROUPED.fullmatch(word):
        whole = number[1].replace(number[2], "")
        return f"{whole}.{number[3]}" if number[3] else whole
    return word.replace(",", ".") if word[0].isdigit() else word.replace(".", "")


def _pairs(letters: list[str]) -> list[str]:
    return [one + other for one, other in pairwise(letters)]
