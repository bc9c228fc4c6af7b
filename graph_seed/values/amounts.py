"""Amounts in the short form of a facts file: ``-53.1 billion USD``, ``> 1 trillion USD a year``."""

import re
from dataclasses import dataclass
from math import inf

from graph_seed.values.decimals import decimal_number, parse_decimal, shifted
from graph_seed.values.problem import ValueProblem
from graph_seed.values.units import PERCENT, SIGN, currency_meant, unit_of

SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_EXAMPLES = "-53.1 billion USD, 50 %, > 28 areas, 2..2.5 %, about 1 %, vague: a handful of deals"
_SHORT = {"k": "thousand", "m": "million", "mn": "million", "mln": "million"}
_SHORT |= {"bn": "billion", "bln": "billion", "b": "billion", "tn": "trillion", "trn": "trillion"}
_COMPARATORS = (
    ("ge", r">=|≥|=>|at least|not less than|no less than|no fewer than|a minimum of"),
    ("le", r"<=|≤|=<|at most|up to|not more than|no more than|a maximum of"),
    ("gt", r">|more than|over|above|greater than|upwards of"),
    ("lt", r"<|less than|fewer than|under|below"),
    ("approx", r"~|≈|≃|about|around|roughly|approximately|circa|nearly|almost|some(?= ?\d)"),
    ("eq", r"==?|exactly|precisely"),
)
_COMPARATOR = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _COMPARATORS), re.IGNORECASE
)
_NUMBER = r"[+−-]?(?:\d[\d.,]*\d|\d|\.\d+)(?:[eE][+-]?\d+(?![\w.]))?"
_SCALE = r"(?:\s*(?P<{0}>thousand|million|billion|trillion)\b)?"
_ONE = re.compile(rf"(?P<a>{_NUMBER})\s*{_SCALE.format('s')}", re.IGNORECASE)
_TWO = re.compile(
    rf"(?:between\s+|from\s+)?(?P<a>{_NUMBER})\s*{_SCALE.format('s')}"
    r"\s*(?P<u>%|percent\b|per cent\b|[A-Z]{3}\b)?"
    rf"\s*(?:\.\.\.?|…|–|—|-|to\b|and\b)\s*(?P<b>{_NUMBER}){_SCALE.format('t')}",
    re.IGNORECASE,
)
_RANGE_START = re.compile(r"(?:between|from)\b", re.IGNORECASE)
_PER = re.compile(r"(?<!\bof)(?:\s+(?:an?|per|each|every)\s+|\s*/\s*)([^\W\d][\w -]*)$")
_ADVERBS = {"annually": "year", "yearly": "year", "monthly": "month", "daily": "day"}
_VAGUE = re.compile(
    r"(?:an unstated number|an unstated amount|a handful|a number|a lot|a couple|lots|dozens|"
    r"scores|plenty|tens|hundreds) of |(?:a few|few|several|some|many|numerous|various) ",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(thousand|million|billion|trillion)s\b(?:\s+of\b)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as a source states it.

    ``comparator`` is eq, approx, gt, ge, lt, le, range or vague. ``value``, or for a range
    ``lower`` and ``upper``, is a canonical decimal in base units; ``scale`` the power of ten as
    printed (9 for "billion"), None where none is. 2 percent is ``2`` with unit ``percent``; money
    has its ISO 4217 code as unit. ``per`` is what it is counted by: ``year``.
    """

    comparator: str
    unit: str
    value: str | None
    lower: str | None
    upper: str | None
    scale: int | None
    per: str | None


def parse_amount(text: str) -> Amount:
    """Read an amount. Raises ``ValueProblem`` with the right spelling where one can be guessed."""
    plain = " ".join(text.split())
    if not plain:
        raise ValueProblem(f"an amount is missing; examples: {_EXAMPLES}")
    if plain.lower().startswith("vague"):
        return _vague(plain[5:].removeprefix(":").strip(), text)
    if _VAGUE.match(plain + " ") and not re.search(r"\d", plain):
        return _vague(plain, text)
    if _PLURAL.match(plain):
        return _vague(plain, text)
    comparator, rest = "eq", plain
    if found := _COMPARATOR.match(plain):
        comparator, rest = str(found.lastgroup), plain[found.end() :].strip()
    if sign := SIGN.search(rest):
        code = currency_meant(sign[0])
        moved = " ".join(f"{rest[: sign.start()]}{rest[sign.end() :]}".split())
        by = _PER.search(moved)
        moved = f"{moved[: by.start()]} {code}{by[0]}" if by else f"{moved} {code}"
        mark = f"{found[0]} " if found else ""
        raise ValueProblem(f"{text!r}: money is given by its ISO 4217 code: {mark}{moved}")
    if two := _TWO.match(rest):
        return _range(text, comparator, two, rest[two.end() :])
    one = _ONE.match(rest)
    if not one or rest[one.end() :].startswith("+") or _RANGE_START.match(rest):
        raise ValueProblem(_why_not(text, rest))
    scale = SCALES[one["s"].lower()] if one["s"] else None
    unit, per = _unit_and_per(rest[one.end() :], one[0])
    value = shifted(_number(one["a"], text), scale or 0)
    return Amount(comparator, unit, value, None, None, scale, per)


def amount_bounds(
    comparator: str, value: str | None, lower: str | None, upper: str | None
) -> tuple[float, float]:
    """The least and the greatest number an amount may be, ±infinity where it is open.

    Whether a bound itself belongs to it is the comparator's matter. ``approx`` widens nothing, and
    what is ``vague`` is anything.
    """
    if comparator == "range":
        return (
            -inf if lower is None else decimal_number(lower),
            inf if upper is None else decimal_number(upper),
        )
    if comparator == "vague" or value is None:
        return -inf, inf
    number = decimal_number(value)
    return (
        -inf if comparator in ("lt", "le") else number,
        inf if comparator in ("gt", "ge") else number,
    )


def _range(text: str, comparator: str, found: re.Match[str], rest: str) -> Amount:
    if comparator != "eq":
        raise ValueProblem(f"{text!r}: a range stands alone, as in 2..2.5 %")
    second = SCALES[found["t"].lower()] if found["t"] else None
    first = SCALES[found["s"].lower()] if found["s"] else second
    lower = shifted(_number(found["a"], text), first or 0)
    upper = shifted(_number(found["b"], text), second or 0)
    unit, per = _unit_and_per(rest, found["b"])
    if found["u"] and unit_of(found["u"]) != unit:
        raise ValueProblem(f"{text!r} has two units; give both bounds in one, as in 2..2.5 %")
    if parse_decimal(lower) >= parse_decimal(upper):
        raise ValueProblem(
            f"{text!r} runs from {lower} to {upper}; write the lesser first, each with its own "
            "scale if they differ, as in 800 million..1.2 billion USD"
        )
    return Amount("range", unit, None, lower, upper, second, per)


def _vague(phrase: str, text: str) -> Amount:
    if re.search(r"\d", phrase):
        raise ValueProblem(f"{text!r}: what is vague has no number; an example: a handful of deals")
    scale = None
    if found := _PLURAL.search(phrase):
        scale, phrase = SCALES[found[1].lower()], phrase[found.end() :]
    elif found := _VAGUE.match(phrase):
        phrase = phrase[found.end() :]
    if not phrase.strip():
        raise ValueProblem(f"{text!r}: say of what, as in vague: a handful of deals")
    unit, per = _unit_and_per(phrase, "billions of")
    return Amount("vague", unit, None, None, None, scale, per)


def _number(text: str, whole: str) -> str:
    try:
        parse_decimal(text)
    except ValueProblem as problem:
        raise ValueProblem(f"in {whole!r}: {problem}") from None
    return text


def _unit_and_per(text: str, number: str) -> tuple[str, str | None]:
    unit, per = re.sub(r"\bper cent\b", PERCENT, text.strip()), None
    head, _, last = unit.rpartition(" ")
    if head and last.lower() in _ADVERBS:
        unit, per = head, _ADVERBS[last.lower()]
    elif found := _PER.search(" " + unit):
        unit, per = (" " + unit)[: found.start()].strip(), found[1].strip().lower()
    if not unit:
        raise ValueProblem(f"{number.strip()} of what? add a unit: 50 %, 28 areas, 50 billion USD")
    word, _, after = unit.partition(" ")
    if long := _SHORT.get(word.lower()) if word.lower() != "m" or after else None:
        raise ValueProblem(f"{word!r}: write the scale as a word: {number.strip()} {long} {after}")
    return unit_of(unit, number.strip()), per


def _why_not(text: str, rest: str) -> str:
    if found := re.match(rf"([A-Z]{{3}})\s*({_NUMBER}.*)", rest):
        return f"{text!r}: the unit stands last: {found[2]} {found[1]}"
    if re.match(r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|half)\b", rest, re.I):
        return f"{text!r}: write the number in digits, as in 1 trillion USD"
    if found := re.match(rf"({_NUMBER})\+\s*(.*)", rest):
        return f"{text!r}: write >= {found[1]} {found[2]}"
    if re.match(r"[^\W\d]", rest):
        return f"{text!r} has no number; where the source gives none write vague: {rest}"
    return f"{text!r} is not an amount; examples: {_EXAMPLES}"


__all__ = ["PERCENT", "SCALES", "Amount", "amount_bounds", "parse_amount"]
