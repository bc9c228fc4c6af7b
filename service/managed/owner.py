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

from service.errors import DatabaseInUse, SetUpFailed
from service.managed import server
from service.managed.download import Progress, download
from service.managed.home import Home, State
from service.managed.jars import read_lock
from service.settings import Settings

log = structlog.get_logger()
LOCK_SECONDS = 2.0
"""How long a lock may take to be given up by an owner that was just killed."""
BOOTING_STOP_SECONDS = 5.0
"""How long a database that is still booting may take to end."""
WATCH_SECONDS = 0.5
RESTARTS = 5
"""How often in ``RESTART_WINDOW`` seconds a database that died is started again."""
RESTART_WINDOW = 300.0


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
        self._watcher = threading.Thread(target=self._watch, name="neo4j-watch", daemon=True)

    def __enter__(self) -> Self:
        self.home.make()
        try:
            self._lock.acquire()
        except LockTimeout:
            raise DatabaseInUse(in_use(self.home)) from None
        try:
            # From here on others are told whose it is, while it is set up.
            self._note(self.home.read_state())
            bring(self.home.settings, self._progress)
            self._process = self._adopted() or self._started()
        except BaseException:
            # A signal may come while Neo4j boots: nobody would own it.
            if self._process is not None:
                server.stop(self._process, BOOTING_STOP_SECONDS)
                self._process = None
                self.home.forget_state()
            else:
                self.home.forget_owner()
            self._lock.release()
            raise
        self._watcher.start()
        return self

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
        if self._watcher.is_alive():
            self._watcher.join()
        if self._process is not None:
            server.stop(self._process)
            self._process = None
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

    def _started(self) -> psutil.Process:
        self._port = self._port or server.free_port()
        process = self._process = server.launch(self.home, self._port)
        self._note(State(process.pid, process.create_time(), self._port))
        server.wait_until_up(process, self._port, self._stopping.is_set)
        return process

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
        """Start the database again when it dies, on its port, a bounded number of times."""
        restarts: list[float] = []
        while not self._stopping.wait(WATCH_SECONDS):
            if self._process is None or server.lives(self._process):
                continue
            with contextlib.suppress(psutil.Error):
                self._process.wait(1)
            now = time.monotonic()
            restarts = [one for one in restarts if now - one < RESTART_WINDOW]
            if len(restarts) >= RESTARTS:
                log.error("the database died too often and is not started again")
                return
            restarts.append(now)
            log.warning("the database died and is started again", times=len(restarts))
            try:
                self._process = self._started()
            except SetUpFailed as error:
                log.error("the database could not be started again", reason=str(error))


def bring(settings: Settings, progress: Progress | None = None) -> None:
    """Bring Neo4j's files into the cache, as far as they are not there; raises SetUpFailed."""
    folder = settings.cache_dir.expanduser() / "neo4j"
    folder.mkdir(parents=True, exist_ok=True)
    # Two that begin at once would write the same files.
    with FileLock(folder / ".lock"):
        download(read_lock(settings.neo4j_lock), folder, settings.maven_repository, progress)


def in_use(home: Home) -> str:
    """Who owns a data folder, in words."""
    state = home.read_state()
    pid = f"process {state.owner_pid}" if state and state.owner_pid else "another process"
    return (
        f"The database in {home.root} belongs to {pid}. Stop that one, or run the database by "
        "itself with `parley db start`: then any number of services can join it."
    )
