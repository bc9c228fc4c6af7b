"""Tests of the bundled facts at a start: they are compared only if something may have changed."""

from collections.abc import Iterator

import neo4j
import pytest

from graph_seed import load
from service import bundled
from service.bundled import BundledFacts
from service.managed.home import Home
from service.settings import Settings
from tests.builders import facts, record
from tests.conftest import DATABASE


@pytest.fixture
def home(settings: Settings, empty: neo4j.Driver) -> Iterator[Home]:
    found = Home(settings)
    yield found
    (found.root / "loaded").unlink(missing_ok=True)


def start(settings: Settings, driver: neo4j.Driver) -> tuple[bool, dict[str, int]]:
    """Do what a start does; return whether the facts were loaded, and the number of nodes."""
    found = BundledFacts(settings)
    note = found.find_note(driver, DATABASE)
    counts = found.load(driver, DATABASE) if note is None else note.counts
    return note is None, dict(counts)


def test_a_second_start_loads_nothing(
    settings: Settings, empty: neo4j.Driver, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_loaded, counts = start(settings, empty)
    assert is_loaded
    assert counts["Person"] > 5
    monkeypatch.setattr(bundled, "check_facts", lambda: pytest.fail("nothing is checked"))
    assert start(settings, empty) == (False, counts)


def test_a_commit_since_is_compared(settings: Settings, empty: neo4j.Driver, home: Home) -> None:
    _, counts = start(settings, empty)
    load(empty, facts("tolls", record("issue:toll", name="Toll")), database=DATABASE)
    is_loaded, more = start(settings, empty)
    assert is_loaded
    assert more["Issue"] == counts["Issue"] + 1
    assert start(settings, empty) == (False, more)


def test_other_facts_or_code_are_loaded(
    settings: Settings, empty: neo4j.Driver, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, counts = start(settings, empty)
    monkeypatch.setattr(bundled, "digest_files", lambda: "another")
    assert start(settings, empty) == (True, counts)
    assert start(settings, empty) == (False, counts)


@pytest.mark.parametrize("note", ["", "[]", '{"digest": "x"}', "a note of another release"])
def test_a_note_that_cannot_be_read_is_none(
    settings: Settings, empty: neo4j.Driver, home: Home, note: str
) -> None:
    home.remember_loaded(note)
    assert start(settings, empty)[0]
    assert not start(settings, empty)[0]


def test_another_neo4j_has_no_note(settings: Settings, empty: neo4j.Driver, home: Home) -> None:
    other = Settings(data_dir=settings.data_dir, neo4j_uri="bolt://127.0.0.1:7687")
    assert start(other, empty)[0]
    assert home.loaded is None
    assert start(other, empty)[0]
