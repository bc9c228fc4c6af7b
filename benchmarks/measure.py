"""Measures one server: warmed up, then loaded while its CPU and the database's are counted."""

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.operations import Operation
from benchmarks.results import Cell, Measured
from benchmarks.servers import Load, Refused, Server, cpu_seconds, resident

WARM_CLIENTS = 16
WARM_SECONDS = 1.5
WARM_ROUNDS = 15
WARM_REQUESTS = 10_000
"""Requests before anything is measured: V8 has then made the peer as fast as it gets."""
WARM_CYCLES = 6
STILL_FALLING = 0.97
"""CPU per request falls while a round takes less than this part of the least so far."""
FLAT_ROUNDS = 2
SLOW_SECONDS = 10
"""What takes so long for the fewest requests is asked once: it does not cost that by being cold."""

Samples = Sequence[Mapping[str, object]]


@dataclass(slots=True)
class Meter:
    """Measures the servers on one database; ``database`` is its process, where it runs here."""

    database: psutil.Process | None
    commit: str
    rates: dict[tuple[str, str, int], float] = field(default_factory=dict)
    """Requests per second that were last seen, by rival, operation and clients."""

    def warm(self, server: Server, samples: Mapping[Operation, Samples]) -> None:
        """Ask a server that has just started all its operations in turn, for long enough."""
        done = 0
        for _ in range(WARM_CYCLES):
            for operation, variables in samples.items():
                if server.rival in operation.texts and not self._slow(server, operation):
                    # What it refuses is told when that is measured.
                    with contextlib.suppress(Refused):
                        done += self._warming(server, operation, variables)[0].requests
            if done >= WARM_REQUESTS:
                return

    def settle(self, server: Server, operation: Operation, samples: Samples) -> int:
        """Ask one operation until its CPU per request falls no more; the rounds it took."""
        least, flat = float("inf"), 0
        for count in range(1, WARM_ROUNDS + 1):
            _, cpu = self._warming(server, operation, samples)
            flat = 0 if cpu < least * STILL_FALLING else flat + 1
            least = min(least, cpu)
            if flat == FLAT_ROUNDS or self._slow(server, operation):
                return count
        return WARM_ROUNDS

    def measure(
        self, server: Server, operation: Operation, samples: Samples, cell: Cell, seconds: float
    ) -> Measured:
        """Measure one cell for about so long: as many requests as fit, all of them answered."""
        # Where this number of clients was not seen yet, the rate is about that of the warm-up.
        seen = self.rates.get((cell.rival, cell.operation, cell.clients))
        rate = seen or self.rates[cell.rival, cell.operation, WARM_CLIENTS]
        requests = max(2 * cell.clients, round(rate * seconds))
        load, service, database = self._loaded(server, operation, samples, cell.clients, requests)
        return Measured(
            cell=cell,
            requests=load.requests,
            seconds=load.seconds,
            p50=load.p50,
            p95=load.p95,
            p99=load.p99,
            bytes=load.bytes,
            cpu_service=service,
            cpu_database=database,
            memory_service=resident(server.process),
            memory_database=resident(self.database) if self.database else None,
            at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            commit=self.commit,
        )

    def _slow(self, server: Server, operation: Operation) -> bool:
        rate = self.rates.get((server.rival, operation.name, WARM_CLIENTS))
        return rate is not None and rate * SLOW_SECONDS < WARM_CLIENTS

    def _warming(
        self, server: Server, operation: Operation, samples: Samples
    ) -> tuple[Load, float]:
        """A short load, and the CPU of one of its requests."""
        rate = self.rates.get((server.rival, operation.name, WARM_CLIENTS), 0)
        requests = max(WARM_CLIENTS, round(rate * WARM_SECONDS))
        load, service, database = self._loaded(server, operation, samples, WARM_CLIENTS, requests)
        return load, service + (database or 0)

    def _loaded(
        self, server: Server, operation: Operation, samples: Samples, clients: int, requests: int
    ) -> tuple[Load, float, float | None]:
        """A load, and the CPU of one of its requests in the service and in the database, in ms."""
        before = self._cpu(server)
        load = server.load(operation, samples, clients, requests)
        after = self._cpu(server)
        self.rates[server.rival, operation.name, clients] = load.requests / load.seconds
        each = [
            (end - start) * 1000 / load.requests for start, end in zip(before, after, strict=True)
        ]
        return load, each[0], each[1] if self.database else None

    def _cpu(self, server: Server) -> tuple[float, float]:
        database = cpu_seconds(self.database) if self.database else 0.0
        return cpu_seconds(server.process), database
