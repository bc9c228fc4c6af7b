"""Print to terminals and pipes: lines, tables, progress, errors, JSON and CSV.

Every line goes through an ``Output``. A pipe gets text unchanged; on a terminal, control characters
are escaped. Text is never read as markup or emoji names, and never wrapped, cut or highlighted.
"""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, NoReturn, Self

import orjson
from rich.cells import cell_len
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
from rich.status import Status
from rich.text import Text

StyledText = str | tuple[str, str]
"""A part of a line: text, or text and its style, as in ``("error", "bold red")``."""
LINE_BREAKS = re.compile(r"[\t\n\r]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters but tab and line feed, and separators that some terminals obey."""
JSON_CONTROLS = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""Those that JSON does not escape."""
GAP = "  "


class Output:
    """An output stream for a terminal or a pipe."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @property
    def is_terminal(self) -> bool:
        """Return whether the output is a terminal, not a pipe or a file."""
        return self.console.is_terminal

    def print(self, *parts: StyledText) -> None:
        """Write a line; its parts may contain line feeds."""
        styled = [(part, "") if isinstance(part, str) else part for part in parts]
        if not self.is_terminal:
            self.write("".join(text for text, _ in styled) + "\n")
            return
        shown = [(_encodable(show_controls(text), self.console.file), s) for text, s in styled]
        self.console.print(Text.assemble(*shown), soft_wrap=True)

    def write(self, text: str) -> None:
        """Write text unchanged, except for characters that the stream cannot encode."""
        file = self.console.file
        file.write(_encodable(text, file))

    def status(self, text: str) -> "Spinner":
        """Return a spinner with a text that can be updated."""
        return Spinner(text, self.console)


class Spinner:
    """A spinner on a terminal."""

    def __init__(self, text: str, console: Console) -> None:
        self._status = Status(Text(show_controls(text)), console=console)

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def update(self, text: str) -> None:
        """Replace the text."""
        self._status.update(Text(show_controls(text)))

    def stop(self) -> None:
        """Remove the spinner."""
        self._status.stop()


def _console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


out = Output(_console())
err = Output(_console(stderr=True))


def show_controls(text: str) -> str:
    """Return text with control characters escaped, except for tabs and line feeds."""
    return CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    r"""Return text with tabs and line breaks written ``\t``, ``\n``, ``\r``."""
    return LINE_BREAKS.sub(lambda found: ascii(found[0])[1:-1], text)


def _encodable(text: str, file: IO[str]) -> str:
    encoding = getattr(file, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def ask_user(question: str) -> str | None:
    """Print a question and return the line answered, or None at the end of standard input."""
    err.write(question)
    err.console.file.flush()
    return sys.stdin.readline() or None


def fail(message: str, status: int = 1) -> NoReturn:
    """Print an error and exit."""
    err.print(("error", "bold red"), " ", message)
    sys.exit(status)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None
) -> None:
    """Print a table: aligned on a terminal, separated by tabs for a pipe.

    A table wider than the terminal is printed as records, with a value on each line.
    """
    cells = [[one_line(_as_text(value)) for value in row] for row in rows]
    heads = [one_line(column) for column in columns]
    if title is not None:
        out.print(title)
    if not out.is_terminal:
        for line in (heads, *cells):
            out.print("\t".join(line))
        return
    heads = [show_controls(head) for head in heads]
    cells = [[show_controls(cell) for cell in row] for row in cells]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) <= out.console.width:
        out.print((_align(heads, widths), "bold"))
        for row in cells:
            out.print(_align(row, widths))
        return
    widest = max(map(cell_len, heads))
    for row in cells:
        for head, cell in zip(heads, row, strict=True):
            out.print((_pad(head, widest), "bold"), GAP, cell)
        out.print()


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells padded to their columns' widths, except for the last one."""
    padded = [_pad(cell, width) for cell, width in zip(cells[:-1], widths, strict=False)]
    return GAP.join([*padded, *cells[-1:]])


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def print_json(value: object) -> None:
    """Print a value as JSON."""
    try:
        text = orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:  # a whole number beyond 64 bits, half a surrogate pair
        text = json.dumps(value, default=str, indent=2)
    if out.is_terminal:
        text = JSON_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    out.write(text + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as CSV (RFC 4180)."""
    cells = ([_as_text(one) for one in row] for row in (columns, *rows))
    if out.is_terminal:
        escaped = ([show_controls(one) for one in row] for row in cells)
        csv.writer(out, lineterminator="\n").writerows(escaped)
    else:
        csv.writer(out, lineterminator="\r\n").writerows(cells)


@contextmanager
def stage_progress(units: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that shows the progress of stages: bars on a terminal, else lines.

    ``units`` are the units that each stage counts.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err.console, disable=not err.is_terminal) as progress:
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
                err.print(f"{stage}: {done} of {of} {units[stage]}")

        yield report


@contextmanager
def download_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows the progress of a download: a bar on a terminal, else lines."""
    columns = (
        TextColumn("Downloading Neo4j"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    shown = 0
    with Progress(
        *columns, console=err.console, disable=not err.is_terminal, transient=True
    ) as progress:
        task = progress.add_task("", total=None)

        def report(done: int, total: int) -> None:
            nonlocal shown
            progress.update(task, completed=done, total=total)
            tenth = done * 10 // total
            if not err.is_terminal and tenth > shown:
                shown = tenth
                err.print(f"Downloading Neo4j: {done // 1_000_000} of {total // 1_000_000} MB")

        yield report
