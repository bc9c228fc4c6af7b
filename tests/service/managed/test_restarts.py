"""Tests that a database that ends is restarted, one that hangs is killed, and its port stays.

Starting Neo4j takes seconds, so a sleeping process takes its place where answers do not matter.
``test_owner`` starts the real one.
"""

import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import neo4j
import psutil
import pytest

from service.errors import AddressRefused, SetUpFailed
from service.http.app import create_app
from service.managed import owner as owners
from service.managed import server
from service.managed.connection import ConnectionInfo, explain_absence
from service.managed.home import Home, OwnerState
from service.managed.owner import Owner, restart_pause
from service.managed.watchdog import MISSES, UNAVAILABLE, Watchdog
from service.settings import Settings
from tests.conftest import DATABASE
from tests.service.managed.test_owner import wait_until
from tests.serving import client_of


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replace Neo4j by sleeping processes; return the ports that they were started with."""
    ports: list[int] = []

    def launch(home: Home, port: int, *_: Sequence[str]) -> psutil.Process:
        ports.append(port)
        home.prepare(port)
        command = [sys.executable, "-c", "import time; time.sleep(600)"]
        return psutil.Popen([*command, f"--home-dir={home.neo4j}"], start_new_session=True)

    monkeypatch.setattr(server, "launch", launch)
    monkeypatch.setattr(server, "wait_until_up", lambda *_: None)
    monkeypatch.setattr(owners, "download_jars", lambda *_, **__: [])
    monkeypatch.setattr(owners, "WATCH_SECONDS", 0.02)
    return ports


def test_pauses_grow_and_end_nowhere() -> None:
    pauses = [restart_pause(ends) for ends in range(1, 200)]
    assert pauses[:6] == [0, 0, 0, 1, 2, 4]
    assert pauses == sorted(pauses)
    assert max(pauses) == 60


def test_a_database_that_ends_often_is_always_started_again(
    asleep: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data", neo4j_watchdog=0)
    monkeypatch.setattr(owners, "restart_pause", lambda ends: 0.3 if ends == 6 else 0.0)
    with Owner(settings) as owner:
        for number in range(1, 9):
            psutil.Process(owner.pid).kill()
            if number == 6:
                wait_until("why is told", lambda: "6 times" in explain_absence(settings))
            wait_until("another", lambda many=number + 1: len(asleep) == many)
            wait_until("it is up", lambda: server.is_alive(psutil.Process(owner.pid)))
        wait_until("nothing is told any more", lambda: "6 times" not in explain_absence(settings))
    assert len(set(asleep)) == 1, "the port stays"


def test_a_start_that_fails_is_tried_again_and_says_why(
    asleep: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data", neo4j_watchdog=0)
    errors: list[Exception] = [
        SetUpFailed("Neo4j's files are damaged: a.jar."), OSError(28, "", "/secret/place"),
        psutil.NoSuchProcess(1),
    ]  # fmt: skip
    told: list[str] = []

    def fail(*_: object, **__: object) -> list[str]:
        told.append(explain_absence(settings))
        if errors:
            raise errors.pop(0)
        return []

    monkeypatch.setattr(owners, "restart_pause", lambda _: 0.0)
    with Owner(settings) as owner:
        monkeypatch.setattr(owners, "download_jars", fail)
        psutil.Process(owner.pid).kill()
        wait_until("it is up", lambda: len(asleep) == 2)
    assert "ended and is started again" in told[0]
    assert "could not be started: Neo4j's files are damaged: a.jar." in told[1]
    assert "could not be started: the disk is full" in told[2]
    assert "/secret" not in "".join(told)


async def test_readyz_says_why(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, connection_timeout=1)
    own = psutil.Process()
    state = OwnerState(
        owner_pid=own.pid, owner_started=server.identify_start(own), trouble="It ended 7 times."
    )
    Home(settings).write_state(state)
    async with client_of(create_app(settings)) as client:
        ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["errors"][0]["message"] == "It ended 7 times."


def test_the_port_is_remembered(asleep: list[int], tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", neo4j_watchdog=0)
    for _ in range(2):
        with Owner(settings):
            pass
    assert asleep[0] == asleep[1]
    with socket.create_server(("127.0.0.1", asleep[0])), Owner(settings):
        pass
    assert asleep[2] != asleep[0], "another where it is taken"
    with Owner(settings):
        pass
    assert asleep[3] == asleep[2]


def test_a_port_that_is_set_is_had_or_refused(asleep: list[int], tmp_path: Path) -> None:
    port = server.find_free_port()
    settings = Settings(data_dir=tmp_path / "data", neo4j_port=port, neo4j_watchdog=0)
    with Owner(settings):
        pass
    assert asleep == [port]
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(AddressRefused, match="PARLEY_NEO4J_PORT"),
        Owner(settings),
    ):
        pass
    assert Home(settings).read_state() is None


@contextmanager
def deaf() -> Iterator[int]:
    """Return a port where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_database_that_hangs_is_ended_and_started_again(
    asleep: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deaf() as port:
        monkeypatch.setattr(Owner, "_choose_port", lambda _: port)
        with Owner(Settings(data_dir=tmp_path / "data", neo4j_watchdog=1.2)) as owner:
            first = owner.pid
            wait_until("another", lambda: len(asleep) == 2 and owner.pid not in {None, first})
            assert not psutil.pid_exists(first or 0)


class Answers(Watchdog):
    """A watchdog of which a test says what it hears."""

    heard: Callable[[], bool]
    asked = 0

    def is_answering(self, port: int) -> bool:
        self.asked += port
        return self.heard()


@pytest.mark.parametrize("misses", [MISSES - 1, MISSES])
def test_a_database_is_ended_after_misses_in_a_row_only(tmp_path: Path, misses: int) -> None:
    process = psutil.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        dog = Answers(Home(Settings(data_dir=tmp_path)), 0.06, lambda: (process, 1))
        dog.heard = lambda: dog.asked % (misses + 1) == 0
        dog.start()
        wait_until("it was asked", lambda: dog.asked > 4 * MISSES or not server.is_alive(process))
        dog.stop()
        assert server.is_alive(process) == (misses < MISSES)
    finally:
        server.kill(process)


def test_the_watchdog_hears_whether_the_real_one_answers(
    settings: Settings,
    connection: ConnectionInfo,
    driver: neo4j.Driver,
    owner: Owner,
    tmp_path: Path,
) -> None:
    port = int(connection.uri.rpartition(":")[2])
    dog = Watchdog(Home(settings), 12, lambda: None)
    wait_until("an answer", lambda: dog.is_answering(port))
    process = psutil.Process(owner.pid)
    process.suspend()
    try:
        assert not dog.is_answering(port)
    finally:
        process.resume()
    wait_until("an answer", lambda: dog.is_answering(port))


def test_a_password_that_is_refused_is_not_tried_again(
    connection: ConnectionInfo, driver: neo4j.Driver, tmp_path: Path
) -> None:
    other = Home(Settings(data_dir=tmp_path))
    other.prepare(1)
    port = int(connection.uri.rpartition(":")[2])
    dog = Watchdog(other, 120, lambda: None)
    assert [dog.is_answering(port) for _ in range(10)] == [True] * 10
    with driver.session(database=DATABASE) as session:
        session.run("RETURN 1").consume()
    with neo4j.GraphDatabase.driver(
        connection.uri, auth=(connection.user, connection.password.get_secret_value())
    ) as again:
        again.verify_connectivity()


def test_a_database_that_recovers_is_not_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dog = Watchdog(Home(Settings(data_dir=tmp_path)), 60, lambda: None)
    said: list[str | None] = [UNAVAILABLE, "Request.NoThreadsAvailable", None, UNAVAILABLE]

    async def ask(_: object, __: int) -> None:
        if (code := said.pop(0)) is not None:
            error = neo4j.exceptions.TransientError("busy")
            monkeypatch.setattr(type(error), "code", f"Neo.TransientError.General.{code}")
            raise error

    monkeypatch.setattr(Watchdog, "_query", ask)
    assert [dog.is_answering(1) for _ in range(4)] == [True, True, True, False]


def test_a_watchdog_of_no_seconds_is_none(tmp_path: Path) -> None:
    dog = Answers(Home(Settings(data_dir=tmp_path)), 0, lambda: None)
    dog.start()
    dog.stop()
    assert dog.asked == 0
