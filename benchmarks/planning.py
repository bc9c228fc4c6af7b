"""Measure how long Neo4j takes to plan the documentation's operations for the first time.

``python -m benchmarks.planning``. The JVM is warm, the plan caches are cleared before each
operation; the median counts.
"""

import re
import time
from collections.abc import Iterator
from statistics import median

import neo4j
from graphql import parse

from benchmarks.graph import open_graph
from benchmarks.machine import ROOT, current_commit, describe_machine
from benchmarks.results import PlanningTime, Results
from benchmarks.run import parse_size_and_results
from schema.domain import DOMAIN
from service.graphql.plan.cache import PlanCache, find_operation
from service.graphql.types.schema import make_schema
from service.query.operation import DIALECT, Query

PAGES = (
    "README.md",
    "docs/frontend/lists.md",
    "docs/frontend/aggregates.md",
    "docs/frontend/as-of.md",
)
WARM_UP = 3
TIMES = 5
SCHEMA = make_schema(DOMAIN)


def documented_operations() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each documented operation without variables."""
    for name in PAGES:
        text = (ROOT / name).read_text("utf-8")
        for found in re.finditer(r"```graphql\n(.*?)```", text, re.S):
            if "($" not in found[1]:
                yield f"{name}, line {text.count(chr(10), 0, found.start()) + 2}", found[1]


def compile_document(document: str) -> list[Query]:
    """Return the queries of an operation without variables."""
    operation = find_operation(SCHEMA._schema, parse(document), None, document)
    return list(PlanCache(DOMAIN).bind(operation, {}).queries)


def time_planning(session: neo4j.Session, queries: list[Query]) -> float:
    """Return the seconds in which the database plans queries."""
    session.run("CALL db.clearQueryCaches()").consume()
    started = time.perf_counter()
    for one in queries:
        text = one.text.replace(DIALECT, f"{DIALECT} EXPLAIN", 1)
        session.run(text, dict(one.parameters)).consume()
    return time.perf_counter() - started


def measure(size: str, results: Results) -> None:
    """Plan all operations several times, and add the medians to the results."""
    operations = {place: compile_document(document) for place, document in documented_operations()}
    with open_graph(size) as held, held.driver.session(database=held.database) as session:
        results.describe(describe_machine(held.driver, held.database))
        taken: dict[str, list[float]] = {place: [] for place in operations}
        for _ in range(WARM_UP + TIMES):
            for place, queries in operations.items():
                taken[place].append(time_planning(session, queries))
        for place, queries in operations.items():
            texts = [one.text for one in queries]
            subqueries = sum(one.subqueries for one in queries)
            seconds = median(taken[place][WARM_UP:])
            line = PlanningTime(place, subqueries, sum(map(len, texts)), seconds, current_commit())
            results.add(line)
            print(f"{place}: {subqueries} subqueries, {1000 * seconds:.0f} ms", flush=True)


def main() -> None:
    """Measure as the command line says."""
    measure(*parse_size_and_results(__doc__))


if __name__ == "__main__":
    main()
