"""Write the measurements as Markdown tables with ratios, and draw them.

``python -m benchmarks.report`` writes ``benchmarks/results.md`` and ``benchmarks/results.svg``. If
a cell was measured several times, the median counts.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import geometric_mean

from benchmarks.operations import BARE, PARLEY, PEER, RIVALS
from benchmarks.picture import draw_bars
from benchmarks.report_beside import as_of, driver, loading, memory, planning
from benchmarks.results import Results
from benchmarks.run import RESULTS
from benchmarks.table import Metric, Table, format_number, p99, per_cpu, rate

FOLDER = Path(__file__).parent
CLIENTS = 16
"""The number of clients for which the goals are set."""


def write_report(results: Results) -> str:
    """Return the report in Markdown."""
    table = Table(results)
    lines = ["# Results", "", "Written by `python -m benchmarks.report`; do not edit.", ""]
    lines += _machine(results)
    lines += ["![Requests for each second of CPU](results.svg)", ""]
    lines += _goals(table)
    lines += _growth(results)
    for size, clients in table.parts:
        lines += _ratios(table, size, clients)
    for size, clients in table.parts:
        lines += _measured(table, size, clients)
    lines += memory(results)
    lines += as_of(results)
    lines += planning(results)
    lines += driver(results)
    lines += loading(results)
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
    if costs := _costs(table.results, PARLEY):
        lines.append(f"| cost of L by that of M, most | ≤ 1.3 | | {_times(max(costs.values()))} |")
    held = [one.memory_service for one in table.all("M", PARLEY)]
    held += [one for (rival, _), one in table.results.memory.items() if rival == PARLEY]
    if held:
        lines.append(f"| memory of the service, most | ≤ 200 MB | {max(held) / 1e6:.0f} MB | |")
    return [*lines, ""]


def _costs(results: Results, rival: str) -> dict[str, float]:
    """Return the ratio of the CPU of each operation on L to that on M."""
    every = results.grown.values()
    return {one.operation: one.on_l / one.on_m for one in every if one.rival == rival}


def _growth(results: Results) -> list[str]:
    if not results.grown:
        return []
    commits = ", ".join(sorted({one.commit for one in results.grown.values()}))
    lines = [
        "## What a request costs on L by what it costs on M, 16 clients",
        "",
        f"Both graphs asked in turns (`python -m benchmarks.growth`), at commit {commits}.",
        "",
        "| operation | CPU on M, ms | CPU on L, ms | times | bare: times | bytes: times |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    bare = _costs(results, BARE)
    for (operation, rival), one in sorted(results.grown.items()):
        if rival == PARLEY:
            times = (one.on_l / one.on_m, bare.get(operation), one.bytes_l / one.bytes_m)
            row = [f"{one.on_m:.2f}", f"{one.on_l:.2f}", *map(_times, times)]
            lines.append(f"| {operation} | {' | '.join(row)} |")
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
        f"## Measurement, {size}, {_clients(clients)}",
        "",
        f"| operation | | {' | '.join(head)} |",
        "|---|---|" + "---:|" * len(head),
    ]
    columns: tuple[tuple[Metric, int], ...] = (
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
            row = [
                format_number(table.of(size, clients, operation, rival, of), d) for of, d in columns
            ]
            row.append(format_number(table.results.trips.get((operation, rival)), 1))
            row += [
                format_number(table.of(size, clients, operation, rival, of), 0)
                for of in (lambda one: one.memory_service / 1e6, lambda one: one.bytes)
            ]
            lines.append(f"| {operation} | {rival} | {' | '.join(row)} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")[:200]


def _clients(count: int) -> str:
    return "1 client" if count == 1 else f"{count} clients"


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def bar_groups(table: Table) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Yield for each operation the requests per second of CPU of each rival."""
    sizes = [size for size, clients in table.parts if clients == CLIENTS]
    size = "M" if "M" in sizes else "".join(sizes[-1:])
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
    (given.folder / "results.md").write_text(write_report(results), encoding="utf-8")
    if drawn := list(bar_groups(Table(results))):
        svg = draw_bars(drawn, "Requests for each second of CPU, 16 clients")
        (given.folder / "results.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
