"""Read compressed files (gzip, zstd) to their end; truncated or damaged data is an error."""

import gzip
import zlib
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING

import zstandard

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
            raise ArchiveError(_damage("gzip", self._file)) from None


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
            raise ArchiveError(_damage("zstd", self._file)) from None
        if self._frame.eof:
            self._packed, self._frame = self._frame.unused_data, None
        return True


_TOO_WIDE = "this file was packed with a window of more than 128 MB; pack it without --long"


def _empty(what: str) -> str:
    return f"this file is empty, and so no {what} file; pack it again"


def _cut(file: BufferedReader) -> str:
    return f"this file ends in the middle, after {file.tell()} bytes; it was cut off: copy it again"


def _damage(what: str, file: BufferedReader) -> str:
    return (
        f"this file is damaged or no {what} file, at or before byte {file.tell()}; "
        "copy or pack it again"
    )
