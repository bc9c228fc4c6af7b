"""The data folder of the managed database: configuration, password, port, state of the owner."""

import hashlib
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson

from service.managed.storage import translate_storage_errors
from service.settings import Settings

USER = "neo4j"
DATABASE = "neo4j"
CONFIGURATION = """\
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
internal.server.bolt.thread_pool_shutdown_wait_time=1s
# With keep-alive, the driver sets a timeout around each read of a socket: a quarter of its CPU.
# Parley's own check of a database that does not answer takes seconds, not minutes.
server.bolt.connection_keep_alive_for_requests=OFF
server.http.enabled=false
server.https.enabled=false
server.databases.default_to_read_only=false
server.memory.pagecache.size={page_cache}
# A thousand large plans, as many as Neo4j keeps of itself, fill a heap of 768 MB.
server.memory.query_cache.per_db_cache_num_entries=200
db.memory.transaction.max={transaction_memory}
db.tx_log.rotation.retention_policy=1 files
db.tx_log.rotation.size=64m
dbms.security.auth_enabled=true
dbms.security.allow_csv_import_from_file_urls=false
dbms.usage_report.enabled=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
"""


@dataclass(frozen=True, slots=True)
class OwnerState:
    """The processes of the database and its owner.

    A process is identified by its id and by what `server.identify_start` returns of its start.
    ``pid`` is None while the owner sets the database up.
    """

    pid: int | None = None
    started: str = ""
    port: int = 0
    owner_pid: int | None = None
    owner_started: str = ""
    detached: bool = False
    trouble: str = ""
    """Why the database cannot be reached, while its owner restarts it."""


class Home:
    """The paths and files of one managed database, below the data folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.root = settings.data_dir.expanduser().resolve()
        self.neo4j = self.root / "neo4j"
        self.conf = self.root / "conf"
        self.log = self.root / "neo4j.log"
        self.lock = self.root / "owner.lock"
        self._state = self.root / "state.json"
        self._password = self.root / "password"
        self._port = self.root / "port"
        self._loaded = self.root / "loaded"

    def make(self) -> None:
        """Make the folder and its parts, which only its user can read."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.root, self.neo4j, self.conf):
            folder.mkdir(mode=0o700, exist_ok=True)

    def prepare(self, port: int) -> None:
        """Write the configuration and, the first time, the password."""
        self.make()
        text = CONFIGURATION.format(
            port=port,
            page_cache=self.settings.neo4j_page_cache,
            transaction_memory=self.settings.neo4j_transaction_memory,
        )
        (self.conf / "neo4j.conf").write_text(text, encoding="utf-8")
        if not self._password.exists():
            self._make_password()

    def _make_password(self) -> None:
        """Make a password and write its hash, as Neo4j's set-initial-password command does."""
        password = secrets.token_urlsafe(24)
        salt = os.urandom(32)
        digest = hashlib.sha256(salt + password.encode()).digest()
        for _ in range(1023):
            digest = hashlib.sha256(digest).digest()
        folder = self.neo4j / "data" / "dbms"
        folder.mkdir(parents=True, exist_ok=True)
        line = f"{USER}:SHA-256,{digest.hex().upper()},{salt.hex().upper()},1024:\n"
        _write_private(folder / "auth.ini", line)
        _write_private(self._password, password)

    @property
    def password(self) -> str:
        """Return the password of the account that can write."""
        return self._password.read_text(encoding="utf-8")

    @property
    def port(self) -> int | None:
        """Return the port that the database had last, or None."""
        try:
            return int(self._port.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def remember_port(self, port: int) -> None:
        """Write the port for the next start."""
        if self.port != port:
            self._port.write_text(str(port), encoding="ascii")

    @property
    def loaded(self) -> str | None:
        """Return the note on which facts were loaded, or None."""
        try:
            return self._loaded.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    def remember_loaded(self, note: str) -> None:
        """Write a note on which facts were loaded, for the next start."""
        if self.loaded != note:
            self._loaded.write_text(note, encoding="utf-8")

    @property
    def exists(self) -> bool:
        """Return whether there is a database."""
        return self._password.exists()

    def read_state(self) -> OwnerState | None:
        """Return the state that was written last, or None."""
        with translate_storage_errors(self.root, "PARLEY_DATA_DIR"):
            try:
                return OwnerState(**orjson.loads(self._state.read_bytes()))
            except (FileNotFoundError, ValueError, TypeError):
                return None

    def write_state(self, state: OwnerState) -> None:
        """Write the state, so that no reader sees half of it."""
        beside = self._state.with_suffix(".part")
        beside.write_bytes(orjson.dumps(asdict(state)))
        beside.replace(self._state)

    def forget_owner(self) -> None:
        """Remove the owner from the state; the database itself may run."""
        state = self.read_state()
        if state is not None and state.pid is not None:
            self.write_state(replace(state, owner_pid=None))
        else:
            self.forget_state()

    def forget_state(self) -> None:
        """Remove the state: no process runs the database."""
        self._state.unlink(missing_ok=True)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its user can ever read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def managed_environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with the settings of the managed database."""
    names = (
        "data_dir",
        "cache_dir",
        "maven_repository",
        "neo4j_lock",
        "neo4j_port",
        "neo4j_watchdog",
        "neo4j_heap",
        "neo4j_startup_cache",
        "neo4j_page_cache",
        "neo4j_transaction_memory",
    )
    values = {name: getattr(settings, name) for name in names}
    given = {f"PARLEY_{k.upper()}": str(v) for k, v in values.items() if v is not None}
    return os.environ | given
