"""Find the words by which an author cites, in a text normalized with its offsets kept."""

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import regex

from graph_seed.text.nearest import difference, nearest_words, similar_words
from graph_seed.text.sentences import sentence_starts
from graph_seed.text.source import TextProblem
from graph_seed.values.words import SPACED, cluster_spans, is_boundary

_TYPED = str.maketrans(
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
"""What is typed otherwise than printed, one character for one."""
_INVISIBLE = regex.compile(r"(?V1)[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\p{M}]]")
"""Characters that no reader sees; joiners are left, for they change how letters are drawn."""


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in plain form; ``span`` leads back to offsets of the text itself."""

    text: str
    starts: "array[int] | None" = None
    ends: "array[int] | None" = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the text of a stretch of its plain form, which is not empty."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def offset(self, at: int) -> int:
        """Return the offset in the plain form of an offset in the text."""
        if self.starts is None:
            return at
        return bisect_left(self.starts, at)


def plain_words(words: str) -> str:
    """Return words that are looked for in plain form, with one space between them."""
    return " ".join(_normalize(words).split())


@lru_cache(maxsize=2)
def plain_text(text: str) -> PlainText:
    """Return a text's plain form: quotation marks, dashes and white space as typed, NFC.

    Invisible characters are left out. A text that is in NFC and has none keeps its offsets.
    """
    if text.isascii() or (unicodedata.is_normalized("NFC", text) and not _INVISIBLE.search(text)):
        return PlainText(text.translate(_TYPED))
    plain: list[str] = []
    starts, ends = array("L"), array("L")
    for start, end in cluster_spans(text):
        for character in _normalize(text[start:end]):
            plain.append(character)
            starts.append(start)
            ends.append(end)
    return PlainText("".join(plain), starts, ends)


def _normalize(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_TYPED)


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
    what = _wanted_words(find)
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


def _wanted_words(find: Find) -> str:
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
