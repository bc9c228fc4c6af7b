"""Fold texts for comparison without case, accents and typography."""

import unicodedata
from collections.abc import Iterable

import regex

from graph_seed.values.words import APOSTROPHES

_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t"}
_LETTERS |= {"æ": "ae", "œ": "oe", "þ": "th"}
_TATWEEL = "\u0640"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys("“”„‟«»″״", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－־", "-"),
        **_LETTERS,
        **dict.fromkeys(f"{_TATWEEL}\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_ALPHABETS = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Syriac}\p{Common}"
_ACCENT = rf"[\p{{M}}&&[{_ALPHABETS}\p{{Inherited}}]]"
_DROPPED = regex.compile(
    rf"(?V1)\p{{DI}}|(?<=и\u0306){_ACCENT}+|(?:^|(?<=[{_ALPHABETS}]))(?!(?<=и)\u0306){_ACCENT}+"
)
_OTHER_DIGIT = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")


def fold(text: str) -> str:
    """Return a text without what comparing ignores: case, accents, typographic quotes and dashes.

    White space becomes one space between words. Unicode forms of one text fold alike (NFC, case
    folding, NFKD, NFC again, so that letters made of parts compare whole), digits of every script
    become those of ASCII, and invisible characters go.

    The marks that go are those that writers of a script leave out or searches ignore: all marks of
    Latin, Greek and Cyrillic letters (``é`` is ``e``, ``ё`` is ``е``), the vowel signs of Arabic,
    Hebrew and Syriac, and the Arabic tatweel. Marks of other scripts stay, for there they make
    letters: the vowels and tones of Devanagari or Thai, the voicing of kana. ``й`` is not ``и``:
    its breve makes a letter of the alphabet, as in Unicode's collation.

    Folding twice changes nothing more. The graph stores folded texts, so a change of this function
    needs a new ``DERIVED_BY`` in ``schema.storage``.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    once = _fold(text)
    while not once.isascii() and (again := _fold(once)) != once:
        once = again  # rare: a character that decomposes into one that folds further
    return once


def join_folded(folded: Iterable[str]) -> str:
    r"""Join folded texts as they are stored: each on a line, a line feed at both ends.

    On this one string ``CONTAINS fold(x)`` finds what contains x, ``CONTAINS "\n" + fold(x)`` what
    starts with it, ``CONTAINS fold(x) + "\n"`` what ends with it, and with a line feed at both ends
    what equals it but for case and accents. A folded text has no line feed, so no match spans two.
    """
    return "\n" + "\n".join(folded) + "\n"


def _fold(text: str) -> str:
    typed = unicodedata.normalize("NFC", text).translate(_PLAIN)
    if typed.isascii():
        return " ".join(typed.lower().split())
    apart = unicodedata.normalize("NFKD", typed.casefold())
    bare = _OTHER_DIGIT.sub(_ascii_digit, _DROPPED.sub("", apart))
    plain = bare.casefold().translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _ascii_digit(found: "regex.Match[str]") -> str:
    return str(unicodedata.digit(found[0], found[0]))
