"""Compare the cost of reading the latest version with ``@asOf(systemTime:)`` of the same moment.

``python -m benchmarks.as_of``. It runs the benchmark's operations, and lists of all nodes of a
type, in turns, through the whole service except HTTP; the median counts.
"""

import time
from collections.abc import Iterator, Mapping
from statistics import median

import uvloop
from graphql import parse

from benchmarks.graph import open_graph
from benchmarks.machine import current_commit, describe_machine
from benchmarks.operations import OPERATIONS, PARLEY
from benchmarks.results import AsOf, Results
from benchmarks.run import parse_size_and_results
from benchmarks.samples import Samples, Variables
from schema.domain import DOMAIN
from service.db.database import Database
from service.graphql.plan.cache import PlanCache
from service.graphql.plan.limits import Limits
from service.graphql.run.engine import Engine
from service.graphql.types.schema import make_schema

LISTS = {
    "list: by id": "query { statements(first: 20) { nodes { id text } } }",
    "list: by date": "query { statements(first: 20, orderBy: [{saidOn: DESC}]) { nodes { id } } }",
    "list: by name": "query { people(first: 20, orderBy: [{name: ASC}]) { nodes { id name } } }",
    "list: by date, filtered": (
        "query { statements(first: 20, where: {speechAct: {eq: DEMANDS}}, "
        "orderBy: [{saidOn: DESC}]) { nodes { id } } }"
    ),
    "list: by date, counted": (
        "query { statements(first: 20, orderBy: [{saidOn: DESC}]) { totalCount nodes { id } } }"
    ),
}
"""Lists of all nodes of a type, by the way in which they are read."""
WARM_UP, TIMES = 100, 200
RANKED_OTHERWISE = {"search"}
"""Operations that rank differently in the past: their answers may differ."""
LATEST = "MATCH (l:Load) RETURN toString(max(l.at))"
SCHEMA = make_schema(DOMAIN)


def with_as_of(document: str, moment: str) -> str:
    """Return a document with ``@asOf`` of a moment."""
    head, brace, rest = document.partition("{")
    return f'{head}@asOf(systemTime: "{moment}") {brace}{rest}'


def list_questions(drawn: Samples) -> Iterator[tuple[str, str, list[Variables]]]:
    """Yield the name, the document and the sets of variables of each question."""
    for one in OPERATIONS:
        if "@asOf" not in one.texts[PARLEY]:
            given = [one.select_variables(PARLEY, each) for each in drawn.of(one.name)]
            yield one.name, one.texts[PARLEY], given
    for name, document in LISTS.items():
        yield name, document, [{}]


async def time_documents(
    engine: Engine, documents: Mapping[str, str], given: list[Variables], *, alike: bool
) -> dict[str, float]:
    """Return the median milliseconds of each document, run in turns.

    If ``alike``, raises RuntimeError unless all give the same data.
    """
    taken: dict[str, list[float]] = {name: [] for name in documents}
    operations = {
        name: engine.plan_cache.prepare(SCHEMA._schema, parse(document), None, document)
        for name, document in documents.items()
    }
    for turn in range(WARM_UP + TIMES):
        variables = given[turn % len(given)]
        answers = []
        for name, operation in operations.items():
            began = time.perf_counter()
            result = await engine.run(operation, variables)
            if turn >= WARM_UP:
                taken[name].append(1000 * (time.perf_counter() - began))
            if result.errors:
                raise RuntimeError(f"{documents[name]}: {result.errors[0].message}")
            answers.append(result.data)
        if alike and any(one != answers[0] for one in answers):
            raise RuntimeError(f"{documents['now']} is not as of now what it is now")
    return {name: median(times) for name, times in taken.items()}


def measure(size: str, results: Results) -> None:
    """Time all questions both ways, and add the medians to the results."""
    with open_graph(size) as held:
        results.describe(describe_machine(held.driver, held.database))
        with held.driver.session(database=held.database) as session:
            moment = str(session.run(LATEST).single(strict=True)[0])

        async def run() -> None:
            async with Database(held.settings) as database:
                engine = Engine(PlanCache(DOMAIN, limits=Limits()), database.read)
                for name, document, given in list_questions(Samples(held.driver, held.database)):
                    documents = {"now": document, "known": with_as_of(document, moment)}
                    alike = name not in RANKED_OTHERWISE
                    found = await time_documents(engine, documents, given, alike=alike)
                    results.add(AsOf(name, found["now"], found["known"], current_commit()))
                    print(f"{name}: {found['now']:.2f} ms, {found['known']:.2f} ms", flush=True)

        uvloop.run(run())


def main() -> None:
    """Measure as the command line says."""
    measure(*parse_size_and_results(__doc__))


if __name__ == "__main__":
    main()
