"""What people see on a terminal: tables, progress, errors; and JSON or CSV for pipes."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

out = Console()
err = Console(stderr=True)


def fail(message: str, status: int = 1) -> NoReturn:
    """Say what is wrong, on the error stream, and end."""
    err.print(f"[bold red]error[/] {message}", highlight=False, soft_wrap=True)
    sys.exit(status)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None
) -> None:
    """A table for people."""
    made = Table(*columns, title=title, title_justify="left", box=None, header_style="bold")
    for row in rows:
        made.add_row(*(_shown(one) for one in row))
    out.print(made)


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def as_json(value: object) -> None:
    """JSON for pipes."""
    sys.stdout.buffer.write(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2) + b"\n")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """CSV for pipes, as RFC 4180 has it."""
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_shown(one) for one in row] for row in rows)


@contextmanager
def streaming(units: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each of these stages: how much is done, how fast, what is left; else a line."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}
        shown: dict[str, int] = {}

        def report(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=of, rate="")
            speed = progress.tasks[tasks[stage]].speed or 0.0
            rate = f"{speed:,.0f} {units[stage]}/s"
            progress.update(tasks[stage], completed=done, total=of, rate=rate)
            tenth = done * 10 // max(of, 1)
            if not err.is_terminal and tenth > shown.get(stage, 0):
                shown[stage] = tenth
                err.print(f"{stage}: {done} of {of} {units[stage]}", highlight=False)

        yield report


@contextmanager
def downloading() -> Iterator[Callable[[int, int], None]]:
    """A progress bar of a download on a terminal; a line now and then elsewhere."""
    columns = (
        TextColumn("Downloading Neo4j"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    shown = 0
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)

        def report(done: int, total: int) -> None:
            nonlocal shown
            progress.update(task, completed=done, total=total)
            tenth = done * 10 // total
            if not err.is_terminal and tenth > shown:
                shown = tenth
                err.print(f"Downloading Neo4j: {done // 1_000_000} of {total // 1_000_000} MB")

        yield report
