"""The medians of what was measured, and Parley's by its rivals'."""

from collections.abc import Callable
from statistics import median

from benchmarks.generate import SIZES
from benchmarks.operations import PARLEY
from benchmarks.results import Measured, Results

Key = tuple[str, int, str, str]
"""Size, clients, operation, rival."""
Of = Callable[[Measured], float]


def rate(one: Measured) -> float:
    """Requests per second."""
    return one.rate


def per_cpu(one: Measured) -> float:
    """Requests for each second of CPU, of service and database together."""
    return 1000 / one.cpu


def p99(one: Measured) -> float:
    """The latency that one of a hundred is above, in milliseconds."""
    return one.p99


class Table:
    """The medians of what was measured."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self._found: dict[Key, list[Measured]] = {}
        for cell, one in results.measured.items():
            key = (cell.size, cell.clients, cell.operation, cell.rival)
            self._found.setdefault(key, []).append(one)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The sizes and numbers of clients that were measured, in order."""
        order = list(SIZES)
        found = {(size, clients) for size, clients, _, _ in self._found}
        return sorted(found, key=lambda part: (order.index(part[0]), part[1]))

    def operations(self, size: str, clients: int) -> list[str]:
        """The operations that were measured there."""
        return sorted({o for s, c, o, _ in self._found if (s, c) == (size, clients)})

    def has(self, *key: str | int) -> bool:
        """Whether a rival was measured."""
        return key in self._found

    def all(self, size: str, rival: str) -> list[Measured]:
        """Everything that was measured of a rival on a graph of this size."""
        every = self.results.measured.values()
        return [one for one in every if (one.cell.size, one.cell.rival) == (size, rival)]

    def of(self, size: str, clients: int, operation: str, rival: str, what: Of) -> float | None:
        """The median of something measured, if it was."""
        found = self._found.get((size, clients, operation, rival))
        return median(map(what, found)) if found else None

    def ratio(self, size: str, clients: int, operation: str, rival: str, what: Of) -> float | None:
        """Parley's by the rival's."""
        ours = self.of(size, clients, operation, PARLEY, what)
        theirs = self.of(size, clients, operation, rival, what)
        return ours / theirs if ours and theirs else None

    def ratios(self, size: str, clients: int, rival: str, what: Of) -> list[float]:
        """The ratios of all operations that both answer."""
        every = self.operations(size, clients)
        found = (self.ratio(size, clients, one, rival, what) for one in every)
        return [one for one in found if one is not None]


def number(value: float | None, digits: int) -> str:
    """A number as a cell of a table holds it; empty where there is none."""
    return "" if value is None else f"{value:,.{digits}f}"
