"""Texts as they are compared where case, accents and typography do not matter; keys and names."""

import re
import unicodedata
from collections.abc import Iterable

from graph_seed.values.problem import ValueProblem

_KEPT_MARKS = frozenset({0, 7, 8, 9})
"""Combining classes that are no accents: spacing marks, nukta, kana voicing, virama."""

_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t"}
_LETTERS |= {"æ": "ae", "œ": "oe", "þ": "th"}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›´ʻʼʹ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **_LETTERS,
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


def fold(text: str) -> str:
    """A text without what a search ignores: case, accents, typographic quotes and dashes.

    NFC, case folding and NFKD, combining marks that are accents dropped, invisible characters
    dropped, every run of white space one space, none at the ends; then NFC again, so that letters
    made of parts (Hangul, voiced kana) compare whole. Folding twice changes nothing more.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    once = _fold(text)
    again = _fold(once)
    while again != once:  # rare: a character that decomposes into one that folds further
        once, again = again, _fold(again)
    return once


def joined(folded: Iterable[str]) -> str:
    r"""Join folded texts as they are stored: each on a line, a line feed at both ends.

    On this one string ``CONTAINS fold(x)`` finds what contains x, ``CONTAINS "\n" + fold(x)`` what
    starts with it, ``CONTAINS fold(x) + "\n"`` what ends with it, and with a line feed at both ends
    what equals it but for case and accents. A folded text has no line feed, so no match spans two.
    """
    return "\n" + "\n".join(folded) + "\n"


def slug(text: str) -> str:
    """A key made of a text: ``Linda Hasenfratz`` gives ``linda-hasenfratz``.

    Letters of other scripts are kept. Raises ``ValueProblem`` where there is no letter or digit.
    """
    plain = fold(text).replace("'", "").replace("&", " and ")
    key = re.sub(r"[\W_]+", "-", plain).strip("-")
    if not key:
        raise ValueProblem(f"{text!r} has no letter or digit to make a key of, as in linda-miller")
    return key


def name_from_key(key: str, *, proper: bool = True) -> str:
    """A name made of a key: ``bank-of-the-north`` gives ``Bank of the North``.

    One that is not ``proper`` has no capitals: ``sunset-clause`` gives ``sunset clause``.
    """
    words = [word for word in key.split("-") if word]
    if not proper:
        return " ".join(words)
    last = len(words) - 1
    return " ".join(
        word if word in _SMALL and 0 < at < last else word[:1].upper() + word[1:]
        for at, word in enumerate(words)
    )


def _fold(text: str) -> str:
    typed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    apart = unicodedata.normalize("NFKD", typed.casefold())
    bare = "".join(c for c in apart if unicodedata.combining(c) in _KEPT_MARKS)
    plain = bare.casefold().translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", plain).split())
