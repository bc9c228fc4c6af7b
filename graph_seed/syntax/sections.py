"""Read JSON Lines source by source, also compressed; truncated or damaged data is an error."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING

import zstandard

from graph_seed.records import Place
from graph_seed.syntax.read import LINES, why_unreadable
from graph_seed.syntax.tree import SOURCE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PACKED = {".gz", ".zst"}
READ = 1 << 12
"""Bytes of a zstd file that are unpacked at once: each may become 32,000."""
BUFFER = 1 << 17
"""Bytes of what is unpacked that are buffered."""


class ArchiveError(Exception):
    """A packed file that cannot be unpacked whole; the message says why."""


def unpack(path: Path, file: BufferedReader) -> IO[bytes]:
    """Return what an open file holds once unpacked, by how its name ends.

    Reading raises ArchiveError for whatever is not a sequence of whole, undamaged parts.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return BufferedReader(_GzipReader(file), BUFFER)
    if suffix == ".zst":
        return BufferedReader(_ZstdReader(file), BUFFER)
    return file


class _GzipReader(RawIOBase):
    """Reads the members of a gzip file; an empty file is no gzip file."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._members = gzip.GzipFile(fileobj=file)
        self._is_empty = not file.peek(1)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read into a buffer; return how many bytes, 0 at the end of the last member."""
        if self._is_empty:
            raise ArchiveError(_empty("gzip"))
        try:
            return self._members.readinto(buffer)
        except EOFError:
            raise ArchiveError(_cut(self._file)) from None
        except (gzip.BadGzipFile, zlib.error):
            raise ArchiveError(_damaged("gzip", self._file)) from None


class _ZstdReader(RawIOBase):
    """Reads the frames of a zstd file; each has to end."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._decompressor = zstandard.ZstdDecompressor()
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._has_frames = False
        self._packed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read into a buffer; return how many bytes, 0 at the end of the last frame."""
        while not self._ready:
            if not self._unpack():
                return 0
        into = memoryview(buffer)
        size = min(len(into), len(self._ready))
        into[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _unpack(self) -> bool:
        """Unpack some more; return False at the end of the file."""
        packed, self._packed = self._packed or self._file.read(READ), b""
        if not packed:
            if self._frame is not None:
                raise ArchiveError(_cut(self._file))
            if not self._has_frames:
                raise ArchiveError(_empty("zstd"))
            return False
        if self._frame is None:
            self._frame = self._decompressor.decompressobj(write_size=BUFFER)
            self._has_frames = True
        try:
            self._ready = memoryview(self._frame.decompress(packed))
        except zstandard.ZstdError as error:
            if "memory" in str(error):
                raise ArchiveError(_TOO_WIDE) from None
            raise ArchiveError(_damaged("zstd", self._file)) from None
        if self._frame.eof:
            self._packed, self._frame = self._frame.unused_data, None
        return True


_TOO_WIDE = "this file was packed with a window of more than 128 MB; pack it without --long"


def _empty(what: str) -> str:
    return f"this file is empty, and so no {what} file; pack it again"


def _cut(file: BufferedReader) -> str:
    return f"this file ends in the middle, after {file.tell()} bytes; it was cut off: copy it again"


def _damaged(what: str, file: BufferedReader) -> str:
    return (
        f"this file is damaged or no {what} file, at or before byte {file.tell()}; "
        "copy or pack it again"
    )


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
