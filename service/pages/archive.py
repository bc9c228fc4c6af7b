"""GraphiQL in one compressed file: ``python -m service.pages.archive`` packs what Vite built.

The archive is a ZIP whose entries are compressed by DEFLATE (RFC 1951). A browser gets such an
entry as it is, in the frame of gzip (RFC 1952): nothing is unpacked to answer a request.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ARCHIVE = Path(__file__).parent / "graphiql.zip"
SOURCES = Path(__file__).parents[2] / "graphiql"
BUILT = SOURCES / "dist"
SOURCE_PATTERNS = ("*.html", "*.js", "*.json", "src/**/*")
DIGEST = "sources.sha256"
"""The entry that holds the digest of the sources of the others."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same sources give the same archive."""
LOCAL_HEADER = struct.Struct("<26xHH")
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive; its bytes are kept compressed."""

    deflated: bytes
    checksum: int
    size: int

    @property
    def gzipped(self) -> bytes:
        """Return it in the frame of gzip."""
        trailer = struct.pack("<II", self.checksum, self.size & 0xFFFFFFFF)
        return GZIP_HEADER + self.deflated + trailer

    @property
    def content(self) -> bytes:
        """Return it decompressed."""
        return zlib.decompress(self.deflated, wbits=-zlib.MAX_WBITS)

    @property
    def etag(self) -> str:
        """Return the ETag of its content."""
        return f"{self.checksum:08x}-{self.size:x}"


@cache
def read_archive() -> dict[str, Entry]:
    """Return the files of the archive by their paths."""
    raw = ARCHIVE.read_bytes()
    with zipfile.ZipFile(ARCHIVE) as archive:
        return {one.filename: _read_entry(raw, one) for one in archive.infolist()}


def _read_entry(raw: bytes, info: zipfile.ZipInfo) -> Entry:
    """Return an entry from the archive's bytes, without decompressing it."""
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError(f"{ARCHIVE.name}: {info.filename} is not compressed by DEFLATE")
    header = info.header_offset
    name, extra = LOCAL_HEADER.unpack_from(raw, header)
    start = header + LOCAL_HEADER.size + name + extra
    return Entry(raw[start : start + info.compress_size], info.CRC, info.file_size)


def _source_files() -> Iterator[Path]:
    for pattern in SOURCE_PATTERNS:
        yield from (path for path in sorted(SOURCES.glob(pattern)) if path.is_file())


def digest_sources() -> str:
    """Return a digest of the names and contents of the files that the archive is built of."""
    found = hashlib.sha256()
    for path in _source_files():
        name = path.relative_to(SOURCES).as_posix()
        content = path.read_bytes()
        found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def pack() -> None:
    """Write the archive of what was built."""
    with zipfile.ZipFile(ARCHIVE, "w") as archive:
        for path in sorted(path for path in BUILT.rglob("*") if path.is_file()):
            _add(archive, path.relative_to(BUILT).as_posix(), path.read_bytes())
        _add(archive, DIGEST, digest_sources().encode())


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED, compresslevel=9)


if __name__ == "__main__":
    pack()
