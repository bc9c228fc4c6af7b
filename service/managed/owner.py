"""Own the managed database: one process per data folder starts, watches and stops it."""

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
from service.managed.home import Home, OwnerState
from service.managed.jars import DownloadProgress, download_jars
from service.managed.startup_cache import (
    StartupCache,
    discard_startup_cache,
    startup_option,
)
from service.managed.storage import (
    LOW_SPACE_BYTES,
    describe_errno,
    require_space,
    translate_storage_errors,
)
from service.managed.watchdog import Watchdog
from service.settings import Settings

log = structlog.get_logger()
LOCK_SECONDS = 2.0
"""Seconds to wait for the lock of an owner that was just killed."""
BOOTING_STOP_SECONDS = 5.0
"""Seconds that a database which is still booting may take to end."""
WATCH_SECONDS = 0.5
RESTART_WINDOW = 300.0
QUICK_RESTARTS = 3
"""The number of ends within ``RESTART_WINDOW`` seconds after which restarts begin to wait."""
LONGEST_PAUSE = 60.0
"""The most seconds between two starts of a database that ends again and again."""


class Owner:
    """A context manager that owns the managed database: starts it, watches it and stops it."""

    def __init__(
        self,
        settings: Settings,
        *,
        detached: bool = False,
        progress: DownloadProgress | None = None,
    ) -> None:
        self.home = Home(settings)
        self._detached = detached
        self._progress = progress
        self._lock = FileLock(self.home.lock, timeout=LOCK_SECONDS)
        self._stopping = threading.Event()
        self._process: psutil.Process | None = None
        self._port = 0
        self._is_up = False
        self._watchdog = Watchdog(self.home, settings.neo4j_watchdog, self._answering_process)
        self._startup_cache = StartupCache(settings)
        self._watcher = threading.Thread(target=self._watch, name="neo4j-watch", daemon=True)

    def __enter__(self) -> Self:
        with translate_storage_errors(self.home.root, "PARLEY_DATA_DIR"):
            self._acquire()
        return self

    def _acquire(self) -> None:
        """Lock the data folder and start its database, or adopt a running one."""
        self.home.make()
        try:
            self._lock.acquire()
        except LockTimeout:
            raise DatabaseInUse(describe_owner(self.home)) from None
        try:
            # Other processes can now read who owns it, while it is set up.
            self._write_state(self.home.read_state())
            self._process = self._adopt_running() or self._start()
        except BaseException:
            # A signal may arrive while Neo4j boots; without this, no process would own it.
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
        self._startup_cache.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the database and release the data folder."""
        self._stopping.set()
        self._watchdog.stop()
        self._startup_cache.stop()
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
        """Return the id of Neo4j's process, or None."""
        return self._process.pid if self._process else None

    def _adopt_running(self) -> psutil.Process | None:
        """Return a running database whose owner was killed; one that does not answer is stopped."""
        state = self.home.read_state()
        orphan = server.find_process(state, self.home)
        if state is None or orphan is None:
            return None
        if not server.is_answering(state.port):
            server.stop(orphan)
            return None
        log.info("adopted a running database", pid=orphan.pid)
        self._port = state.port
        return orphan

    def _answering_process(self) -> tuple[psutil.Process, int] | None:
        """Return the process and port of the database, or None while it cannot answer."""
        return (self._process, self._port) if self._is_up and self._process else None

    def _start(self) -> psutil.Process:
        """Start the database; if that fails, replace damaged files and retry."""
        settings = self.home.settings
        download_jars(settings, self._progress)
        require_space(self.home.root)
        try:
            return self._launch()
        except SetUpFailed:
            if self._stopping.is_set():
                raise
            discarded = discard_startup_cache(settings)
            damaged = download_jars(settings, self._progress, trust_stamps=False)
            if not damaged and not discarded:
                require_space(self.home.root, LOW_SPACE_BYTES)
                raise
        return self._launch()

    def _launch(self) -> psutil.Process:
        """Start Neo4j's process and wait until it answers."""
        self._port = self._choose_port()
        self.home.remember_port(self._port)
        process = self._process = server.launch(
            self.home, self._port, startup_option(self.home.settings)
        )
        try:
            self._write_state(OwnerState(process.pid, server.identify_start(process), self._port))
            server.wait_until_up(process, self._port, self._stopping.is_set)
        except (SetUpFailed, OSError):
            server.stop(process, BOOTING_STOP_SECONDS)
            raise
        return process

    def _choose_port(self) -> int:
        """Return the port of the settings, else the port that it had last, else a free one."""
        asked = self.home.settings.neo4j_port
        last = self._port or self.home.port or 0
        port = server.find_free_port(asked or last)
        if asked and port != asked:
            raise AddressRefused(
                f"Port {asked} of 127.0.0.1 is not available for the managed database; stop what "
                "listens there, or set PARLEY_NEO4J_PORT to another."
            )
        if last and port != last and not asked:
            log.warning("the database's port is taken; it gets another", port=last, other=port)
        return port

    def _write_state(self, known: OwnerState | None) -> None:
        """Write the state of the database, with this process as its owner."""
        own = psutil.Process(os.getpid())
        self.home.write_state(
            replace(
                known or OwnerState(),
                owner_pid=own.pid,
                owner_started=server.identify_start(own),
                detached=self._detached,
            )
        )

    def _watch(self) -> None:
        """Restart the database whenever it ends, with backoff if it ends often."""
        ends: list[float] = []
        reason = ""
        while not self._stopping.wait(WATCH_SECONDS):
            if self._process is None or server.is_alive(self._process):
                continue
            self._is_up = False
            with contextlib.suppress(psutil.Error):
                self._process.wait(1)
            now = time.monotonic()
            ends = [*(one for one in ends if now - one < RESTART_WINDOW), now]
            pause = restart_pause(len(ends))
            log.warning("the database ended and is started again", times=len(ends), pause=pause)
            self._write_trouble(_describe_trouble(len(ends), pause, reason))
            if self._stopping.wait(pause):
                return
            try:
                self._process = self._start()
            except (ParleyError, OSError, psutil.Error) as error:
                cause = error.__cause__ if isinstance(error, StorageUnavailable) else error
                # The reason is shown at /readyz, which must not reveal paths.
                reason = describe_errno(cause) if isinstance(cause, OSError) else str(error)
                log.error("the database could not be started again", reason=str(error))
            else:
                reason = ""
                self._is_up = True

    def _write_trouble(self, trouble: str) -> None:
        """Write why the database cannot be reached, for other processes to show."""
        with contextlib.suppress(OSError):
            self._write_state(
                replace(self.home.read_state() or OwnerState(), pid=None, trouble=trouble)
            )


def _describe_trouble(ends: int, pause: float, reason: str) -> str:
    """Return one line that says why the database cannot be reached."""
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
    """Return the seconds to wait before a restart, after a number of recent ends."""
    if ends <= QUICK_RESTARTS:
        return 0.0
    return min(2.0 ** (ends - QUICK_RESTARTS - 1), LONGEST_PAUSE)


def describe_owner(home: Home) -> str:
    """Return a message that says which process owns a data folder, and what to do."""
    state = home.read_state()
    pid = f"process {state.owner_pid}" if state and state.owner_pid else "another process"
    return (
        f"The database in {home.root} belongs to {pid}. Stop that one, or run the database by "
        "itself with `parley db start`: then any number of services can join it."
    )
