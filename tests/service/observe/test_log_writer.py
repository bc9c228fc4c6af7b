"""Tests of writing the log beside the event loop."""

import io
import json
import sys
import threading

import pytest

from service import log_writer
from service.log_writer import LogWriter


class Stalled(io.StringIO):
    """A stream whose reader takes nothing until ``resume`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.began = threading.Event()
        self.resume = threading.Event()

    def write(self, text: str) -> int:
        self.began.set()
        self.resume.wait(20)
        return super().write(text)


def test_lines_are_written_at_once_without_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    LogWriter().write("one")
    assert capsys.readouterr().err == "one\n"


def test_the_thread_writes_every_line_before_it_stops(capsys: pytest.CaptureFixture[str]) -> None:
    writer = LogWriter()
    writer.start()
    writer.start()
    writer.stop()  # another service still uses it
    for number in range(1000):
        writer.write(str(number))
    writer.stop()
    writer.write("after")
    assert capsys.readouterr().err.split() == [*map(str, range(1000)), "after"]


def test_a_stalled_reader_costs_lines_and_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stalled()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(log_writer, "MOST_LINES", 100)
    writer = LogWriter()
    writer.start()
    writer.write("first")
    assert stream.began.wait(20)
    for _ in range(150):
        writer.write("more")  # would wait for the reader, if it wrote at once
    stream.resume.set()
    writer.stop()
    *lines, last = stream.getvalue().splitlines()
    assert lines == ["first", *["more"] * 100]
    assert json.loads(last) == {"event": "log lines were dropped", "lines": 50}
