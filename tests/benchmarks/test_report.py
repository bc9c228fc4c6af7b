"""Tests of keeping measurements as lines, and of the report and the picture."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.operations import BARE, PARLEY, PEER
from benchmarks.picture import draw_bars
from benchmarks.report import bar_groups, write_report
from benchmarks.results import (
    AsOf,
    Cell,
    DriverTime,
    Growth,
    LoadRun,
    Measurement,
    Memory,
    PlanningTime,
    Results,
    RoundTrips,
)
from benchmarks.table import Table, per_cpu, rate

LINE = Measurement(
    Cell("M", "point", 16, PARLEY, 0), 1000, 2.0, 1.0, 2.0, 3.0, 400, 1.5, 0.5, 10**8, 10**9,
    "2031-05-12T00:00:00+00:00", "abc",
)  # fmt: skip


def results(path: Path) -> Results:
    """Parley twice as fast as the peer and half as fast as the bare endpoint on one operation."""
    made = Results(path)
    made.describe({"CPU": "an invented one"})
    for rival, seconds in ((PARLEY, 2.0), (PEER, 4.0), (BARE, 1.0)):
        for repeat, much in enumerate((0.5, 1, 9)):
            cell = Cell("M", "point", 16, rival, repeat)
            made.add(replace(LINE, cell=cell, seconds=seconds * much))
    made.add(replace(LINE, cell=Cell("M", "search", 16, PARLEY, 0)))
    made.add(replace(LINE, cell=Cell("M", "search", 16, PEER, 0), seconds=16.0))
    made.add(Growth("point", PARLEY, 2.0, 2.5, 400, 410, "abc"))
    made.add(Growth("point", BARE, 1.0, 1.1, 400, 410, "abc"))
    made.add(RoundTrips("point", PARLEY, 1.0))
    made.add(Memory(PARLEY, 20_000, 150_000_000))
    stages = {"check": 12.5, "write": 20.0}
    cold = LoadRun(
        "cold", 10**6, 40.0, 9.0, 30.0, 10**8, 10**9, stages, [9.0, 8.0], "abcdef01", "", ""
    )
    made.add(cold)
    made.add(PlanningTime("docs/a.md, line 3", 7, 2_500, 0.25, "abc"))
    made.add(AsOf("point", 0.5, 0.75, "abc"))
    made.add(DriverTime("one session, kept", 151.4, "abc"))
    made.add(replace(cold, step="again", seconds=4.0, stages={"check": 4.0}, rates=[]))
    return made


def test_medians_of_repeats_are_compared(tmp_path: Path) -> None:
    table = Table(results(tmp_path / "r.jsonl"))
    assert table.of("M", 16, "point", PARLEY, rate) == 500
    assert table.ratio("M", 16, "point", PEER, rate) == 2
    assert table.ratio("M", 16, "search", BARE, rate) is None
    assert table.ratio("M", 16, "point", PEER, per_cpu) == 1
    assert table.ratios("M", 16, PEER, rate) == [2, 8]


def test_the_report_says_the_goals(tmp_path: Path) -> None:
    text = write_report(results(tmp_path / "r.jsonl"))
    assert "| CPU | an invented one |" in text
    assert "| against peer, geometric mean | ≥ 3 | 4.00 | 1.00 |" in text
    assert "| against peer, least | ≥ 1.2 | 2.00 | 1.00 |" in text
    assert "| against bare, geometric mean | ≥ 0.9 | 0.50 | 1.00 |" in text
    assert "| cost of L by that of M, most | ≤ 1.3 | | 1.25 |" in text
    assert "| point | parley | 500 | 1.0 | 2.0 | 3.0 | 1.50 | 0.50 | 1.0 | 100 | 400 |" in text
    assert "| memory of the service, most | ≤ 200 MB | 150 MB | |" in text
    assert "| point | 2.00 | 2.50 | 1.25 | 1.10 | 1.02 |" in text
    assert "| 20000 | 150 |" in text
    assert "| cold | 1,000,000 | 40.0 | 25,000 | 9.0 | 30.0 | 100 | 1,000 | `abcdef01` |" in text
    assert "| cold | 12.5 | 20.0 | 9 | 8 |  |  |" in text
    assert "| docs/a.md, line 3 | 7 | 2,500 | 250 |" in text
    assert "| point | 0.50 | 0.75 | 1.50 |" in text
    assert "| one session, kept | 151 |" in text
    assert "| again | 4.0 |  |" in text


def test_what_was_written_is_read_and_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    written = results(path)
    written.add(replace(LINE, p50=7.0))
    read = Results(path)
    assert read.measured == written.measured
    assert read.measured[LINE.cell].p50 == 7.0
    assert (read.machine, read.trips, read.memory) == (
        written.machine, written.trips, written.memory,
    )  # fmt: skip


def test_the_picture_has_a_bar_for_each_that_was_measured(tmp_path: Path) -> None:
    drawn = draw_bars(list(bar_groups(Table(results(tmp_path / "r.jsonl")))), "<title>")
    root = ET.fromstring(drawn)  # noqa: S314
    fills = [one.get("fill") for one in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert len([one for one in fills if one]) == 3 + 5  # the legend, and the bars
