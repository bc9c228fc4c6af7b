"""What of a hit's text a search found: the property that matched and a snippet with marks."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from graph_seed.values.words import LETTERS, UNSPACED_RUN, Word, clusters, terms_in, words_in

TYPO_FROM = 3
"""Words of more letters may have a typo, but for those with digits: 2018 is no typo of 2017."""
MOST_WORDS, LONGEST_WORD, LONGEST_TEXT = 32, 64, 4_000
"""Words of a search, characters of a word and of the whole that are looked at: Lucene refuses much
more."""
TYPOS, NAMED, CLAUSES = 8, 50, 400
"""How many words may have a typo; by how many entities of a word, and of all, facts are found.

Lucene refuses more than 1,024 clauses, and a word with a typo may become fifty."""
AROUND = 60
"""How many characters of the text a snippet shows on either side of the first match."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The property that matched, and its text about there: HTML with ``<mark>`` only."""

    property: str
    marked: str


def query_words(text: str) -> tuple[str, ...]:
    """Return the words that a search looks for, each once; of a long text the first ones.

    A run of letters of a script without spaces is one of them, as ``terms_in`` has it: its pairs
    of neighbours with spaces between.
    """
    words: dict[str, None] = {}
    for word in terms_in(text[:LONGEST_TEXT]):
        words.setdefault(_bounded(word))
        if len(words) == MOST_WORDS:
            break
    return tuple(words)


def _bounded(word: str) -> str:
    """Return a word of at most ``LONGEST_WORD`` characters; of a phrase whole pairs."""
    if len(word) <= LONGEST_WORD:
        return word
    begin = word[:LONGEST_WORD]
    return begin.rpartition(" ")[0] if " " in word else begin


def lucene(words: Sequence[str]) -> str:
    """Return the words as a Lucene query, each of which has to be met."""
    return " AND ".join(f"({word})" for word in lucene_words(words))


def lucene_words(words: Sequence[str]) -> list[str]:
    """Return each word as a Lucene query; of many only the first ones may have a typo."""
    return [_lucene_word(word, may_differ=at < TYPOS) for at, word in enumerate(words)]


def names_per_word(words: int) -> int:
    """Return how many entities are looked at for each of so many words; Lucene bounds the query."""
    return min(NAMED, CLAUSES // max(words, 1))


def _lucene_word(word: str, *, may_differ: bool) -> str:
    """Return one word as a Lucene query: as it is, as a beginning, or with one typo where it may.

    Words hold only letters, digits, their marks and points within numbers, so Lucene reads no
    operator in them; it takes the names of operators only in capitals.
    """
    if UNSPACED_RUN.match(word):
        # A pair is indexed whole; a letter alone begins a pair, or is the last of its run.
        return f'"{word}"^4' if len(clusters(word)) > 1 else f"{word}*^4"
    fuzzy = f" OR {word}~1" if may_differ and _may_have_a_typo(word) else ""
    return f"{word}^4 OR {word}*^2{fuzzy}"


def _may_have_a_typo(word: str) -> bool:
    letters = len(word) if word.isascii() else len(LETTERS.findall(word))
    return letters > TYPO_FROM and not any(map(str.isdigit, word))


def matches(word: str, wanted: str) -> bool:
    """Return whether a folded word is what is looked for, begins with it, or has one typo."""
    return word.startswith(wanted) or (
        _may_have_a_typo(wanted) and OSA.distance(word, wanted, score_cutoff=1) <= 1
    )


def _find_matches(words: Sequence[Word], wanted: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each place where a text's words are what is looked for."""
    first, *rest = wanted.split(" ")
    letters = clusters(first) + [clusters(pair)[-1] for pair in rest]
    for at, word in enumerate(words):
        if not word.unspaced:
            if matches(word.text, wanted):
                yield word.start, word.end
            continue
        run = words[at : at + len(letters)]
        if [one.text for one in run] == letters and _is_run(run):
            yield word.start, run[-1].end


def _is_run(words: Sequence[Word]) -> bool:
    return all(one.end >= other.start for one, other in pairwise(words))


def make_snippet(wanted: Sequence[str], texts: Mapping[str, object]) -> Snippet:
    """Return a snippet of the property that contains the most search words, with its name."""
    best, best_text, most = "", "", -1
    for name, value in texts.items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str) or not text:
                continue
            held = list(words_in(text))
            count = sum(any(_find_matches(held, one)) for one in wanted)
            if count > most:
                best, best_text, most = name, text, count
    return Snippet(best, _mark(wanted, best_text))


def _to_words(words: Sequence[Word], start: int, end: int, length: int) -> tuple[int, int]:
    """Widen a stretch of a text so that it cuts no word in two, unless it is a very long one."""
    whole = [word for word in words if word.end - word.start <= AROUND]
    start = max(0, min((w.start for w in whole if w.start < start < w.end), default=start))
    end = min(length, max((w.end for w in whole if w.start < end < w.end), default=end))
    return start, end


def _mark(wanted: Sequence[str], text: str) -> str:
    words = list(words_in(text))
    found = sorted(place for one in wanted for place in _find_matches(words, one))
    first = found[0][0] if found else 0
    start, end = _to_words(words, first - AROUND, first + AROUND, len(text))
    parts = ["…" if start else ""]
    at = start
    for begin, stop in found:
        if stop > at and stop <= end:
            parts += [
                html.escape(text[at:begin]),
                "<mark>",
                html.escape(text[max(begin, at) : stop]),
                "</mark>",
            ]
            at = stop
    parts += [html.escape(text[at:end]), "…" if end < len(text) else ""]
    return "".join(parts)
