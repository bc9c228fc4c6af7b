"""Files of JSON Lines, packed or not, read source by source."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

import zstandard

from graph_seed.read import LINES
from graph_seed.written import SOURCE

LARGE = 8_000_000
"""Bytes from which on a file of JSON Lines is loaded in batches."""
PACKED = {".gz", ".zst"}
_BEGINS = f'"{SOURCE}"'.encode()


@dataclass(frozen=True, slots=True)
class RawSection:
    """The lines of one source as they are written, from which line on they stand in the file."""

    path: Path
    line: int
    raw: bytes
    end: int
    """Bytes of the file that are read with it, packed where the file is."""


def is_large(path: Path) -> bool:
    """Whether a file is to be streamed: JSON Lines that are packed, or very many."""
    if path.suffix.lower() in PACKED:
        return Path(path.stem).suffix.lower() in LINES
    return path.suffix.lower() in LINES and path.is_file() and path.stat().st_size >= LARGE


def sections_of(path: Path) -> Iterator[RawSection]:
    """The sources of a file one after another; each begins with a line that names it.

    Raises OSError, and ValueError for what is not packed as its name says.
    """
    with path.open("rb") as file:
        lines = _unpacked(path, file)
        held: list[bytes] = []
        first = 1
        number = 0
        for number, line in enumerate(lines, start=1):
            if held and line.lstrip()[1:].lstrip().startswith(_BEGINS):
                yield RawSection(path, first, b"".join(held), file.tell())
                held, first = [], number
            held.append(line)
        if held or number == 0:
            yield RawSection(path, first, b"".join(held), file.tell())


def _unpacked(path: Path, file: BufferedReader) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return BufferedReader(gzip.GzipFile(fileobj=file))
    if path.suffix.lower() == ".zst":
        unpacked = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return BufferedReader(unpacked)
    return file
