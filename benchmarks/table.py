"""Medians of measurements, and the ratios of Parley's to its rivals'."""

from collections.abc import Callable
from statistics import median

from benchmarks.generate import SIZES
from benchmarks.operations import PARLEY
from benchmarks.results import Measurement, Results

Key = tuple[str, int, str, str]
"""The size, the clients, the operation and the rival."""
Metric = Callable[[Measurement], float]


def rate(one: Measurement) -> float:
    """Return the requests per second."""
    return one.rate


def per_cpu(one: Measurement) -> float:
    """Return the requests per second of CPU of service and database together."""
    return 1000 / one.cpu


def p99(one: Measurement) -> float:
    """Return the 99th percentile of latency, in milliseconds."""
    return one.p99


class Table:
    """The medians of measurements."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self._found: dict[Key, list[Measurement]] = {}
        for cell, one in results.measured.items():
            key = (cell.size, cell.clients, cell.operation, cell.rival)
            self._found.setdefault(key, []).append(one)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Return the pairs of size and number of clients that have measurements, in order."""
        order = list(SIZES)
        found = {(size, clients) for size, clients, _, _ in self._found}
        return sorted(found, key=lambda part: (order.index(part[0]), part[1]))

    def operations(self, size: str, clients: int) -> list[str]:
        """Return the operations with measurements of a size and a number of clients."""
        return sorted({o for s, c, o, _ in self._found if (s, c) == (size, clients)})

    def has(self, *key: str | int) -> bool:
        """Return whether there is a measurement."""
        return key in self._found

    def all(self, size: str, rival: str) -> list[Measurement]:
        """Return all measurements of a rival on a graph of a size."""
        every = self.results.measured.values()
        return [one for one in every if (one.cell.size, one.cell.rival) == (size, rival)]

    def of(self, size: str, clients: int, operation: str, rival: str, what: Metric) -> float | None:
        """Return the median of a metric, or None without measurements."""
        found = self._found.get((size, clients, operation, rival))
        return median(map(what, found)) if found else None

    def ratio(
        self,
        size: str,
        clients: int,
        operation: str,
        rival: str,
        what: Metric,
        ours_is: str = PARLEY,
    ) -> float | None:
        """Return the ratio of Parley's metric to a rival's, or None."""
        ours = self.of(size, clients, operation, ours_is, what)
        theirs = self.of(size, clients, operation, rival, what)
        return ours / theirs if ours and theirs else None

    def ratios(
        self, size: str, clients: int, rival: str, what: Metric, ours_is: str = PARLEY
    ) -> list[float]:
        """Return the ratios of all operations that both answered."""
        every = self.operations(size, clients)
        found = (self.ratio(size, clients, one, rival, what, ours_is) for one in every)
        return [one for one in found if one is not None]


def format_number(value: float | None, digits: int) -> str:
    """Return a number as text for a table; empty for None."""
    return "" if value is None else f"{value:,.{digits}f}"
