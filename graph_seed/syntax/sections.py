"""Read files of JSON Lines, compressed or not, source by source."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from graph_seed.records import Place
from graph_seed.syntax.archives import PACKED, ArchiveError, unpack
from graph_seed.syntax.read import LINES, why_unreadable
from graph_seed.syntax.tree import SOURCE

LARGE = 8_000_000
"""Bytes from which on a file of JSON Lines is loaded in batches."""
_BEGINS = f'"{SOURCE}"'.encode()


@dataclass(frozen=True, slots=True)
class RawSection:
    """The lines of one source as they are written, from which line on they stand in the file."""

    path: Path
    line: int
    raw: bytes
    end: int
    """Bytes of the file that are read with it, packed where the file is."""


class UnreadableFile(Exception):
    """A file that cannot be read to its end: where, the problem's code, and why."""

    def __init__(self, place: Place, code: str, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.code = code


def is_large(path: Path) -> bool:
    """Return whether a file is to be streamed: JSON Lines that are compressed, or very many."""
    if path.suffix.lower() in PACKED:
        return Path(path.stem).suffix.lower() in LINES
    return path.suffix.lower() in LINES and size_of(path) >= LARGE


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, or 0 for what is no readable file."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def read_sections(path: Path) -> Iterator[RawSection]:
    """Read the sources of a file one after another; each begins with a line that names it.

    Raises UnreadableFile where the file cannot be opened, cannot be unpacked whole, or changes
    while it is read. What came before that was given already: use none of it.
    """
    number = 0
    held: list[bytes] = []
    first = 1
    try:
        with path.open("rb") as file:
            before = _version(file)
            for number, line in enumerate(unpack(path, file), start=1):
                if held and line.lstrip()[1:].lstrip().startswith(_BEGINS):
                    yield RawSection(path, first, b"".join(held), file.tell())
                    held, first = [], number
                held.append(line)
            end = file.tell()
            if _version(file) != before:
                raise UnreadableFile(Place(str(path), number or 1), "CHANGED", _CHANGED)
    except ArchiveError as error:
        raise UnreadableFile(Place(str(path), number + 1), "ARCHIVE", str(error)) from error
    except OSError as error:
        place = Place(str(path), number + 1)
        raise UnreadableFile(place, "NO_FILE", why_unreadable(error)) from error
    if held or number == 0:
        yield RawSection(path, first, b"".join(held), end)


_CHANGED = "this file changed while it was read; give the command again when it is complete"


def _version(file: BufferedReader) -> tuple[int, int] | None:
    """Return what changes when somebody writes to a file; None for a pipe, which always changes."""
    found = os.fstat(file.fileno())
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
