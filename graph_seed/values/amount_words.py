"""Amounts in words."""

import re

from graph_seed.values.amounts import SCALES
from graph_seed.values.decimals import shifted

_BEFORE = {
    "approx": "about ",
    "gt": "more than ",
    "ge": "at least ",
    "lt": "less than ",
    "le": "at most ",
}
_SCALE_WORDS = {power: word for word, power in SCALES.items()}
_AN = re.compile(r"(?:[aeio]|u(?!n[ai]|s[aeiu]|til)|hour|heir|honou?r)", re.IGNORECASE)


def amount_words(
    *,
    comparator: str,
    unit: str,
    value: str | None,
    lower: str | None,
    upper: str | None,
    scale: int | None,
    per: str | None,
) -> str:
    """An amount in English words: "more than 1 trillion USD a year", "between 2 and 2.5 percent".

    The number is put as printed, by its ``scale``. A negative one has a minus sign (U+2212), and
    from 10,000 on digits are grouped by commas. ``parse_amount`` reads the words back, but for the
    grouping. What has no number is "an unstated number of deals", "billions of USD".
    """
    word = _SCALE_WORDS.get(scale or 0, "")
    by = f" {_article(per)} {per}" if per else ""
    what = f"{f' {word}' if word else ''} {unit}{by}"
    power = scale if word and scale else 0
    if comparator == "range" and lower is not None and upper is not None:
        return f"between {_number(lower, power)} and {_number(upper, power)}{what}"
    if comparator == "range" and (one := lower or upper) is not None:
        return f"{_BEFORE['ge' if lower is not None else 'le']}{_number(one, power)}{what}"
    if value is None or comparator == "vague":
        return f"{f'{word}s of' if word else 'an unstated number of'} {unit}{by}"
    return f"{_BEFORE.get(comparator, '')}{_number(value, power)}{what}"


def _number(text: str, power: int) -> str:
    plain = shifted(text, -power)
    whole, point, fraction = plain.lstrip("-").partition(".")
    grouped = f"{int(whole):,}" if len(whole) > 4 else whole
    return f"{'−' if plain.startswith('-') else ''}{grouped}{point}{fraction}"


def _article(per: str) -> str:
    return "an" if _AN.match(per) else "a"
