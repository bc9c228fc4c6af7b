"""Parse dates in the Extended Date/Time Format (EDTF, ISO 8601-2:2019), days and moments.

Read here: levels 0 and 1, and of level 2 the set ``[a..b]`` or ``[a,b]``, "one of these". Years run
from 0001 to 9999. Left out, with a message that says what to write instead: longer and negative
years, sets of all members ``{…}``, qualifiers and unspecified digits inside a date, and the seasons
that level 2 adds. https://www.loc.gov/standards/datetime/

The grammar is small, and open ends, unknown ends and bounds have to be exact, hence no library.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime

from graph_seed.values.edtf_hints import nearest_days, nearest_spellings
from graph_seed.values.problem import ValueProblem, quote_text
from graph_seed.values.short_cache import cache_short

OPEN = ".."
_SHAPE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<time>T\d\d:\d\d:\d\d(?:Z|[+-]\d\d(?::\d\d)?)?)?"
    r"(?P<qualifier>[?~%]?)",
    re.ASCII,
)
_TIME = re.compile(
    r"T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:Z|[+-](?:0\d|1[0-4])(?::[0-5]\d)?)?", re.ASCII
)
_SPACES = re.compile(r"\s*(,|/|\.\.)\s*|(?<=\[)\s+|\s+(?=\])")
_NO_DATE = "is not a date in EDTF"
_EXAMPLES = (
    "; examples: 2017-11-07, 2017-11, 2017-01/2017-09, [2017-11-12..2017-11-15] (some day within)"
)
_SEASONS = {"21": 3, "22": 6, "23": 9, "24": 12}
"""The month each season begins in: spring, summer, autumn, winter."""


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date or a stretch of time, with the strict bounds of the calendar days it may cover.

    ``earliest`` and ``latest`` are days, both inclusive; None where the end is open (``..``) or
    unknown (empty). A qualifier widens nothing: ``2017~`` is bounded by 2017, and ``approximate``
    (``~`` or ``%`` somewhere in it) says that the bounds are not to be relied on.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One date of an expression, taken apart; what is not printed is an empty string."""

    year: str
    month: str
    day: str
    time: str
    qualifier: str
    earliest: date
    latest: date


@cache_short(16_384, longest=64)
def parse_edtf(text: str) -> EdtfDate:
    """Read an EDTF expression; ``edtf`` of what is returned is its canonical text, without spaces.

    A season is that of the north, in whole months: ``2017-21`` is March to May, ``2017-24``
    December 2017 to February 2018. Raises ``ValueProblem``.
    """
    edtf = _SPACES.sub(r"\1", text.strip())
    try:
        ends, _ = parts(edtf)
    except ValueProblem as problem:
        # Echo what was given, not what was made of it or a part of it.
        wrong = str(problem).replace(quote_text(edtf), quote_text(text))
        if _NO_DATE in wrong:
            wrong = _why_not(text)
        elif quote_text(text) not in wrong:
            wrong = f"{quote_text(text)}: {wrong}"
        if better := nearest_spellings(text, _readable):
            wrong = f"{quote_text(text)} {_NO_DATE}" if _NO_DATE in wrong else wrong
            wrong = f"{wrong.partition('; write')[0]}; write {' or '.join(better)}"
        raise ValueProblem(wrong) from None
    flat = [part for pair in ends for part in pair if part]
    lows = [low for low, _ in ends]
    highs = [high for _, high in ends]
    earliest = None if None in lows else min(low.earliest for low in lows if low)
    latest = None if None in highs else max(high.latest for high in highs if high)
    return EdtfDate(edtf, earliest, latest, any(part.qualifier in ("~", "%") for part in flat))


def parts(edtf: str) -> tuple[list[tuple[Part | None, Part | None]], str]:
    """Split an expression into its members, each with a first and a last date, and its kind.

    The kind is ``date`` (one member, twice the same date), ``interval`` (one member) or ``set``. An
    end is None where it is open or unknown.
    """
    if edtf.startswith("[") and edtf.endswith("]"):
        members = edtf[1:-1].split(",")
        return [_member(m, at, len(members)) for at, m in enumerate(members)], "set"
    if edtf.startswith("{"):
        raise ValueProblem(
            f"{quote_text(edtf)} means all of several dates; write one of them, or a/b"
        )
    if "/" in edtf:
        low, _, high = edtf.partition("/")
        return [_order(edtf, *(None if p in ("", OPEN) else _part(p) for p in (low, high)))], (
            "interval"
        )
    one = _part(edtf, with_time=True)
    return [(one, one)], "date"


def _member(text: str, at: int, count: int) -> tuple[Part | None, Part | None]:
    if OPEN not in text:
        one = _part(text)
        return one, one
    low, _, high = text.partition(OPEN)
    if (not low and at) or (not high and at < count - 1):
        raise ValueProblem(f"{quote_text(text)}: only the first or the last of a set may be open")
    return _order(text, _part(low) if low else None, _part(high) if high else None)


def _order(text: str, low: Part | None, high: Part | None) -> tuple[Part | None, Part | None]:
    if not low and not high:
        raise ValueProblem(f"{quote_text(text)} says nothing of when; leave the date out")
    if low and high and low.earliest > high.latest:
        raise ValueProblem(
            f"{quote_text(text)} ends before it begins; write the earlier date first"
        )
    return low, high


def _part(text: str, *, with_time: bool = False) -> Part:
    match = _SHAPE.fullmatch(text)
    if not match:
        raise ValueProblem(_why_not(text))
    year, month, day, time, qualifier = (match[name] or "" for name in match.groupdict())
    if "X" in year and month:
        raise ValueProblem(
            f"{quote_text(text)}: a year with unspecified digits stands alone, as in 201X"
        )
    if month == "XX" and day not in ("", "XX"):
        raise ValueProblem(
            f"{quote_text(text)}: a day needs its month; write {year}-XX or {year}-XX-XX"
        )
    if time and not (with_time and _TIME.fullmatch(time) and day.isdigit() and not qualifier):
        raise ValueProblem(f"{quote_text(text)}: a time of day stands only with one whole day")
    return Part(year, month, day, time, qualifier, *_bounds(text, year, month, day))


def _bounds(text: str, year: str, month: str, day: str) -> tuple[date, date]:
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        raise ValueProblem(f"{quote_text(text)}: years run from 0001 to 9999")
    if month in ("", "XX"):
        return date(first, 1, 1), date(last, 12, 31)
    if month in _SEASONS and not day:
        return _season(text, first, _SEASONS[month])
    number = int(month)
    if not 1 <= number <= 12:
        what = "month; months are 01 to 12"
        if 25 <= number <= 41:
            what = "season of level 1; write its months, as in 2017-07/2017-09"
        raise ValueProblem(f"{quote_text(text)}: {month} is not a {what}")
    days = calendar.monthrange(first, number)[1]
    if day in ("", "XX"):
        return date(first, number, 1), date(first, number, days)
    if not 1 <= int(day) <= days:
        raise ValueProblem(
            f"{quote_text(text)}: {calendar.month_name[number]} {first} has {days} days"
        )
    return date(first, number, int(day)), date(first, number, int(day))


def _season(text: str, year: int, month: int) -> tuple[date, date]:
    end_year, end_month = (year + 1, 2) if month == 12 else (year, month + 2)
    if end_year > 9999:
        raise ValueProblem(f"{quote_text(text)}: years run from 0001 to 9999")
    days = calendar.monthrange(end_year, end_month)[1]
    return date(year, month, 1), date(end_year, end_month, days)


def _why_not(text: str) -> str:
    if re.fullmatch(r"Y-?\d+.*|-\d{4}.*|(?!\d{6}$|\d{8}$)\d{5,}.*", text, re.ASCII):
        return f"{quote_text(text)}: years run from 0001 to 9999"
    if re.fullmatch(r"'?\d\d|\d\d?([-/.])\d\d?\1\d\d", text, re.ASCII):
        return f"{quote_text(text)} {_NO_DATE}; write the year in four digits, as 2017-11-07"
    if not re.search(r"\d{3}|X", text):
        why = f"has no year, so it {_NO_DATE}; write when it was, or leave it out"
        return f"{quote_text(text)} {why}{_EXAMPLES}"
    if re.search(r"\d[?~%]-|-[?~%]\d|^[?~%]", text):
        return f"{quote_text(text)}: a qualifier (? ~ %) stands at the end, for the whole date"
    return f"{quote_text(text)} {_NO_DATE}{_EXAMPLES}"


def _readable(text: str) -> bool:
    try:
        parts(text)
    except ValueProblem:
        return False
    return True


def parse_date(text: str) -> date:
    """Read a day, ``2031-05-07``; raises ValueProblem."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueProblem(
            f"{quote_text(text)} is not a day such as 2031-05-07{_advice(text)}"
        ) from None


def parse_datetime(text: str) -> datetime:
    """Read a moment, ``2031-05-07T09:30:00Z``; raises ValueProblem."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        wrong = f"{quote_text(text)} is not a moment such as 2031-05-07T09:30:00Z{_advice(text)}"
        raise ValueProblem(wrong) from None


def _advice(text: str) -> str:
    days = nearest_days(text)
    return f"; write {' or '.join(days)}" if days else ""
