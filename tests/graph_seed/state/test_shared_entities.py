"""The same key is the same entity, and whoever loads is told: by check, by load, by large loads."""

from pathlib import Path
from typing import Any

import neo4j
import orjson
import pytest

from graph_seed import FactsError, check, load
from graph_seed.loading.bulk.load import load_large
from graph_seed.loading.bulk.merge_shared import MOST_SHARED
from graph_seed.loading.bulk.scan import check_large
from graph_seed.loading.load import check_against
from graph_seed.problems import Problem
from graph_seed.state.entity_merge import LONGEST, MOST_OF_LIST
from graph_seed.text import text_sha256
from schema.domain import DOMAIN
from tests.builders import TEXT, facts, record
from tests.conftest import DATABASE
from tests.graph_seed.loading.test_load import rows

ISSUE = "entities:\n- issue: balance\n  name: {name}\n  find: Ada\n"


def written(folder: Path, key: str, name: str) -> Path:
    path = folder / f"{key}.yaml"
    path.write_text(f"source: {{id: source:{key}, type: x}}\n" + ISSUE.format(name=name), "utf-8")
    return path


def notes(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    return [
        (one.severity, Path(one.place.file).name, one.place.line, one.message)
        for one in problems
        if one.code == "SHARED"
    ]


@pytest.mark.parametrize("names", [("goods balance", "balance of powers"), ("balance", "balance")])
def test_check_notes_what_several_files_define(tmp_path: Path, names: tuple[str, str]) -> None:
    paths = [written(tmp_path, key, name) for key, name in zip("ab", names, strict=True)]
    (found,) = notes(check(paths).problems)
    assert found[:3] == ("note", "b.yaml", 3)
    assert f"source:a: name {names[0]!r}; source:b: name {names[1]!r}" in found[3]
    assert check(paths).valid == (not [p for p in check(paths).problems if p.severity == "error"])
    strict = check(paths, strict_shared=True)
    assert [one[0] for one in notes(strict.problems)] == ["error"]
    assert not strict.valid
    assert notes(check(paths[:1]).problems) == []


def test_check_notes_what_the_graph_defines_and_what_it_lacks(
    empty: neo4j.Driver, tmp_path: Path
) -> None:
    load(empty, facts("other", record("issue:balance", name="Of powers")), database=DATABASE)
    path = written(tmp_path, "mine", "goods balance")
    used = "uses: [issue:none]\nentities:"
    path.write_text(path.read_text("utf-8").replace("entities:", used), "utf-8")
    found = check([path], elsewhere=lambda some: check_against(empty, DATABASE, DOMAIN, some))
    (note,) = notes(found.problems)
    assert "source:mine: name 'goods balance'; source:other: name 'Of powers'" in note[3]
    assert ("UNKNOWN_ID", 2) in [(p.code, p.place.line) for p in found.problems]
    again = facts("other", record("issue:balance"))
    assert check_against(empty, DATABASE, DOMAIN, [again]).said == {}, "its own is no other's"


def test_load_reports_what_another_source_defines(empty: neo4j.Driver) -> None:
    one = facts("one", record("person:ana", name="Ana"), record("person:solo"))
    other = record("person:ana", name="Ana", aliases=[f"A{n}" for n in range(9)], size=3)
    two = facts("two", other, uses=["person:solo"])
    (first,) = load(empty, one, database=DATABASE)
    assert first.shared == []
    for dry_run in (True, False):
        (report,) = load(empty, two, database=DATABASE, dry_run=dry_run)
        (shared,) = report.shared
        assert shared.id == "person:ana"
        assert shared.said["source:one"] == {"name": "Ana"}
        assert shared.said["source:two"]["aliases"] == [f"A{n}" for n in range(MOST_OF_LIST)]
        assert orjson.loads(orjson.dumps(report.to_plain(), default=str))["shared"][0]["id"]
    (again,) = load(empty, two, database=DATABASE)
    assert [one.id for one in again.shared] == ["person:ana"], "an unchanged load tells it too"
    together = load(empty, [one, two], database=DATABASE)
    assert [[one.id for one in report.shared] for report in together] == [["person:ana"]] * 2


def test_strict_loads_refuse_shared_entities_and_write_nothing(empty: neo4j.Driver) -> None:
    load(empty, facts("one", record("issue:a")), database=DATABASE)
    for given in (
        [facts("two", record("issue:a"))],
        [facts("three", record("issue:b")), facts("four", record("issue:b"))],
    ):
        for dry_run in (True, False):
            with pytest.raises(FactsError) as caught:
                load(empty, given, database=DATABASE, strict_shared=True, dry_run=dry_run)
            assert [(p.code, p.severity) for p in caught.value.problems] == [("SHARED", "error")]
    assert rows(empty, "MATCH (s:Source) RETURN s.id") == [["source:one"]]
    load(empty, facts("one", record("issue:a")), database=DATABASE, strict_shared=True)


def test_long_values_are_shortened(empty: neo4j.Driver) -> None:
    for key in ("one", "two"):
        reports = load(empty, facts(key, record("issue:a", name="n" * 300)), database=DATABASE)
    assert len(str(reports[0].shared[0].said["source:one"]["name"])) == LONGEST + 1


def lines(key: str, entities: int) -> list[dict[str, Any]]:
    source = facts(key, record("issue:a")).source.values
    at = {"start": 0, "end": 10, "startUtf16": 0, "endUtf16": 10, "locator": "sentence 1 of 2"}
    at["sha256"] = text_sha256(TEXT[:10])
    head = {"source": {"id": f"source:{key}", **source}}
    return [head, *({"issue": f"i-{n}", "name": f"of {key}", "at": at} for n in range(entities))]


def test_large_files_tell_the_first_shared_entities(empty: neo4j.Driver, tmp_path: Path) -> None:
    paths = {}
    for name, keys in {"both": ("a", "b"), "c": ("c",)}.items():
        paths[name] = tmp_path / f"{name}.jsonl"
        made = [one for key in keys for one in lines(key, MOST_SHARED + 50)]
        paths[name].write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in made))
    checked = check_large([paths["both"]])
    assert len(notes(checked.problems)) == MOST_SHARED
    assert "source:a: name 'of a'; source:b: name 'of b'" in notes(checked.problems)[0][3]
    assert notes(checked.problems)[0][2] == MOST_SHARED + 50 + 3, "the line of the second"
    assert notes(check_large([paths["c"]]).problems) == []
    with pytest.raises(FactsError) as caught:
        load_large(empty, [paths["both"]], database=DATABASE, strict_shared=True)
    assert {p.code for p in caught.value.problems} == {"SHARED"}
    assert rows(empty, "MATCH (s:Source) RETURN count(s)") == [[0]]
    done = load_large(empty, [paths["both"]], database=DATABASE)
    assert (len(done.shared), done.more_shared) == (MOST_SHARED, True)
    against_graph = load_large(empty, [paths["c"]], database=DATABASE)
    assert len(against_graph.shared) == MOST_SHARED
    assert against_graph.shared[0].said.keys() >= {"source:c"}
    assert len(against_graph.shared[0].said) == 3
    with empty.session(database=DATABASE) as session:
        again = paths["c"].read_bytes().replace(b"source:c", b"source:d")
        paths["c"].write_bytes(again)
        found = check_large([paths["c"]], session=session)
    assert len(notes(found.problems)) == MOST_SHARED
