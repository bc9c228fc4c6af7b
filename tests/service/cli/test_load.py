"""Tests of the commands ``load`` and ``check``: the database they name, reports, refusals."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import neo4j
import pytest

from graph_seed import cite
from service.managed.connection import ConnectionInfo
from service.settings import Settings
from tests.graph_seed.loading.test_load import rows

WORDS = "Invented. Ada Moreno spoke of tolls.\n"
Parley = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def parley(settings: Settings, empty: neo4j.Driver) -> Parley:
    """Runs ``parley`` against the run's own database, which is empty."""

    def run(*given: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PARLEY_DATA_DIR": str(settings.data_dir)}
        return subprocess.run(
            [sys.executable, "-m", "service", *given],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


def write_file(folder: Path, key: str, name: str) -> str:
    path = folder / f"{key}.yaml"
    path.write_text(
        f"source: {{id: source:{key}, type: x}}\n"
        f"entities:\n- issue: balance\n  name: {name}\n  find: tolls\n",
        "utf-8",
    )
    assert cite(path, WORDS).problems == []
    return str(path)


def test_loads_name_the_database_and_what_they_change(parley: Parley, tmp_path: Path) -> None:
    path = write_file(tmp_path, "a", "goods balance")
    dry = parley("load", path, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "source:a: a dry run, nothing written to database neo4j at bolt://" in dry.stdout
    assert "(managed by Parley)" in dry.stdout
    assert "+ issue:balance: goods balance" in dry.stdout
    assert parley("load", path).stdout.startswith("source:a: version 1 of database neo4j at bolt:")
    write_file(tmp_path, "a", "balance of goods")
    dry = parley("load", path, "--dry-run")
    assert "      name: goods balance → balance of goods" in dry.stdout.splitlines()
    (told,) = json.loads(parley("load", path, "--dry-run", "--json").stdout)
    assert told["target"]["managed"] is True
    assert told["changes"][0]["values"]["name"] == {
        "old": "goods balance",
        "new": "balance of goods",
    }
    parley("load", path)
    (line,) = parley("load", path).stdout.splitlines()
    assert line.startswith("source:a: nothing new; version 2 of database neo4j at bolt://")


def test_shared_entities_are_noted_or_refused(parley: Parley, tmp_path: Path) -> None:
    one, two = (write_file(tmp_path, key, f"of {key}") for key in "ab")
    checked = parley("check", one, two)
    assert checked.returncode == 0
    assert checked.stderr.startswith(f"{two}:")
    assert "note SHARED issue:balance is one entity of 2 sources" in checked.stderr
    assert "0 errors, 0 warnings, 1 notes" in checked.stdout
    assert parley("check", one, two, "--strict-shared").returncode == 2
    assert parley("load", one).returncode == 0
    assert "source:a: name 'of a'" in parley("check", two, "--against").stderr
    refused = parley("load", two, "--strict-shared")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{two}:")
    assert "error SHARED issue:balance" in refused.stderr
    loaded = parley("load", two)
    assert loaded.returncode == 0
    assert "note issue:balance is one entity of 2 sources: source:a: name 'of a'" in loaded.stdout


def test_a_graph_of_another_version_is_migrated_only_with_yes(
    parley: Parley, empty: neo4j.Driver, tmp_path: Path
) -> None:
    path = write_file(tmp_path, "a", "goods balance")
    rows(empty, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    refused = parley("load", path)
    assert refused.returncode == 1
    assert "MIGRATION_NEEDED" in refused.stderr
    assert "--yes" in refused.stderr
    assert parley("load", path, "--yes").returncode == 0


def test_up_migrates_your_own_neo4j_only_with_yes(
    parley: Parley, empty: neo4j.Driver, connection: ConnectionInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows(empty, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    monkeypatch.setenv("PARLEY_NEO4J_URI", connection.uri)
    monkeypatch.setenv("PARLEY_NEO4J_PASSWORD", connection.password.get_secret_value())
    refused = parley("up", "--port", "0")
    assert refused.returncode == 1
    assert "MIGRATION_NEEDED" in refused.stderr
    assert "(your own Neo4j)" in refused.stderr
    assert rows(empty, "MATCH (c:Clock) RETURN c.vocabulary") == [["another"]]
