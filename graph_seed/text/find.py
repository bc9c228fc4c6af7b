"""Finding the words an author cites by."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import regex

from graph_seed.text.nearest import difference, nearest_words, similar_words
from graph_seed.text.searchable import plain_text, plain_words
from graph_seed.text.sentences import sentence_starts
from graph_seed.text.source import TextProblem
from graph_seed.values.letters import SPACED, is_boundary

_LISTED = 8
_MANY = 1000
_SPACED = regex.compile(rf"(?V1){SPACED}|_")


@dataclass(frozen=True, slots=True)
class Find:
    """The words by which an author cites: ``quote``, or from ``start`` to ``end``.

    ``start`` without ``end`` is the same as ``quote``. ``after`` and ``before`` narrow where.
    """

    quote: str | None = None
    start: str | None = None
    end: str | None = None
    after: str | None = None
    before: str | None = None


def find_span(text: str, find: Find) -> tuple[int, int]:
    """Return start and end, in code points, of the words that are looked for.

    They have to be in the text exactly, capitals too, but for quotation marks, dashes, white space,
    Unicode forms (NFC, NFD) and invisible characters, which may be typed plainly. A letter is never
    cut from its marks. Whole words are preferred: parts of words count only where no whole ones
    match. The words, or those of ``start``, have to be there once; after ``after`` (the first place
    of those words) the first occurrence counts, and before ``before`` the last. The span goes to
    the first occurrence of ``end`` behind ``start``.

    Raises ``TextProblem`` saying what was not found, with the nearest words, or in which sentences
    it was found more than once.
    """
    what = _wanted(find)
    plain = plain_text(text)
    low, high = 0, len(plain.text)
    if find.after is not None:
        low = next(_occurrences(text, find.after, 0, high, "after"))[1]
    if find.before is not None:
        high = next(_occurrences(text, find.before, low, high, "before"))[0]
    places = _occurrences(text, what, low, high, "from" if find.quote is None else None)
    if find.after is not None:
        start, end = next(places)
    elif find.before is not None:
        *_, (start, end) = places
    else:
        several = list(islice(places, _MANY))
        if len(several) > 1:
            raise TextProblem(_ambiguous(text, what, [at for at, _ in several]))
        start, end = several[0]
    if find.end is not None:
        end = next(_occurrences(text, find.end, end, high, "to"))[1]
    return plain.span(start, end)


def _wanted(find: Find) -> str:
    if (find.quote is None) == (find.start is None):
        raise TextProblem("find takes either words or from:, with to: if they run on")
    if find.quote is not None and find.end is not None:
        raise TextProblem(
            f"to: {short_quote(find.end)} needs from:, the words that the passage begins by"
        )
    return find.quote if find.quote is not None else find.start or ""


def _occurrences(
    text: str, words: str, low: int, high: int, role: str | None
) -> Iterator[tuple[int, int]]:
    """Yield where words stand between two offsets of the plain text, at least once."""
    label = f"{role}: " if role else ""
    needle = plain_words(words)
    if not needle:
        raise TextProblem(f"{label}there are no words to look for")
    plain = plain_text(text).text
    part = _pattern(needle)
    whole = f"{_edge(needle[0], '<!')}{part}{_edge(needle[-1], '!')}"
    for pattern in dict.fromkeys((whole, part)):
        places = _matches(regex.compile(f"(?V1){pattern}"), plain, low, high)
        if first := next(places, None):
            yield first
            yield from places
            return
    raise TextProblem(_missing(text, words, label, low, high))


def _matches(
    pattern: "regex.Pattern[str]", plain: str, low: int, high: int
) -> Iterator[tuple[int, int]]:
    """Yield each match that cuts no letter from its marks."""
    while found := pattern.search(plain, low, high):
        if is_boundary(plain, found.start()) and is_boundary(plain, found.end()):
            yield found.span()
        low = found.start() + 1


def _pattern(needle: str) -> str:
    return " +".join(map(regex.escape, needle.split(" ")))


def _edge(character: str, side: str) -> str:
    """Return a condition that no word goes on beside a letter of a script with spaces."""
    return rf"(?{side}[{SPACED}_])" if _SPACED.match(character) else ""


def _ambiguous(text: str, words: str, places: list[int]) -> str:
    starts = _starts(text)
    sentences = list(dict.fromkeys(max(bisect_right(starts, at), 1) for at in places))
    listed = ", ".join(map(str, sentences[:_LISTED])) + (
        " and others" if len(sentences) > _LISTED else ""
    )
    times = f"{len(places)} times" if len(places) < _MANY else f"{_MANY} times or more"
    where = f"in sentence{'s' if len(sentences) > 1 else ''} {listed} of {len(starts)}"
    return (
        f"{short_quote(words)} is found {times}, {where}; cite more words, or say after: which "
        "words it stands, or from: … to: …"
    )


def _missing(text: str, words: str, label: str, low: int, high: int) -> str:
    plain, needle = plain_text(text), plain_words(words)
    part = "" if (low, high) == (0, len(plain.text)) else " there" if label else " in that part"
    problem = f"{label}{short_quote(words)} is not found{part}"
    if part and regex.search(_pattern(needle), plain.text):
        return f"{problem}, though it is elsewhere in the text"
    starts = _starts(text)
    nearest = similar_words(plain.text, needle, low, high) or nearest_words(
        plain.text, needle, starts, low, high
    )
    if nearest:
        at, end = nearest
        found = plain.text[at:end]
        sentence = max(bisect_right(starts, at), 1)
        where = f"in sentence {sentence} of {len(starts)}"
        return f"{problem}; nearest is {short_quote(found)} {where}{difference(needle, found)}"
    return problem


@lru_cache(maxsize=2)
def _starts(text: str) -> tuple[int, ...]:
    """Return where sentences begin, as offsets of the plain text."""
    plain = plain_text(text)
    return tuple(plain.offset(at) for at in sentence_starts(text))


def short_quote(words: str) -> str:
    """Return words in quotation marks, of many the first and the last ones."""
    words = " ".join(words.split())
    return f"“{words}”" if len(words) <= 80 else f"“{words[:50]} … {words[-25:]}”"
