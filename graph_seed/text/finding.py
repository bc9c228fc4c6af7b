"""Finding the words an author cites by."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from graph_seed.text.nearest import nearest_words
from graph_seed.text.sentences import sentence_starts
from graph_seed.text.source import TextProblem

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys(
            "\t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
            "\u200a\u2028\u2029\u202f\u205f\u3000",
            " ",
        ),
    }
)
"""What is typed otherwise than printed, one character for one, so that offsets hold."""

_UNSPACED = 0x2E80
"""From here on scripts put no spaces between words."""
_LISTED = 8
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Find:
    """What an author cites by: ``quote``, or from ``start`` to ``end`` (``from:`` and ``to:``).

    ``start`` without ``end`` is the same as ``quote``. ``after`` and ``before`` narrow where.
    """

    quote: str | None = None
    start: str | None = None
    end: str | None = None
    after: str | None = None
    before: str | None = None


def find_span(text: str, find: Find) -> tuple[int, int]:
    """Start and end, in code points, of the words that are looked for.

    They have to be in the text exactly, capitals too, but for quotation marks, dashes and white
    space, which may be typed plainly. Whole words are preferred: parts of words count only where no
    whole ones match. The words, or those of ``start``, have to be there once; after ``after`` (the
    first place of those words) the first occurrence counts, and before ``before`` the last. The
    span goes to the first occurrence of ``end`` behind ``start``.

    Raises ``TextProblem`` saying what was not found, with the nearest words, or in which sentences
    it was found more than once.
    """
    what = _wanted(find)
    low, high = 0, len(text)
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
    return start, end


def _wanted(find: Find) -> str:
    if (find.quote is None) == (find.start is None):
        raise TextProblem("find takes either words or from:, with to: if they run on")
    if find.quote is not None and find.end is not None:
        raise TextProblem(
            f"to: {_short(find.end)} needs from:, the words that the passage begins by"
        )
    return find.quote if find.quote is not None else find.start or ""


def _occurrences(
    text: str, words: str, low: int, high: int, role: str | None
) -> Iterator[tuple[int, int]]:
    """Where words stand between two offsets, at least once."""
    label = f"{role}: " if role else ""
    needle = words.translate(_PLAIN).split()
    if not needle:
        raise TextProblem(f"{label}there are no words to look for")
    plain = _plain(text)
    part = _pattern(needle)
    whole = f"{_edge(needle[0][0], '<!')}{part}{_edge(needle[-1][-1], '!')}"
    for pattern in dict.fromkeys((whole, part)):
        places = _matches(re.compile(pattern), plain, low, high)
        if first := next(places, None):
            yield first
            yield from places
            return
    raise TextProblem(_missing(text, words, label, low, high))


def _matches(
    pattern: re.Pattern[str], plain: str, low: int, high: int
) -> Iterator[tuple[int, int]]:
    while found := pattern.search(plain, low, high):
        yield found.span()
        low = found.start() + 1


def _pattern(needle: list[str]) -> str:
    return " +".join(map(re.escape, needle))


def _edge(character: str, side: str) -> str:
    spaced = (character.isalnum() or character == "_") and ord(character) < _UNSPACED
    return rf"(?{side}\w)" if spaced else ""


@lru_cache(maxsize=2)
def _plain(text: str) -> str:
    return text.translate(_PLAIN)


def _ambiguous(text: str, words: str, places: list[int]) -> str:
    starts = _starts(text)
    sentences = list(dict.fromkeys(max(bisect_right(starts, at), 1) for at in places))
    listed = ", ".join(map(str, sentences[:_LISTED])) + (
        " and others" if len(sentences) > _LISTED else ""
    )
    times = f"{len(places)} times" if len(places) < _MANY else f"{_MANY} times or more"
    where = f"in sentence{'s' if len(sentences) > 1 else ''} {listed} of {len(starts)}"
    return (
        f"{_short(words)} is found {times}, {where}; cite more words, or say after: which words it "
        "stands, or from: … to: …"
    )


def _missing(text: str, words: str, label: str, low: int, high: int) -> str:
    part = "" if (low, high) == (0, len(text)) else " there" if label else " in that part"
    problem = f"{label}{_short(words)} is not found{part}"
    if part and re.search(_pattern(words.translate(_PLAIN).split()), _plain(text)):
        return f"{problem}, though it is elsewhere in the text"
    starts = _starts(text)
    if nearest := nearest_words(_plain(text), words.translate(_PLAIN), starts, low, high):
        at, end = nearest
        sentence = max(bisect_right(starts, at), 1)
        return (
            f"{problem}; nearest is {_short(text[at:end])} in sentence {sentence} of {len(starts)}"
        )
    return problem


@lru_cache(maxsize=2)
def _starts(text: str) -> tuple[int, ...]:
    return sentence_starts(text)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return f"“{words}”" if len(words) <= 80 else f"“{words[:50]} … {words[-25:]}”"
