"""Propose EDTF for dates in another notation.

Only texts that could not be read come here, so the work may take a few milliseconds.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product

from babel import Locale

from graph_seed.values.words import fold

Readable = Callable[[str], bool]
MOST = 2
"""Proposals of one message."""
_LONGEST = 80
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "ru", "uk")
_SEASONS = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_NOISE = frozenset(
    str.split(
        "of the on in de du del di den der le el am vom st nd rd th r г года р року year month day"
    )
)
"""Words of a date that say nothing."""

_NUMBERS = re.compile(r"(\d{4})([-/. ])(\d\d?)(?:\2(\d\d?))?\.?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d\d?)([-/. ]{1,2})(\d\d?)\2(\d{4})", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"(\d\d?) ?[-/.] ?(\d{4})", re.ASCII)
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(?:(\d\d?) ?[月월] ?(?:(\d\d?) ?[日일]?)?)?", re.ASCII)
_WEEK = re.compile(r"(\d{4})-?w(\d\d)(?:-?([1-7]))?", re.ASCII)
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d)(:\d\d)?(?:\.\d+)? ?(z|[+-]\d\d)?:?(\d\d)?", re.ASCII
)
_YEARS = re.compile(r"(\d{4}) ?[-/] ?(\d\d)", re.ASCII)
_DECADE = re.compile(r"(?:early |mid-?|late )?(?:the )?(\d{3})0['’]?s", re.ASCII)
_CENTURY = re.compile(r"(?:the )?(\d\d?)(?:st|nd|rd|th) century", re.ASCII)
_QUARTER = re.compile(
    r"(\d{4})[- ]?q([1-4])|q([1-4])[- ,]*(\d{4})|(\w+) quarter(?: of)? (\d{4})", re.ASCII
)
_HALF = re.compile(
    r"(\d{4})[- ]?h([12])|(?:h([12])|([12])h)[- ,]*(\d{4})|(\w+) half(?: of)? (\d{4})", re.ASCII
)
_SEASON = re.compile(rf"({'|'.join(_SEASONS)})(?: of)?,? (\d{{4}})", re.ASCII)
_PART = re.compile(r"(early|mid|middle|late|beginning|start|end)(?:[ -](?:of |in )?)?(.+)")
_ABOUT = re.compile(r"(?:about|around|circa|c\.|ca\.?|~|approximately|approx\.?) ?(.+)")
_PERHAPS = re.compile(r"(?:perhaps|maybe|possibly|probably|\?) ?(.+)")
_OPEN_START = re.compile(r"(?:until|till|to|through|by|up to) (.+)")
_OPEN_END = re.compile(r"(?:since|from|starting|as of) (.+)|(.+) (?:on|onwards?)")
_BEYOND = re.compile(r"(before|after) (\d{4})", re.ASCII)
_SEPARATORS = ("..", "/", " to ", " through ", " until ", " till ", " - ", "-")
_OPEN_SEPARATORS = ("..", "/")
"""Separators beside which an end may be missing; a minus before a year begins no range."""
_ISO_PAIR = re.compile(r"(\d{4}(?:-\d\d){1,2})(?: ?[,;&] ?| and |[- ])(\d{4}(?:-\d\d){1,2})", re.A)
_DAY_ALONE = re.compile(r"(\d\d?)(?:st|nd|rd|th)?(?:, \d{4})?", re.ASCII)


def nearest_days(text: str) -> list[str]:
    """Return the days that a text most likely stands for."""

    def is_day(guess: str) -> bool:
        try:
            return f"{date.fromisoformat(guess)}" == guess
        except ValueError:
            return False

    return nearest_spellings(text, is_day)


def nearest_spellings(text: str, readable: Readable) -> list[str]:
    """Return the EDTF expressions that a text most likely stands for: one, two or none."""
    if len(text) > _LONGEST:
        return []
    plain = re.sub(r"\.{3,}|…", "..", fold(text).strip(" ,;'\"()"))
    plain = plain if plain.endswith("..") else plain.removesuffix(".")
    found: list[str] = []
    for guess in _guesses(plain, readable):
        if guess not in found and guess != text and readable(guess):
            found.append(guess)
        if len(found) == MOST:
            break
    return found


def _guesses(plain: str, readable: Readable) -> Iterator[str]:
    if one := _one(plain):
        yield from one
        return
    yield plain.upper().replace("U", "X")
    for pattern, qualifier in ((_ABOUT, "~"), (_PERHAPS, "?")):
        if found := pattern.fullmatch(plain):
            yield from (inner + qualifier for inner in _one(found[1]))
    yield from _parts(plain)
    if found := _ISO_PAIR.fullmatch(plain):
        first, last = sorted(found.groups())
        yield f"{first}/{last}"
        yield f"[{first},{last}]"
    yield from _ranges(plain, readable)
    if found := _OPEN_START.fullmatch(plain):
        yield from (f"../{end}" for end in _one(found[1]))
    if found := _BEYOND.fullmatch(plain):
        yield f"../{int(found[2]) - 1:04}" if found[1] == "before" else f"{int(found[2]) + 1:04}/.."
    if found := _OPEN_END.fullmatch(plain):
        yield from (f"{start}/.." for start in _one(found[1] or found[2]))


def _one(text: str) -> list[str]:
    """Return what a text may be that names one date, month, season, year or longer time."""
    for read in (_iso, _in_numbers, _in_words, _part_of_year, _long_time, _read_other_iso):
        if found := read(text):
            return found
    return []


def _iso(text: str) -> list[str]:
    return [text] if re.fullmatch(r"\d{4}(-\d\d){0,2}[?~%]?", text, re.A) and _is_day(text) else []


def _is_day(text: str) -> bool:
    year, _, rest = text.rstrip("?~%").partition("-")
    return bool(_ymd(year, *rest.split("-"))) if rest else True


def _ymd(year: str, month: str, day: str = "") -> list[str]:
    """Return a day or a month in EDTF, or nothing where there is no such month or day."""
    if not 1 <= int(month) <= 12 or (day and not 1 <= int(day) <= 31):
        return []
    return [f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")]


def _in_numbers(text: str) -> list[str]:
    if found := _NUMBERS.fullmatch(text) or _EAST_ASIAN.fullmatch(text):
        year, *_, month, day = found.groups()
        if month is None:
            return [year]
        if int(month) == 0 or (day and int(day) == 0):  # 00 for what is not known
            return [year] if int(month) == 0 else _ymd(year, month)
        return _ymd(year, month, day or "") or (_ymd(year, day, month) if day else [])
    if found := _TOGETHER.fullmatch(text):
        return _ymd(found[1], found[2], found[3] or "")
    if found := _YEAR_LAST.fullmatch(text):
        first, mark, second, year = found.groups()
        both = [*_ymd(year, second, first), *_ymd(year, first, second)]
        # Full stops stand between day and month only where the day is first.
        return list(dict.fromkeys(both))[: 1 if "." in mark else MOST]
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return _ymd(found[2], found[1])
    return []


def _in_words(text: str) -> list[str]:
    """Read a month's name, a year and perhaps a day, in any order, with words that say nothing."""
    words = re.findall(r"\d+|[^\W\d_]+", text)
    months = [_months()[word] for word in words if word in _months()]
    numbers = [word for word in words if word.isdecimal()]
    years = [one for one in numbers if len(one) == 4]
    days = [one for one in numbers if len(one) <= 2]
    known = _months().keys() | _weekdays() | _NOISE
    rest = [word for word in words if not word.isdecimal() and word not in known]
    if len(set(months)) != 1 or len(years) != 1 or len(days) > 1 or rest:
        return []
    if len(numbers) != len(years) + len(days) or re.search(r"\d\s*[-/:]\s*\d", text):
        return []
    return _ymd(years[0], str(months[0]), days[0] if days else "")


@cache
def _months() -> dict[str, int]:
    """Return the numbers of months by their folded names in the languages that sources have."""
    found: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        months = Locale(language).months
        for names in (months[use][width] for use in months for width in ("wide", "abbreviated")):
            for number, name in names.items():
                found.setdefault(fold(name).rstrip("."), number)
    return found


@cache
def _weekdays() -> frozenset[str]:
    days = Locale("en").days["format"]
    return frozenset(
        fold(name) for width in ("wide", "abbreviated") for name in days[width].values()
    )


def _part_of_year(text: str) -> list[str]:
    if found := _SEASON.fullmatch(text):
        season = _SEASONS[found[1]]
        earlier = [f"{int(found[2]) - 1:04}-24"] if season == "24" else []  # it begins in December
        return [f"{found[2]}-{season}", *earlier]
    if found := _QUARTER.fullmatch(text):
        year = found[1] or found[4] or found[6]
        quarter = _ORDINALS.get(found[5] or "") or int(found[2] or found[3] or 0)
        return [f"{year}-{quarter * 3 - 2:02}/{year}-{quarter * 3:02}"] if quarter else []
    if found := _HALF.fullmatch(text):
        year = found[1] or found[5] or found[7]
        half = _ORDINALS.get(found[6] or "") or int(found[2] or found[3] or found[4] or 0)
        return [f"{year}-{min(half, 2) * 6 - 5:02}/{year}-{min(half, 2) * 6:02}"] if half else []
    return []


def _long_time(text: str) -> list[str]:
    if found := _DECADE.fullmatch(text):
        return [f"{found[1]}X"]
    if found := _CENTURY.fullmatch(text):
        return [f"{int(found[1]) - 1:02}XX"]
    if (found := _YEARS.fullmatch(text)) and int(found[1][2:]) < int(found[2]):
        is_month = int(found[2]) <= 12
        return [] if is_month else [f"{found[1]}/{found[1][:2]}{found[2]}"]
    return []


def _read_other_iso(text: str) -> list[str]:
    """Read the dates of ISO 8601 that EDTF has not: weeks, days of the year, times in minutes."""
    try:
        if found := _WEEK.fullmatch(text):
            first = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
            return [f"{first}" if found[3] else f"{first}/{first + timedelta(days=6)}"]
        if found := _DAY_OF_YEAR.fullmatch(text):
            day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
            return [f"{day}"] if f"{day}".startswith(found[1]) else []
    except (ValueError, OverflowError):
        return []
    if found := _MOMENT.fullmatch(text):
        day_text, clock, seconds, zone, minutes = found.groups()
        offset = f":{minutes or '00'}" if zone and zone != "z" else ""
        return [f"{day_text}T{clock}{seconds or ':00'}{(zone or '').upper()}{offset}"]
    return []


def _parts(plain: str) -> Iterator[str]:
    """Guess what early 2017 or late November 2017 stands for: all of it, or some day within."""
    found = _PART.fullmatch(plain)
    for whole in _one(found[2]) if found else []:
        yield whole
        which = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1}.get(
            found[1] if found else "", 2
        )
        if re.fullmatch(r"\d{4}", whole):
            yield f"[{whole}-{which * 4 + 1:02}..{whole}-{which * 4 + 4:02}]"
        elif re.fullmatch(r"\d{4}-\d\d", whole):
            yield f"[{whole}-{which}1..{whole}-{which + 1}0]"


def _ranges(plain: str, readable: Readable) -> Iterator[str]:
    """Guess what a text with two ends stands for: ``a/b``, or ``[a..b]`` in brackets."""
    separators = [*_SEPARATORS, *([" and "] if plain.startswith("between ") else [])]
    for separator in separators:
        low, is_range, high = plain.strip("[]").partition(separator)
        is_open = not (low and high)
        if not is_range or (is_open and separator not in _OPEN_SEPARATORS):
            continue
        ends = [_end(end) if end else [".."] for end in (low, high)]
        # "November 1–10, 2017" and "January–March 2017" say month and year once.
        lows, highs = (
            one or _of_same(end, plain) for one, end in zip(ends, (low, high), strict=True)
        )
        for first, last in product(lows, highs):
            # The later end may stand first.
            low_end, high_end = (first, last) if readable(f"{first}/{last}") else (last, first)
            yield f"[{low_end}..{high_end}]" if plain[0] == "[" else f"{low_end}/{high_end}"


def _of_same(end: str, whole: str) -> list[str]:
    """Read an end of a range that has its year, or its month and year, in common with the other."""
    years = re.findall(r"\d{4}", whole)
    end = _without_words(end)
    if not years:
        return []
    names = [word for word in re.findall(r"[^\W\d_]+", whole) if word in _months()]
    if names and (day := _DAY_ALONE.fullmatch(end)):
        end = f"{day[1]} {names[0]}"
    return _one(f"{end} {years[-1]}")


def _without_words(end: str) -> str:
    return end.strip().removeprefix("from ").removeprefix("between ")


def _end(text: str) -> list[str]:
    text = _without_words(text)
    fixed = {"": "", "..": "..", "open": "..", "unknown": "", "now": ".."}
    return [fixed[text]] if text in fixed else _one(text)
