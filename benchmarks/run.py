"""Runs the benchmark: rivals in turn over operations and numbers of clients, on one graph.

``python -m benchmarks.run --size M``. Answers are compared before anything is timed. What is in the
results already is passed over, unless ``--again`` is said.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil

from benchmarks.compare import compared
from benchmarks.generate import SIZES
from benchmarks.graph import FOLDER, Graph, graph
from benchmarks.machine import commit, machine
from benchmarks.measure import Meter
from benchmarks.measure import Samples as OfOne
from benchmarks.operations import OPERATIONS, PEER, RIVALS, Operation
from benchmarks.results import Cell, Refusal, Results, RoundTrips
from benchmarks.round_trips import relay
from benchmarks.samples import Samples
from benchmarks.servers import Refused, Server, servers

RESULTS = FOLDER / "results.jsonl"
CLIENTS = (1, 16, 64)
ASKED_FOR_TRIPS = 50


def cells(
    size: str, operation: Operation, clients: Sequence[int], rivals: Sequence[str], repeats: int
) -> list[Cell]:
    """All cells of an operation, rivals in turn: what disturbs the machine meets all of them."""
    able = [one for one in rivals if one in operation.texts]
    return [
        Cell(size, operation.name, count, able[(turn + repeat) % len(able)], repeat)
        for count in clients
        for repeat in range(repeats)
        for turn in range(len(able))
    ]


def run(given: argparse.Namespace, results: Results) -> None:
    """Measure what is not measured yet."""
    operations = [one for one in OPERATIONS if given.operations in (None, one.name)]
    wanted = {
        one: [
            cell
            for cell in cells(given.size, one, given.clients, given.rivals, given.repeats)
            if given.again
            or not (
                cell in results.measured
                or (cell.size, cell.operation, cell.rival) in results.refused
            )
        ]
        for one in operations
    }
    if not any(wanted.values()):
        return
    with graph(given.size) as held:
        results.describe(machine(held.driver, held.database))
        drawn = Samples(held.driver, held.database)
        samples: dict[Operation, OfOne] = {
            one: drawn.of(one.name) for one, left in wanted.items() if left
        }
        with servers(given.rivals, held.environment) as running:
            meter = Meter(psutil.Process(held.pid) if held.pid else None, commit())
            for operation, variables in samples.items():
                refused = compared(running, operation, variables)
                for rival, said in refused.items():
                    results.add(Refusal(given.size, operation.name, rival, said))
                wanted[operation] = [c for c in wanted[operation] if c.rival not in refused]
            for server in running.values():
                print(f"warming up {server.rival}", flush=True)
                meter.warm(server, samples)
            for operation, variables in samples.items():
                _measured(meter, running, operation, variables, wanted[operation], given, results)
        _trips(held, given.size, given.rivals, samples, results)


def _measured(
    meter: Meter,
    running: Mapping[str, Server],
    operation: Operation,
    samples: OfOne,
    wanted: Sequence[Cell],
    given: argparse.Namespace,
    results: Results,
) -> None:
    refused: set[str] = set()

    def settle(rival: str) -> None:
        rounds = meter.settle(running[rival], operation, samples)
        print(f"{operation.name}: {rival} settled in {rounds} rounds", flush=True)

    def measure(cell: Cell) -> None:
        one = meter.measure(running[cell.rival], operation, samples, cell, given.seconds)
        results.add(one)
        print(
            f"{cell.operation:14} {cell.clients:3} {cell.rival:10} {one.rate:8.0f}/s"
            f" p50 {one.p50:7.1f} p99 {one.p99:7.1f} ms"
            f" CPU {one.cpu_service:6.2f} + {one.cpu_database or 0:6.2f} ms",
            flush=True,
        )

    steps = [(rival, partial(settle, rival)) for rival in dict.fromkeys(c.rival for c in wanted)]
    steps += [(cell.rival, partial(measure, cell)) for cell in wanted]
    for rival, step in steps:
        if rival in refused:
            continue
        try:
            step()
        except Refused as error:
            refused.add(rival)
            results.add(Refusal(given.size, operation.name, rival, str(error)))


def _trips(
    held: Graph,
    size: str,
    rivals: Sequence[str],
    samples: Mapping[Operation, OfOne],
    results: Results,
) -> None:
    """Count round trips, once for each operation and rival, one request after another."""
    with relay(held.environment["PARLEY_NEO4J_URI"]) as (counting, uri):
        for rival in rivals:
            with servers([rival], {**held.environment, "PARLEY_NEO4J_URI": uri}) as running:
                for operation, variables in samples.items():
                    refused = (size, operation.name, rival) in results.refused
                    if refused or rival not in operation.texts:
                        continue
                    asked = [variables[n % len(variables)] for n in range(ASKED_FOR_TRIPS)]
                    for one in asked[:10]:
                        running[rival].ask(operation, one)
                    before = counting.trips
                    for one in asked:
                        running[rival].ask(operation, one)
                    trips = (counting.trips - before) / len(asked)
                    results.add(RoundTrips(operation.name, rival, trips))


def main() -> None:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--rivals", type=_words, default=tuple(r for r in RIVALS if r != PEER))
    parser.add_argument("--operations", help="one operation; else all")
    parser.add_argument(
        "--clients", type=lambda text: tuple(map(int, _words(text))), default=CLIENTS
    )
    parser.add_argument("--seconds", type=float, default=5, help="about, for one measurement")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--again", action="store_true", help="measure what is measured too")
    given = parser.parse_args()
    run(given, Results(given.results))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, _words(text)))


if __name__ == "__main__":
    main()
