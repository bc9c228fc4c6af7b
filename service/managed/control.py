"""Start, stop and reset the managed database from a process that does not own it."""

import shutil
import signal
import subprocess
import sys
import time

import psutil

from service.errors import DatabaseInUse, SetUpFailed
from service.managed import server
from service.managed.connection import ConnectionInfo, find_owner, find_running
from service.managed.home import Home, managed_environment
from service.managed.jars import DownloadProgress, download_jars
from service.managed.owner import describe_owner
from service.managed.storage import translate_storage_errors
from service.settings import Settings

START_SECONDS = 600.0
"""Seconds that a start may take, including the downloads of the first one."""
STOP_SECONDS = 90.0


def wait_for_detached(settings: Settings) -> ConnectionInfo | None:
    """Wait until the database of ``parley db start`` is up; return None if there is none."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        owner = find_owner(settings)
        if owner is None or not owner.detached:
            return None
        found = find_running(settings)
        if found is not None and server.is_answering(owner.port):
            return found
        time.sleep(0.1)
    return None


def start_detached(settings: Settings, progress: DownloadProgress | None = None) -> ConnectionInfo:
    """Start a process that owns the database and outlives this one, or join a running one.

    Raises SetUpFailed with the process's output if it failed, DatabaseInUse if a service owns it.
    """
    home = Home(settings)
    output = home.root / "start.log"
    with translate_storage_errors(home.root, "PARLEY_DATA_DIR"):
        home.make()
    download_jars(settings, progress)
    with translate_storage_errors(home.root, "PARLEY_DATA_DIR"), output.open("wb") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "service.managed.daemon"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=managed_environment(settings),
        )
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and daemon.poll() is None and find_owner(settings) is None:
        time.sleep(0.1)
    found = wait_for_detached(settings)
    if found is not None:
        daemon.returncode = 0  # it outlives this process
        return found
    if find_owner(settings) is not None:
        raise DatabaseInUse(describe_owner(home))
    lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    error = " ".join([line for line in lines if not line.startswith("{")][-3:])  # not the log
    raise SetUpFailed(f"The managed database could not be started. {error}".rstrip())


def stop(settings: Settings) -> bool:
    """Stop the database that ``start_detached`` started; return whether one ran.

    Raises DatabaseInUse if a service owns it.
    """
    home = Home(settings)
    owner = find_owner(settings)
    if owner is not None and not owner.detached:
        raise DatabaseInUse(
            f"Process {owner.owner_pid}, a service, owns the database. Stop that service."
        )
    if owner is not None:
        daemon = psutil.Process(owner.owner_pid or 0)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(STOP_SECONDS)
        return True
    state = home.read_state()
    orphan = server.find_process(state, home)
    if orphan is None:
        return False
    server.stop(orphan)
    with translate_storage_errors(home.root, "PARLEY_DATA_DIR"):
        home.forget_state()
    return True


def reset(settings: Settings) -> None:
    """Delete everything in the managed database; raises DatabaseInUse while it runs."""
    home = Home(settings)
    if find_owner(settings) is not None or find_running(settings) is not None:
        raise DatabaseInUse(describe_owner(home))
    if not home.exists:
        return
    with translate_storage_errors(home.root, "PARLEY_DATA_DIR"):
        for path in (home.neo4j, home.conf):
            if path.exists():
                shutil.rmtree(path)
        for name in ("password", "port", "loaded", "state.json", "neo4j.log", "start.log"):
            (home.root / name).unlink(missing_ok=True)
