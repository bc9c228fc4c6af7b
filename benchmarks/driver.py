"""Measure the CPU of one read by the ways that the driver's public API offers.

``python -m benchmarks.driver``. One statement is read by its id, one request after the other in one
process; the ways take turns, and the least CPU of each over the rounds counts. All keep to one
round trip but the managed transaction and ``execute_query``, which begin and commit.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

import neo4j
import uvloop

from benchmarks.graph import Graph, open_graph
from benchmarks.machine import current_commit, describe_machine
from benchmarks.results import DriverTime, Results
from benchmarks.run import parse_size_and_results
from benchmarks.samples import Samples
from service.db.database import Database, driver_options
from service.query.operation import Query

TEXT = "CYPHER 5 MATCH (n:Statement {id: $id}) RETURN [n.id, n.text, n.speechAct] AS f0"
EACH = 2_000
ROUNDS = 5
Way = Callable[[str], Awaitable[object]]


class Ways:
    """The ways to read one row with the driver."""

    def __init__(self, held: Graph) -> None:
        settings = held.settings
        self._parley = Database(settings)
        self._name = held.database
        self._settings = settings
        auth = (settings.neo4j_user, settings.neo4j_password.get_secret_value())
        uri = str(settings.neo4j_uri)
        options = driver_options(settings)
        self._driver = neo4j.AsyncGraphDatabase.driver(uri, auth=auth, **options)
        self._verbose = neo4j.AsyncGraphDatabase.driver(uri, auth=auth)
        self._kept = self._session()

    def _session(self) -> neo4j.AsyncSession:
        return self._driver.session(database=self._name, default_access_mode=neo4j.READ_ACCESS)

    def every(self) -> dict[str, Way]:
        """Return the ways by their descriptions."""
        return {
            "as Parley reads": self._as_parley,
            "no deadline": self._without_deadline,
            "one session, kept": self._with_kept_session,
            "with notifications and telemetry": self._with_notifications,
            "the database's name not given": self._unnamed,
            "a map for the row": self._mapped,
            "managed transaction": self._managed,
            "`execute_query`": self._execute_query,
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._kept.close()
        for one in (self._driver, self._verbose, self._parley):
            await one.close()

    async def _as_parley(self, node: str) -> object:
        return await self._parley.read([Query(TEXT, {"id": node}, (0,))])

    async def _without_deadline(self, node: str) -> object:
        async with self._session() as session:
            return await _row(await session.run(TEXT, {"id": node}))

    async def _with_kept_session(self, node: str) -> object:
        text = neo4j.Query(TEXT, timeout=self._settings.deadline)
        return await _row(await self._kept.run(text, {"id": node}))

    async def _with_notifications(self, node: str) -> object:
        async with self._verbose.session(database=self._name) as session:
            text = neo4j.Query(TEXT, timeout=self._settings.deadline)
            return await _row(await session.run(text, {"id": node}))

    async def _unnamed(self, node: str) -> object:
        async with self._driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            text = neo4j.Query(TEXT, timeout=self._settings.deadline)
            return await _row(await session.run(text, {"id": node}))

    async def _mapped(self, node: str) -> object:
        async with self._session() as session:
            text = TEXT.replace("[n.id, n.text, n.speechAct]", "n {.id, .text, .speechAct}")
            query = neo4j.Query(text, timeout=self._settings.deadline)
            return await _row(await session.run(query, {"id": node}))

    async def _managed(self, node: str) -> object:
        async def work(transaction: neo4j.AsyncManagedTransaction) -> object:
            return await _row(await transaction.run(TEXT, {"id": node}))

        async with self._session() as session:
            return await session.execute_read(work)

    async def _execute_query(self, node: str) -> object:
        found = await self._driver.execute_query(
            TEXT, {"id": node}, database_=self._name, routing_=neo4j.RoutingControl.READ
        )
        return found.records[0].values()


async def _row(result: neo4j.AsyncResult) -> object:
    return (await result.single(strict=True)).values()


async def time_ways(ways: dict[str, Way], nodes: Sequence[str]) -> dict[str, float]:
    """Return the microseconds of CPU of one read by each way: the least of the rounds."""
    least: dict[str, float] = {}
    for turn in range(ROUNDS + 1):
        for name, way in ways.items():
            began = time.process_time()
            for index in range(EACH):
                await way(nodes[index % len(nodes)])
            taken = 1e6 * (time.process_time() - began) / EACH
            if turn:
                least[name] = min(taken, least.get(name, taken))
    return least


def measure(size: str, results: Results) -> None:
    """Read in all ways, and add the times to the results."""
    with open_graph(size) as held:
        results.describe(describe_machine(held.driver, held.database))
        nodes = [str(one["id"]) for one in Samples(held.driver, held.database).of("point")]

        async def run() -> dict[str, float]:
            ways = Ways(held)
            try:
                return await time_ways(ways.every(), nodes)
            finally:
                await ways.close()

        for way, cpu in uvloop.run(run()).items():
            results.add(DriverTime(way, cpu, current_commit()))
            print(f"{way}: {cpu:.0f} µs", flush=True)


def main() -> None:
    """Measure as the command line says."""
    measure(*parse_size_and_results(__doc__))


if __name__ == "__main__":
    main()
