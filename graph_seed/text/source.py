"""Normalize the text of a source for hashing and citing, and locate spans of it."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_BOM = "\ufeff"


class TextProblem(ValueError):
    """A text, or a citation of it, is not what it should be; the message says what to do."""


def hashed_text(raw: bytes) -> str:
    """Return the text of a file as it is hashed: UTF-8, without byte order mark, CRLF as LF.

    Nothing else is changed. Raises ``TextProblem`` naming the byte that is not UTF-8.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextProblem(
            f"the text is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}; "
            "save it as UTF-8"
        ) from None
    return text.removeprefix(_BOM).replace("\r\n", "\n")


def text_sha256(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, ``end`` exclusive.

    ``start`` and ``end`` count Unicode code points, ``start_utf16`` and ``end_utf16`` UTF-16 code
    units, as JavaScript does. Sentences count from 1. ``sha256`` is that of the words in UTF-8.
    """

    start: int
    end: int
    start_utf16: int
    end_utf16: int
    sha256: str
    first_sentence: int
    last_sentence: int
    locator: str


def span(text: str, start: int, end: int, starts: Sequence[int]) -> Span:
    """Return the span from ``start`` to ``end`` of a text whose sentences begin at ``starts``.

    Raises ``TextProblem`` where that is empty or not within the text.
    """
    first, last, where = locator(start, end, starts, len(text))
    beyond = _astral(text)
    return Span(
        start,
        end,
        start + bisect_left(beyond, start),
        end + bisect_left(beyond, end),
        text_sha256(text[start:end]),
        first,
        last,
        where,
    )


def locator(start: int, end: int, starts: Sequence[int], length: int) -> tuple[int, int, str]:
    """First and last sentence of a span, from 1, and both in words: ``sentence 31 of 45``.

    Needs no text, only where its sentences begin and how long it is. Raises ``TextProblem`` where
    the span is empty or not within the text.
    """
    if not 0 <= start < end:
        raise TextProblem(f"a passage from {start} to {end} is empty; end must be greater")
    if end > length:
        raise TextProblem(f"a passage from {start} to {end} goes beyond the text's end, {length}")
    if not starts:
        raise TextProblem("the text has no sentences, so nothing of it can be cited")
    first = max(bisect_right(starts, start), 1)
    last = max(bisect_right(starts, end - 1), 1)
    which = f"sentence {first}" if first == last else f"sentences {first}–{last}"
    return first, last, f"{which} of {len(starts)}"


@lru_cache(maxsize=2)
def _astral(text: str) -> tuple[int, ...]:
    """Return the offsets of characters that need two units in UTF-16."""
    return tuple(found.start() for found in _ASTRAL.finditer(text))
