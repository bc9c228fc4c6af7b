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
    if ".." in plain and "/" not in plain:
        ends = [_one(end) if end else "" for end in plain.strip("[]").split("..", 1)]
        if all(end is not None for end in ends):
            guesses.append(f"[{ends[0]}..{ends[1]}]")
    for separator in ("/", " to ", " - ", " until "):
        low, found_one, high = plain.partition(separator)
        ends = [_end(low), _end(high)]
        if found_one and all(end is not None for end in ends):
            guesses.append(f"{ends[0]}/{ends[1]}")
    return guesses


def _end(text: str) -> str | None:
    text = text.strip().removeprefix("from ")
    return {"": "", "..": "..", "open": "..", "unknown": "", "now": ".."}.get(text, _one(text))


def _one(text: str) -> str | None:
    for pattern in (*_WRITTEN, _NUMBERS):
        if found := pattern.fullmatch(text):
            month = _MONTHS.get(found["month"], found["month"].zfill(2))
            day = f"-{found['day'].zfill(2)}" if found["day"] else ""
            return f"{found['year']}-{month}{day}"
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}[?~%]?", text, re.ASCII) else None
