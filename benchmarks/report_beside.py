"""Write the sections of the report beside the comparison: memory, planning, loading."""

from benchmarks.results import Results
from benchmarks.table import format_number

DEAREST = 5
"""The number of documented operations that are listed, those that take longest to plan."""


def memory(results: Results) -> list[str]:
    """Return the section on the memory of the service over many requests."""
    if not results.memory:
        return []
    lines = ["## Memory over many requests", "", "| requests | service MB |", "|---:|---:|"]
    for (_, requests), held in sorted(results.memory.items()):
        lines.append(f"| {requests} | {held / 1e6:.0f} |")
    return [*lines, ""]


def planning(results: Results) -> list[str]:
    """Return the section on the operations that take longest to plan."""
    if not results.planned:
        return []
    every = sorted(results.planned.values(), key=lambda one: -one.seconds)
    what = f"the {len(every)} operations of the documents"
    lines = [
        "## Planning",
        "",
        f"The dearest {DEAREST} of {what}, planned anew by a warm database.",
        "",
        "| operation | subqueries | characters of Cypher | ms |",
        "|---|---:|---:|---:|",
    ]
    for one in every[:DEAREST]:
        row = [format_number(1000 * one.seconds, 0), f"{one.characters:,}", str(one.subqueries)]
        lines.append(f"| {one.operation} | {' | '.join(reversed(row))} |")
    return [*lines, ""]


def as_of(results: Results) -> list[str]:
    """Return the section on the cost of reading as of a moment."""
    if not results.as_of:
        return []
    what = "Each question now, and by `@asOf(systemTime:)` as of now: the same, read as the past is"
    lines = [
        "## As of a moment",
        "",
        f"{what} (`python -m benchmarks.as_of`). Goals: 3 times, for lists of all of a type 5.",
        "",
        "| | now, ms | as of a moment, ms | times |",
        "|---|---:|---:|---:|",
    ]
    for one in results.as_of.values():
        ratio = format_number(one.known / one.now, 2)
        lines.append(f"| {one.question} | {one.now:.2f} | {one.known:.2f} | {ratio} |")
    return [*lines, ""]


def driver(results: Results) -> list[str]:
    """Return the section on the cost of one read by the ways to use the driver."""
    if not results.driven:
        return []
    what = "CPU of the service's process for reading one statement by its id, without HTTP"
    lines = [
        "## The driver",
        "",
        f"{what}, by the ways that the driver's public API gives (`python -m benchmarks.driver`).",
        "",
        "| way | µs |",
        "|---|---:|",
    ]
    lines += [f"| {one.way} | {one.cpu:.0f} |" for one in results.driven.values()]
    return [*lines, ""]


def loading(results: Results) -> list[str]:
    """Return the section on loading a large file."""
    if not results.loaded:
        return []
    head = (
        "nodes and relationships,seconds,per second,µs of loader's CPU for each,"
        "of database's CPU,loader MB,database MB,graph"
    ).split(",")
    lines = ["## Loading", "", f"| | {' | '.join(head)} |", "|---|" + "---:|" * len(head)]
    for one in results.loaded.values():
        row = [
            f"{one.elements:,}",
            format_number(one.seconds, 1),
            f"{one.elements / one.seconds:,.0f}",
            format_number(1e6 * one.cpu_loader / one.elements, 1),
            format_number(1e6 * one.cpu_database / one.elements, 1),
            format_number(one.memory_loader / 1e6, 0),
            format_number(one.memory_database / 1e6, 0),
            f"`{one.graph[:8]}`",
        ]
        lines.append(f"| {one.step} | {' | '.join(row)} |")
    stages = list(dict.fromkeys(name for one in results.loaded.values() for name in one.stages))
    lines += [
        "",
        "Seconds by stage; the rest is starting and ending. Rates of writing by quarters.",
        "",
    ]
    columns = [*stages, "1st quarter, per second", "2nd", "3rd", "4th"]
    lines += [f"| | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for one in results.loaded.values():
        rates: list[float | None] = [*one.rates, *[None] * (4 - len(one.rates))]
        row = [format_number(one.stages.get(name), 1) for name in stages]
        row += [format_number(rate, 0) for rate in rates]
        lines.append(f"| {one.step} | {' | '.join(row)} |")
    return [*lines, ""]
