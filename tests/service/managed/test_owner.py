"""Tests of the managed database: one owner, adoption, restarts, privacy."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import neo4j
import psutil
import pytest
from filelock import FileLock

from service.errors import DatabaseInUse
from service.managed import control, server
from service.managed.connection import ConnectionInfo, find_owner, find_running
from service.managed.home import Home, OwnerState
from service.managed.owner import Owner
from service.settings import Settings
from tests.conftest import DATABASE, clear

WAIT = 120.0


def wait_until(what: str, holds: object, wait: float = WAIT) -> None:
    end = time.monotonic() + wait
    while time.monotonic() < end:
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come true in {wait} s")


def test_what_is_left_out_of_neo4j_is_not_missed(driver: neo4j.Driver) -> None:
    clear(driver)
    with driver.session(database=DATABASE) as session:

        def run(text: str) -> list[list[object]]:
            return [record.values() for record in session.run(f"CYPHER 5 {text}")]

        run("CREATE CONSTRAINT boot_c IF NOT EXISTS FOR (n:Boot) REQUIRE n.id IS UNIQUE")
        run("CREATE FULLTEXT INDEX boot_f IF NOT EXISTS FOR (n:Boot) ON EACH [n.t]")
        run("CREATE TEXT INDEX boot_t IF NOT EXISTS FOR (n:Boot) ON (n.t)")
        run("CREATE VECTOR INDEX boot_v IF NOT EXISTS FOR (n:Boot) ON n.v "
            "OPTIONS {indexConfig: {`vector.dimensions`: 3, "
            "`vector.similarity_function`: 'cosine'}}")  # fmt: skip
        run("CALL db.awaitIndexes(60)")
        run("UNWIND range(1, 5) AS i CREATE (:Boot {id: i, t: 'dairy ' + i, v: [1.0 * i, 2, 3]})")
        run("MATCH (a:Boot), (b:Boot {id: a.id + 1}) CREATE (a)-[:NEXT]->(b)")
        assert (
            len(run("CALL db.index.fulltext.queryNodes('boot_f', 'dairy') YIELD node RETURN 1"))
            == 5
        )
        assert run("CALL db.index.vector.queryNodes('boot_v', 1, [1.0, 2, 3]) YIELD node "
                   "RETURN node.id") == [[1]]  # fmt: skip
        assert run(
            "RETURN COLLECT { MATCH (n:Boot) WHERE n.id < 3 RETURN n.id ORDER BY n.id }"
        ) == [[[1, 2]]]
        assert run("MATCH p = SHORTEST 1 (:Boot {id: 1})-[:NEXT]-+(:Boot {id: 4}) "
                   "RETURN length(p)") == [[3]]  # fmt: skip
        for name, kind in (("boot_c", "CONSTRAINT"), *((f"boot_{x}", "INDEX") for x in "ftv")):
            run(f"DROP {kind} {name}")
    clear(driver)


def test_it_is_private(settings: Settings, connection: ConnectionInfo, owner: Owner) -> None:
    home = Home(settings)
    assert (home.root / "password").stat().st_mode & 0o077 == 0
    assert home.root.stat().st_mode & 0o077 == 0
    listening = {
        c.laddr for c in psutil.Process(owner.pid).net_connections() if c.status == "LISTEN"
    }
    assert {one.ip for one in listening} <= {"127.0.0.1", "::ffff:127.0.0.1"}
    assert len(listening) == 1, "Bolt alone listens"
    command = psutil.Process(owner.pid).cmdline()
    assert connection.password.get_secret_value() not in " ".join(command)


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://127.0.0.1:1/x"])
def test_it_reads_no_files_and_calls_nobody(driver: neo4j.Driver, where: str) -> None:
    with driver.session(database=DATABASE) as session, pytest.raises(neo4j.exceptions.ClientError):
        session.run("LOAD CSV FROM $where AS line RETURN line", where=where).consume()


def test_a_wrong_password_is_refused(connection: ConnectionInfo) -> None:
    with (
        neo4j.GraphDatabase.driver(connection.uri, auth=("neo4j", "wrong")) as driver,
        pytest.raises(neo4j.exceptions.AuthError),
    ):
        driver.verify_connectivity()


def test_a_second_owner_is_refused_and_told_whose_it_is(settings: Settings, owner: Owner) -> None:
    with pytest.raises(DatabaseInUse) as caught, Owner(settings):
        pass
    assert str(os.getpid()) in str(caught.value)
    assert "parley db start" in str(caught.value)
    with pytest.raises(DatabaseInUse):
        control.stop(settings)
    with pytest.raises(DatabaseInUse):
        control.reset(settings)


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the clock has no part in it")
def test_it_is_found_after_the_clock_was_set(
    settings: Settings, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = psutil.Process(owner.pid).create_time()
    later = psutil.boot_time() + 3600
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: later)
    assert psutil.Process(owner.pid).create_time() > before + 3000
    found, by = find_running(settings), find_owner(settings)
    assert found is not None
    assert found.pid == owner.pid
    assert by is not None
    assert by.owner_pid == os.getpid()


def test_a_database_that_dies_is_started_again_with_its_data(
    driver: neo4j.Driver, owner: Owner, settings: Settings
) -> None:
    with driver.session(database=DATABASE) as session:
        session.run("CREATE (:Survivor)").consume()
    first = owner.pid
    assert first is not None
    psutil.Process(first).kill()
    wait_until("another process", lambda: owner.pid not in {None, first} and find_running(settings))

    def is_answering() -> bool:
        try:
            with driver.session(database=DATABASE) as session:
                row = session.run("MATCH (n:Survivor) RETURN count(n) AS n").single(strict=True)
                return bool(row["n"] == 1)
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            return False

    wait_until("an answer", is_answering)
    clear(driver)


def test_an_owner_that_is_killed_leaves_an_orphan_that_is_adopted(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    to = control.start_detached(settings)
    state = find_owner(settings)
    assert state is not None
    assert state.detached
    assert state.owner_pid is not None
    os.kill(state.owner_pid, signal.SIGKILL)
    wait_until("the owner is gone", lambda: find_owner(settings) is None)
    assert find_running(settings) is not None, "the database outlives its owner"
    with Owner(settings) as adopted:
        assert adopted.pid == to.pid
    assert find_running(settings) is None
    assert server.find_process(state, Home(settings)) is None


def test_start_takes_over_a_database_whose_owner_was_killed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = control.start_detached(settings)
    state = find_owner(settings)
    assert state is not None
    assert state.owner_pid is not None
    os.kill(state.owner_pid, signal.SIGKILL)
    wait_until("the owner is gone", lambda: find_owner(settings) is None)
    again = control.start_detached(settings)
    owner = find_owner(settings)
    assert again.pid == first.pid, "the same database goes on"
    assert owner is not None
    assert owner.owner_pid != state.owner_pid
    assert control.stop(settings)
    assert find_running(settings) is None


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Restore Ctrl-C in a child process, since a background shell makes it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_what_is_told_to_end_while_it_boots_leaves_nothing_running(
    tmp_path: Path, told: signal.Signals
) -> None:
    environment = os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "service", "up", "--port", "0"]
    service = psutil.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    home = Home(Settings(data_dir=tmp_path / "data"))
    wait_until("Neo4j boots", lambda: (home.read_state() or OwnerState()).pid is not None)
    state = home.read_state()
    assert state is not None
    service.send_signal(told)
    assert service.wait(30) != 0
    assert server.find_process(state, home) is None
    assert home.read_state() is None


def test_while_it_is_set_up_others_are_told_whose_it_is(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    environment = os.environ | {
        "PARLEY_DATA_DIR": str(settings.data_dir), "PARLEY_CACHE_DIR": str(settings.cache_dir),
    }  # fmt: skip
    (tmp_path / "cache" / "neo4j").mkdir(parents=True)
    # Another process seems to be downloading, so that the first one waits.
    with FileLock(tmp_path / "cache" / "neo4j" / ".lock"):
        command = [sys.executable, "-m", "service", "up", "--port", "0"]
        first = psutil.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        wait_until("it is owned", lambda: find_owner(settings) is not None)
        with pytest.raises(DatabaseInUse, match=f"process {first.pid}"), Owner(settings):
            pass
        assert find_running(settings) is None
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) != 0
    assert find_owner(settings) is None


def test_two_that_start_at_once_join(tmp_path: Path) -> None:
    environment = os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "service", "db", "start"]
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[0] for one in both]
    settings = Settings(data_dir=tmp_path / "data")
    found = find_running(settings)
    assert control.stop(settings)
    assert [one.returncode for one in both] == [0, 0]
    assert found is not None
    assert all(f"process {found.pid}" in one for one in said)


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "mine").touch()
    settings = Settings(data_dir=tmp_path)
    home = Home(settings)
    control.reset(settings)
    home.make()
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert home.neo4j.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "conf" / "mine").exists(), "what is not Parley's is not reset"


def test_start_status_stop_from_the_command_line(tmp_path: Path) -> None:
    environment = os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data")}

    def parley(*given: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "service", *given],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Not running" in parley("db", "status")
    assert "Started" in parley("db", "start")
    assert "It already runs" in parley("db", "start")
    assert '"running": true' in parley("db", "status", "--json")
    info = parley("db", "info", "--json")
    assert '"uri": "bolt://127.0.0.1' in info
    assert "Started." in parley("db", "logs") or "Bolt enabled" in parley("db", "logs")
    assert "Stopped" in parley("db", "stop")
    assert "It was not running" in parley("db", "stop")
    assert "Deleted" in parley("db", "reset", "--yes")
    assert not (tmp_path / "data" / "neo4j").exists()
