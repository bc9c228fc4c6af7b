"""Scale words: million, mio, bn, Mrd., crore, dozen."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from schema import rules

SCALE_WORDS = rules.SCALE_WORDS
"""The English word of each power of ten that is kept as a figure's scale."""
SCALES = {word: power for power, word in SCALE_WORDS.items()}
DOZEN = 12
_SPELLINGS = {
    2: "hundred hundreds hundert honderd hundra hundrede",
    3: "thousand thousands tsd tausend duizend tusen tusind mila mille tys tysięcy ribu тыс тысяч "
    "тысячи ألف हज़ार हजार",
    5: "lakh lakhs lac lacs लाख",
    6: "million millions millionen millón millon millones milhão milhões milione "
    "milioni miljoen miljon miljoner millioner milyon milionów juta mio mln mn млн миллион "
    "миллионов مليون",
    7: "crore crores करोड़",
    9: "billion billions bn bln milliard milliards milliarde milliarden milliarder miliardo "
    "miliardi miljard miljarder milyar miliar miliardów mrd mia mld млрд миллиард миллиардов "
    "مليار",
    12: "trillion trillions tn trn trln billionen biljoen biljoner billón billones "
    "trilyon triliun трлн триллион триллионов تريليون",
    15: "quadrillion quadrillions",
    18: "quintillion quintillions trillionen",
}
_POWERS = {
    unicodedata.normalize("NFC", word): power
    for power, words in _SPELLINGS.items()
    for word in words.split()
}
_DOZENS = frozenset({"dozen", "dozens"})
_LETTERS = {"k": 3, "m": 6, "b": 9}
"""Scales before a currency or written against the number; else other units begin with them."""
_BEFORE_MONEY = {**_LETTERS, "t": 12, "mm": 6, "mill": 6, "cr": 7, "md": 9, "mds": 9, "mdr": 9}
"""Scales before a currency."""
_MILLIMETRES = frozenset({"mm", "Mm"})
_OTHER_UNITS = _MILLIMETRES | {"t", "mill"}
COLLOQUIAL = frozenset({"grand", "mill"})
"""Words that are scales where nothing follows them: five grand."""
MEANINGS = {
    "mil": ("thousand", "million"),
    "bio": ("billion", "trillion"),
    "兆": ("million", "trillion"),
}
"""Spellings that are several scales, by language."""
_CHARACTERS = {
    "百": 2,
    "千": 3,
    "万": 4,
    "萬": 4,
    "億": 8,
    "亿": 8,
    "천": 3,
    "만": 4,
    "억": 8,
    "조": 12,
}
PLURAL_SCALE = re.compile(
    r"(?:(tens|dozens|hundreds|thousands|lakhs|millions|crores|billions|trillions|quadrillions"
    r"|quintillions)(?: of)?|(hundred|thousand|dozen|lakh|million|crore|billion|trillion))(?: |$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a number is multiplied by, and the power of ten it was printed in, if it is one."""

    factor: int
    power: int | None


def scale_of(word: str, *, before_money: bool = False, attached: bool = False) -> Scale | None:
    """Return the scale that a word is, or None.

    ``before_money`` says that a currency stands on either side, ``attached`` that the word is
    written against the number.
    """
    plain = word.lower()
    if plain in _DOZENS:
        return Scale(DOZEN, None)
    power = _POWERS.get(plain)
    is_scale = before_money or (attached and plain in _LETTERS)
    if power is None and is_scale and word not in _MILLIMETRES:
        power = _BEFORE_MONEY.get(plain)
    return None if power is None else Scale(10**power, power)


def character_scale(text: str, pos: int) -> tuple[Scale, int] | None:
    """Return the scale that a character at ``pos`` is (万, 億) and where it ends, or None.

    Its power of ten has no English word, so the number is printed in full.
    """
    start = pos + (text[pos : pos + 1] == " ")
    power = _CHARACTERS.get(text[start : start + 1])
    return None if power is None else (Scale(10**power, None), start + 1)


def short_scale(word: str) -> str | None:
    """Return the scale that a short word would be before a currency, in words."""
    power = _BEFORE_MONEY.get(word.lower()) if word not in _OTHER_UNITS else None
    return None if power is None else SCALE_WORDS[power]


def combine_scales(scales: Sequence[Scale]) -> Scale | None:
    """Return hundred thousand, lakh crore and the like as one scale; None if they do not combine.

    The power is that of the last, by which the number is printed again: 500 thousand.
    """
    powers = [one.power for one in scales if one.power is not None]
    if powers != sorted(powers) or scales.count(Scale(DOZEN, None)) > 1:
        return None
    factor = 1
    for one in scales:
        factor *= one.factor
    return Scale(factor, powers[-1] if powers else None)
