"""Find the managed database: its address while it runs, and the process that owns it."""

from dataclasses import dataclass

import psutil
from pydantic import SecretStr

from service.managed import server
from service.managed.home import DATABASE, USER, Home, OwnerState
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """The address of a database, and the account and name to use there."""

    uri: str
    user: str
    password: SecretStr
    database: str
    pid: int | None = None


def find_running(settings: Settings) -> ConnectionInfo | None:
    """Return how to connect to the managed database, or None if it does not run."""
    home = Home(settings)
    state = home.read_state()
    if state is None or server.find_process(state, home) is None:
        return None
    return ConnectionInfo(
        uri=f"bolt://127.0.0.1:{state.port}",
        user=USER,
        password=SecretStr(home.password),
        database=DATABASE,
        pid=state.pid,
    )


def find_owner(settings: Settings) -> OwnerState | None:
    """Return the state of the process that owns the managed database, or None if none does."""
    state = Home(settings).read_state()
    if state is None or state.owner_pid is None:
        return None
    try:
        owner = psutil.Process(state.owner_pid)
        is_same = server.identify_start(owner) == state.owner_started
    except psutil.Error:
        return None
    return state if is_same and server.is_alive(owner) else None


def explain_absence(settings: Settings) -> str:
    """Return a message that says why the managed database does not run, and what to do."""
    owner = find_owner(settings)
    if owner is None:
        return "The managed database does not run; start it with `parley up` or `parley db start`."
    return owner.trouble or "The managed database is being started. Try again shortly."
