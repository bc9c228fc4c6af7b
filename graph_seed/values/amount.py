"""An amount, and the bounds of its number."""

from dataclasses import dataclass
from math import inf

from graph_seed.values.decimals import decimal_number

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
