"""How to reach the managed database, where it runs."""

from dataclasses import dataclass

from pydantic import SecretStr

from service.managed import server
from service.managed.home import DATABASE, USER, Home
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
