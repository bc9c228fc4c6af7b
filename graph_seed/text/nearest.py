"""The words of a text that are most like some others, for a message."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_LEAST = 60.0
"""A likeness, of 100, below which showing the words would not help."""
_REACH = 2_000_000
_LONGEST = 2_000
_FEW = 3
"""Differences up to which it is worth saying which characters differ."""


def nearest_words(
    text: str, words: str, starts: Sequence[int], low: int, high: int
) -> tuple[int, int] | None:
    """Start and end of the words between ``low`` and ``high`` nearest in spelling to others.

    ``starts`` are where sentences begin; words that run over two sentences are found too. None
    where nothing is alike. Of a long text only the first 2 million code points are looked at.
    """
    high = min(high, low + _REACH)
    wanted = " ".join(words.split())[:_LONGEST].lower()
    first = max(bisect_right(starts, low) - 1, 0)
    best, place = _LEAST, None
    for at in range(first, len(starts)):
        begin = max(starts[at], low)
        if begin >= high:
            break
        end = min(starts[at + 2] if at + 2 < len(starts) else len(text), high, begin + 2 * _LONGEST)
        found = fuzz.partial_ratio_alignment(wanted, text[begin:end].lower(), score_cutoff=best)
        if found and found.score > best and len(text[begin:end].lower()) == end - begin:
            best, place = found.score, (begin + found.dest_start, begin + found.dest_end)
    return whole_words(text, place, low, high) if place else None


def whole_words(text: str, place: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """Return a stretch widened to whole words, by at most 40 characters at each end."""
    begin, end = place
    found = text[begin:end]
    begin, end = end - len(found.lstrip()), begin + len(found.rstrip())
    while begin > max(low, place[0] - 40) and not text[begin - 1].isspace():
        begin -= 1
    while end < min(high, place[1] + 40) and not text[end].isspace():
        end += 1
    words = text[begin:end]
    return end - len(words.lstrip()), begin + len(words.rstrip(" ,.;:"))


def difference(words: str, found: str) -> str:
    """Return why words are not those that were found, where a reader may not see it."""
    if words != found and words.lower() == found.lower():
        return "; only capitals differ"
    plain = unicodedata.normalize("NFKC", words)
    if plain == unicodedata.normalize("NFKC", found):
        odd = (one for one in found if one not in words + plain and not one.isspace())
        if character := next(odd, ""):
            usual = unicodedata.normalize("NFKC", character)
            return f"; the text has {_described(character)} where you wrote “{usual}”"
    edits = Levenshtein.editops(words, found)
    if len(edits) > _FEW:
        return ""
    for edit in edits:
        wrote, has = (
            words[edit.src_pos : edit.src_pos + 1],
            found[edit.dest_pos : edit.dest_pos + 1],
        )
        if edit.tag == "replace" and not (wrote + has).isascii():
            return f"; the text has {_described(has)} where you wrote {_described(wrote)}"
    return ""


def _described(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"“{character}” (U+{ord(character):04X} {name})"
