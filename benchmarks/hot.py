"""Measure kept answers beside the bare endpoint and beside answers that are read each time.

``python -m benchmarks.hot`` writes ``benchmarks/hot.md``. The three servers take turns, so that
disturbances meet all. Measurements are kept in ``.bench/hot.jsonl``, so a stopped run goes on.
"""

import argparse
from pathlib import Path
from statistics import geometric_mean

from benchmarks.generate import SIZES
from benchmarks.graph import FOLDER
from benchmarks.operations import BARE, HOT, OPERATIONS, PARLEY
from benchmarks.results import Results
from benchmarks.run import Run
from benchmarks.table import Metric, Table, p99, per_cpu, rate

PAGE = Path(__file__).parent / "hot.md"
HOT_RESULTS = FOLDER / "hot.jsonl"
CLIENTS = (1, 16)
HEAD = """\
# Kept answers

Written by `python -m benchmarks.hot`; do not edit.

**Hot** means: the answer was given before, and nothing was committed since; each request waits for
a read of the last commit that began after it arrived. **Cold** means: no answer is kept, and every
request reads the graph. **Bare** is an endpoint without GraphQL that runs a query written by hand.
Each operation has up to 200 sets of variables, asked in turn; the median of {repeats} measurements
counts. More than 1 is good for requests, less than 1 for p99.
"""
SETS = 20_000
MEMORY = """\
## Memory

A service that keeps its answers, over requests with {sets:,} sets of variables in turn
(`python -m benchmarks.soak --kept --operations point --variables {sets}`).
"""
METRICS: tuple[tuple[str, Metric], ...] = (
    ("requests/s", rate), ("per CPU", per_cpu), ("p99", p99),
)  # fmt: skip


def write_page(results: Results, size: str, repeats: int) -> str:
    """Return the tables in Markdown."""
    table = Table(results)
    lines = [HEAD.format(repeats=repeats)]
    lines += ["| | |", "|---|---|"]
    commits = ", ".join(sorted({one.commit for one in results.measured.values()}))
    days = ", ".join(sorted({one.at[:10] for one in results.measured.values()}))
    described = {**results.machine, "commit": commits, "measured on": days}
    lines += [f"| {name} | {value} |" for name, value in described.items()]
    for clients in CLIENTS:
        lines += ["", f"## {size}, {clients} client{'s' * (clients > 1)}", ""]
        lines += _ratio_table(table, size, clients)
    memory = {count: held for (rival, count), held in results.memory.items() if rival == HOT}
    if memory:
        lines += ["", MEMORY.format(sets=SETS), "| requests | resident MB |", "|---:|---:|"]
        lines += [f"| {count:,} | {held / 1e6:.0f} |" for count, held in sorted(memory.items())]
    return "\n".join([*lines, ""])


def _ratio_table(table: Table, size: str, clients: int) -> list[str]:
    pairs = ((HOT, BARE), (HOT, PARLEY), (PARLEY, BARE))
    names = {HOT: "hot", PARLEY: "cold", BARE: "bare"}
    head = [f"{names[a]} by {names[b]}: {what}" for a, b in pairs for what, _ in METRICS]
    lines = [
        f"| operation | hot requests/s | hot CPU ms | hot p99 ms | {' | '.join(head)} |",
        "|---|" + "---:|" * (3 + len(head)),
    ]
    for operation in table.operations(size, clients):
        own = [
            table.of(size, clients, operation, HOT, what)
            for what in (rate, lambda one: one.cpu, p99)
        ]
        ratios = [
            table.ratio(size, clients, operation, theirs, what, ours)
            for ours, theirs in pairs
            for _, what in METRICS
        ]
        row = [*own[:1], *own[1:], *ratios]
        cells = ["" if one is None else f"{one:,.3g}" for one in row]
        lines.append(f"| {operation} | {' | '.join(cells)} |")
    means = [
        geometric_mean(found) if found else None
        for ours, theirs in pairs
        for _, what in METRICS
        for found in [table.ratios(size, clients, theirs, what, ours)]
    ]
    cells = ["" if one is None else f"{one:.3g}" for one in means]
    return [*lines, f"| **geometric mean** | | | | {' | '.join(cells)} |"]


def main() -> None:
    """Measure as the command line says, and write the page."""
    every = [one.name for one in OPERATIONS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--operations", nargs="+", choices=every, default=every)
    parser.add_argument("--seconds", type=float, default=2, help="about, for one measurement")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, default=HOT_RESULTS)
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    results = Results(given.results)
    options = argparse.Namespace(
        **vars(given), rivals=(PARLEY, HOT, BARE), clients=CLIENTS, again=False
    )
    Run(options, results).run()
    given.page.write_text(write_page(results, given.size, given.repeats), encoding="utf-8")


if __name__ == "__main__":
    main()
