"""Downloading Neo4j's files: in parallel, each verified, an interrupted download resumed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import httpx
from jgo.constants import MAVEN_CENTRAL_URL

from service.errors import SetUpFailed
from service.managed.jars import Jar

CONNECTIONS = 8
ATTEMPTS = 3
TIMEOUT = httpx.Timeout(30.0, connect=10.0)

Progress = Callable[[int, int], None]
"""Told how many bytes there are already, and how many there will be."""


def missing(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """The jars that are not in a folder; one of the right size was verified when it came."""
    return [jar for jar in jars if not _held(folder / jar.name, jar.size)]


def _held(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def download(
    jars: list[Jar],
    folder: Path,
    base: str | None = None,
    progress: Progress | None = None,
    damaged: Sequence[Jar] = (),
) -> None:
    """Bring the jars that are missing or damaged into a folder.

    Raises SetUpFailed with every file that could not be had, or was not what the lock says. What
    was brought stays, so that the next attempt goes on from there.
    """
    wanted = list(dict.fromkeys([*missing(jars, folder), *damaged]))
    total = sum(jar.size for jar in jars)
    done = total - sum(jar.size for jar in wanted)
    if not wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    problems: list[str] = []
    with (
        httpx.Client(
            base_url=base or MAVEN_CENTRAL_URL,
            limits=limits,
            timeout=TIMEOUT,
            follow_redirects=True,
        ) as client,
        ThreadPoolExecutor(CONNECTIONS) as pool,
    ):
        running = {pool.submit(_fetch, client, jar, folder): jar for jar in wanted}
        try:
            for future in as_completed(running):
                problem = future.result()
                if problem:
                    problems.append(problem)
                done += running[future].size
                if progress:
                    progress(done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # told to stop: begin no other file
            raise
    if problems:
        listed = sorted(problems)[:5]
        lines = f" {listed[0]}" if len(problems) == 1 else "".join(f"\n{one}" for one in listed)
        raise SetUpFailed(f"{len(problems)} of Neo4j's files could not be downloaded:{lines}")


def _fetch(client: httpx.Client, jar: Jar, folder: Path) -> str | None:
    """Bring one jar, written beside and renamed; what went wrong, or None."""
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
