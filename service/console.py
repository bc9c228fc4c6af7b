"""What people see on a terminal: tables, progress, errors; and JSON or CSV for pipes."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import orjson
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
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
