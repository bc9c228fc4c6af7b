r"""Recognize letters, words and their boundaries in every script, by Unicode's properties.

Whatever splits or compares words asks here: keys, search, snippets, ``find:``, quotes. Patterns are
those of the ``regex`` library, with its set operations (``(?V1)``): a combining mark belongs to the
letter before it (``\X`` is a grapheme cluster), and digits of all scripts are digits.
"""

from collections.abc import Iterator

import regex

UNSPACED = r"\p{Line_Break=SA}\p{Han}\p{Hiragana}\p{Katakana}\p{Yi}ーｰ"
"""Letters of scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, …"""
APOSTROPHES = "‘’‚‛‹›´ʻʼʹʾʿ′׳"
"""Characters that are typed as an apostrophe, those among them that Unicode counts as letters."""
LETTER = rf"[[\w\p{{N}}]--[\p{{Pc}}{APOSTROPHES}]]"
"""What words consist of: letters, their marks, digits."""
SPACED = rf"[[\w\p{{N}}]--[\p{{Pc}}{UNSPACED}{APOSTROPHES}]]"
"""The same without the letters of unspaced scripts."""
_INNER = rf"(?:{SPACED}|\p{{DI}}+{SPACED})"
"""Invisible characters may stand within a word: soft hyphens, joiners."""
_UNSPACED_LETTER = rf"(?=[{UNSPACED}])\X"

_GROUPED = (
    r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:['’\u00a0\u2009\u202f]\d{3})+|(?: \d{3}){2,})"
)
_NUMBER = rf"(?<!\w|\d[.,])(?:{_GROUPED}(?:[.,]\d+)?|\d+[.,]\d+)(?![.,]?\d)"
"""A number with separators: ``53.1``, ``53,1``, ``1,000,000``, ``1 000 000``; not ``5.11.2017``."""
_INITIALS = r"(?<!\w)(?:\p{L}\p{M}*\.)+\p{L}\p{M}*(?!\w)\.?"
"""Letters with full stops between them, with or without the last one: ``U.S.``, ``U.S``."""

WORD = regex.compile(
    rf"(?V1)(?<!\w)[{SPACED}--\d]{{3,}}+(?![\d\p{{DI}}])|(?=\d){_NUMBER}|{_INITIALS}"
    rf"|(?:{_UNSPACED_LETTER})+|{SPACED}{_INNER}*+"
)
"""A word, a number or initials; of scripts without spaces a run of letters."""
LETTERS = regex.compile(r"\p{L}")
UNSPACED_RUN = regex.compile(rf"(?V1)(?:{_UNSPACED_LETTER})+")
_READ = regex.compile(
    rf"(?V1)(?:{_UNSPACED_LETTER}){{1,2}}"
    rf"|{SPACED}{_INNER}*+(?:['{APOSTROPHES}.,‐‑-]{SPACED}{_INNER}*+)*"
)
_CLUSTER = regex.compile(r"\X")
_SIMPLE = regex.compile(r"(?V1)[\p{ASCII}--\r\n]")
_WINDOW = 64


def count_words(phrase: str) -> int:
    """Return how many words a reader counts: ``winner-take-all mindset`` has two.

    Scripts without spaces count a word for every two letters, or one left over.
    """
    return sum(1 for _ in _READ.finditer(phrase))


def clusters(text: str) -> list[str]:
    """Return the grapheme clusters of a text: its letters, each with its marks."""
    return list(text) if text.isascii() else _CLUSTER.findall(text)


def cluster_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each grapheme cluster of a text."""
    for found in _CLUSTER.finditer(text):
        yield found.span()


def is_boundary(text: str, at: int) -> bool:
    """Return whether an offset lies between two grapheme clusters and not within one."""
    if at <= 0 or at >= len(text):
        return True
    start = at - 1
    # Clusters are counted from the last character that cannot be within one.
    while start > 0 and at - start < _WINDOW and not _SIMPLE.match(text, start):
        start -= 1
    if start == at - 1 and _SIMPLE.match(text, at):
        return True
    for found in _CLUSTER.finditer(text, start):
        if found.end() >= at:
            return bool(found.end() == at)
    return True
