"""Find the words of a text that are most like some others, for a message."""

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from graph_seed.values.words import cluster_spans, clusters, fold

_LEAST = 60.0
"""A likeness, of 100, below which showing the words would not help."""
_REACH = 2_000_000
_LONGEST = 2_000
_MARKS = regex.compile(r"[\p{M}\p{DI}\p{Cf}\u0640]+")
"""Combining marks, invisible characters, and the Arabic tatweel."""
_ENDS = " ,.;:"
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


def similar_words(text: str, words: str, low: int, high: int) -> tuple[int, int] | None:
    """Return start and end of the first words that are others but for marks, forms and case.

    Accents, vowel signs, points, tone marks, joiners, ligatures, widths and capitals do not
    count. None where there are no such words between ``low`` and ``high``.
    """
    needle = " ".join("".join(map(_strip_marks, clusters(words))).split())
    if not needle or (text.isascii() and words.isascii()):
        return None
    bare = _bare_text(text)
    at = bare.text.find(needle, bisect_left(bare.starts, low), bisect_left(bare.starts, high))
    return (bare.starts[at], bare.ends[at + len(needle) - 1]) if at >= 0 else None


@dataclass(frozen=True, slots=True)
class _BareText:
    """A text without marks, in lower case, with where each character of it stands in the text."""

    text: str
    starts: "array[int]"
    ends: "array[int]"


@lru_cache(maxsize=2)
def _bare_text(text: str) -> _BareText:
    """Return the beginning of a text, of at most two million characters, without marks."""
    bare: list[str] = []
    starts, ends = array("L"), array("L")
    for start, end in cluster_spans(text[:_REACH]):
        for character in _strip_marks(text[start:end]):
            bare.append(character)
            starts.append(start)
            ends.append(end)
    return _BareText("".join(bare), starts, ends)


def _strip_marks(cluster: str) -> str:
    """Return what remains of a letter without its marks, in lower case; a space of white space."""
    if cluster.isspace():
        return " "
    if cluster.isascii():
        return cluster.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", fold(cluster)))


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
    return end - len(words.lstrip()), begin + len(words.rstrip(_ENDS))


def difference(words: str, found: str) -> str:
    """Return why words are not those that were found, where a reader may not see it."""
    if not found.endswith(words[-1:]):
        words = words.rstrip(_ENDS) or words  # the words that were found end before these
    if words != found and words.lower() == found.lower():
        return "; only capitals differ"
    plain = unicodedata.normalize("NFKC", words)
    if plain == unicodedata.normalize("NFKC", found):
        for one, other, told in (
            (found, words + plain, "the text has {} where you wrote “{}”"),
            (words, found, "you wrote {} where the text has “{}”"),
        ):
            odd = (char for char in one if char not in other and not char.isspace())
            if character := next(odd, ""):
                usual = unicodedata.normalize("NFKC", character)
                return f"; {told.format(_describe(character), usual)}"
    edits = [
        (
            edit.tag,
            "" if edit.tag == "insert" else words[edit.src_pos],
            "" if edit.tag == "delete" else found[edit.dest_pos],
        )
        for edit in Levenshtein.editops(words, found)
    ]
    if all(_is_small(wrote + has) for _, wrote, has in edits):
        return _marks([one for one in edits if one[0] != "replace"]) or _replacement(edits)
    return _replacement(edits) if len(edits) <= _FEW else ""


def _is_small(characters: str) -> bool:
    """Return whether characters are marks or invisible, so that many of them are easily missed."""
    return _MARKS.fullmatch(characters) is not None


def _marks(edits: list[tuple[str, str, str]]) -> str:
    """Return which marks the text has and the words have not, or the other way round."""
    for tag, told in (
        ("insert", "; the text has {}, which you left out"),
        ("delete", "; you wrote {}, which the text has not"),
    ):
        characters = list(dict.fromkeys(wrote + has for one, wrote, has in edits if one == tag))
        if characters:
            more = f" and {len(characters) - 1} more" if len(characters) > 1 else ""
            return told.format(f"{_describe(characters[0])}{more}")
    return ""


def _replacement(edits: list[tuple[str, str, str]]) -> str:
    for tag, wrote, has in edits:
        is_seen = wrote.isalpha() and has.isalpha() and (wrote + has).isascii()
        if tag == "replace" and not is_seen:
            return f"; the text has {_describe(has)} where you wrote {_describe(wrote)}"
    return _marks([one for one in edits if not (one[1] + one[2]).isalnum()])


def _describe(character: str) -> str:
    name = unicodedata.name(character, "")
    shown = f"\u25cc{character}" if unicodedata.combining(character) else character
    return f"“{shown}” (U+{ord(character):04X} {name})"
