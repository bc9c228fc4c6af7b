"""Normalize a text for searching: plain typography, one Unicode form, offsets kept."""

import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import regex

from graph_seed.values.letters import cluster_spans

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
    return " ".join(_plain(words).split())


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
        for character in _plain(text[start:end]):
            plain.append(character)
            starts.append(start)
            ends.append(end)
    return PlainText("".join(plain), starts, ends)


def _plain(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_TYPED)
