"""Measure the memory of the service over many requests.

``python -m benchmarks.soak --requests 200000``. It runs all operations in turn, with all sets of
variables. ``--kept`` measures a service that keeps its answers, for the page of ``benchmarks.hot``.
"""

import argparse
from pathlib import Path

from benchmarks.generate import SIZES
from benchmarks.graph import open_graph
from benchmarks.hot import HOT_RESULTS
from benchmarks.operations import HOT, OPERATIONS, PARLEY
from benchmarks.results import Memory, Results
from benchmarks.run import RESULTS
from benchmarks.samples import MOST, Samples
from benchmarks.servers import resident_bytes, start_servers

CLIENTS = 16
STEP = 10_000
"""The number of requests between two measurements."""


def soak(given: argparse.Namespace, results: Results) -> None:
    """Send Parley a number of requests, and add its memory to the results as it goes."""
    rival = HOT if given.kept else PARLEY
    operations = [one for one in OPERATIONS if one.name in given.operations]
    each = -(-STEP // len(operations))
    with open_graph(given.size) as held, start_servers([rival], held.environment) as running:
        server = running[rival]
        drawn = Samples(held.driver, held.database, most=given.variables)
        samples = {one: drawn.of(one.name) for one in operations}
        print({one.name: len(found) for one, found in samples.items()}, flush=True)
        done = 0
        while done < given.requests:
            for operation, variables in samples.items():
                begin = done // len(operations) % len(variables)
                turned = variables[begin:] + variables[:begin]
                server.load(operation, turned, CLIENTS, each)
            done += each * len(operations)
            memory = resident_bytes(server.process)
            results.add(Memory(rival, done, memory))
            print(f"{done} requests, {memory / 1e6:.0f} MB", flush=True)


def main() -> None:
    """Measure as the command line says."""
    every = [one.name for one in OPERATIONS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--operations", nargs="+", choices=every, default=every)
    parser.add_argument("--variables", type=int, default=MOST, help="sets of each operation")
    parser.add_argument("--kept", action="store_true", help="keep answers")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    soak(given, Results(given.results or (HOT_RESULTS if given.kept else RESULTS)))


if __name__ == "__main__":
    main()
