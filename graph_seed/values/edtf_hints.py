"""What somebody may have meant who wrote a date in another way than EDTF."""

import re
from collections.abc import Callable

_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_WRITTEN = [
    re.compile(rf"(?:(?P<day>\d\d?)(?:st|nd|rd|th)? (?:of )?)?{_MONTH},? (?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"),
]
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)?", re.ASCII)
_NUMBERS = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d\d?)(?:[-/.](?P<day>\d\d?))?", re.ASCII)
_DECADE = re.compile(r"(?:the )?(\d{3})0['’]?s", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[- ]?q([1-4])|q([1-4])[- ,]*(\d{4})", re.ASCII)
_ABOUT = re.compile(r"(?:about|around|circa|c\.|ca\.|~|approximately) ?(.+)")
_PERHAPS = re.compile(r"(?:perhaps|maybe|possibly|\?) ?(.+)")


def nearest_spelling(text: str, readable: Callable[[str], bool]) -> str | None:
    """The EDTF expression that a text most likely stands for, or None."""
    plain = " ".join(re.sub("[‐‑‒–—−]", "-", text).lower().split())
    for guess in _guesses(plain):
        if guess and readable(guess) and guess != text:
            return guess
    return None


def _guesses(plain: str) -> list[str | None]:
    guesses = [_one(plain), plain.upper().replace("U", "X")]
    if found := _DECADE.fullmatch(plain):
        guesses.append(f"{found[1]}X")
    if found := _QUARTER.fullmatch(plain):
        year, quarter = found[1] or found[4], int(found[2] or found[3])
        guesses.append(f"{year}-{quarter * 3 - 2:02}/{year}-{quarter * 3:02}")
    for pattern, qualifier in ((_ABOUT, "~"), (_PERHAPS, "?")):
        if (found := pattern.fullmatch(plain)) and (inner := _one(found[1])):
            guesses.append(inner + qualifier)
    return guesses + _ranges(plain)


def _ranges(plain: str) -> list[str | None]:
    """Guess what a text with two ends stands for: ``a/b``, or ``[a..b]`` in brackets."""
    guesses: list[str | None] = []
    separators = [*_SEPARATORS, *([" and "] if plain.startswith("between ") else [])]
    for separator in separators:
        low, found_one, high = plain.strip("[]").partition(separator)
        is_open = not (low and high)
        if not found_one or (is_open and separator not in _OPEN_SEPARATORS):
            continue
        ends = [_end(end) if end else ".." for end in (low, high)]
        # "November 1–10, 2017" and "January–March 2017" say month and year once.
        low_end, high_end = (
            one if one is not None else _of_same(end, plain)
            for one, end in zip(ends, (low, high), strict=True)
        )
        if low_end is not None and high_end is not None:
            brackets = plain.startswith("[")
            guesses.append(f"[{low_end}..{high_end}]" if brackets else f"{low_end}/{high_end}")
    return guesses


_OPEN_SEPARATORS = ("..", "/")
"""Separators beside which an end may be missing; a minus before a year begins no range."""
_SEPARATORS = (*_OPEN_SEPARATORS, " to ", " through ", " until ", " till ", " - ", "-")
_DAY_ALONE = re.compile(r"(\d\d?)(?:st|nd|rd|th)?(?:, \d{4})?", re.ASCII)


def _of_same(end: str, whole: str) -> str | None:
    """Read an end of a range that has its year, or its month and year, in common with the other."""
    years = re.findall(r"\d{4}", whole)
    month = re.search(_MONTH, whole)
    end = _without_words(end)
    if not years:
        return None
    if month and (day := _DAY_ALONE.fullmatch(end)):
        end = f"{day[1]} {month['month']}"
    return _one(f"{end} {years[-1]}")


def _without_words(end: str) -> str:
    return end.strip().removeprefix("from ").removeprefix("between ")


def _end(text: str) -> str | None:
    text = _without_words(text)
    return {"": "", "..": "..", "open": "..", "unknown": "", "now": ".."}.get(text, _one(text))


def _one(text: str) -> str | None:
    for pattern in (*_WRITTEN, _DIGITS, _NUMBERS):
        if found := pattern.fullmatch(text):
            month = _MONTHS.get(found["month"], found["month"].zfill(2))
            day = f"-{found['day'].zfill(2)}" if found["day"] else ""
            return f"{found['year']}-{month}{day}"
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}[?~%]?", text, re.ASCII) else None
