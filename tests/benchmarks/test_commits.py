"""Tests of comparing the cost of requests at two commits."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks.commits import Cost, Side, checkout, compare
from benchmarks.operations import FOLDER


class Counter:
    """A stub of a meter: its first measurement costs most, the others the same."""

    def __init__(self, turns: list[str], name: str) -> None:
        self.turns, self.name, self.cost = turns, name, 5.0

    def settle(self, *_: object) -> None:
        self.turns.append(f"{self.name} settles")

    def measure(self, *_: object) -> SimpleNamespace:
        self.turns.append(self.name)
        self.cost = max(2.0, self.cost - 2)
        return SimpleNamespace(cpu_service=self.cost, cpu_database=None)


def test_sides_are_asked_in_turns_and_the_cheapest_measurement_counts() -> None:
    turns: list[str] = []
    samples: Mapping[str, Sequence[Mapping[str, object]]] = {"point": [{"id": "statement:a/b"}]}
    sides = [
        Side(cast("Any", None), cast("Any", Counter(turns, name)), FOLDER, samples)
        for name in ("base", "now")
    ]
    found = compare(sides, "point", repeats=3, seconds=1)
    assert turns == [
        "base settles", "now settles", "now", "base", "base", "now", "now", "base",
    ]  # fmt: skip
    assert found == [Cost(2, 0), Cost(2, 0)]


def test_what_is_no_commit_is_refused() -> None:
    with pytest.raises(SystemExit, match="no-such-thing is not a commit"):
        checkout("no-such-thing")
