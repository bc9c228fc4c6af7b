"""Loading large files at a terminal: progress with rate and time left, a report of what it took."""

import os
from collections.abc import Sequence
from pathlib import Path

import neo4j

from graph_seed.graph.report import Target
from graph_seed.loading.bulk.load import BulkReport, load_large
from graph_seed.loading.bulk.scan import LargeCheck, check_large
from service.cli.console import as_json, one_line, out, streaming, table

PROCESSES = 2
"""That check: more would be quicker still, but each holds what it checks."""


def check_large_files(
    files: Sequence[Path], *, strict_shared: bool, session: neo4j.Session | None
) -> LargeCheck:
    """Check files with a bar; against a graph, if a session of it is given."""
    with streaming({"check": "bytes"}) as progress:
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
    """Load files with a bar for each stage; raises what ``load_large`` raises."""
    with streaming({"check": "bytes", "write": "elements"}) as progress:
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


def show(report: BulkReport, as_json_: bool) -> None:
    """Say what was done, and what each stage took."""
    if as_json_:
        as_json(report.to_plain())
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
        out.print(("note", "yellow"), " other entities may be shared too; these are the first")
    if not report.versions:
        return
    stages = [
        (name, f"{seconds:.1f}", f"{report.cpu[name]:.1f}", f"{100 * seconds / wall:.0f} %")
        for name, seconds in report.seconds.items()
    ]
    table(("stage", "seconds", "of them CPU of this process", "share"), stages)
    out.print(f"{report.elements / wall:,.0f} nodes and relationships a second")
