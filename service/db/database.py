"""The database as the service sees it: opened, checked, read.

The managed database is joined where it runs; a Neo4j of one's own is reached by its URI, one server
or a cluster. What the driver says goes to the log, never to a client.
"""

import asyncio
import logging
import os
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypedDict, TypeVar
from urllib.parse import urlsplit

import neo4j
import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_seed.graph.ensure_schema import repair_gate
from graph_seed.graph.report import Target
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service.db.concurrency import ConcurrencyLimiter
from service.db.driver_errors import translate_errors, translated
from service.db.liveness import Liveness
from service.db.vocabulary_watch import BUILT_BY_TEXT, VocabularyWatch
from service.errors import DatabaseRefused, ParleyError, ServiceUnavailable
from service.managed.connection import Connection, explain_absence, running
from service.query.answer import Row
from service.query.operation import Query as Compiled
from service.settings import Settings

log = structlog.get_logger()
# What the driver would print is told in words of our own.
logging.getLogger("neo4j").addHandler(logging.NullHandler())
T = TypeVar("T")
OLDEST = (5, 26)
ATTEMPTS = 3
PAUSE = 0.05
"""Seconds before the second attempt; each further one waits twice as long, give or take."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
AT_ONCE = 4
"""Reads that go on at once for each processor, where the database shares them with the service."""
COMPONENTS = """\
CYPHER 5 CALL dbms.components() YIELD name, versions
WHERE name = 'Neo4j Kernel' RETURN versions[0]"""


@dataclass(frozen=True, slots=True)
class Server:
    """The server that was reached."""

    version: str


def connection(settings: Settings) -> Connection:
    """How to reach the database that the settings name; raises ServiceUnavailable if it is down."""
    if settings.neo4j_uri:
        return Connection(
            uri=settings.neo4j_uri,
            user=settings.neo4j_user,
            password=settings.neo4j_password,
            database=settings.neo4j_database,
        )
    found = running(settings)
    if found is None:
        raise ServiceUnavailable(explain_absence(settings))
    return found


class DriverOptions(TypedDict):
    """The driver's options that differ from its own choice."""

    connection_timeout: float
    connection_acquisition_timeout: float
    max_connection_pool_size: int
    max_transaction_retry_time: float
    notifications_min_severity: Literal["OFF", "WARNING"]
    telemetry_disabled: bool
    user_agent: str


def driver_options(settings: Settings) -> DriverOptions:
    """The driver's options: fail fast, and no notifications, which cost and which nobody reads."""
    return {
        "connection_timeout": settings.connection_timeout,
        "connection_acquisition_timeout": settings.connection_timeout,
        "max_connection_pool_size": settings.pool_size,
        "max_transaction_retry_time": settings.connection_timeout,
        "notifications_min_severity": "OFF",
        "telemetry_disabled": True,
        "user_agent": "parley",
    }


def reads_at_once(settings: Settings) -> int:
    """How many reads of one process go on at once.

    Where the database is here, so many as keep the processors busy: with more, all are late. How
    many processors a database elsewhere has, and how far it is, is not known.
    """
    if settings.reads_at_once is not None:
        return settings.reads_at_once
    if settings.neo4j_uri and urlsplit(settings.neo4j_uri).hostname not in LOOPBACK:
        return settings.pool_size
    return min(AT_ONCE * (os.cpu_count() or 1), settings.pool_size)


def target_of(settings: Settings) -> Target:
    """Return what reports say of the database that the settings name."""
    to = connection(settings)
    scheme, _, rest = to.uri.partition("://")
    return Target(f"{scheme}://{rest.rpartition('@')[2]}", to.database, settings.managed)


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[neo4j.Driver, str]]:
    """An open driver and the database's name, for loading; checked first, closed after.

    Raises ServiceUnavailable or DatabaseRefused with one clear line.
    """
    to = connection(settings)
    with translate_errors():
        driver = neo4j.GraphDatabase.driver(
            to.uri, auth=(to.user, to.password.get_secret_value()), **driver_options(settings)
        )
    with driver:
        with translate_errors(), driver.session(database=to.database) as session:
            record = session.run(COMPONENTS).single(strict=True)
            checked(str(record[0]))
        yield driver, to.database


class Database:
    """An open database for questions; connects when it is first asked."""

    def __init__(self, settings: Settings, vocabulary: Vocabulary = DOMAIN) -> None:
        self.settings = settings
        self.vocabulary = VocabularyWatch(vocabulary, self._built_by)
        self._reads = ConcurrencyLimiter(reads_at_once(settings), settings.connection_timeout)
        self._liveness = Liveness(self._answers, settings.connection_timeout)
        self._mending: asyncio.Task[None] | None = None
        self._driver: neo4j.AsyncDriver | None = None
        self._to: Connection | None = None

    async def check(self) -> Server:
        """Whether it can be reached and is new enough; raises a ParleyError in one clear line."""
        self.vocabulary.refuse()

        async def version() -> str:
            with translate_errors():
                async with self._session() as session:
                    record = await (await session.run(COMPONENTS)).single(strict=True)
            return str(record[0])

        try:
            return Server(checked(await self._liveness.watch(version())))
        except ServiceUnavailable:
            connection(self.settings)  # says why the managed database does not run
            raise

    async def read(self, queries: Sequence[Compiled]) -> list[Row]:
        """The one row of each query; what fails for a passing reason is asked again.

        One query is an auto-commit read, which is one round trip; several are one transaction.
        """
        self.vocabulary.refuse()
        one = len(queries) == 1

        async def once() -> list[Row]:
            try:
                async with self._reads.slot():
                    return await (self._single(queries[0]) if one else self._several(queries))
            except DriverError:
                await self._look_again()
                raise

        try:
            return await self._liveness.watch(attempted(once))
        except ParleyError as error:
            if error.code == ParleyError.code:
                # What the database cannot answer may be of another release's graph.
                await self.vocabulary.explain()
            raise

    async def _built_by(self) -> str | None:
        """Return the fingerprint of the vocabulary that built the graph, if one did."""
        with translate_errors():
            async with self._session() as session:
                record = await (await session.run(BUILT_BY_TEXT)).single()
        return str(record[0]) if record is not None and record[0] is not None else None

    def repair_gate(self) -> None:
        """Begin to put right a Gate that a dead load left, unless a load holds the lock."""
        if self._mending is None:
            self._mending = asyncio.create_task(asyncio.to_thread(self._mend))
            self._mending.add_done_callback(self._mended)

    async def close(self) -> None:
        """Give up the connections."""
        self._liveness.close()
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    def _mend(self) -> None:
        try:
            with opened(self.settings) as (driver, name):
                if repair_gate(driver, name):
                    log.warning("a load died between two versions; the graph was put right")
        except (ParleyError, Neo4jError, DriverError) as error:
            log.warning("whether a load died could not be found out", reason=error)

    def _mended(self, _: asyncio.Task[None]) -> None:
        self._mending = None

    async def _answers(self) -> None:
        """Ask something trivial, over a connection that no slow read can hold."""
        to = connection(self.settings)
        auth = (to.user, to.password.get_secret_value())
        options = driver_options(self.settings)
        async with (
            neo4j.AsyncGraphDatabase.driver(to.uri, auth=auth, **options) as driver,
            driver.session(database=to.database) as session,
        ):
            await (await session.run("RETURN 1")).consume()

    def _session(self) -> neo4j.AsyncSession:
        """A session for reading."""
        if self._driver is None or self._to is None:
            self._to = to = connection(self.settings)
            auth = (to.user, to.password.get_secret_value())
            options = driver_options(self.settings)
            self._driver = neo4j.AsyncGraphDatabase.driver(to.uri, auth=auth, **options)
        name = self._to.database
        return self._driver.session(database=name, default_access_mode=neo4j.READ_ACCESS)

    async def _look_again(self) -> None:
        """Give up the driver where the managed database ended or came back elsewhere."""
        if self._driver is None or self._to is None:
            return
        if connection(self.settings).uri != self._to.uri:
            # Taken away before anything is awaited: of two readers that come here, one closes it.
            driver, self._driver = self._driver, None
            await driver.close()

    async def _single(self, query: Compiled) -> list[Row]:
        async with self._session() as session:
            text = neo4j.Query(query.text, timeout=self.settings.deadline)
            result = await session.run(text, dict(query.parameters))
            return [(await result.single(strict=True)).values()]

    async def _several(self, queries: Sequence[Compiled]) -> list[Row]:
        async with self._session() as session:
            transaction = await session.begin_transaction(timeout=self.settings.deadline)
            async with transaction:
                rows: list[Row] = []
                for query in queries:
                    result = await transaction.run(query.text, dict(query.parameters))
                    rows.append((await result.single(strict=True)).values())
                return rows


async def attempted(work: Callable[[], Awaitable[T]]) -> T:
    """The work's result, tried again while it fails for a passing reason."""
    for attempt in range(ATTEMPTS):
        try:
            return await work()
        except (Neo4jError, DriverError) as error:
            if attempt + 1 == ATTEMPTS or not error.is_retryable():
                code = getattr(error, "code", None) or type(error).__name__
                log.warning("read failed", code=code, said=str(error))
                raise translated(error) from error
            await asyncio.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
    raise AssertionError("the loop returns or raises")


def checked(version: str) -> str:
    """The version of the server, if it is new enough; raises DatabaseRefused."""
    parts = re.match(r"(\d+)\.(\d+)", version)
    if parts is None or (int(parts[1]), int(parts[2])) < OLDEST:
        raise DatabaseRefused(f"This Neo4j is {version}; Parley needs 5.26 or newer.")
    return version
