"""Connect to the database, check its version, and read from it.

The managed database is found by the state of its owner; any other Neo4j, one server or a cluster,
by its URI. Errors of the driver are logged, and never reach a client.
"""

import asyncio
import logging
import os
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Literal, Self, TypedDict, TypeVar
from urllib.parse import urlsplit

import neo4j
import structlog
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    Neo4jError,
)

from graph_seed.graph.ensure_schema import repair_gate
from graph_seed.graph.report import Target
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service.db.concurrency import ConcurrencyLimiter
from service.db.last_commit import LastCommit
from service.db.liveness import CHECK_SECONDS, PATIENT_CHECK_SECONDS, Liveness
from service.db.planning import PlanningQueue
from service.db.statistics import StatisticsCache
from service.db.vocabulary_watch import FINGERPRINT_QUERY, VocabularyWatch
from service.errors import (
    BadUserInput,
    DatabaseRefused,
    Overloaded,
    ParleyError,
    ServiceUnavailable,
    Timeout,
)
from service.managed.connection import ConnectionInfo, explain_absence, find_running
from service.observe.record import Stage, add_time, recorded_read
from service.query.decoding import Row
from service.query.operation import Query
from service.settings import Settings


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Raise a ParleyError in place of an error of the driver."""
    try:
        yield
    except (Neo4jError, DriverError, ConfigurationError) as error:
        raise translate_driver_error(error) from error
    except ValueError as error:
        raise BadUserInput(
            "PARLEY_NEO4J_URI is not an address of a Neo4j; an example: neo4j://localhost:7687"
        ) from error


def translate_driver_error(error: Exception) -> ParleyError:
    """Return the ParleyError for an error of the driver, without any text of the driver's."""
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return DatabaseRefused(
            "Neo4j refused the user or the password; check PARLEY_NEO4J_PASSWORD."
        )
    if "DatabaseNotFound" in code:
        return DatabaseRefused("Neo4j has no database of this name; check PARLEY_NEO4J_DATABASE.")
    if "TransactionTimedOut" in code:
        return Timeout("The query took too long and was ended. Ask for less at once.")
    if "MemoryPoolOutOfMemory" in code:
        return Overloaded("The query needs more memory than it may use. Ask for less at once.")
    if "no such fulltext schema index" in str(error):
        return ServiceUnavailable("The graph is still being prepared. Try again shortly.")
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return Overloaded("All connections to the database are in use. Try again shortly.")
    if isinstance(error, DriverError) or getattr(error, "is_retryable", bool)():
        return ServiceUnavailable("The database cannot be reached. Is it up? Try again shortly.")
    return ParleyError("The database could not run the query; its error has been logged.")


log = structlog.get_logger()
# Errors of the driver are translated where they are caught; it need not print them.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
T = TypeVar("T")
OLDEST_VERSION = (5, 26)
ATTEMPTS = 3
RETRY_PAUSE = 0.05
"""Seconds before the second attempt, doubled for each further one, with jitter."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
READS_PER_PROCESSOR = 4
"""Concurrent reads for each processor of a machine that the service and the database share."""
COMPONENTS = """\
CYPHER 5 CALL dbms.components() YIELD name, versions
WHERE name = 'Neo4j Kernel' RETURN versions[0]"""


def resolve_connection(settings: Settings) -> ConnectionInfo:
    """Return how to connect to the database of the settings.

    Raises ServiceUnavailable if it is the managed database and that does not run.
    """
    if settings.neo4j_uri:
        return ConnectionInfo(
            uri=settings.neo4j_uri,
            user=settings.neo4j_user,
            password=settings.neo4j_password,
            database=settings.neo4j_database,
        )
    found = find_running(settings)
    if found is None:
        raise ServiceUnavailable(explain_absence(settings))
    return found


class DriverOptions(TypedDict):
    """Options of the driver that differ from its defaults."""

    connection_timeout: float
    connection_acquisition_timeout: float
    max_connection_pool_size: int
    max_transaction_retry_time: float
    notifications_min_severity: Literal["OFF", "WARNING"]
    telemetry_disabled: bool
    user_agent: str


def driver_options(settings: Settings) -> DriverOptions:
    """Return options that make the driver fail fast, and send no notifications."""
    return {
        "connection_timeout": settings.connection_timeout,
        "connection_acquisition_timeout": settings.connection_timeout,
        "max_connection_pool_size": settings.pool_size,
        "max_transaction_retry_time": settings.connection_timeout,
        "notifications_min_severity": "OFF",
        "telemetry_disabled": True,
        "user_agent": "parley",
    }


def read_limit(settings: Settings) -> int:
    """Return how many reads one process runs concurrently.

    For a database on this machine, as many as keep its processors busy: more would only make all
    of them late. For one elsewhere, as many as there are connections.
    """
    if settings.reads_at_once is not None:
        return settings.reads_at_once
    if settings.neo4j_uri and urlsplit(settings.neo4j_uri).hostname not in LOOPBACK:
        return settings.pool_size
    return min(READS_PER_PROCESSOR * (os.cpu_count() or 1), settings.pool_size)


def describe_target(settings: Settings) -> Target:
    """Return the address and name of the database of the settings, for reports."""
    to = resolve_connection(settings)
    scheme, _, rest = to.uri.partition("://")
    return Target(f"{scheme}://{rest.rpartition('@')[2]}", to.database, settings.is_managed)


@contextmanager
def connect(settings: Settings) -> Iterator[tuple[neo4j.Driver, str]]:
    """Yield a driver and the database's name, for loading; close the driver afterwards.

    Raises ServiceUnavailable if the database cannot be reached, DatabaseRefused if it refuses the
    account or is too old.
    """
    to = resolve_connection(settings)
    with translate_driver_errors():
        driver = neo4j.GraphDatabase.driver(
            to.uri, auth=(to.user, to.password.get_secret_value()), **driver_options(settings)
        )
    with driver:
        with translate_driver_errors():
            if settings.is_managed:
                # A query would take half a second of a database that has just booted.
                version = driver.get_server_info().agent.removeprefix("Neo4j/")
            else:
                with driver.session(database=to.database) as session:
                    version = str(session.run(COMPONENTS).single(strict=True).value())
            require_version(version)
        yield driver, to.database


class Database:
    """The database as the service reads it: bounded, watched, reconnected.

    It connects lazily. As an async context manager, it closes its connections at the end.
    """

    def __init__(
        self, settings: Settings, vocabulary: Vocabulary = DOMAIN, *, patient: bool = False
    ) -> None:
        """Watch reads; ``patient`` lets a database take longer to show that it is not frozen."""
        self.settings = settings
        self.vocabulary = VocabularyWatch(vocabulary, self._read_fingerprint)
        self.statistics = StatisticsCache(self.read)
        self.commits = LastCommit(self.read)
        self._planning = PlanningQueue()
        self.reads = ConcurrencyLimiter(read_limit(settings), settings.connection_timeout)
        check_seconds = min(settings.connection_timeout, CHECK_SECONDS)
        self._liveness = Liveness(self._ping, PATIENT_CHECK_SECONDS if patient else check_seconds)
        self._repair: asyncio.Task[None] | None = None
        self._driver: neo4j.AsyncDriver | None = None
        self._to: ConnectionInfo | None = None

    async def check(self) -> str:
        """Return the version of the server; raises a ParleyError if it cannot be read from."""
        self.vocabulary.raise_if_changed()

        async def version() -> str:
            with translate_driver_errors():
                async with self._session() as session:
                    record = await (await session.run(COMPONENTS)).single(strict=True)
            return str(record[0])

        try:
            return require_version(await self._liveness.watch(version()))
        except ServiceUnavailable:
            resolve_connection(self.settings)  # says why the managed database does not run
            raise

    async def read(self, queries: Sequence[Query]) -> list[Row]:
        """Return the one row of each query; transient errors are retried.

        One query is an auto-commit read, which is one round trip; several are one transaction.
        """
        self.vocabulary.raise_if_changed()

        async def once() -> list[Row]:
            began = perf_counter()
            try:
                async with self._planning.slot(queries), self.reads.slot():
                    add_time(Stage.QUEUE, began)
                    with recorded_read(len(queries)):
                        if len(queries) == 1:
                            return await self._read_one(queries[0])
                        return await self._read_several(queries)
            except DriverError:
                await self._reconnect_if_moved()
                raise

        try:
            return await self._liveness.watch(retry(once))
        except ParleyError as error:
            if error.code == ParleyError.code:
                # A query fails if another release has migrated the graph.
                await self.vocabulary.explain_failure()
            raise

    async def _read_fingerprint(self) -> str | None:
        """Return the fingerprint of the vocabulary that built the graph, or None."""
        with translate_driver_errors():
            async with self._session() as session:
                record = await (await session.run(FINGERPRINT_QUERY)).single()
        return str(record[0]) if record is not None and record[0] is not None else None

    def repair_gate(self) -> None:
        """Start to repair a Gate that a killed load left open, in the background."""
        if self._repair is None:
            self._repair = asyncio.create_task(asyncio.to_thread(self._repair_and_log))
            self._repair.add_done_callback(self._end_repair)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self.commits.close()
        self._liveness.close()
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    def _repair_and_log(self) -> None:
        try:
            with connect(self.settings) as (driver, name):
                if repair_gate(driver, name):
                    log.warning("a load died between two versions; the graph was repaired")
        except (ParleyError, Neo4jError, DriverError) as error:
            log.warning("the graph could not be checked for a load that died", reason=error)

    def _end_repair(self, _: asyncio.Task[None]) -> None:
        self._repair = None

    async def _ping(self) -> None:
        """Run a trivial query over a connection of its own, which no slow read can block."""
        to = resolve_connection(self.settings)
        auth = (to.user, to.password.get_secret_value())
        options = driver_options(self.settings)
        async with (
            neo4j.AsyncGraphDatabase.driver(to.uri, auth=auth, **options) as driver,
            driver.session(database=to.database) as session,
        ):
            await (await session.run("RETURN 1")).consume()

    def _session(self) -> neo4j.AsyncSession:
        """Return a session for reading; connects if there is no driver."""
        if self._driver is None or self._to is None:
            self._to = to = resolve_connection(self.settings)
            auth = (to.user, to.password.get_secret_value())
            options = driver_options(self.settings)
            self._driver = neo4j.AsyncGraphDatabase.driver(to.uri, auth=auth, **options)
        name = self._to.database
        return self._driver.session(database=name, default_access_mode=neo4j.READ_ACCESS)

    async def _reconnect_if_moved(self) -> None:
        """Close the driver if the managed database now has another address, or none."""
        if self._driver is None or self._to is None:
            return
        if resolve_connection(self.settings).uri != self._to.uri:
            # Taken before the first await: of two readers that come here, one closes it.
            driver, self._driver = self._driver, None
            await driver.close()

    async def _read_one(self, query: Query) -> list[Row]:
        async with self._session() as session:
            text = neo4j.Query(query.text, timeout=self.settings.deadline)
            result = await session.run(text, dict(query.parameters))
            return [(await result.single(strict=True)).values()]

    async def _read_several(self, queries: Sequence[Query]) -> list[Row]:
        async with self._session() as session:
            transaction = await session.begin_transaction(timeout=self.settings.deadline)
            async with transaction:
                rows: list[Row] = []
                for query in queries:
                    result = await transaction.run(query.text, dict(query.parameters))
                    rows.append((await result.single(strict=True)).values())
                return rows


async def retry(work: Callable[[], Awaitable[T]]) -> T:
    """Return the result of work; transient errors are retried with backoff."""
    for attempt in range(ATTEMPTS):
        try:
            return await work()
        except (Neo4jError, DriverError) as error:
            if attempt + 1 == ATTEMPTS or not error.is_retryable():
                code = getattr(error, "code", None) or type(error).__name__
                log.warning("read failed", code=code, said=str(error))
                raise translate_driver_error(error) from error
            await asyncio.sleep(RETRY_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("the loop returns or raises")


def require_version(version: str) -> str:
    """Return the version of a server; raises DatabaseRefused if it is too old."""
    parts = re.match(r"(\d+)\.(\d+)", version)
    if parts is None or (int(parts[1]), int(parts[2])) < OLDEST_VERSION:
        raise DatabaseRefused(f"This Neo4j is {version}; Parley needs 5.26 or newer.")
    return version
