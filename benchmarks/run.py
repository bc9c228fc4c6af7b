"""Run the benchmark: all rivals over all operations and numbers of clients, on one graph.

``python -m benchmarks.run --size M``. Answers are compared before anything is timed. Cells that
have results already are skipped, unless you give ``--again``.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil

from benchmarks.compare import compare_answers
from benchmarks.generate import SIZES
from benchmarks.graph import FOLDER, Graph, open_graph
from benchmarks.machine import current_commit, describe_machine
from benchmarks.measure import Meter
from benchmarks.measure import Samples as OperationSamples
from benchmarks.operations import OPERATIONS, PEER, RIVALS, Operation
from benchmarks.results import Cell, Refusal, Results, RoundTrips
from benchmarks.round_trips import Relay, start_relay
from benchmarks.samples import Samples
from benchmarks.servers import Refused, Server, start_servers

RESULTS = FOLDER / "results.jsonl"
CLIENTS = (1, 16, 64)
ASKED_FOR_TRIPS = 20


def plan_cells(
    size: str, operation: Operation, clients: Sequence[int], rivals: Sequence[str], repeats: int
) -> list[Cell]:
    """Return the cells of an operation; rivals take turns, so that disturbances meet all."""
    able = [one for one in rivals if one in operation.texts]
    return [
        Cell(size, operation.name, count, able[(turn + repeat) % len(able)], repeat)
        for count in clients
        for repeat in range(repeats)
        for turn in range(len(able))
    ]


def parse_size_and_results(doc: str | None) -> tuple[str, Results]:
    """Return the size and the results that the command line of a module with ``doc`` names."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    return given.size, Results(given.results)


class Run:
    """A run of the benchmark with the options of the command line."""

    def __init__(self, given: argparse.Namespace, results: Results) -> None:
        self._given = given
        self._results = results
        self._operations = [one for one in OPERATIONS if one.name in given.operations]

    def run(self) -> None:
        """Measure all cells that have no results yet."""
        given, results = self._given, self._results
        left = [
            one
            for one in self._operations
            if self._pending_cells(one) or self._uncounted_rivals(one)
        ]
        if not left:
            return
        with open_graph(given.size) as held:
            results.describe(describe_machine(held.driver, held.database))
            drawn = Samples(held.driver, held.database)
            samples = {one: drawn.of(one.name) for one in left}
            with start_servers(given.rivals, held.environment) as running:
                for operation, variables in samples.items():
                    for rival, said in compare_answers(running, operation, variables).items():
                        results.add(Refusal(given.size, operation.name, rival, said))
                self._measure_all(held, running, samples)
            self._count_trips(held, samples)

    def _was_refused(self, operation: Operation, rival: str) -> bool:
        return (self._given.size, operation.name, rival) in self._results.refused

    def _pending_cells(self, operation: Operation) -> list[Cell]:
        """Return the cells of an operation that are to be measured."""
        given = self._given
        every = plan_cells(given.size, operation, given.clients, given.rivals, given.repeats)
        if given.again:
            return every
        known = self._results.measured
        return [c for c in every if c not in known and not self._was_refused(operation, c.rival)]

    def _uncounted_rivals(self, operation: Operation) -> list[str]:
        """Return the rivals whose round trips of an operation are to be counted."""
        return [
            one
            for one in self._given.rivals
            if one in operation.texts
            and not self._was_refused(operation, one)
            and (self._given.again or (operation.name, one) not in self._results.trips)
        ]

    def _measure_all(
        self,
        held: Graph,
        running: Mapping[str, Server],
        samples: Mapping[Operation, OperationSamples],
    ) -> None:
        wanted = {one: found for one in samples if (found := self._pending_cells(one))}
        meter = Meter(psutil.Process(held.pid) if held.pid else None, current_commit())
        for server in running.values() if wanted else ():
            print(f"warming up {server.rival}", flush=True)
            meter.warm(server, {one: samples[one] for one in wanted})
        for operation, left in wanted.items():
            self._measure_operation(meter, running, operation, samples[operation], left)

    def _measure_operation(
        self,
        meter: Meter,
        running: Mapping[str, Server],
        operation: Operation,
        samples: OperationSamples,
        wanted: Sequence[Cell],
    ) -> None:
        def settle(rival: str) -> None:
            rounds = meter.settle(running[rival], operation, samples)
            print(f"{operation.name}: {rival} settled in {rounds} rounds", flush=True)

        def measure(cell: Cell) -> None:
            seconds = self._given.seconds
            one = meter.measure(running[cell.rival], operation, samples, cell, seconds)
            self._results.add(one)
            print(
                f"{cell.operation:14} {cell.clients:3} {cell.rival:10} {one.rate:8.0f}/s"
                f" p50 {one.p50:7.1f} p99 {one.p99:7.1f} ms"
                f" CPU {one.cpu_service:6.2f} + {one.cpu_database or 0:6.2f} ms",
                flush=True,
            )

        rivals = dict.fromkeys(cell.rival for cell in wanted)
        steps = [(rival, partial(settle, rival)) for rival in rivals]
        steps += [(cell.rival, partial(measure, cell)) for cell in wanted]
        failed: set[str] = set()
        for rival, step in steps:
            if rival in failed:
                continue
            try:
                step()
            except Refused as error:
                failed.add(rival)
                said = Refusal(self._given.size, operation.name, rival, str(error))
                self._results.add(said)

    def _count_trips(self, held: Graph, samples: Mapping[Operation, OperationSamples]) -> None:
        """Count the round trips of all operations, one request after another."""
        with start_relay(held.environment["PARLEY_NEO4J_URI"]) as (counting, uri):
            for rival in self._given.rivals:
                asked = {
                    one: v for one, v in samples.items() if rival in self._uncounted_rivals(one)
                }
                environment = {**held.environment, "PARLEY_NEO4J_URI": uri}
                with start_servers([rival] if asked else [], environment) as running:
                    for operation, variables in asked.items():
                        trips = _count_round_trips(counting, running[rival], operation, variables)
                        self._results.add(RoundTrips(operation.name, rival, trips))


def _count_round_trips(
    counting: Relay, server: Server, operation: Operation, samples: OperationSamples
) -> float:
    """Return the average round trips of one request, with open connections and cached plans."""
    for one in samples[:5]:
        server.ask(operation, one)
    before = counting.trips
    for count in range(ASKED_FOR_TRIPS):
        server.ask(operation, samples[count % len(samples)])
    return (counting.trips - before) / ASKED_FOR_TRIPS


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--rivals", type=_words, default=tuple(r for r in RIVALS if r != PEER))
    every = [one.name for one in OPERATIONS]
    parser.add_argument("--operations", nargs="+", choices=every, default=every)
    parser.add_argument("--clients", type=_numbers, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=5, help="about, for one measurement")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--again", action="store_true", help="measure again what has results")
    given = parser.parse_args()
    Run(given, Results(given.results)).run()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, _words(text)))


if __name__ == "__main__":
    main()
