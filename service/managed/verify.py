"""Find downloaded files that are not what the lock says."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson

from service.managed.jars import Jar

STAMPS = "verified.json"
"""Keeps, of each file whose hash was right, by what it is seen to be the same file still."""


def damaged(jars: Iterable[Jar], folder: Path, *, trust_stamps: bool = True) -> list[Jar]:
    """Return the jars in a folder that have the right size and the wrong content.

    A file that did not change since its hash was right is not read again, unless stamps are not
    to be trusted.
    """
    stamps = _read_stamps(folder) if trust_stamps else {}
    present = [jar for jar in jars if (folder / jar.name).is_file()]
    now = {jar.name: _stamp(jar, folder) for jar in present}
    unread = [jar for jar in present if stamps.get(jar.name) != now[jar.name]]
    if not unread:
        return []
    with ThreadPoolExecutor() as pool:
        right = list(pool.map(lambda jar: _has_its_hash(jar, folder), unread))
    wrong = [jar for jar, is_right in zip(unread, right, strict=True) if not is_right]
    for jar in wrong:
        del now[jar.name]
    _write_stamps(folder, stamps | now)
    return wrong


def _has_its_hash(jar: Jar, folder: Path) -> bool:
    with (folder / jar.name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def _stamp(jar: Jar, folder: Path) -> list[object]:
    """Return what changes when a file does: nobody sets the time of a change of its inode."""
    found = (folder / jar.name).stat()
    return [jar.sha256, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _read_stamps(folder: Path) -> dict[str, object]:
    try:
        found = orjson.loads((folder / STAMPS).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_stamps(folder: Path, stamps: dict[str, object]) -> None:
    """Write the stamps; without them every file is read again next time, which is no harm."""
    beside = folder / f".{STAMPS}.{os.getpid()}"
    with contextlib.suppress(OSError):
        beside.write_bytes(orjson.dumps(stamps))
        beside.replace(folder / STAMPS)
