"""Tests that a run measures only what has no results yet, with rivals in turn."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.operations import BARE, OPERATIONS, PARLEY, RIVALS
from benchmarks.results import Refusal, Results, RoundTrips
from benchmarks.run import Run, plan_cells
from tests.benchmarks.test_report import LINE

(POINT,) = (one for one in OPERATIONS if one.name == "point")


class Started(Exception):
    """Raised when the graph is opened: there is something to measure."""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    def graph(size: str) -> None:
        raise Started(size)

    monkeypatch.setattr(run, "open_graph", graph)
    return argparse.Namespace(
        size="S",
        operations=["point"],
        clients=(1, 16),
        rivals=(PARLEY, BARE),
        repeats=2,
        again=False,
    )


def test_rivals_take_turns() -> None:
    made = plan_cells("M", POINT, (1, 16), RIVALS, 2)
    assert len(made) == len(set(made)) == 2 * 2 * len(RIVALS)
    assert [one.rival for one in made[: len(RIVALS)]] == list(RIVALS)
    assert made[len(RIVALS)].rival == RIVALS[1]


def test_only_what_is_not_measured_is(tmp_path: Path, given: argparse.Namespace) -> None:
    results = Results(tmp_path / "r.jsonl")
    for cell in plan_cells("S", POINT, (1, 16), (PARLEY, BARE), 2):
        with pytest.raises(Started):
            Run(given, results).run()
        results.add(replace(LINE, cell=cell))
    for rival in (PARLEY, BARE):
        with pytest.raises(Started):
            Run(given, results).run()
        results.add(RoundTrips("point", rival, 1.0))
    Run(given, results).run()
    Run(given, Results(tmp_path / "r.jsonl")).run()
    given.again = True
    with pytest.raises(Started):
        Run(given, results).run()


def test_what_was_refused_is_not_asked_again(tmp_path: Path, given: argparse.Namespace) -> None:
    results = Results(tmp_path / "r.jsonl")
    for rival in (PARLEY, BARE):
        results.add(Refusal("S", "point", rival, "it broke"))
    Run(given, results).run()
    given.size = "M"
    with pytest.raises(Started):
        Run(given, results).run()
