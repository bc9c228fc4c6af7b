"""Check and load large files with progress bars, and print the report."""

import os
from collections.abc import Sequence
from pathlib import Path

import neo4j

from graph_seed.graph.report import Target
from graph_seed.loading.bulk.load import BulkReport, load_large
from graph_seed.loading.bulk.scan import LargeCheck, check_large
from service.cli.console import one_line, out, print_json, print_table, stage_progress

PROCESSES = 2
"""Processes that check: each one holds the source that it checks in memory."""


def check_large_files(
    files: Sequence[Path], *, strict_shared: bool, session: neo4j.Session | None
) -> LargeCheck:
    """Check files with a progress bar; against the graph too, if ``session`` is given."""
    with stage_progress({"check": "bytes"}) as progress:
        return check_large(
            files,
            progress=progress,
            processes=min(PROCESSES, os.cpu_count() or 1),
            strict_shared=strict_shared,
            session=session,
        )


def load_large_files(
    driver: neo4j.Driver,
    files: Sequence[Path],
    *,
    database: str,
    by: str | None,
    note: str | None,
    strict_shared: bool,
    migrate: bool,
    target: Target,
) -> BulkReport:
    """Load files with a progress bar for each stage; raises the errors of ``load_large``."""
    with stage_progress({"check": "bytes", "write": "elements"}) as progress:
        return load_large(
            driver,
            files,
            database=database,
            by=by,
            note=note,
            strict_shared=strict_shared,
            migrate=migrate,
            target=target,
            progress=progress,
            processes=min(PROCESSES, os.cpu_count() or 1),
        )


def show_bulk_report(report: BulkReport, as_json_: bool) -> None:
    """Print what a load did, and the time of each stage."""
    if as_json_:
        print_json(report.to_plain())
        return
    wall = sum(report.seconds.values())
    made = f"{report.versions} versions" if report.versions else "nothing new"
    out.print(
        f"{report.sources} sources, {report.elements} nodes and relationships: {made}; "
        f"{report.passed_over} sources were there as they are, {report.one_by_one} were compared; "
        f"{report.target}"
    )
    for one in report.shared:
        out.print(("note", "yellow"), " ", one_line(str(one)))
    if report.more_shared:
        out.print(("note", "yellow"), " these are the first shared entities; there may be more")
    if not report.versions:
        return
    stages = [
        (name, f"{seconds:.1f}", f"{report.cpu[name]:.1f}", f"{100 * seconds / wall:.0f} %")
        for name, seconds in report.seconds.items()
    ]
    print_table(("stage", "seconds", "of them CPU of this process", "share"), stages)
    out.print(f"{report.elements / wall:,.0f} nodes and relationships a second")
