"""Compare the cost of operations on graph L with that on M: both run at once and take turns.

``python -m benchmarks.growth``. The speed of a shared machine changes within half an hour, so two
runs one after the other would compare the machine with itself.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks.graph import open_graph
from benchmarks.machine import current_commit, describe_machine
from benchmarks.measure import Meter
from benchmarks.measure import Samples as OperationSamples
from benchmarks.operations import BARE, OPERATIONS, PARLEY, Operation
from benchmarks.report import CLIENTS
from benchmarks.results import Cell, Growth, Results
from benchmarks.run import RESULTS
from benchmarks.samples import Samples
from benchmarks.servers import Server, start_servers
from service.settings import Settings

SIZES = ("M", "L")
RIVALS = (PARLEY, BARE)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the graphs, with the servers that answer from it."""

    size: str
    servers: dict[str, Server]
    meter: Meter
    samples: Mapping[Operation, OperationSamples]


@contextmanager
def open_side(size: str, results: Results) -> Iterator[Side]:
    """Open a graph, and start Parley and the bare endpoint on it."""
    with open_graph(size) as held, start_servers(RIVALS, held.environment) as running:
        results.describe(describe_machine(held.driver, held.database))
        drawn = Samples(held.driver, held.database)
        samples = {one: drawn.of(one.name) for one in OPERATIONS}
        yield Side(size, running, Meter(psutil.Process(held.pid), current_commit()), samples)


def measure_growth(
    sides: list[Side], operation: Operation, repeats: int, seconds: float
) -> Iterator[Growth]:
    """Yield the cost of an operation for each rival on both graphs: medians of measurements."""
    asked = [(one, one.servers[rival]) for rival in RIVALS for one in sides]
    for one, server in asked:
        one.meter.settle(server, operation, one.samples[operation])
    costs: dict[tuple[str, str], list[float]] = {}
    sizes: dict[tuple[str, str], int] = {}
    for repeat in range(repeats):
        for one, server in asked:
            cell = Cell(one.size, operation.name, CLIENTS, server.rival, repeat)
            found = one.meter.measure(server, operation, one.samples[operation], cell, seconds)
            costs.setdefault((server.rival, one.size), []).append(found.cpu)
            sizes[server.rival, one.size] = found.bytes
    for rival in RIVALS:
        on_m, on_l = (median(costs[rival, one.size]) for one in sides)
        bytes_m, bytes_l = (sizes[rival, one.size] for one in sides)
        yield Growth(operation.name, rival, on_m, on_l, bytes_m, bytes_l, current_commit())


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=2, help="about, for one measurement")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--operations", nargs="+", choices=[one.name for one in OPERATIONS])
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    if Settings().neo4j_uri:
        sys.exit("This compares two databases that it makes itself: unset PARLEY_NEO4J_URI.")
    results = Results(given.results)
    with ExitStack() as stack:
        sides = [stack.enter_context(open_side(size, results)) for size in SIZES]
        for operation in OPERATIONS:
            if given.operations is None or operation.name in given.operations:
                for one in measure_growth(sides, operation, given.repeats, given.seconds):
                    results.add(one)
                    print(
                        f"{one.operation:14} {one.rival:8} {one.on_m:.2f} to {one.on_l:.2f} ms",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
