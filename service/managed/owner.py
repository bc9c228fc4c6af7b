"""Owning the managed database: one process per data folder starts it, watches it and stops it."""

import contextlib
import os
import threading
import time
from dataclasses import replace
from types import TracebackType
from typing import Self

import psutil
import structlog
from filelock import FileLock
from filelock import Timeout as LockTimeout

from service.errors import (
    AddressRefused,
    DatabaseInUse,
    ParleyError,
    SetUpFailed,
    StorageUnavailable,
)
from service.managed import server
from service.managed.download import Progress, download, missing
from service.managed.home import Home, State
from service.managed.jars import Jar, read_lock
from service.managed.storage import BLAMED_FREE, reason_of, require_space, storage_errors
from service.managed.verify import damaged
from service.managed.watchdog import Watchdog
from service.settings import Settings

log = structlog.get_logger()
LOCK_SECONDS = 2.0
"""How long a lock may take to be given up by an owner that was just killed."""
BOOTING_STOP_SECONDS = 5.0
"""How long a database that is still booting may take to end."""
WATCH_SECONDS = 0.5
RESTART_WINDOW = 300.0
QUICK_RESTARTS = 3
"""How often in ``RESTART_WINDOW`` seconds a database that ended is started again at once."""
LONGEST_PAUSE = 60.0
"""Seconds between two starts of a database that ends again and again."""


class Owner:
    """Owns the managed database for as long as the context lasts."""

    def __init__(
        self, settings: Settings, *, detached: bool = False, progress: Progress | None = None
    ) -> None:
        self.home = Home(settings)
        self._detached = detached
        self._progress = progress
        self._lock = FileLock(self.home.lock, timeout=LOCK_SECONDS)
        self._stopping = threading.Event()
        self._process: psutil.Process | None = None
        self._port = 0
        self._is_up = False
        self._watchdog = Watchdog(self.home, settings.neo4j_watchdog, self._current)
        self._watcher = threading.Thread(target=self._watch, name="neo4j-watch", daemon=True)

    def __enter__(self) -> Self:
        with storage_errors(self.home.root, "PARLEY_DATA_DIR"):
            self._take()
        return self

    def _take(self) -> None:
        """Own the folder and its database; raises what keeps it from that."""
        self.home.make()
        try:
            self._lock.acquire()
        except LockTimeout:
            raise DatabaseInUse(in_use(self.home)) from None
        try:
            # From here on others are told whose it is, while it is set up.
            self._note(self.home.read_state())
            self._process = self._adopted() or self._start()
        except BaseException:
            # A signal may come while Neo4j boots: nobody would own it.
            with contextlib.suppress(OSError):
                if self._process is not None:
                    server.stop(self._process, BOOTING_STOP_SECONDS)
                    self._process = None
                    self.home.forget_state()
                else:
                    self.home.forget_owner()
            self._lock.release()
            raise
        self._is_up = True
        self._watcher.start()
        self._watchdog.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the database and give up the folder."""
        self._stopping.set()
        self._watchdog.stop()
        if self._watcher.is_alive():
            self._watcher.join()
        if self._process is not None:
            server.stop(self._process)
            self._process = None
            with contextlib.suppress(OSError):  # it names a process that has ended
                self.home.forget_state()
        self._lock.release()

    @property
    def pid(self) -> int | None:
        """The id of Neo4j's process."""
        return self._process.pid if self._process else None

    def _adopted(self) -> psutil.Process | None:
        """A database whose owner was killed, taken over; one that does not answer is stopped."""
        state = self.home.read_state()
        orphan = server.found(state, self.home)
        if state is None or orphan is None:
            return None
        if not server.answers(state.port):
            server.stop(orphan)
            return None
        log.info("adopted a running database", pid=orphan.pid)
        self._port = state.port
        return orphan

    def _current(self) -> tuple[psutil.Process, int] | None:
        """Return the database's process and port while it should answer."""
        return (self._process, self._port) if self._is_up and self._process else None

    def _start(self) -> psutil.Process:
        """Start the database; files that turn out to be damaged are downloaded again."""
        settings = self.home.settings
        bring(settings, self._progress)
        require_space(self.home.root)
        try:
            return self._launch()
        except SetUpFailed:
            if self._stopping.is_set():
                raise
            if not bring(settings, self._progress, trust_stamps=False):
                require_space(self.home.root, BLAMED_FREE)
                raise
        return self._launch()

    def _launch(self) -> psutil.Process:
        """Start Neo4j's process and wait until it answers."""
        self._port = self._choose_port()
        self.home.remember_port(self._port)
        process = self._process = server.launch(self.home, self._port)
        try:
            self._note(State(process.pid, process.create_time(), self._port))
            server.wait_until_up(process, self._port, self._stopping.is_set)
        except (SetUpFailed, OSError):
            server.stop(process, BOOTING_STOP_SECONDS)
            raise
        return process

    def _choose_port(self) -> int:
        """Return the port that is set, or the one that the database had last, or a free one."""
        asked = self.home.settings.neo4j_port
        last = self._port or self.home.port or 0
        port = server.free_port(asked or last)
        if asked and port != asked:
            raise AddressRefused(
                f"Port {asked} of 127.0.0.1 cannot be had for the managed database; stop what "
                "listens there, or set PARLEY_NEO4J_PORT to another."
            )
        if last and port != last and not asked:
            log.warning("the database's port is taken; it gets another", port=last, other=port)
        return port

    def _note(self, known: State | None) -> None:
        """Say that this process owns what is known of the database."""
        own = psutil.Process(os.getpid())
        self.home.write_state(
            replace(
                known or State(),
                owner_pid=own.pid,
                owner_started=own.create_time(),
                detached=self._detached,
            )
        )

    def _watch(self) -> None:
        """Start the database again whenever it ends; the more often it does, the later."""
        ends: list[float] = []
        reason = ""
        while not self._stopping.wait(WATCH_SECONDS):
            if self._process is None or server.lives(self._process):
                continue
            self._is_up = False
            with contextlib.suppress(psutil.Error):
                self._process.wait(1)
            now = time.monotonic()
            ends = [*(one for one in ends if now - one < RESTART_WINDOW), now]
            pause = restart_pause(len(ends))
            log.warning("the database ended and is started again", times=len(ends), pause=pause)
            self._tell_trouble(_trouble(len(ends), pause, reason))
            if self._stopping.wait(pause):
                return
            try:
                self._process = self._start()
            except (ParleyError, OSError, psutil.Error) as error:
                cause = error.__cause__ if isinstance(error, StorageUnavailable) else error
                # Whoever may ask whether the service is ready need not learn its paths.
                reason = reason_of(cause) if isinstance(cause, OSError) else str(error)
                log.error("the database could not be started again", reason=str(error))
            else:
                reason = ""
                self._is_up = True

    def _tell_trouble(self, trouble: str) -> None:
        """Say why the database cannot be reached, to those who ask whether it is ready."""
        with contextlib.suppress(OSError):
            self._note(replace(self.home.read_state() or State(), pid=None, trouble=trouble))


def _trouble(ends: int, pause: float, reason: str) -> str:
    """Return why the database cannot be reached, in one line."""
    if reason:
        said = f"The managed database could not be started: {' '.join(reason.split())}"
    else:
        said = "The managed database ended and is started again. Try again shortly."
    if not pause:
        return said
    return (
        f"{said} It ended {ends} times within {RESTART_WINDOW:g} seconds; the next start is in "
        f"{pause:g} seconds. `parley db logs` shows what it said."
    )


def restart_pause(ends: int) -> float:
    """Return the seconds before a start, after so many ends within ``RESTART_WINDOW``."""
    if ends <= QUICK_RESTARTS:
        return 0.0
    return min(2.0 ** (ends - QUICK_RESTARTS - 1), LONGEST_PAUSE)


def bring(
    settings: Settings, progress: Progress | None = None, *, trust_stamps: bool = True
) -> list[Jar]:
    """Bring Neo4j's files into the cache, as far as they are not there or are damaged.

    Returns those that were damaged. Raises SetUpFailed if one cannot be had, StorageUnavailable if
    the cache cannot be written; a cache that is complete need not be.
    """
    folder = settings.cache_dir.expanduser() / "neo4j"
    jars = read_lock(settings.neo4j_lock)
    if not missing(jars, folder) and not damaged(jars, folder, trust_stamps=trust_stamps):
        return []
    with storage_errors(folder, "PARLEY_CACHE_DIR"):
        folder.mkdir(parents=True, exist_ok=True)
        # Two that begin at once would write the same files.
        with FileLock(folder / ".lock"):
            wrong = damaged(jars, folder, trust_stamps=trust_stamps)
            for jar in wrong:
                log.warning("a file of Neo4j's is damaged and is downloaded again", file=jar.name)
            try:
                download(jars, folder, settings.maven_repository, progress, wrong)
            except SetUpFailed as error:
                if not wrong:
                    raise
                names = ", ".join(jar.name for jar in wrong)
                raise SetUpFailed(f"Neo4j's files are damaged: {names}. {error}") from error
            return wrong


def in_use(home: Home) -> str:
    """Who owns a data folder, in words."""
    state = home.read_state()
    pid = f"process {state.owner_pid}" if state and state.owner_pid else "another process"
    return (
        f"The database in {home.root} belongs to {pid}. Stop that one, or run the database by "
        "itself with `parley db start`: then any number of services can join it."
    )
