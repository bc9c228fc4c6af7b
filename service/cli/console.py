"""What people see on a terminal: lines, tables, progress, errors; and JSON or CSV for pipes.

Every line goes through an ``Output``. Text reaches a pipe as it is; a terminal shows what could
steer it (control characters) escaped. Nothing is read as markup or as an emoji's name, nothing is
wrapped, cut or highlighted.
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

Part = str | tuple[str, str]
"""A piece of a line: text, or text and its style, as in ``("error", "bold red")``."""
BREAKS = re.compile(r"[\t\n\r]")
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters but tab and line feed, and separators that some terminals obey."""
JSON_STEERING = re.compile(r"[\x7f-\x9f\u2028\u2029]")
"""Those of them that JSON lets pass as they are."""
GAP = "  "


class Output:
    """A stream of lines for people and pipes."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads this, not a pipe or a file."""
        return self.console.is_terminal

    def print(self, *parts: Part) -> None:
        """Write one line; its parts may hold line feeds."""
        styled = [(part, "") if isinstance(part, str) else part for part in parts]
        if not self.is_terminal:
            self.write("".join(text for text, _ in styled) + "\n")
            return
        shown = [(_encodable(show_controls(text), self.console.file), s) for text, s in styled]
        self.console.print(Text.assemble(*shown), soft_wrap=True)

    def write(self, text: str) -> None:
        """Write text as it is; what the stream's encoding has no bytes for is escaped."""
        file = self.console.file
        file.write(_encodable(text, file))

    def status(self, text: str) -> "Spinner":
        """Return a spinner for a terminal, with a text that may be updated."""
        return Spinner(text, self.console)


class Spinner:
    """A spinner on a terminal, whose text is shown as it is."""

    def __init__(self, text: str, console: Console) -> None:
        self._status = Status(Text(show_controls(text)), console=console)

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def update(self, text: str) -> None:
        """Show another text."""
        self._status.update(Text(show_controls(text)))

    def stop(self) -> None:
        """Remove the spinner."""
        self._status.stop()


def _console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


out = Output(_console())
err = Output(_console(stderr=True))


def show_controls(text: str) -> str:
    r"""Return text with control characters as ``\x1b`` and the like; tabs and line feeds stay."""
    return STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    r"""Return text with tabs and line breaks written ``\t``, ``\n``, ``\r``."""
    return BREAKS.sub(lambda found: ascii(found[0])[1:-1], text)


def _encodable(text: str, file: IO[str]) -> str:
    encoding = getattr(file, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def ask(question: str) -> str | None:
    """Return the line that a person answers, or None at the end of standard input."""
    err.write(question)
    err.console.file.flush()
    return sys.stdin.readline() or None


def fail(message: str, status: int = 1) -> NoReturn:
    """Say what is wrong, on the error stream, and end."""
    err.print(("error", "bold red"), " ", message)
    sys.exit(status)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None
) -> None:
    """Write a table: columns separated by tabs for a pipe, aligned for a terminal.

    A table that is wider than the terminal is written as records, a value on each line.
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
        out.print((_aligned(heads, widths), "bold"))
        for row in cells:
            out.print(_aligned(row, widths))
        return
    widest = max(map(cell_len, heads))
    for row in cells:
        for head, cell in zip(heads, row, strict=True):
            out.print((_padded(head, widest), "bold"), GAP, cell)
        out.print()


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells in columns; the last one is not padded."""
    padded = [_padded(cell, width) for cell, width in zip(cells[:-1], widths, strict=False)]
    return GAP.join([*padded, *cells[-1:]])


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def as_json(value: object) -> None:
    """Write JSON, for pipes."""
    try:
        text = orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:  # a whole number beyond 64 bits, half a surrogate pair
        text = json.dumps(value, default=str, indent=2)
    if out.is_terminal:
        text = JSON_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    out.write(text + "\n")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write CSV as RFC 4180 has it, for pipes."""
    cells = ([_as_text(one) for one in row] for row in (columns, *rows))
    if out.is_terminal:
        escaped = ([show_controls(one) for one in row] for row in cells)
        csv.writer(out, lineterminator="\n").writerows(escaped)
    else:
        csv.writer(out, lineterminator="\r\n").writerows(cells)


@contextmanager
def streaming(units: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each of these stages: how much is done, how fast, what is left; else a line."""
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
def downloading() -> Iterator[Callable[[int, int], None]]:
    """A progress bar of a download on a terminal; a line now and then elsewhere."""
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
