"""What a load tells: the database, what changes, which record the database refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import orjson
import pytest
from neo4j.exceptions import ServiceUnavailable

from graph_seed import LoadError, load, unload
from graph_seed.checking import check_source, validate
from graph_seed.graph.ensure_schema import is_of_another_vocabulary
from graph_seed.graph.report import LoadReport, Target
from graph_seed.loading import source_load, transaction
from graph_seed.loading.bulk import merge_shared
from graph_seed.loading.bulk.load import load_large
from schema.storage import RANGE_INDEX_BYTES, TEXT_INDEX_BYTES
from service.cli.reports import show_reports
from service.db.database import describe_target
from service.managed.connection import ConnectionInfo
from service.settings import Settings
from tests.builders import facts, record, statement
from tests.conftest import DATABASE, clear
from tests.graph_seed.loading.bulk.test_load import invented, write
from tests.graph_seed.loading.test_load import rows

# --- the database ---


def test_every_report_names_the_database(empty: neo4j.Driver, connection: ConnectionInfo) -> None:
    one = facts("one", record("issue:a"))
    address = connection.uri.partition("://")[2]
    (dry,) = load(empty, one, database=DATABASE, dry_run=True)
    (done,) = load(empty, one, database=DATABASE)
    (again,) = load(empty, one, database=DATABASE)
    gone = unload(empty, "source:one", database=DATABASE)
    for report in (dry, done, again, gone):
        assert report.target == Target(address, DATABASE, None)
    named = Target("bolt://here:1", "mine", managed=True)
    (told,) = load(empty, one, database=DATABASE, target=named)
    assert told.to_plain()["target"] == named


@pytest.mark.parametrize(
    ("uri", "managed", "said"),
    [("neo4j+s://ada:secret@db.example:7687", False, "neo4j+s://db.example:7687 (your own Neo4j)")],
)
def test_a_target_has_no_credentials(uri: str, managed: bool, said: str) -> None:
    target = describe_target(Settings(neo4j_uri=uri, neo4j_database="talks"))
    assert (target.managed, target.database) == (managed, "talks")
    assert str(target) == f"database talks at {said}"


def test_a_graph_of_another_vocabulary_is_migrated_only_if_that_is_said(
    empty: neo4j.Driver, tmp_path: Path
) -> None:
    one = facts("one", record("issue:a"))
    rows(empty, "MATCH (c:Clock) SET c.vocabulary = 'another'")
    assert is_of_another_vocabulary(empty, DATABASE)
    calls: list[Callable[[], object]] = [
        lambda: load(empty, one, database=DATABASE),
        lambda: load(empty, one, database=DATABASE, dry_run=True),
        lambda: unload(empty, "source:one", database=DATABASE),
        lambda: load_large(empty, [write(tmp_path / "a.jsonl", invented(3))], database=DATABASE),
    ]
    for call in calls:
        with pytest.raises(LoadError) as caught:
            call()
        assert caught.value.code == "MIGRATION_NEEDED"
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]
    assert rows(empty, "MATCH (c:Clock) RETURN c.vocabulary") == [["another"]]
    (done,) = load(empty, one, database=DATABASE, migrate=True)
    assert done.made_version
    assert not is_of_another_vocabulary(empty, DATABASE)


def test_a_first_load_into_an_empty_database_asks_for_nothing(driver: neo4j.Driver) -> None:
    clear(driver)
    assert not is_of_another_vocabulary(driver, DATABASE)
    assert load(driver, facts("one", record("issue:a")), database=DATABASE)[0].made_version


# --- what changes ---


def changes(report: LoadReport) -> dict[str, Any]:
    return {one.id: one for one in report.changes if not one.id.startswith("passage:")}


def test_a_dry_run_lists_what_would_change_old_beside_new(empty: neo4j.Driver) -> None:
    say = statement("statement:one/s", {"about": ["issue:a"]}, text="First.", place="Port")
    load(empty, facts("one", record("issue:a"), record("issue:b"), say), database=DATABASE)
    say = statement("statement:one/s", {"about": ["issue:c"]}, text="Mended.")
    mended = facts("one", record("issue:a"), record("issue:c"), say)
    (dry,) = load(empty, mended, database=DATABASE, dry_run=True)
    found = changes(dry)
    assert {name: one.kind for name, one in found.items()} == {
        "statement:one/s": "changed",
        "issue:b": "expired",
        "issue:c": "recorded",
    }
    assert found["statement:one/s"].values == {
        "text": ("First.", "Mended."),
        "place": ("Port", None),
    }
    assert found["statement:one/s"].links == {"about": (["issue:a"], ["issue:c"])}
    assert found["issue:c"].values == {"name": (None, "C")}
    plain = orjson.loads(orjson.dumps(dry.to_plain(), default=str))["changes"]
    (told,) = [one for one in plain if one["id"] == "statement:one/s"]
    assert told["values"]["text"] == {"old": "First.", "new": "Mended."}
    (done,) = load(empty, mended, database=DATABASE)
    assert done.changes == []
    (again,) = load(empty, mended, database=DATABASE, dry_run=True)
    assert again.changes == []
    gone = unload(empty, "source:one", database=DATABASE, dry_run=True)
    assert {one.kind for one in gone.changes} == {"expired"}
    assert {"source:one", "statement:one/s", "issue:a"} <= {one.id for one in gone.changes}


def test_a_dry_run_shows_what_a_second_source_adds(empty: neo4j.Driver) -> None:
    load(
        empty, facts("one", record("person:a", name="Ada M."), published="2031"), database=DATABASE
    )
    second = facts("two", record("person:a", name="Ada Moreno", aliases=["A"]))
    (dry,) = load(empty, second, database=DATABASE, dry_run=True)
    found = changes(dry)["person:a"]
    assert found.values == {"aliases": (None, ["A"])}
    assert found.links["descriptions"] == ([], ["source:two"])
    load(empty, second, database=DATABASE)
    again = facts("two", record("person:a", name="A. Moreno", aliases=["A"]))
    (dry,) = load(empty, again, database=DATABASE, dry_run=True)
    found = changes(dry)["person:a"]
    assert found.links == {}
    assert found.edges == {("descriptions", "source:two"): {"name": ("Ada Moreno", "A. Moreno")}}, (
        "what the reader sees of it is as it was"
    )
    (edge,) = found.to_plain()["edges"]
    assert edge == {
        "link": "descriptions",
        "id": "source:two",
        "values": {"name": {"old": "Ada Moreno", "new": "A. Moreno"}},
    }


def test_a_dry_run_of_a_rename_hints_at_nothing(empty: neo4j.Driver) -> None:
    load(empty, facts("one", record("issue:toll-levels", name="toll levels")), database=DATABASE)
    renamed = facts("one", record("issue:toll-level", name="toll level"))
    (dry,) = load(empty, renamed, database=DATABASE, dry_run=True)
    assert dry.hints == []
    beside = facts("two", record("issue:toll-level", name="toll level"))
    (dry,) = load(empty, beside, database=DATABASE, dry_run=True)
    assert len(dry.hints) == 1


def test_a_dry_run_shows_which_claims_of_others_it_corrects(empty: neo4j.Driver) -> None:
    load(empty, facts("one", statement("statement:one/s")), database=DATABASE)
    newer = statement(
        "statement:two/s", {"supersedes": [("statement:one/s", {"supersession": "correction"})]}
    )
    second = facts("two", newer, uses=["statement:one/s"])
    (dry,) = load(empty, second, database=DATABASE, dry_run=True)
    assert changes(dry)["statement:one/s"].values == {"standing": ("standing", "corrected")}


def test_hints_that_cannot_be_had_are_no_reason_to_fail(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> dict[str, list[str]]:
        raise ServiceUnavailable

    monkeypatch.setattr(transaction, "find_hints", gone)
    load(empty, facts("one", record("person:a")), database=DATABASE)
    (done,) = load(empty, facts("two", record("person:b")), database=DATABASE)
    assert (done.version, done.hints) == (2, [])


def test_terminals_show_a_line_for_what_is_unchanged_and_each_change_else(
    empty: neo4j.Driver, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [facts(key, statement(f"statement:{key}/s")) for key in ("one", "two")]
    show_reports(load(empty, given, database=DATABASE, dry_run=True), as_json_=False)
    dry = capsys.readouterr().out
    assert "a dry run, nothing written to database neo4j at" in dry
    assert "+ statement:one/s: Said." in dry
    load(empty, given, database=DATABASE)
    show_reports(load(empty, given, database=DATABASE), as_json_=False)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("source:one, source:two: nothing new; version 2 of database neo4j at")
    mended = facts("one", statement("statement:one/s", text="[sic] :100:"))
    show_reports(load(empty, mended, database=DATABASE, dry_run=True), as_json_=False)
    assert "      text: Said. → [sic] :100:" in capsys.readouterr().out.splitlines()


# --- limits, and what else a database refuses ---


def names(key: str, number: int) -> list[str]:
    return [f"Ada {key} of the long names {n:04}" for n in range(number)]


def test_many_aliases_of_many_sources_load(empty: neo4j.Driver) -> None:
    for key in ("one", "two", "three", "four"):
        load(empty, facts(key, record("person:a", aliases=names(key, 60))), database=DATABASE)
    ((size, last),) = rows(empty, "MATCH (p:Person) RETURN size(p.nameFolded), p.aliases[-1]")
    assert int(str(size)) < RANGE_INDEX_BYTES
    assert last == names("two", 60)[-1]


@pytest.mark.parametrize("together", [False, True])
def test_what_sources_together_say_is_held_to_the_limits(
    empty: neo4j.Driver, together: bool
) -> None:
    # Each fits by itself.
    size = RANGE_INDEX_BYTES // 40
    keys = range(2 * TEXT_INDEX_BYTES // RANGE_INDEX_BYTES)
    given = [facts(f"s-{n}", record("person:a", aliases=names(f"{n}", size))) for n in keys]
    before = [] if together else given[:1]
    for one in before:
        load(empty, one, database=DATABASE)
    with pytest.raises(LoadError) as caught:
        load(empty, given, database=DATABASE)
    assert rows(empty, "MATCH (s:Source) RETURN count(s)") == [[len(before)]]
    assert (caught.value.code, caught.value.ids) == ("TOO_LONG", ["person:a"])
    assert "person:a: name, aliases and previousNames together take" in str(caught.value)


def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what the database refuses pass all checks."""
    for module in (source_load, merge_shared):
        monkeypatch.setattr(module, "refuse_oversized", lambda *_: None)
    for checks in (validate, check_source):
        monkeypatch.setattr(checks, "oversized_values", lambda *_: iter(()))


def test_an_error_of_the_database_names_the_record(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlimited(monkeypatch)
    good = [record(f"issue:i-{n}") for n in range(30)]
    bad = record("issue:bad", name="x" * 40_000)
    with pytest.raises(LoadError) as caught:
        load(empty, facts("one", *good, bad), database=DATABASE)
    assert caught.value.code == "DATABASE_ERROR"
    assert "issue:bad" in str(caught.value)
    assert len(str(caught.value)) < 1000
    assert rows(empty, "MATCH (n:Node) RETURN count(n)") == [[0]]


def test_an_error_of_the_database_in_a_large_load_names_the_record(
    empty: neo4j.Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unlimited(monkeypatch)
    given = invented(20)
    statements = [one for one in given if "statement" in one]
    path = write(tmp_path / "a.jsonl", given)
    statements[3]["text"] = "x" * 40_000
    with pytest.raises(LoadError) as caught:
        load_large(empty, [write(path, given)], database=DATABASE)
    assert caught.value.code == "DATABASE_ERROR"
    assert statements[3]["statement"] in str(caught.value)


def test_a_database_that_goes_while_a_large_load_checks(
    empty: neo4j.Driver, connection: ConnectionInfo, tmp_path: Path
) -> None:
    # The graph holds something, so each group of sources is looked up while it is checked.
    load(empty, facts("one", record("issue:a")), database=DATABASE)
    path = write(tmp_path / "all.jsonl", invented(600))
    auth = (connection.user, connection.password.get_secret_value())
    told: list[str] = []
    with neo4j.GraphDatabase.driver(connection.uri, auth=auth) as far:

        def gone(stage: str, *_: int) -> None:
            told.append(stage)
            far.close()

        with pytest.raises(LoadError) as caught:
            load_large(far, [path], database=DATABASE, progress=gone)
    assert set(told) == {"check"}
    assert caught.value.code == "LOAD_INTERRUPTED"
    assert rows(empty, "MATCH (s:Source) RETURN s.id") == [["source:one"]]
