"""Numbers as sources print them: digits of every script, separators of every country, words.

A point and a comma change places from country to country, so a number is read under a
``Notation``. A text whose numbers differ under the two notations is ambiguous.
"""

import re
import unicodedata
from decimal import Decimal
from enum import Enum

_DASHES = dict.fromkeys("−‐‑‒﹣", "-")
_SIGNS = {"٪": "%", "﹪": "%", "﹩": "$", "￥": "¥", "￡": "£", "￠": "¢", "￦": "₩"}
_DIRECTION_MARKS = dict.fromkeys(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff", ""
)
_AS_ASCII = {**_DASHES, **_SIGNS, **_DIRECTION_MARKS}
_FULL_WIDTH, _FULL_WIDTH_LAST, _FULL_WIDTH_SHIFT = "！", "～", 0xFEE0

_ALWAYS_DECIMAL, _ALWAYS_GROUPS = "٫", " '’ʼ_٬"
_MARKS = rf"[.,{_ALWAYS_DECIMAL}{_ALWAYS_GROUPS.strip()}]"
DIGITS = (
    rf"(?:\d+(?:(?:{_MARKS}| (?=\d{{3}}(?!\d)))\d+)*|(?<!\.)[.,٫]\d+)(?:[eE][+-]?\d+(?!\w|\.\d))?"
)
"""A number in digits, as a pattern; whether it is one says ``parse_digits``."""
_DIGITS = re.compile(DIGITS)
_SEPARATED = re.compile(rf"{_MARKS}\d| \d")
FRACTIONS = "½¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅒"
"""Fractions of one character that are exact decimals."""
ENDLESS_FRACTIONS = "⅓⅔⅙⅚⅐⅑↉⅟⁄"
_LARGEST_EXPONENT = 4
"""Digits of an exponent; longer ones are beyond every number that is kept."""

_ONES = str.split("one two three four five six seven eight nine")
_TEENS = str.split(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_WORTH = {"zero": 0} | {word: value for value, word in enumerate([*_ONES, *_TEENS], 1)}
_WORTH |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
NUMBER_WORD = re.compile(
    rf"(?:(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<ones>{'|'.join(_ONES)}))?"
    rf"|(?P<small>{'|'.join(['zero', *_TEENS, *_ONES])}))(?P<half> and a half)?(?![\w-])"
    r"|(?P<alone>half(?: an?)?)(?![\w-])",
    re.IGNORECASE,
)
"""A small number in words: seven, twenty-five, two and a half, half a."""


class Notation(Enum):
    """Which sign separates decimals; the other one groups digits."""

    POINT = "."
    COMMA = ","


def normalize_digits(text: str) -> str:
    """Return ``text`` with ASCII digits, signs and single spaces, without direction marks."""
    if not text.isascii():
        text = "".join(map(_ascii, unicodedata.normalize("NFC", text)))
    return " ".join(text.split())


def possible_notations(text: str) -> list[Notation]:
    """Return the notations under which all numbers of ``text`` are numbers, the point first."""
    if not _SEPARATED.search(text):
        return [Notation.POINT]
    numbers = _DIGITS.findall(text)
    return [
        notation
        for notation in Notation
        if all(parse_digits(number, notation) is not None for number in numbers)
    ]


def decimal_notation(text: str) -> Notation | None:
    """Return the notation in which every separator of ``text`` is a decimal one, or None.

    None is returned where its numbers have both a point and a comma.
    """
    marks = set("".join(_DIGITS.findall(text))) & {one.value for one in Notation}
    return Notation(marks.pop()) if len(marks) == 1 else None


def parse_digits(text: str, notation: Notation) -> Decimal | None:
    """Return the number that ``text`` is under a notation, or None if it is none.

    Groups have three digits, or in the Indian way two and at last three. ``text`` has no sign
    and was normalized.
    """
    if text.replace(notation.value, "", 1).isdecimal():
        return Decimal(text.replace(notation.value, ".", 1))
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent.lstrip("+-")) > _LARGEST_EXPONENT:
        return None
    whole, *fractions = re.split(f"[{notation.value}{_ALWAYS_DECIMAL}]", mantissa)
    if len(fractions) > 1 or not all(one.isdecimal() for one in fractions):
        return None
    marks = set(re.findall(r"\D", whole))
    if marks:
        if len(marks) > 1 or not _is_grouped(re.split(r"\D", whole), *marks):
            return None
        whole = re.sub(r"\D", "", whole)
    return Decimal(f"{whole or 0}.{''.join(fractions) or 0}e{exponent or 0}")


def number_readings(text: str) -> list[Decimal]:
    """Return the numbers that a text can be, by notation; none if it is not a number."""
    plain = normalize_digits(text)
    sign = re.match(r"[-+–]? ?", plain)
    digits = plain[sign.end() :] if sign else plain
    if not _DIGITS.fullmatch(digits):
        return []
    numbers = [parse_digits(digits, notation) for notation in Notation]
    negative = plain[:1] in {"-", "–"}
    found = [-one if negative else one for one in numbers if one is not None]
    return list(dict.fromkeys(found))


def fraction_value(text: str) -> Decimal:
    """Return the value of a vulgar fraction such as ``½``, or 0 for an empty text."""
    return Decimal(str(unicodedata.numeric(text))) if text else Decimal(0)


def number_word_value(found: re.Match[str]) -> Decimal:
    """Return the value of a match of ``NUMBER_WORD``."""
    if found["alone"]:
        return Decimal("0.5")
    words = (found["tens"], found["ones"], found["small"])
    whole = Decimal(sum(_WORTH[word.lower()] for word in words if word))
    return whole + Decimal("0.5") if found["half"] else whole


def _is_grouped(groups: list[str], mark: str) -> bool:
    first, *middle, last = groups
    if not first or first[0] == "0" or len(last) != 3:
        return False
    if len(first) <= 3 and all(len(one) == 3 for one in middle):
        return True
    indian = bool(middle) and all(len(one) == 2 for one in middle)
    return mark == "," and len(first) <= 2 and indian


def _ascii(char: str) -> str:
    if char in _AS_ASCII:
        return _AS_ASCII[char]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    if _FULL_WIDTH <= char <= _FULL_WIDTH_LAST:
        return chr(ord(char) - _FULL_WIDTH_SHIFT)
    return char
