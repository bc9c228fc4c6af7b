"""Writes what was measured as a Markdown table with ratios, and draws it.

``python -m benchmarks.report`` writes ``benchmarks/results.md`` and ``benchmarks/results.svg``. Of
several measurements of one cell the median counts.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import geometric_mean, median

from benchmarks.generate import SIZES
from benchmarks.operations import BARE, PARLEY, PEER, RIVALS
from benchmarks.picture import picture
from benchmarks.results import Measured, Results
from benchmarks.run import RESULTS

FOLDER = Path(__file__).parent
Key = tuple[str, int, str, str]
"""Size, clients, operation, rival."""
Of = Callable[[Measured], float]
CLIENTS = 16
"""At which the goals are set."""


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


def report(results: Results) -> str:
    """The report in Markdown."""
    table = Table(results)
    lines = ["# Results", "", "Written by `python -m benchmarks.report`; do not edit.", ""]
    lines += _machine(results)
    lines += ["![Requests for each second of CPU](results.svg)", ""]
    lines += _goals(table)
    for size, clients in table.parts:
        lines += _ratios(table, size, clients)
    for size, clients in table.parts:
        lines += _measured(table, size, clients)
    lines += _memory(results)
    return "\n".join(lines)


def _machine(results: Results) -> list[str]:
    commits = sorted({one.commit for one in results.measured.values()})
    days = sorted({one.at[:10] for one in results.measured.values()})
    described = {**results.machine, "commit": ", ".join(commits), "measured on": ", ".join(days)}
    return ["| | |", "|---|---|", *(f"| {k} | {v} |" for k, v in described.items()), ""]


def _goals(table: Table) -> list[str]:
    lines = [
        "## Goals",
        "",
        "| of M, 16 clients | goal | requests/s | per CPU |",
        "|---|---|---|---|",
    ]
    for rival, mean, least in ((PEER, 3, 1.2), (BARE, 0.9, 0.75)):
        found = [table.ratios("M", CLIENTS, rival, what) for what in (rate, per_cpu)]
        if all(found):
            means = " | ".join(_times(geometric_mean(one)) for one in found)
            leasts = " | ".join(_times(min(one)) for one in found)
            lines.append(f"| against {rival}, geometric mean | ≥ {mean} | {means} |")
            lines.append(f"| against {rival}, least | ≥ {least} | {leasts} |")
    if latencies := table.ratios("M", CLIENTS, PEER, p99):
        lines.append(f"| p99 by that of {PEER}, most | ≤ 1 | {_times(max(latencies))} | |")
    costs = [
        m / large
        for one in table.operations("L", CLIENTS)
        if (m := table.of("M", CLIENTS, one, PARLEY, per_cpu))
        and (large := table.of("L", CLIENTS, one, PARLEY, per_cpu))
    ]
    if costs:
        lines.append(f"| cost of L by that of M, most | ≤ 1.3 | | {_times(max(costs))} |")
    return [*lines, ""]


def _ratios(table: Table, size: str, clients: int) -> list[str]:
    rivals = [one for one in RIVALS if one != PARLEY and table.ratios(size, clients, one, rate)]
    head = [f"{rival}: {what}" for rival in rivals for what in ("requests/s", "per CPU", "p99")]
    lines = [
        f"## Parley by its rivals, {size}, {_clients(clients)}",
        "",
        "Requests: more than 1 is good. p99: less than 1 is good.",
        "",
        f"| operation | {' | '.join(head)} |",
        "|---|" + "---:|" * len(head),
    ]
    for operation in table.operations(size, clients):
        row = [
            _times(table.ratio(size, clients, operation, rival, what))
            for rival in rivals
            for what in (rate, per_cpu, p99)
        ]
        lines.append(f"| {operation} | {' | '.join(row)} |")
    means = [
        _times(geometric_mean(table.ratios(size, clients, rival, what)))
        for rival in rivals
        for what in (rate, per_cpu, p99)
    ]
    return [*lines, f"| **geometric mean** | {' | '.join(means)} |", ""]


def _measured(table: Table, size: str, clients: int) -> list[str]:
    head = (
        "requests/s,p50 ms,p95 ms,p99 ms,CPU of service ms,of database ms,round trips,"
        "service MB,bytes"
    ).split(",")
    lines = [
        f"## Measured, {size}, {_clients(clients)}",
        "",
        f"| operation | | {' | '.join(head)} |",
        "|---|---|" + "---:|" * len(head),
    ]
    columns: tuple[tuple[Of, int], ...] = (
        (rate, 0),
        (lambda one: one.p50, 1),
        (lambda one: one.p95, 1),
        (p99, 1),
        (lambda one: one.cpu_service, 2),
        (lambda one: one.cpu_database or 0, 2),
    )
    for operation in table.operations(size, clients):
        for rival in RIVALS:
            if said := table.results.refused.get((size, operation, rival)):
                lines.append(f"| {operation} | {rival} | refused: {_cell(said)} |")
            if not table.has(size, clients, operation, rival):
                continue
            row = [_number(table.of(size, clients, operation, rival, of), d) for of, d in columns]
            row.append(_number(table.results.trips.get((operation, rival)), 1))
            row += [
                _number(table.of(size, clients, operation, rival, of), 0)
                for of in (lambda one: one.memory_service / 1e6, lambda one: one.bytes)
            ]
            lines.append(f"| {operation} | {rival} | {' | '.join(row)} |")
    return [*lines, ""]


def _memory(results: Results) -> list[str]:
    if not results.memory:
        return []
    lines = ["## Memory over many requests", "", "| requests | service MB |", "|---:|---:|"]
    for (_, requests), held in sorted(results.memory.items()):
        lines.append(f"| {requests} | {held / 1e6:.0f} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")[:200]


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def bars(table: Table) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """What is drawn: for each operation, the requests for a second of CPU of each rival."""
    sizes = [size for size, clients in table.parts if clients == CLIENTS]
    size = "M" if "M" in sizes else sizes[-1]
    for operation in table.operations(size, CLIENTS):
        found = ((one, table.of(size, CLIENTS, operation, one, per_cpu)) for one in RIVALS)
        yield operation, [(one, value) for one, value in found if value is not None]


def main() -> None:
    """Write the report and the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    results = Results(given.results)
    (given.folder / "results.md").write_text(report(results), encoding="utf-8")
    drawn = picture(list(bars(Table(results))), "Requests for each second of CPU, 16 clients")
    (given.folder / "results.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
