"""The kinds of scalar value a property can have: names, specifications, what is derived.

This module only names kinds. What parses and writes their values is ``graph_seed.values``.
"""

import datetime as dt
from dataclasses import dataclass


class Token(str):
    """Text compared only as it is: an id, a code, a hash, an address."""

    __slots__ = ()


class Edtf(str):
    """A date in the Extended Date/Time Format, as precise as its source and no more."""

    __slots__ = ()


class Decimal(str):
    """An exact decimal number of at most 15 significant digits, as canonical text."""

    __slots__ = ()


class Long(int):
    """A whole number that may not fit into 32 bits."""


Value = str | int | bool | list[str] | list[int]
"""A property's value as plain data: dates as EDTF or ISO text, decimals as canonical text, words of
an enumeration by their spelling."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A kind of scalar value.

    ``derived`` names the suffixes of the properties stored beside one of this kind, for filters and
    orderings: ``saidOn`` has ``saidOnEarliest`` and ``saidOnLatest``. ``order`` is the suffix (or
    nothing) by which values of this kind are ordered; where ``order_is_nullable``, a value may have
    no such property: a date with an open beginning has no first day.
    """

    name: str
    python: type
    doc: str
    specified_by: str | None = None
    derived: tuple[str, ...] = ()
    order: str = ""
    order_is_nullable: bool = False
    is_text: bool = False
    bits: int | None = None
    """Of a whole number."""
    in_lists: bool = False
    """Whether a property can be a list of such values."""

    def derives(self, suffix: str) -> bool:
        """Return whether a property with this suffix is stored beside a value."""
        return suffix in self.derived

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled by name: in another process it is one of those that are told apart there."""
        return _named, (self.name,)


EARLIEST, LATEST, FOLDED, NUMBER = "Earliest", "Latest", "Folded", "Number"
ALL_FOLDED = "AllFolded"
"""Suffix of the folded forms of a text and of all others that filters on it see."""
VARIANTS = "Variants"
"""Suffix of the stored list of values that sources other than the shown one give."""

TEXT = Scalar("String", str, "Text.", derived=(FOLDED,), is_text=True, in_lists=True)
TOKEN = Scalar("Token", Token, "Text compared only as it is.", is_text=True, in_lists=True)
INT = Scalar("Int", int, "A whole number of 32 bits.", bits=32, in_lists=True)
LONG = Scalar(
    "Long",
    Long,
    "A whole number of 64 bits, written as text so that no client rounds it.",
    "https://scalars.graphql.org/chillicream/long",
    bits=64,
)
BOOLEAN = Scalar("Boolean", bool, "True or false.")
DECIMAL = Scalar(
    "Decimal",
    Decimal,
    "An exact decimal number of at most 15 significant digits, written as text: `-53100000000`.",
    "https://scalars.graphql.org/chillicream/decimal",
    derived=(NUMBER,),
    order=NUMBER,
)
EDTF = Scalar(
    "EDTF",
    Edtf,
    "A date in the Extended Date/Time Format, levels 0 and 1 and `[a..b]` of level 2: "
    "`2017-11-07`, `2017-11`, `[2017-11-12..2017-11-15]` (some day within), `2017-01/2017-09`.",
    "https://www.loc.gov/standards/datetime/",
    derived=(EARLIEST, LATEST),
    order=EARLIEST,
    order_is_nullable=True,
)
DATE = Scalar(
    "Date",
    dt.date,
    "A day of the calendar: `2017-11-07`.",
    "https://scalars.graphql.org/andimarek/local-date",
)
DATE_TIME = Scalar(
    "DateTime",
    dt.datetime,
    "A moment, with its offset from UTC: `2017-11-07T09:30:00Z`.",
    "https://scalars.graphql.org/andimarek/date-time",
)


def _named(name: str) -> Scalar:
    return next(one for one in SCALARS if one.name == name)


SCALARS = (TEXT, TOKEN, INT, LONG, BOOLEAN, DECIMAL, EDTF, DATE, DATE_TIME)
BY_PYTHON = {scalar.python: scalar for scalar in SCALARS}
