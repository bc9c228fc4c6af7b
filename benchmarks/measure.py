"""Measure one server: warm it up, then load it and count the CPU of it and the database."""

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.operations import Operation
from benchmarks.results import Cell, Measurement
from benchmarks.servers import Load, Refused, Server, cpu_seconds, resident_bytes

WARM_CLIENTS = 16
WARM_SECONDS = 1.5
WARM_ROUNDS = 15
WARM_REQUESTS = 10_000
"""Requests before the first measurement, after which V8 has optimized the peer."""
WARM_CYCLES = 6
STILL_FALLING = 0.97
"""CPU per request still falls if a round takes less than this part of the least so far."""
FLAT_ROUNDS = 2
SLOW_SECONDS = 10
"""Operations for which the fewest requests take so long are warmed up only once."""

Samples = Sequence[Mapping[str, object]]


@dataclass(slots=True)
class Meter:
    """A meter for the servers on one database, whose process is ``database`` if it runs here."""

    database: psutil.Process | None
    commit: str
    rates: dict[tuple[str, str, int], float] = field(default_factory=dict)
    """The last rate of requests per second, by rival, operation and clients."""

    def warm(self, server: Server, samples: Mapping[Operation, Samples]) -> None:
        """Warm up a new server with all its operations in turn."""
        done = 0
        for _ in range(WARM_CYCLES):
            for operation, variables in samples.items():
                if server.rival in operation.texts and not self._is_slow(server, operation):
                    # A refusal is recorded when the operation is measured.
                    with contextlib.suppress(Refused):
                        done += self._warm_up(server, operation, variables)[0].requests
            if done >= WARM_REQUESTS:
                return

    def settle(self, server: Server, operation: Operation, samples: Samples) -> int:
        """Run one operation until its CPU per request falls no more; return the rounds."""
        least, flat = float("inf"), 0
        for count in range(1, WARM_ROUNDS + 1):
            _, cpu = self._warm_up(server, operation, samples)
            flat = 0 if cpu < least * STILL_FALLING else flat + 1
            least = min(least, cpu)
            if flat == FLAT_ROUNDS or self._is_slow(server, operation):
                return count
        return WARM_ROUNDS

    def measure(
        self, server: Server, operation: Operation, samples: Samples, cell: Cell, seconds: float
    ) -> Measurement:
        """Measure one cell with as many requests as take about ``seconds``."""
        # For a new number of clients, the rate of the warm-up is about right.
        seen = self.rates.get((cell.rival, cell.operation, cell.clients))
        rate = seen or self.rates[cell.rival, cell.operation, WARM_CLIENTS]
        requests = max(2 * cell.clients, round(rate * seconds))
        load, service, database = self._measure_load(
            server, operation, samples, cell.clients, requests
        )
        return Measurement(
            cell=cell,
            requests=load.requests,
            seconds=load.seconds,
            p50=load.p50,
            p95=load.p95,
            p99=load.p99,
            bytes=load.bytes,
            cpu_service=service,
            cpu_database=database,
            memory_service=resident_bytes(server.process),
            memory_database=resident_bytes(self.database) if self.database else None,
            at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            commit=self.commit,
        )

    def _is_slow(self, server: Server, operation: Operation) -> bool:
        rate = self.rates.get((server.rival, operation.name, WARM_CLIENTS))
        return rate is not None and rate * SLOW_SECONDS < WARM_CLIENTS

    def _warm_up(
        self, server: Server, operation: Operation, samples: Samples
    ) -> tuple[Load, float]:
        """Run a short load; return it and the CPU of one request."""
        rate = self.rates.get((server.rival, operation.name, WARM_CLIENTS), 0)
        requests = max(WARM_CLIENTS, round(rate * WARM_SECONDS))
        load, service, database = self._measure_load(
            server, operation, samples, WARM_CLIENTS, requests
        )
        return load, service + (database or 0)

    def _measure_load(
        self, server: Server, operation: Operation, samples: Samples, clients: int, requests: int
    ) -> tuple[Load, float, float | None]:
        """Run a load; return it and the CPU of one request in service and database, in ms."""
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
