"""Measure the CPU and the memory of a loader and a database from outside."""

import threading
from types import TracebackType
from typing import Self

import psutil

from benchmarks.servers import own_cpu_seconds

INTERVAL = 0.25


class Watch:
    """A watch over both processes and their children while its context lasts."""

    def __init__(self, loader: psutil.Process, database: psutil.Process) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._loader, self._database = loader, database
        self._cpu: dict[int, float] = {}
        self._database_before = own_cpu_seconds(database)
        self.cpu_database = 0.0
        """In seconds."""
        self.memory_loader = 0
        """The most bytes; shared memory is counted once."""
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
        """Return the seconds of CPU of the loader and its children."""
        return sum(self._cpu.values())

    def _run(self) -> None:
        while not self._ended.wait(INTERVAL):
            self._measure()

    def _measure(self) -> None:
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
