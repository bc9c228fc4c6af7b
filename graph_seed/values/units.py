"""Units of an amount: ISO 4217 for money, lower-case words for all else."""

import re
from functools import cache

from babel import Locale
from rapidfuzz.distance import OSA

from graph_seed.values.problem import ValueProblem

PERCENT = "percent"
_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "a$": "AUD",
    "mx$": "MXN",
    "r$": "BRL",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
}
_NAMES = {
    "dollar": "USD",
    "euro": "EUR",
    "peso": "MXN",
    "pound": "GBP",
    "pound sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "rupee": "INR",
    "franc": "CHF",
    "rouble": "RUB",
    "ruble": "RUB",
    "won": "KRW",
    "us dollar": "USD",
    "u.s. dollar": "USD",
    "american dollar": "USD",
    "canadian dollar": "CAD",
    "mexican peso": "MXN",
    "swiss franc": "CHF",
    "cent": "USD",
}
_WORDS_TOO = frozenset({"all", "cup", "gel", "mad", "mop", "pen", "top", "try"})
"""Units that are words and, in capitals, currencies as well."""
SCALE_WORDS = ("thousand", "million", "billion", "trillion")
_PERCENT = re.compile(r"%|percent|per cent|pct\.?|p\.c\.", re.IGNORECASE)
SIGN = re.compile(
    "(?:" + "|".join(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True)) + ")", re.I
)


def unit_of(text: str, number: str = "50 billion") -> str:
    """The canonical unit: ``%`` is ``percent``, a currency its code, else the words as they are.

    ``number`` is what an advice shows before the unit. Raises ``ValueProblem`` for money that is
    not an ISO 4217 code and for what is no unit at all.
    """
    unit = " ".join(text.split())
    if _PERCENT.fullmatch(unit):
        return PERCENT
    if code := currency_meant(unit):
        raise ValueProblem(f"{unit!r}: money is given by its ISO 4217 code: {number} {code}")
    head, _, rest = unit.partition(" ")
    if re.fullmatch(r"[A-Z]{3}", head):
        if head not in _currencies():
            raise ValueProblem(
                f"{head!r} is no currency of ISO 4217 (as USD, EUR are); other units are written "
                f"in lower case: {head.lower()}"
            )
        if rest:
            raise ValueProblem(
                f"{rest!r} after {head}: an amount ends with its unit; say what is measured in "
                "measure: or product:"
            )
        return head
    if advice := _misspelled(unit, number):
        raise ValueProblem(advice)
    if not unit or not unit[0].isalpha() or re.search(r"[\d$€£¥<>=~%]", unit):
        raise ValueProblem(f"{unit!r} is no unit; examples: 50 %, 28 areas, 50 billion USD")
    return " ".join(word.lower() if word.istitle() else word for word in unit.split())


def _misspelled(unit: str, number: str) -> str | None:
    """What a unit was meant to be that holds a scale or a currency that is not spelled right."""
    words = unit.split()
    for word in words:
        plain = word.lower().removesuffix("s")
        scale = next((one for one in SCALE_WORDS if _near(plain, one)), None)
        if scale and plain != scale:
            return f"{word!r}: did you mean {scale}?"
        if scale:
            return f"{unit!r}: the scale stands behind the number and once, as in 50 {scale} USD"
        if len(words) > 1 and word in _currencies():
            return f"{unit!r}: an amount of money is number, scale, currency: {number} {word}"
    code = words[0][:3] if words else ""
    if re.fullmatch(r"[A-Z]{3}s|[A-Z]{4,5}", unit) and code in _currencies():
        return f"{unit!r}: did you mean {code}?"
    return None


def _near(word: str, other: str) -> bool:
    return len(word) > 5 and OSA.distance(word, other) <= 1


def currency_meant(text: str) -> str | None:
    """The code of a currency that is written in another way: ``$``, ``dollars``, ``usd``."""
    plain = text.lower().removesuffix("s") if len(text) > 3 else text.lower()
    if code := _SIGNS.get(plain) or _NAMES.get(plain):
        return code
    upper = text.upper()
    if len(text) == 3 and text != upper and upper in _currencies() and plain not in _WORDS_TOO:
        return upper
    if len(text) > 4 and " " in text:
        return _named().get(plain)
    return None


@cache
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


@cache
def _named() -> dict[str, str]:
    return {name.lower(): code for code, name in Locale("en").currencies.items()}
