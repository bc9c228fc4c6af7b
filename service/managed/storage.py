"""Explain errors of the file system, and check the free space of a disk."""

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
NEEDS_OTHER_PATH = {errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP}
"""Errors that need another folder: neither permission nor space would help."""
MIN_FREE_BYTES = 32_000_000
"""Free bytes below which Neo4j is not started: it would fail half-way, with a long log."""
LOW_SPACE_BYTES = 128_000_000
"""Free bytes below which a failed start is explained by the disk: a transaction log has 64 MB."""


def describe_errno(error: OSError) -> str:
    """Return the reason of an OSError, without its path."""
    return REASONS.get(error.errno or 0) or error.strerror or "it cannot be used"


def describe_storage_error(
    error: OSError, folder: Path | None = None, setting: str | None = None
) -> str:
    """Return one line with the path, the reason and what to do."""
    path = error.filename if isinstance(error.filename, str) else folder
    where = f"{path}: " if path else ""
    if error.errno in NEEDS_OTHER_PATH:
        where = f"{folder or path}: " if path else ""
        advice = f"Set {setting} to another folder" if setting else "Use another folder"
        return f"{where}{describe_errno(error)}. {advice}."
    advice = "Free some space" if error.errno in FULL else "Make it writable"
    other = f", or set {setting} to another folder" if setting else ""
    return f"{where}{describe_errno(error)}. {advice}{other}."


@contextmanager
def translate_storage_errors(folder: Path, setting: str) -> Iterator[None]:
    """Raise StorageUnavailable in place of an OSError; the message names the folder's setting."""
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        raise StorageUnavailable(describe_storage_error(error, folder, setting)) from error


def require_space(folder: Path, least: int = MIN_FREE_BYTES) -> None:
    """Raise OSError if a folder's disk has fewer free bytes than ``least``."""
    if shutil.disk_usage(folder).free < least:
        raise OSError(errno.ENOSPC, "", str(folder))
