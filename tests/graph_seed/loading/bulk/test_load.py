"""Large files: the graph that they give is that of small ones, whatever happens on the way."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import neo4j
import orjson
import psutil
import pytest
import zstandard

from benchmarks.generate import generate_records
from graph_seed import FactsError, load
from graph_seed.graph import writer
from graph_seed.graph.writer import MANY
from graph_seed.loading.bulk.load import load_large
from graph_seed.syntax.sections import is_large, read_sections
from schema.domain import DOMAIN
from service.managed.connection import ConnectionInfo
from tests.concurrency import run_concurrently
from tests.conftest import DATABASE, clear
from tests.random_facts import random_sources

Plain = dict[str, Any]
UNLIKE = {"recordedIn", "expiredIn", "asWritten"}
"""Versions differ: a batch is one version, a small source is one of its own. Only a large file leaves
a hash of its lines."""


def lines(given: Iterable[Any]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in given)


def invented(statements: int = 60, seed: int = 3) -> list[Plain]:
    return list(generate_records(statements, seed))


def held(driver: neo4j.Driver) -> tuple[list[Any], list[Any]]:
    """All nodes and relationships that are live, but for loads and versions."""
    with driver.session(database=DATABASE) as session:
        nodes = session.run("MATCH (n:Node) WHERE NOT n:Load RETURN labels(n), properties(n)")
        found = [
            (sorted(labels), sorted((k, str(v)) for k, v in values.items() if k not in UNLIKE))
            for labels, values in nodes.values()
        ]
        relationships = session.run(
            "MATCH (a:Node)-[r]->(b:Node) WHERE r.expiredIn IS NULL "
            "RETURN type(r), a.id, b.id, properties(r)"
        )
        return sorted(found), sorted(
            (kind, a, b, sorted((k, str(v)) for k, v in values.items() if k not in UNLIKE))
            for kind, a, b, values in relationships.values()
        )


def by_small_files(driver: neo4j.Driver, given: list[Plain]) -> tuple[list[Any], list[Any]]:
    clear(driver)
    load(driver, given, database=DATABASE)
    return held(driver)


def write(path: Path, given: Iterable[Any]) -> Path:
    path.write_bytes(lines(given))
    return path


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_seed.loading.bulk.spool.BATCH", 300)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(("processes", "many"), [(1, 1), (2, 1), (1, MANY)])
def test_the_graph_is_that_of_small_files(
    driver: neo4j.Driver,
    tmp_path: Path,
    processes: int,
    many: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Batches are created by one query where ``many`` is 1, else by one for each label and type."""
    given = invented()
    wanted = by_small_files(driver, given)
    clear(driver)
    monkeypatch.setattr(writer, "MANY", many)
    path = write(tmp_path / "all.jsonl", given)
    told: list[tuple[str, int, int]] = []
    done = load_large(
        driver,
        [path],
        database=DATABASE,
        by="a test",
        progress=lambda *one: told.append(one),
        processes=processes,
    )
    assert held(driver) == wanted
    assert done.versions > 2
    assert done.one_by_one == 0
    assert told[-1] == ("write", done.elements, done.elements)
    parts = driver.execute_query("MATCH (l:Load) RETURN l.part, l.by ORDER BY l.version").records
    assert [tuple(one) for one in parts] == [
        (f"{number} of {done.versions}", "a test") for number in range(1, done.versions + 1)
    ]
    again = load_large(driver, [path], database=DATABASE)
    assert (again.versions, again.passed_over) == (0, done.sources)


@pytest.mark.usefixtures("small_batches")
def test_a_changed_file_mends_what_differs(driver: neo4j.Driver, tmp_path: Path) -> None:
    before = invented()
    left_out = [i for i, one in enumerate(before) if "affiliation" in one][::5]
    after = [dict(one) for i, one in enumerate(before) if i not in left_out]
    for one in after[::7]:
        if "statement" in one:
            one["text"] = f"{one['text']} Or so."
    clear(driver)
    load(driver, before, database=DATABASE)
    load(driver, after, database=DATABASE)
    wanted = held(driver)
    clear(driver)
    load_large(driver, [write(tmp_path / "a.jsonl", before)], database=DATABASE)
    done = load_large(driver, [write(tmp_path / "b.jsonl", after)], database=DATABASE)
    assert held(driver) == wanted
    assert done.one_by_one > 0


def test_a_fact_that_lost_but_a_link_is_told_from_what_it_was(
    driver: neo4j.Driver, tmp_path: Path
) -> None:
    before = invented(20)
    after = [dict(one) for one in before]
    fewer = next(one for one in after if len(one.get("about", ())) > 1)
    fewer["about"] = fewer["about"][:1]
    clear(driver)
    path = write(tmp_path / "all.jsonl", before)
    load_large(driver, [path], database=DATABASE)
    wanted = held(driver)
    load(driver, after, database=DATABASE)
    assert held(driver) != wanted
    load_large(driver, [path], database=DATABASE)
    assert held(driver) == wanted


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.jsonl.zst", "x.ndjson"])
def test_files_may_be_packed(tmp_path: Path, name: str) -> None:
    given = invented(20)
    raw = lines(given)
    packed = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
    path = tmp_path / name
    path.write_bytes(packed.get(path.suffix, bytes)(raw))
    found = list(read_sections(path))
    assert b"".join(one.raw for one in found) == raw
    numbers = [number for number, one in enumerate(given, start=1) if "source" in one]
    assert [one.line for one in found] == numbers
    assert is_large(path) == (path.suffix in packed)


def test_all_that_is_wrong_is_said_with_its_line_and_nothing_is_written(
    driver: neo4j.Driver, tmp_path: Path
) -> None:
    clear(driver)
    given = invented(30)
    wrong = next(i for i, one in enumerate(given) if "statement" in one)
    given[wrong]["speechAct"] = "sings"
    last = len(given) - 1
    given[last]["nonsense"] = "1"
    given.append({"source": {**given[0]["source"]}})
    with pytest.raises(FactsError) as refused:
        load_large(driver, [write(tmp_path / "all.jsonl", given)], database=DATABASE)
    found = {(one.place.line, one.code) for one in refused.value.problems}
    assert {(wrong + 1, "VALUE"), (last + 1, "UNKNOWN_PROPERTY")} <= found
    assert (len(given), "SOURCE_TWICE") in found
    assert held(driver)[0] == []


def test_what_is_used_has_to_be_there(driver: neo4j.Driver, tmp_path: Path) -> None:
    clear(driver)
    given = invented(30)
    begins = [i for i, one in enumerate(given) if "source" in one]
    without_first = given[begins[1] :]
    with pytest.raises(FactsError) as refused:
        load_large(driver, [write(tmp_path / "a.jsonl", without_first)], database=DATABASE)
    assert {one.code for one in refused.value.problems} == {"UNKNOWN_ID"}
    turned = [*given[begins[-1] :], *given[: begins[-1]]]
    with pytest.raises(FactsError, match="further down"):
        load_large(driver, [write(tmp_path / "b.jsonl", turned)], database=DATABASE)
    assert held(driver)[0] == []


def test_a_circle_through_several_sources_is_refused(driver: neo4j.Driver, tmp_path: Path) -> None:
    clear(driver)
    given = invented(60)
    begins = [i for i, one in enumerate(given) if "source" in one]
    first, second = [one for one in given if "event" in one][:2]
    for place, (one, other) in zip(
        (begins[-1], len(given) + 1), ((first, second), (second, first)), strict=True
    ):
        # Each of the last two sources says of one event that it follows the other.
        again = {**one, "follows": f"event:{other['event']}", "at": given[place - 1]["at"]}
        again.pop("about", None)
        # Without dates, for these would be wrong too.
        left_out = {"participants", "date"}
        given.insert(place, {k: v for k, v in again.items() if k not in left_out})
    uses = next(one for one in given[begins[-1] :] if "uses" in one)
    uses["uses"] = sorted({*uses["uses"], f"event:{first['event']}"})
    with pytest.raises(FactsError) as refused:
        load_large(driver, [write(tmp_path / "all.jsonl", given)], database=DATABASE)
    (problem,) = [one for one in refused.value.problems if one.code == "CIRCLE"]
    assert (problem.place.line, problem.place.file) == (len(given), str(tmp_path / "all.jsonl"))


@pytest.mark.usefixtures("small_batches")
def test_what_others_say_of_other_entities_stays(driver: neo4j.Driver, tmp_path: Path) -> None:
    clear(driver)
    for facts in random_sources(DOMAIN, 7, ("one", "two"), size=7):
        load(driver, facts, database=DATABASE)
    before = held(driver)
    load_large(driver, [write(tmp_path / "all.jsonl", invented(20))], database=DATABASE)
    nodes, relationships = held(driver)
    assert len(nodes) > len(before[0])
    assert all(one in nodes for one in before[0])
    assert all(one in relationships for one in before[1])


@pytest.mark.usefixtures("small_batches")
def test_eight_at_once_give_the_graph_of_one(driver: neo4j.Driver, tmp_path: Path) -> None:
    given = invented(40)
    wanted = by_small_files(driver, given)
    clear(driver)
    path = write(tmp_path / "all.jsonl", given)
    assert run_concurrently(lambda: load_large(driver, [path], database=DATABASE)) == []
    assert held(driver) == wanted


LOADER = """
import sys
from pathlib import Path
import neo4j
import graph_seed.graph.writer as writer
import graph_seed.loading.bulk.spool as spool
from graph_seed.loading.bulk.load import load_large
spool.BATCH = 300
writer.MANY = 1
uri, password, path, processes = sys.argv[1:]
with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
    def told(stage, done, of):
        if stage == "write":
            print(done, flush=True)
    load_large(driver, [Path(path)], progress=told, processes=int(processes))
"""


def loading(connection: ConnectionInfo, path: Path, processes: int) -> "subprocess.Popen[bytes]":
    address = (connection.uri, connection.password.get_secret_value())
    command = [sys.executable, "-c", LOADER, *address, str(path), str(processes)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_those_that_check_end_with_a_killed_loader(
    driver: neo4j.Driver, connection: ConnectionInfo, tmp_path: Path
) -> None:
    clear(driver)
    path = write(tmp_path / "all.jsonl", invented(1500))
    with loading(connection, path, 2) as process:
        children: list[psutil.Process] = []
        until = time.monotonic() + 30
        while len(children) < 3 and time.monotonic() < until:
            children = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, signal.SIGKILL)
    assert len(children) >= 3, "nothing else checked"
    _, left = psutil.wait_procs(children, timeout=10)
    assert left == []


def test_a_load_that_was_killed_goes_on(
    driver: neo4j.Driver, connection: ConnectionInfo, tmp_path: Path
) -> None:
    given = invented(120)
    wanted = by_small_files(driver, given)
    clear(driver)
    path = write(tmp_path / "all.jsonl", given)
    with loading(connection, path, 1) as process:
        assert process.stdout is not None
        for _ in range(2):
            process.stdout.readline()
        time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    with driver.session(database=DATABASE) as session:
        between = session.run("MATCH (s:Source) RETURN count(s)").single(strict=True)[0]
    assert 0 < between < sum("source" in one for one in given)
    load_large(driver, [path], database=DATABASE)
    assert held(driver) == wanted


def test_the_processes_that_check_do_without_the_driver() -> None:
    """It is half of the memory that each of them would have."""
    text = "import sys, graph_seed.loading.bulk.check_lines; print('neo4j' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"
