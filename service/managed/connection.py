"""How to reach the managed database, where it runs, and who owns it."""

from dataclasses import dataclass

import psutil
from pydantic import SecretStr

from service.managed import server
from service.managed.home import DATABASE, USER, Home, State
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a database."""

    uri: str
    user: str
    password: SecretStr
    database: str
    pid: int | None = None


def running(settings: Settings) -> Connection | None:
    """How to reach the managed database, if it runs."""
    home = Home(settings)
    state = home.read_state()
    if state is None or server.found(state, home) is None:
        return None
    return Connection(
        uri=f"bolt://127.0.0.1:{state.port}",
        user=USER,
        password=SecretStr(home.password),
        database=DATABASE,
        pid=state.pid,
    )


def owner_of(settings: Settings) -> State | None:
    """Who owns the managed database now, if anybody does."""
    state = Home(settings).read_state()
    if state is None or state.owner_pid is None:
        return None
    try:
        owner = psutil.Process(state.owner_pid)
        same = abs(owner.create_time() - state.owner_started) < 2
    except psutil.Error:
        return None
    return state if same and server.lives(owner) else None


def explain_absence(settings: Settings) -> str:
    """Say why the managed database does not run, and what to do."""
    owner = owner_of(settings)
    if owner is None:
        return "The managed database does not run; start it with `parley up` or `parley db start`."
    return owner.trouble or "The managed database is being started. Try again shortly."
