"""Parse one number of an amount: sign, currency before it, digits or words, scale."""

import re
from dataclasses import dataclass
from decimal import Decimal

import regex

from graph_seed.values.currencies import SIGN, SIGN_CHARACTERS, Money, money_of_sign, split_money
from graph_seed.values.numerals import (
    DIGITS,
    ENDLESS_FRACTIONS,
    FRACTIONS,
    NUMBER_WORD,
    Notation,
    fraction_value,
    number_word_value,
    parse_digits,
)
from graph_seed.values.problem import UnreadableAmount
from graph_seed.values.scales import (
    ABBREVIATED,
    MEANINGS,
    SCALE_WORDS,
    Scale,
    character_scale,
    combine_scales,
    find_scale,
)
from graph_seed.values.unit_names import REMARK

_MINUS = re.compile(r"(?:[-–] ?|minus |negative )", re.IGNORECASE)
_PLUS = re.compile(r"(?:\+ ?|plus )", re.IGNORECASE)
_CODE_BEFORE = re.compile(r"([^\W\d_]{2,8}\.?) ?(?=[-+–(]?[.,]?\d)")
_DIGITS = re.compile(DIGITS)
_FRACTION = re.compile(f" ?([{FRACTIONS}])")
_VULGAR_FRACTION = re.compile(r"(?:(\d{1,9}) )?(\d{1,2})[/⁄](\d{1,2})(?![\d/⁄.,])")
_EXACT_DENOMINATORS = frozenset({2, 4, 5, 8, 10})
_ENDLESS = re.compile(f" ?[{ENDLESS_FRACTIONS}]")
_IN_BRACKETS = re.compile(rf"\( ?({DIGITS}) ?\)")
_ARTICLE = re.compile(r"(?:an?) (?=\w)", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
_SOME_OF = re.compile(r"['’]?s of ")
"""Behind a number that stands for some of them: 100s of deals."""
_SCALE = regex.compile(r" ?(\p{L}[\p{L}\p{M}]*)(\.(?!\.))?(?![\w\p{M}]|-\p{L})")
_SCALE_AND_CODE = re.compile(r" ?([A-Za-z]+?)(?=[A-Z]{3}(?!\w))")
_SCALE_IN_LETTERS = re.compile(r"[^\W\d_]{2}\.?$")
_OF = re.compile(r" (?:of|de|di|af|av) (?=[^\W\d])| d['’](?=[^\W\d])")
DIGITS_KEPT = 27
"""Digits that decimal arithmetic keeps; how many an amount may have is checked at its end."""
STARTS_NUMBER = (
    rf"(?:[-+–(] ?|minus )?(?:[A-Za-z]{{0,3}}[{SIGN_CHARACTERS}] ?|[A-Z]{{3}} ?)?[-+–(]?"
    rf"(?:[.,]?\d|[{FRACTIONS}{ENDLESS_FRACTIONS}])"
)
"""What a number begins with, as a pattern, currency included."""
_HAS_NUMBER = re.compile(rf"(?:^|[ (/]){STARTS_NUMBER}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed, with what it is multiplied by."""

    start: int
    end: int
    number: Decimal
    scale: Scale | None
    money: Money | None
    sign: str
    """The currency's sign or code before the number, as written."""

    def worth(self, shared: Scale | None = None) -> Decimal:
        """Return the number in base units; ``shared`` is the scale where it has none itself."""
        scale = self.scale or shared
        return self.number * scale.factor if scale else self.number


def has_number(text: str) -> bool:
    """Return whether a number stands in ``text``; names such as G20 and remarks have none."""
    return bool(_HAS_NUMBER.search(REMARK.sub("", text)))


def read_quantity(text: str, start: int, notation: Notation) -> Quantity | None:
    """Return the quantity that begins at ``start``, or None where no number stands there."""
    pos, minus, money, sign = start, None, None, ""
    if not text[pos : pos + 1].isdigit():
        pos, minus = _sign(text, start)
        money, sign, pos = _money_before(text, pos)
        if minus is None:
            pos, minus = _sign(text, pos)
    if found := _IN_BRACKETS.match(text, pos):
        why = "a number in brackets may be negative or not"
        before, after = text[: found.start()], text[found.end() :]
        raise UnreadableAmount(
            why, *((text, f"{before}{number}{after}") for number in (f"-{found[1]}", found[1]))
        )
    number, end = _number(text, pos, notation)
    if number is None:
        return None
    if len(number.as_tuple().digits) > DIGITS_KEPT:
        raise UnreadableAmount("it has too many digits; fifteen are kept exactly")
    scale, end = _scales(text, end, money is not None)
    return Quantity(start, end, -number if minus else number, scale, money, sign)


def _sign(text: str, pos: int) -> tuple[int, bool | None]:
    """Return where the number begins behind its sign, and whether it is negative if it has one."""
    if found := _MINUS.match(text, pos):
        return found.end(), True
    if found := _PLUS.match(text, pos):
        return found.end(), False
    return pos, None


def _money_before(text: str, pos: int) -> tuple[Money | None, str, int]:
    if found := SIGN.match(text, pos):
        money = money_of_sign(found[1], found[2])
        if money is None:
            raise UnreadableAmount(f"'{found[0]}' is not a known currency; write its ISO code")
    elif (found := _CODE_BEFORE.match(text, pos)) and (split := split_money(found[1])):
        money = split[0]
    else:
        return None, "", pos
    end = found.end()
    return money, found[0], end + (text[end : end + 1] == " ")


def _refuse_fraction(text: str, pos: int) -> None:
    """Raise for 2 1/2 and 3/4, with the decimal number that it is."""
    found = _VULGAR_FRACTION.match(text, pos)
    if found and int(found[2]) < int(found[3]):
        worth = Decimal(found[1] or 0) + Decimal(found[2]) / Decimal(found[3])
        decimal = f"{text[:pos]}{worth:f}{text[found.end() :]}"
        exact = int(found[3]) in _EXACT_DENOMINATORS
        rewrites = ((text, decimal),) if exact else ()
        raise UnreadableAmount("write the fraction as a decimal number", *rewrites, lead=": ")


def _number(text: str, pos: int, notation: Notation) -> tuple[Decimal | None, int]:
    _refuse_fraction(text, pos)
    if found := _DIGITS.match(text, pos):
        number = parse_digits(found[0], notation)
        if number is None:
            raise UnreadableAmount(f"'{found[0]}' is not a number")
        if some := _SOME_OF.match(text, found.end()):
            power = number.adjusted()
            scale = SCALE_WORDS.get(power) if number == 10**power else None
            rewrites = ((text, f"vague: {scale}s{text[some.end() - 4 :]}"),) if scale else ()
            raise UnreadableAmount(f"'{found[0]}s of' is not a number", *rewrites)
        if ordinal := _ORDINAL.match(text, found.end()):
            why = f"'{found[0]}{ordinal[0]}' is a rank"
            raise UnreadableAmount(why, (text, f"{text[: found.end()]} rank"))
        if fraction := _FRACTION.match(text, found.end()):
            number += fraction_value(fraction[1])
            return number, fraction.end()
        _refuse_endless(text, found.end())
        return number, found.end()
    if fraction := _FRACTION.match(text, pos):
        return fraction_value(fraction[1]), fraction.end()
    _refuse_endless(text, pos)
    if word := NUMBER_WORD.match(text, pos):
        worth = number_word_value(word)
        if worth:
            digits = f"{text[:pos]}{worth:f}{text[word.end() :]}"
            raise UnreadableAmount("write the number in digits", (text, digits), lead=": ")
        return worth, word.end()
    article = _ARTICLE.match(text, pos)
    if article and _scales(text, article.end() - 1, False)[0]:
        return Decimal(1), article.end() - 1
    return None, pos


def _refuse_endless(text: str, pos: int) -> None:
    if found := _ENDLESS.match(text, pos):
        raise UnreadableAmount(
            f"'{found[0].strip()}' is a fraction; write a decimal number, with about if rounded"
        )


def _scales(text: str, pos: int, money_before: bool) -> tuple[Scale | None, int]:
    """Return the scale that begins at ``pos`` and where it ends."""
    found: list[Scale] = []
    while True:
        step = _one_scale(text, pos, attached=not found, money_before=money_before)
        if step is None:
            break
        scale, pos = step
        found.append(scale)
    if not found:
        return None, pos
    combined = found[0] if len(found) == 1 else combine_scales(found)
    if combined is None:
        raise UnreadableAmount("the scale words do not go together; write one of them")
    if (of := _OF.match(text, pos)) and _SCALE_IN_LETTERS.search(text[:pos]):
        pos = of.end() - 1 if text[of.end() - 1] == " " else of.end()
    return combined, pos


def _one_scale(
    text: str, pos: int, *, attached: bool, money_before: bool
) -> tuple[Scale, int] | None:
    letter = text[pos : pos + 2].lstrip(" ")[:1]
    if not letter.isalpha():
        return None
    if found := character_scale(text, pos):
        return found
    if (match := _SCALE_AND_CODE.match(text, pos)) and _money_follows(text, match.end()):
        scale = find_scale(match[1], before_money=match[1] not in {"t", "T"})
        return (scale, match.end()) if scale else None
    word = _SCALE.match(text, pos)
    if word is None:
        return None
    if meanings := MEANINGS.get(word[1].lower()) or MEANINGS.get(word[1][0]):
        return _ambiguous_scale(text, word, meanings)
    end = word.end()
    against = attached and word.start(1) == pos and text[end : end + 1] != "/"
    scale = find_scale(word[1], attached=against, before_money=money_before)
    if scale is None:
        is_abbreviated = bool(word[2]) and word[1].lower() in ABBREVIATED
        before_money = is_abbreviated or _money_follows(text, end)
        scale = find_scale(word[1], before_money=before_money)
    return (scale, end) if scale else None


def _ambiguous_scale(
    text: str, word: regex.Match[str], meanings: tuple[str, ...]
) -> tuple[Scale, int]:
    following = _SCALE.match(text, word.end())
    if following and (scale := find_scale(following[1])) and scale.power == 6:  # mil millones
        return Scale(1000, 3), word.end()
    written = word[1] if word[1].isascii() else word[1][0]
    why = f"'{written}' may be {' or '.join(meanings)}, by language"
    raise UnreadableAmount(why, *((written, f" {meaning} ") for meaning in meanings))


def _money_follows(text: str, pos: int) -> bool:
    rest = text[pos:].strip()
    try:
        return split_money(rest) is not None
    except UnreadableAmount:
        return True
