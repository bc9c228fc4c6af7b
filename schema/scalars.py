"""The scalar types of properties: their names, specifications and derived columns.

``graph_seed.values.value_types`` parses and writes their values.
"""

import datetime as dt
from dataclasses import dataclass


class Token(str):
    """Text that is compared exactly: an id, a code, a hash, an address."""

    __slots__ = ()


class Edtf(str):
    """A date in the Extended Date/Time Format (EDTF), as precise as its source gives it."""

    __slots__ = ()


class Decimal(str):
    """An exact decimal number of at most 15 significant digits, as canonical text."""

    __slots__ = ()


class Long(int):
    """A whole number of up to 64 bits."""


PropertyValue = str | int | bool | list[str] | list[int]
"""A property's value as plain data: dates as EDTF or ISO text, decimals as canonical text, words of
an enumeration by their spelling."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A scalar type.

    ``derived`` are the suffixes of the columns that are stored beside a value, for filters and
    orderings: ``saidOn`` has ``saidOnEarliest`` and ``saidOnLatest``. ``order`` is the suffix of
    the column by which values are ordered, empty for the value itself. If ``order_is_nullable``, a
    value may have no such column: a date with an open beginning has no first day.
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
    """The size of a whole number; None for other scalars."""
    in_lists: bool = False
    """Whether a property can be a list of these values."""

    def derives(self, suffix: str) -> bool:
        """Return whether a column with this suffix is stored beside a value."""
        return suffix in self.derived

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by name: scalars compare by identity, so another process takes its own one."""
        return _scalar_named, (self.name,)


EARLIEST, LATEST, FOLDED, NUMBER = "Earliest", "Latest", "Folded", "Number"
ALL_FOLDED = "AllFolded"
"""Suffix of the column with the folded text and those of all other texts that filters test."""
VARIANTS = "Variants"
"""Suffix of the column with the values that other sources give."""

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


def _scalar_named(name: str) -> Scalar:
    return next(one for one in SCALARS if one.name == name)


SCALARS = (TEXT, TOKEN, INT, LONG, BOOLEAN, DECIMAL, EDTF, DATE, DATE_TIME)
BY_PYTHON = {scalar.python: scalar for scalar in SCALARS}
