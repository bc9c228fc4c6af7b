"""Large files are checked as they stream, without a database."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
import zstandard

from benchmarks.generate import generate_records
from graph_seed.loading.bulk import check_lines
from graph_seed.loading.bulk.scan import check_large

Records = list[dict[str, object]]


def written(path: Path, given: Sequence[dict[str, object]]) -> Path:
    """Records as a packed file."""
    raw = b"".join(orjson.dumps(one) + b"\n" for one in given)
    path.write_bytes(zstandard.ZstdCompressor().compress(raw))
    return path


@pytest.fixture
def given() -> Records:
    """A small invented graph as records."""
    return [dict(one) for one in generate_records(60, 1)]


def parley_check(*given: str) -> subprocess.CompletedProcess[str]:
    """The command."""
    return subprocess.run(
        [sys.executable, "-m", "service", "check", *given],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_what_is_right_is_counted(tmp_path: Path, given: Records) -> None:
    found = check_large([written(tmp_path / "all.jsonl.zst", given)])
    assert found.problems == []
    assert found.sources == sum("source" in one for one in given)
    assert found.elements > len(given)


@pytest.mark.parametrize("processes", [1, 2])
def test_all_that_is_wrong_is_told_by_its_line(
    tmp_path: Path, given: Records, processes: int
) -> None:
    wrong = [i for i, one in enumerate(given) if "statement" in one]
    given[wrong[0]]["speechAct"] = "sings"
    given[wrong[-1]]["nonsense"] = "1"
    path = written(tmp_path / "all.jsonl.zst", given)
    found = {
        (one.place.line, one.code) for one in check_large([path], processes=processes).problems
    }
    assert {(wrong[0] + 1, "VALUE"), (wrong[-1] + 1, "UNKNOWN_PROPERTY")} <= found


def test_what_a_graph_would_have_to_hold_is_a_warning(tmp_path: Path, given: Records) -> None:
    begins = [i for i, one in enumerate(given) if "source" in one]
    path = written(tmp_path / "a.jsonl.zst", given[begins[1] :])
    problems = check_large([path]).problems
    assert {(one.code, one.severity) for one in problems} == {("UNKNOWN_ID", "warning")}


def test_a_source_of_too_many_elements_is_told(
    tmp_path: Path, given: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_lines, "LARGEST_SOURCE", 3)
    found = check_large([written(tmp_path / "all.jsonl.zst", given)]).problems
    assert {one.code for one in found} == {"TOO_LARGE"}


def test_the_command_streams_what_is_packed(tmp_path: Path, given: Records) -> None:
    path = written(tmp_path / "all.jsonl.zst", given)
    right = parley_check(str(path))
    assert right.returncode == 0
    assert "0 errors, 0 warnings" in right.stdout
    given[-1]["nonsense"] = "1"
    wrong = parley_check(str(written(path, given)), "--json")
    assert wrong.returncode == 2
    assert [one["line"] for one in json.loads(wrong.stdout)] == [len(given)]
    mixed = parley_check(str(path), "other.yaml")
    assert mixed.returncode == 2
    assert "by themselves" in mixed.stderr
