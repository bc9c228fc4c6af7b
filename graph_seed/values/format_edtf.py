"""Format dates in words, exactly as precise as they are."""

import calendar

from graph_seed.values.edtf import Part, parse_edtf, parts
from graph_seed.values.short_cache import cache_short

_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_QUALIFIERS = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}
_DAY, _MONTH, _YEAR, _SEASON, _OTHER = "day", "month", "year", "season", "time"


@cache_short(16_384, longest=64)
def format_edtf(edtf: str) -> str:
    """Return a date in English: ``2017-01/2017-09`` as "throughout January–September 2017".

    ``[a..b]`` is "some day within". Raises ``ValueProblem`` as ``parse_edtf`` does.
    """
    canonical = parse_edtf(edtf).edtf
    members, kind = parts(canonical)
    if kind == "interval":
        low, high = canonical.split("/")
        return _interval(*members[0], low=low, high=high)
    if kind == "set":
        return _set(members)
    return _one(_present(members[0][0]))


def format_month(edtf: str) -> str:
    """Return the month a date lies in, else its year, else its words: ``November 2017``.

    Raises ``ValueProblem`` as ``parse_edtf`` does.
    """
    date = parse_edtf(edtf)
    first, last = date.earliest, date.latest
    qualified = date.approximate or "?" in date.edtf
    if qualified or first is None or last is None or first.year != last.year:
        return format_edtf(edtf)
    year = _year(f"{first.year:04}")
    return f"{calendar.month_name[first.month]} {year}" if first.month == last.month else year


def _interval(first: Part | None, last: Part | None, *, low: str, high: str) -> str:
    if first and last:
        span = _span(first, last)
        return f"throughout {span}" if span else f"from {_one(first)} to {_one(last)}"
    if first:
        return f"from {_one(first)} on" if high else f"from {_one(first)}, end unknown"
    until = f"until {_one(_present(last))}"
    return until if low else f"{until}, beginning unknown"


def _set(members: list[tuple[Part | None, Part | None]]) -> str:
    words = [_format_member(first, last) for first, last in members]
    if len(words) == 1:
        return words[0]
    ranges = any(first is not last for first, last in members)
    which = "" if ranges else "either " if len(words) == 2 else "one of "
    return f"{which}{', '.join(words[:-1])} or {words[-1]}"


def _format_member(first: Part | None, last: Part | None) -> str:
    if first and last:
        if first is last:
            return _one(first)
        noun = _precision(first) if _precision(first) == _precision(last) else _OTHER
        if span := _span(first, last):
            return f"some {noun} within {span}"
        return f"some {noun} from {_one(first)} to {_one(last)}"
    one = _present(first or last)
    return f"some {_precision(one)} {f'from {_one(one)} on' if first else f'until {_one(one)}'}"


def _span(first: Part, last: Part) -> str | None:
    """Both ends in one, without saying twice what they share; None where that would mislead."""
    precision = _precision(first)
    if precision != _precision(last) or first.qualifier or last.qualifier or precision == _OTHER:
        return None
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return _one(first)
    low, high = _one(first), _one(last)
    if precision == _SEASON:
        return f"{low} – {high}"
    if precision != _YEAR and first.year == last.year:
        low = low.removesuffix(f" {_year(first.year)}")
        if precision == _DAY and first.month == last.month:
            low = str(int(first.day))
    dash = " – " if " " in low or (" " in high and first.year != last.year) else "–"
    return f"{low}{dash}{high}"


def _precision(part: Part) -> str:
    if "X" in part.year + part.month + part.day:
        return _OTHER
    if part.month in _SEASONS:
        return _SEASON
    return _DAY if part.day else _MONTH if part.month else _YEAR


def _one(part: Part) -> str:
    return _QUALIFIERS[part.qualifier] + _format_plain(part)


def _format_plain(part: Part) -> str:
    if "X" in part.year:
        first, last = part.earliest.year, part.latest.year
        named = part.year.endswith("X") and "XX" not in part.year and first % 100
        return f"the {first}s" if named else f"the years {first}–{last}"
    year = _year(part.year)
    if not part.month:
        return year
    if part.month == "XX":
        return f"some {_DAY if part.day else _MONTH} in {year}"
    if part.month in _SEASONS:
        return f"{_SEASONS[part.month]} {year}" + (
            f"–{part.latest.year % 100:02}" if part.latest.year > part.earliest.year else ""
        )
    month = f"{calendar.month_name[int(part.month)]} {year}"
    if not part.day:
        return month
    if part.day == "XX":
        return f"some {_DAY} in {month}"
    return f"{int(part.day)} {month}{_time(part.time)}"


def _time(time: str) -> str:
    if not time:
        return ""
    clock, zone = time[1:9].removesuffix(":00"), time[9:]
    return f", {clock}" + (
        " UTC" if zone == "Z" else f" UTC{zone.replace('-', '−')}" if zone else ""
    )


def _year(year: str) -> str:
    return year if int(year) >= 1000 else f"AD {int(year)}"


def _present(part: Part | None) -> Part:
    if part is None:  # the parser lets no expression pass that has no date at all
        raise AssertionError
    return part
