"""The scalar types of properties: their names, specifications, patterns and derived columns.

``graph_seed.values.value_types`` parses and writes their values.
"""

import datetime as dt
from dataclasses import dataclass

from schema.declare import Pattern


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


def _codes(listed: str) -> str:
    """Return a pattern of codes that are listed by their first letter: ``AB CDE`` is AB, CD, CE."""
    return "|".join(f"{one[0]}[{one[1:]}]" for one in listed.split())


def _in_either_case(pattern: str) -> str:
    """Return a pattern that matches each letter of another in either case."""
    within, found = False, []
    for one in pattern:
        within = (within or one == "[") and one != "]"
        cases = f"{one.upper()}{one.lower()}"
        found.append((cases if within else f"[{cases}]") if one.isalpha() else one)
    return "".join(found)


_COUNTRIES = _codes(
    "ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR "
    "GABDEFGHILMNPQRSTUWY HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY "
    "MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA REOSUW SABCDEGHIJKLMNORSTVXYZ "
    "TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS XK YET ZAMW"
)
"""ISO 3166-1, and XK, which has no code there and is Kosovo's in practice."""
COUNTRY_CODE = Pattern(
    _COUNTRIES,
    "the two capital letters of a country in ISO 3166-1, as in CA; the United Kingdom is GB",
)
SHA256 = Pattern(
    "[0-9a-f]{64}", "64 hexadecimal digits in lower case, or nothing: `parley cite` writes it"
)

_IN_LABEL = r"[^\s/?#<>\"\\^`{|}:@\[\].!$&'()*+,;=~%_-]"
_LABEL = rf"{_IN_LABEL}(?:(?:{_IN_LABEL}|[_-])*{_IN_LABEL})?"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = (
    rf"(?:{_BYTE}(?:\.{_BYTE}){{3}}|\[[0-9A-Fa-f:.]+\]"
    rf"|(?![0-9.]+(?:[:/?#]|$)){_LABEL}(?:\.{_LABEL})*\.?)"
)
_PORT = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
WEB_ADDRESS = Pattern(
    rf"[Hh][Tt][Tt][Pp][Ss]?://{_HOST}(?::{_PORT}?)?"
    r"(?:[/?#][^\s<>\"\\^`{|}]*)?",
    "an address that begins with http:// or https:// and names a host, after which a port up to "
    "65535 may stand, as in https://example.org/talks",
)
"""An address whose host is a name in any script or a number; without user and password."""

_LANGUAGES = _in_either_case(
    _codes(
        "aabefkmnrsvyz baegimnors caehorsuvy daevz eelnostu fafijory gadlnuv haeiortuyz "
        "iadegiknostuw jaivw kagijklmnorsuvwy labginotuv mghiklnorsty nabdeglnorvy ocjmrs pailst "
        "qu rmnouw sacdeghiklmnoqrstuvw taeghiklnorstwy ugkrz veio wao xh yio zahu"
    )
)
"""ISO 639-1, and codes that were in it before, which the registry of languages keeps."""
_EXTENDED_LANGUAGE = "(?:-[A-Za-z]{3}){0,3}"
_SCRIPT = "(?:-[A-Za-z]{4})?"
_REGION = f"(?:-(?:{_in_either_case(_COUNTRIES)}|[0-9]{{3}}))?"
_VARIANTS = "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = "(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
_PRIVATE = "[Xx](?:-[A-Za-z0-9]{1,8})+"
LANGUAGE_TAG = Pattern(
    f"(?:(?:{_LANGUAGES}|[A-Za-z]{{3}}){_EXTENDED_LANGUAGE}{_SCRIPT}{_REGION}{_VARIANTS}"
    f"{_EXTENSIONS}(?:-{_PRIVATE})?|{_PRIVATE})",
    "a language tag of BCP 47, as in en, pt-BR or zh-Hant",
)
"""RFC 5646, section 2.1: a well-formed tag whose language and region have their codes.

A language of three letters is not looked up: there are thousands. None has four or more.
"""
