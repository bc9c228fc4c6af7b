"""Say in one line what is wrong with a folder that cannot be written."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.errors import StorageUnavailable

FULL = {errno.ENOSPC, errno.EDQUOT}
REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.ENOTDIR: "a file stands where a folder belongs",
    errno.EEXIST: "a file stands where a folder belongs",
    errno.ENOENT: "no folder can be made there",
    errno.ENAMETOOLONG: "the path is too long",
    errno.ELOOP: "the path leads in a circle",
}
ELSEWHERE = {errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP}
"""What no permission and no space helps against: another folder is needed."""
LEAST_FREE = 32_000_000
"""Bytes without which Neo4j is not started: it would fail half-way, with a long log."""
BLAMED_FREE = 128_000_000
"""Bytes below which a failed start is blamed on the disk: a log of transactions has 64 MB."""


def reason_of(error: OSError) -> str:
    """Return why a file cannot be used, without its path."""
    return REASONS.get(error.errno or 0) or error.strerror or "it cannot be used"


def explain(error: OSError, folder: Path | None = None, setting: str | None = None) -> str:
    """Return one line that names the path, the reason and what to do."""
    path = error.filename if isinstance(error.filename, str) else folder
    where = f"{path}: " if path else ""
    if error.errno in ELSEWHERE:
        where = f"{folder or path}: " if path else ""
        advice = f"Set {setting} to another folder" if setting else "Use another folder"
        return f"{where}{reason_of(error)}. {advice}."
    advice = "Free some space" if error.errno in FULL else "Make it writable"
    other = f", or set {setting} to another folder" if setting else ""
    return f"{where}{reason_of(error)}. {advice}{other}."


@contextmanager
def storage_errors(folder: Path, setting: str) -> Iterator[None]:
    """Turn an OSError about a folder into StorageUnavailable."""
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        raise StorageUnavailable(explain(error, folder, setting)) from error


def require_space(folder: Path, least: int = LEAST_FREE) -> None:
    """Raise OSError if a folder's disk has less space left than these bytes."""
    if shutil.disk_usage(folder).free < least:
        raise OSError(errno.ENOSPC, "", str(folder))
