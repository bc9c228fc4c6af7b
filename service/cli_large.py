"""Loading large files at a terminal: progress with rate and time left, a report of what it took."""

import os
from collections.abc import Sequence
from pathlib import Path

import neo4j

from graph_seed.bulk.check import LargeCheck, check_large
from graph_seed.bulk.load import BulkReport, load_large
from service.console import as_json, out, streaming, table

PROCESSES = 2
"""That check: more would be quicker still, but each holds what it checks."""


def check_large_files(files: Sequence[Path]) -> LargeCheck:
    """Check files with a bar."""
    with streaming({"check": "bytes"}) as progress:
        return check_large(files, progress=progress, processes=min(PROCESSES, os.cpu_count() or 1))


def load_large_files(
    driver: neo4j.Driver,
    files: Sequence[Path],
    *,
    database: str,
    by: str | None,
    note: str | None,
) -> BulkReport:
    """Load files with a bar for each stage; raises what ``load_large`` raises."""
    with streaming({"check": "bytes", "write": "elements"}) as progress:
        return load_large(
            driver,
            files,
            database=database,
            by=by,
            note=note,
            progress=progress,
            processes=min(PROCESSES, os.cpu_count() or 1),
        )


def show(report: BulkReport, as_json_: bool) -> None:
    """Say what was done, and what each stage took."""
    if as_json_:
        as_json(report.plain())
        return
    wall = sum(report.seconds.values())
    made = f"{report.versions} versions" if report.versions else "nothing new"
    out.print(
        f"{report.sources} sources, {report.elements} nodes and relationships: {made}; "
        f"{report.passed_over} sources were there as they are, {report.one_by_one} were compared"
    )
    stages = [
        (name, f"{seconds:.1f}", f"{report.cpu[name]:.1f}", f"{100 * seconds / wall:.0f} %")
        for name, seconds in report.seconds.items()
    ]
    table(("stage", "seconds", "of them CPU of this process", "share"), stages)
    out.print(f"{report.elements / wall:,.0f} nodes and relationships a second")
