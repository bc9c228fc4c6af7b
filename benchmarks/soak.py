"""Measure the memory of the service over many requests.

``python -m benchmarks.soak --requests 200000``. It runs all operations in turn, with all sets of
variables.
"""

import argparse
from pathlib import Path

from benchmarks.generate import SIZES
from benchmarks.graph import open_graph
from benchmarks.operations import OPERATIONS, PARLEY
from benchmarks.results import Memory, Results
from benchmarks.run import RESULTS
from benchmarks.samples import Samples
from benchmarks.servers import resident_bytes, start_servers

CLIENTS = 16
STEP = 10_000
"""The number of requests between two measurements."""


def soak(size: str, requests: int, names: list[str], results: Results) -> None:
    """Send Parley a number of requests, and add its memory to the results as it goes."""
    operations = [one for one in OPERATIONS if one.name in names]
    each = -(-STEP // len(operations))
    with open_graph(size) as held, start_servers([PARLEY], held.environment) as running:
        server = running[PARLEY]
        drawn = Samples(held.driver, held.database)
        samples = {one: drawn.of(one.name) for one in operations}
        done = 0
        while done < requests:
            for operation, variables in samples.items():
                done += server.load(operation, variables, CLIENTS, each).requests
            results.add(Memory(PARLEY, done, resident_bytes(server.process)))
            print(f"{done} requests, {resident_bytes(server.process) / 1e6:.0f} MB", flush=True)


def main() -> None:
    """Measure as the command line says."""
    every = [one.name for one in OPERATIONS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--operations", nargs="+", choices=every, default=every)
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    soak(given.size, given.requests, given.operations, Results(given.results))


if __name__ == "__main__":
    main()
