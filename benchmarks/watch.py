"""Watching a loader and a database from outside: the CPU they take, the memory they hold."""

import threading
from types import TracebackType
from typing import Self

import psutil

from benchmarks.servers import own_cpu_seconds

SECONDS = 0.25


class Watch:
    """Looks at both, with the processes that they have begun, as long as the context lasts."""

    def __init__(self, loader: psutil.Process, database: psutil.Process) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._loader, self._database = loader, database
        self._cpu: dict[int, float] = {}
        self._database_before = own_cpu_seconds(database)
        self.cpu_database = 0.0
        """Seconds."""
        self.memory_loader = 0
        """Bytes at most, memory that processes share counted once."""
        self.memory_database = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def cpu_loader(self) -> float:
        """Seconds of all its processes."""
        return sum(self._cpu.values())

    def _run(self) -> None:
        while not self._ended.wait(SECONDS):
            self._look()

    def _look(self) -> None:
        try:
            self.cpu_database = own_cpu_seconds(self._database) - self._database_before
            self.memory_database = max(self.memory_database, self._database.memory_info().rss)
        except psutil.NoSuchProcess:
            pass
        try:
            every = [self._loader, *self._loader.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        memory = 0
        for one in every:
            try:
                self._cpu[one.pid] = own_cpu_seconds(one)
                memory += one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        self.memory_loader = max(self.memory_loader, memory)
