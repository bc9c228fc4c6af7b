"""Neo4j's files: the lock that names them, their download, and checks of their content.

1. `read_lock` reads which jars there are, with the SHA-256 and the size of each.
2. `download_jars` brings those into the cache that are missing (`find_missing`) or damaged
   (`find_damaged`): in parallel, each verified; an interrupted download goes on where it stopped.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import structlog
from filelock import FileLock

from service.errors import SetUpFailed
from service.managed.storage import translate_storage_errors
from service.settings import Settings

if TYPE_CHECKING:
    import httpx

log = structlog.get_logger()
LOCK = Path(__file__).parent / "neo4j.lock"
"""The lock of the Neo4j that Parley runs."""
CONNECTIONS = 8
ATTEMPTS = 3
READ_SECONDS, CONNECT_SECONDS = 30.0, 10.0
"""The longest waits for the next bytes of a file, and for a connection."""
STAMPS = "verified.json"
"""The file that holds, for each verified jar, the stamp by which it is recognised as unchanged."""

DownloadProgress = Callable[[int, int], None]
"""Called with the number of bytes that are there, and that there will be."""


@dataclass(frozen=True, slots=True)
class Jar:
    """A file of a Maven repository, with its SHA-256 and its size in bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """Return the name of the file."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.jar"

    @property
    def path(self) -> str:
        """Return the path of the file in a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"

    @property
    def coordinate(self) -> str:
        """Return ``group:artifact:version``, and ``:classifier`` if there is one."""
        parts = [self.group, self.artifact, self.version]
        return ":".join([*parts, self.classifier] if self.classifier else parts)


def read_lock(path: Path | None = None) -> list[Jar]:
    """Return the jars of a lock, by default of the bundled one.

    It has a line ``coordinate sha256 size`` for each; ``#`` begins a comment.
    """
    jars: list[Jar] = []
    for line in (path or LOCK).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        coordinate, sha256, size = line.split()
        group, artifact, version, *rest = coordinate.split(":")
        jars.append(Jar(group, artifact, version, rest[0] if rest else "", sha256, int(size)))
    return jars


def write_lock(path: Path, jars: Iterable[Jar], head: str) -> None:
    """Write a lock, ordered by coordinate, with ``head`` as its first comment."""
    lines = [f"# {line}" for line in head.splitlines()]
    ordered = sorted(jars, key=lambda jar: jar.coordinate)
    lines += [f"{jar.coordinate} {jar.sha256} {jar.size}" for jar in ordered]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def neo4j_version(jars: Iterable[Jar]) -> str:
    """Return the version of Neo4j that jars contain."""
    return next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))


def download_jars(
    settings: Settings, progress: DownloadProgress | None = None, *, trust_stamps: bool = True
) -> list[Jar]:
    """Download the missing and the damaged jars into the cache; return the damaged ones.

    Raises SetUpFailed if one cannot be downloaded, StorageUnavailable if the cache cannot be
    written. A complete cache may be read-only.
    """
    folder = settings.cache_dir.expanduser() / "neo4j"
    jars = read_lock(settings.neo4j_lock)
    if not find_missing(jars, folder) and not find_damaged(jars, folder, trust_stamps=trust_stamps):
        return []
    with translate_storage_errors(folder, "PARLEY_CACHE_DIR"):
        folder.mkdir(parents=True, exist_ok=True)
        # Two processes that start at once would write the same files.
        with FileLock(folder / ".lock"):
            damaged = find_damaged(jars, folder, trust_stamps=trust_stamps)
            for jar in damaged:
                log.warning("a file of Neo4j's is damaged and is downloaded again", file=jar.name)
            try:
                download(jars, folder, settings.maven_repository, progress, damaged)
            except SetUpFailed as error:
                if not damaged:
                    raise
                names = ", ".join(jar.name for jar in damaged)
                raise SetUpFailed(f"Neo4j's files are damaged: {names}. {error}") from error
            return damaged


def find_missing(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """Return the jars of which a folder has no file of the right size."""
    return [jar for jar in jars if not _has_size(folder / jar.name, jar.size)]


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def find_damaged(jars: Iterable[Jar], folder: Path, *, trust_stamps: bool = True) -> list[Jar]:
    """Return the jars in a folder whose content has another SHA-256 than the lock says.

    A file that has not changed since it was verified is not read again, unless ``trust_stamps`` is
    false.
    """
    stamps = _read_stamps(folder) if trust_stamps else {}
    present = [jar for jar in jars if (folder / jar.name).is_file()]
    current = {jar.name: _stamp(jar, folder) for jar in present}
    unverified = [jar for jar in present if stamps.get(jar.name) != current[jar.name]]
    if not unverified:
        return []
    with ThreadPoolExecutor() as pool:
        right = list(pool.map(lambda jar: _has_its_hash(jar, folder), unverified))
    damaged = [jar for jar, is_right in zip(unverified, right, strict=True) if not is_right]
    for jar in damaged:
        del current[jar.name]
    _write_stamps(folder, stamps | current)
    return damaged


def _has_its_hash(jar: Jar, folder: Path) -> bool:
    with (folder / jar.name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256


def _stamp(jar: Jar, folder: Path) -> list[object]:
    """Return values that differ if a file changed; no program can set an inode's change time."""
    found = (folder / jar.name).stat()
    return [jar.sha256, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _read_stamps(folder: Path) -> dict[str, object]:
    try:
        found = orjson.loads((folder / STAMPS).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_stamps(folder: Path, stamps: dict[str, object]) -> None:
    """Write the stamps; if that fails, every file is read again next time."""
    beside = folder / f".{STAMPS}.{os.getpid()}"
    with contextlib.suppress(OSError):
        beside.write_bytes(orjson.dumps(stamps))
        beside.replace(folder / STAMPS)


def download(
    jars: list[Jar],
    folder: Path,
    base: str | None = None,
    progress: DownloadProgress | None = None,
    damaged: Sequence[Jar] = (),
) -> None:
    """Download the missing and the damaged jars from a Maven repository into a folder.

    Raises SetUpFailed with every file that could not be downloaded, or whose hash is wrong. The
    other files stay, so that the next attempt goes on from there.
    """
    wanted = list(dict.fromkeys([*find_missing(jars, folder), *damaged]))
    total = sum(jar.size for jar in jars)
    done = total - sum(jar.size for jar in wanted)
    if not wanted:
        return
    # Only a download needs these two; importing them takes a tenth of a second.
    import httpx  # noqa: PLC0415
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    problems: list[str] = []
    with (
        httpx.Client(
            base_url=base or MAVEN_CENTRAL_URL,
            limits=limits,
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=True,
        ) as client,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        downloads = {pool.submit(_fetch, client, jar, folder): jar for jar in wanted}
        try:
            for future in as_completed(downloads):
                problem = future.result()
                if problem:
                    problems.append(problem)
                done += downloads[future].size
                if progress:
                    progress(done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # interrupted: begin no other file
            raise
    if problems:
        listed = sorted(problems)[:5]
        lines = f" {listed[0]}" if len(problems) == 1 else "".join(f"\n{one}" for one in listed)
        raise SetUpFailed(f"{len(problems)} of Neo4j's files could not be downloaded:{lines}")


def _fetch(client: "httpx.Client", jar: Jar, folder: Path) -> str | None:
    """Download one jar; return what went wrong, or None. No reader sees a half-written file."""
    import httpx  # noqa: PLC0415 - as above

    problem = ""
    for _ in range(ATTEMPTS):
        try:
            response = client.get(jar.path)
        except httpx.HTTPError:
            problem = f"{jar.coordinate}: no answer; check the network and try again"
            continue
        if response.status_code >= 500:
            problem = f"{jar.coordinate}: the repository answered {response.status_code}"
            continue
        if response.status_code != 200:
            return f"{jar.coordinate}: the repository answered {response.status_code}"
        if hashlib.sha256(response.content).hexdigest() != jar.sha256:
            return f"{jar.coordinate}: its SHA-256 is not the lock's; it was not kept"
        beside = folder / f".{jar.name}.part"
        try:
            beside.write_bytes(response.content)
            beside.replace(folder / jar.name)
        finally:
            beside.unlink(missing_ok=True)
        return None
    return problem
