"""Starting, stopping and resetting the managed database from outside its owner."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil

from service.errors import DatabaseInUse, SetUpFailed
from service.managed import server
from service.managed.connection import Connection, owner_of, running
from service.managed.download import Progress
from service.managed.home import Home
from service.managed.owner import bring, in_use
from service.managed.storage import storage_errors
from service.settings import Settings

START_SECONDS = 600.0
"""How long a start may take, the first one's downloads included."""
STOP_SECONDS = 90.0


def joined(settings: Settings) -> Connection | None:
    """The database that ``parley db start`` runs, waited for while it is set up; else None."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        owner = owner_of(settings)
        if owner is None or not owner.detached:
            return None
        found = running(settings)
        if found is not None and server.answers(owner.port):
            return found
        time.sleep(0.1)
    return None


def start_detached(settings: Settings, progress: Progress | None = None) -> Connection:
    """Start a process that owns the database and outlives this one, or join the one there is.

    Raises SetUpFailed with what it said if it could not, DatabaseInUse if a service owns it.
    """
    home = Home(settings)
    said = home.root / "start.log"
    with storage_errors(home.root, "PARLEY_DATA_DIR"):
        home.make()
    bring(settings, progress)
    with storage_errors(home.root, "PARLEY_DATA_DIR"), said.open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "service.managed.daemon"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | _environment(settings),
        )
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and keeper.poll() is None and owner_of(settings) is None:
        time.sleep(0.1)
    found = joined(settings)
    if found is not None:
        keeper.returncode = 0  # it goes on without us
        return found
    if owner_of(settings) is not None:
        raise DatabaseInUse(in_use(home))
    lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    error = " ".join([line for line in lines if not line.startswith("{")][-3:])  # not the log
    raise SetUpFailed(f"The managed database could not be started. {error}".rstrip())


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that a keeper needs, as it reads them."""
    names = (
        "data_dir",
        "cache_dir",
        "maven_repository",
        "neo4j_lock",
        "neo4j_port",
        "neo4j_watchdog",
        "neo4j_heap",
        "neo4j_page_cache",
        "neo4j_transaction_memory",
    )
    given = {name: getattr(settings, name) for name in names}
    return {f"PARLEY_{k.upper()}": str(v) for k, v in given.items() if v is not None}


def stop(settings: Settings) -> bool:
    """Stop the database that ``start_detached`` started; whether there was anything to stop.

    Raises DatabaseInUse if it belongs to a service, which has to be stopped itself.
    """
    home = Home(settings)
    owner = owner_of(settings)
    if owner is not None and not owner.detached:
        raise DatabaseInUse(f"It belongs to process {owner.owner_pid}, a service. Stop that one.")
    if owner is not None:
        keeper = psutil.Process(owner.owner_pid or 0)
        keeper.send_signal(signal.SIGTERM)
        keeper.wait(STOP_SECONDS)
        return True
    state = home.read_state()
    orphan = server.found(state, home)
    if orphan is None:
        return False
    server.stop(orphan)
    with storage_errors(home.root, "PARLEY_DATA_DIR"):
        home.forget_state()
    return True


def reset(settings: Settings) -> None:
    """Forget everything in the managed database; raises DatabaseInUse while it runs."""
    home = Home(settings)
    if owner_of(settings) is not None or running(settings) is not None:
        raise DatabaseInUse(in_use(home))
    if not home.exists:
        return
    with storage_errors(home.root, "PARLEY_DATA_DIR"):
        for path in (home.neo4j, home.conf):
            if path.exists():
                shutil.rmtree(path)
        for name in ("password", "port", "state.json", "neo4j.log", "start.log"):
            (home.root / name).unlink(missing_ok=True)
