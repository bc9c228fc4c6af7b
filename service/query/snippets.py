"""What of a hit's text a search found: the property that matched and a snippet with marks."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph_seed.values.search import words_in

TYPO_FROM = 3
"""Words longer than this may have a typo, but for those with digits: 2018 is no typo of 2017."""
MOST_WORDS, LONGEST_WORD = 32, 64
"""Words of a search and letters of a word that are looked for; Lucene refuses much longer ones."""
AROUND = 60
"""How many characters of the text a snippet shows on either side of the first match."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The property that matched, and its text about there: HTML with ``<mark>`` only."""

    property: str
    marked: str


def query_words(text: str) -> tuple[str, ...]:
    """The words that a search looks for, folded, each once; of a long text the first ones."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word, _, _ in words_in(text))
    return tuple(words)[:MOST_WORDS]


def lucene(words: Sequence[str]) -> str:
    """The words as a Lucene query: each as it is, as a beginning, or with one typo where it may.

    The words hold only letters and digits, so none of it can be read as an operator but the
    operators' own names, which Lucene takes only in capitals.
    """
    parts: list[str] = []
    for word in words:
        fuzzy = f" OR {word}~1" if _may_have_a_typo(word) else ""
        parts.append(f"({word}^4 OR {word}*^2{fuzzy})")
    return " AND ".join(parts)


def _may_have_a_typo(word: str) -> bool:
    return len(word) > TYPO_FROM and not any(map(str.isdigit, word))


def matches(word: str, wanted: Sequence[str]) -> bool:
    """Whether a folded word is one that is looked for: begins with it, or has one typo."""
    return any(
        word.startswith(one)
        or (_may_have_a_typo(one) and OSA.distance(word, one, score_cutoff=1) <= 1)
        for one in wanted
    )


def snippet(wanted: Sequence[str], texts: Mapping[str, object]) -> Snippet:
    """The property in which most of the wanted words are found, and a snippet of it."""
    best, best_text, most = "", "", -1
    for name, value in texts.items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str) or not text:
                continue
            held = [word for word, _, _ in words_in(text)]
            count = sum(any(matches(word, [one]) for word in held) for one in wanted)
            if count > most:
                best, best_text, most = name, text, count
    return Snippet(best, _marked(wanted, best_text))


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a text, wide enough not to cut a word in two, unless it is a very long one."""
    whole = [(a, b) for _, a, b in words_in(text) if b - a <= AROUND]
    start = max(0, min((a for a, b in whole if a < start < b), default=start))
    end = min(len(text), max((b for a, b in whole if a < end < b), default=end))
    return start, end


def _marked(wanted: Sequence[str], text: str) -> str:
    found = [(a, b) for word, a, b in words_in(text) if matches(word, wanted)]
    first = found[0][0] if found else 0
    start, end = _to_words(text, first - AROUND, first + AROUND)
    parts = ["…" if start else ""]
    at = start
    for begin, stop in found:
        if begin >= at and stop <= end:
            parts += [
                html.escape(text[at:begin]),
                "<mark>",
                html.escape(text[begin:stop]),
                "</mark>",
            ]
            at = stop
    parts += [html.escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)
