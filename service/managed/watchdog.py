"""Kill a managed database that runs and does not answer, so that its owner restarts it."""

import asyncio
import logging
import threading
from collections.abc import Callable

import neo4j
import psutil
import structlog
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from service.managed import server
from service.managed.home import DATABASE, USER, Home

log = structlog.get_logger()
# The watchdog itself logs what follows from a query without an answer.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
MISSES = 6
"""The number of unanswered queries in a row after which the database is killed: a long garbage
collection or a busy machine delays one or two."""
UNAVAILABLE = "DatabaseUnavailable"
"""Part of the error code of a server whose database has stopped."""


class Watchdog:
    """Send the database trivial queries; kill it if it leaves several in a row unanswered.

    ``current`` returns the database's process and port, or None while it cannot answer.
    """

    def __init__(
        self, home: Home, seconds: float, current: Callable[[], tuple[psutil.Process, int] | None]
    ) -> None:
        self.home = home
        self._seconds = seconds
        self._pause = seconds / MISSES
        self._current = current
        self._knows_password = True
        self._was_available = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="neo4j-watchdog", daemon=True)

    def start(self) -> None:
        """Start watching, unless the setting turns it off."""
        if self._seconds:
            self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(self._pause)

    def _watch(self) -> None:
        watched: psutil.Process | None = None
        misses = 0
        while not self._stopping.wait(self._pause):
            process, port = self._current() or (None, 0)
            if process != watched:
                watched, misses, self._was_available = process, 0, False
            if process is None:
                continue
            misses = 0 if self.is_answering(port) else misses + 1
            if misses >= MISSES and self._current() == (process, port):
                log.error("the database does not answer and is killed", seconds=self._seconds)
                server.kill(process)
                misses = 0

    def is_answering(self, port: int) -> bool:
        """Return whether the database answers a query in time.

        A refused password is not tried again: Neo4j locks an account after failed attempts.
        """
        if not self._knows_password:
            return server.is_answering(port)
        try:
            asyncio.run(self._query(port))
        except AuthError:
            self._knows_password = False
            log.warning("the database's password was changed; only its port is watched")
        except (DriverError, TimeoutError):
            return False
        except Neo4jError as error:
            # A database that recovers is not available yet; killing it would start that again.
            return UNAVAILABLE not in (error.code or "") or not self._was_available
        else:
            self._was_available = True
        return True

    async def _query(self, port: int) -> None:
        async with (
            asyncio.timeout(self._pause),
            neo4j.AsyncGraphDatabase.driver(
                f"bolt://127.0.0.1:{port}",
                auth=(USER, self.home.password),
                connection_timeout=self._pause,
                connection_acquisition_timeout=self._pause,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="parley-watchdog",
            ) as driver,
            driver.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session,
        ):
            await (await session.run("RETURN 1")).consume()
