"""Each kept release: its operations, its stores and its facts files work with this version."""

from pathlib import Path

import neo4j
import orjson
import pytest
from graphql import build_schema

import graph_seed
from tests.conftest import DATABASE, clear
from tests.querying import SCHEMA, answer
from tests.releases.intended_changes import (
    INTENDED,
    compare_changes,
    find_changes,
)
from tests.releases.keep import HERE, ORDER, questions
from tests.releases.store import read_store, write_store

RELEASES = sorted(path.parent for path in HERE.glob("*/schema.graphql"))


def by_name(folder: Path) -> str:
    return folder.name


@pytest.fixture(params=RELEASES, ids=by_name, scope="module")
def release(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture(scope="module")
def restored(release: Path, driver: neo4j.Driver) -> neo4j.Driver:
    """The store of a release, migrated; indexes of this version are there before."""
    clear(driver)
    graph_seed.ensure_schema(driver, DATABASE)
    clear(driver)
    with driver.session(database=DATABASE) as session:
        write_store(session, (release / "store.jsonl").read_text("utf-8"))
    graph_seed.ensure_schema(driver, DATABASE)
    return driver


def test_there_is_a_release() -> None:
    assert RELEASES


def test_the_schema_of_a_release_is_changed_as_intended_only(release: Path) -> None:
    old = build_schema((release / "schema.graphql").read_text("utf-8"))
    new = build_schema(SCHEMA.as_str())
    intended = [one for one in INTENDED if one.release == release.name]
    assert compare_changes(find_changes(old, new), intended) == []


def test_every_intended_change_has_a_release_and_a_reason() -> None:
    releases = {path.name for path in RELEASES}
    assert [one for one in INTENDED if one.release not in releases or not one.reason] == []


def test_the_store_of_a_release_is_read_back_as_it_was(release: Path, driver: neo4j.Driver) -> None:
    clear(driver)
    text = (release / "store.jsonl").read_text("utf-8")
    with driver.session(database=DATABASE) as session:
        write_store(session, text)
        assert read_store(session) == text


def test_the_store_of_a_release_answers_as_it_did(release: Path, restored: neo4j.Driver) -> None:
    answers = orjson.loads((release / "answers.json").read_bytes())
    asked = questions(release)
    assert set(answers) == set(asked)
    for name, text in asked.items():
        assert answer(restored, text) == answers[name], name


def test_loading_the_facts_of_a_release_again_changes_nothing(
    release: Path, restored: neo4j.Driver
) -> None:
    paths = [release / "facts" / f"{name}.yaml" for name in ORDER]
    for report in graph_seed.load_files(restored, paths, database=DATABASE):
        assert not report.made_version, report.counts
