"""Amounts: their parts, the bounds of their number, and how they are put into words."""

import re
from dataclasses import dataclass
from math import inf

from graph_seed.values.decimals import decimal_number, shift_decimal
from graph_seed.values.scales import SCALE_WORDS
from graph_seed.values.unit_names import PERCENT, is_percentage, singular_of

RANGES = ("range", "approx-range")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as a source states it.

    ``comparator`` is a word of the vocabulary's Comparator. ``value``, or for a range
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


def amount_bounds(
    comparator: str, value: str | None, lower: str | None, upper: str | None
) -> tuple[float, float]:
    """Return the least and the greatest number an amount may be, ±infinity where it is open.

    Whether a bound itself belongs to it depends on the comparator. ``approx`` widens nothing, and
    what is ``vague`` is anything.
    """
    if comparator in RANGES:
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


_BEFORE = {
    "approx": "about ",
    "gt": "more than ",
    "ge": "at least ",
    "lt": "less than ",
    "le": "at most ",
}
_SIGNS = {"approx": "about ", "gt": "> ", "ge": ">= ", "lt": "< ", "le": "<= "}
_NARROW_SPACE = "\u202f"
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_AN = re.compile(r"(?:[aeio]|u(?!n[ai]|s[aeiu]|til)|hour|heir|honou?r)", re.IGNORECASE)


def format_amount(
    *,
    comparator: str,
    unit: str,
    value: str | None,
    lower: str | None,
    upper: str | None,
    scale: int | None,
    per: str | None,
) -> str:
    """Return an amount in English: "more than 1 trillion USD a year", "between 2 and 2.5 percent".

    The number is put as printed, by its ``scale``. A negative one has a minus sign (U+2212), and
    from five digits on they are grouped by narrow spaces (U+202F). ``parse_amount`` reads the words
    as the same amount, so that they can be copied into a facts file; three decimals have a nought
    behind them, because ``1.234 billion USD`` may be 1234 billion. An amount without a number is
    "an unstated number of deals", "billions of USD".
    """
    word = SCALE_WORDS.get(scale or 0, "")
    by = f" {_article(per)} {per}" if per else ""
    one = not word and value in ("1", "-1")
    what = f"{f' {word}' if word else ''} {singular_of(unit) if one else unit}{by}"
    power = scale if word and scale else 0
    if comparator == "range" and lower is not None and upper is not None:
        low, high = (_number(bound, power, unit) for bound in (lower, upper))
        return f"between {low} and {high}{what}"
    if comparator == "approx-range" and lower is not None and upper is not None:
        low, high = (_number(bound, power, unit) for bound in (lower, upper))
        return f"about {low} to {high}{what}"
    if comparator == "range" and (bound := lower or upper) is not None:
        return f"{_BEFORE['ge' if lower is not None else 'le']}{_number(bound, power, unit)}{what}"
    if value is None or comparator == "vague":
        return f"{f'{word}s of' if word else 'an unstated number of'} {unit}{by}"
    return f"{_BEFORE.get(comparator, '')}{_number(value, power, unit)}{what}"


def _number(text: str, power: int, unit: str) -> str:
    plain = _spell(text, power, unit)
    whole, point, fraction = plain.lstrip("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", _NARROW_SPACE) if len(whole) > 4 else whole
    return f"{'−' if plain.startswith('-') else ''}{grouped}{point}{fraction}"


def _article(per: str) -> str:
    return "an" if _AN.match(per) else "a"


def spell_amount(amount: Amount) -> str:
    """Return an amount as a facts file writes it: ``>= 2.5 million USD per year``.

    ``parse_amount`` reads it as the same amount.
    """
    word = SCALE_WORDS.get(amount.scale or 0, "")
    power = amount.scale if word and amount.scale else 0
    unit = re.sub(rf"^{PERCENT}(?= of |$)", "%", amount.unit)
    what = f"{unit} per {amount.per}" if amount.per else unit
    what = f"{word} {what}" if word else what
    if amount.comparator == "vague":
        return f"vague: {f'{word}s of {what.removeprefix(word).strip()}' if word else what}"
    if amount.lower is not None and amount.upper is not None:
        about = "about " if amount.comparator == "approx-range" else ""
        bounds = (_spell(bound, power, amount.unit) for bound in (amount.lower, amount.upper))
        return f"{about}{'..'.join(bounds)} {what}"
    sign = _SIGNS.get(amount.comparator, "")
    return f"{sign}{_spell(amount.value or '0', power, amount.unit)} {what}"


def _spell(text: str, power: int, unit: str) -> str:
    plain = shift_decimal(text, -power)
    is_ambiguous = _LIKE_THOUSANDS.fullmatch(plain) and not is_percentage(unit)
    return f"{plain}0" if is_ambiguous else plain
