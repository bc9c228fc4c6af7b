"""Loads find nodes in indexes, also by plans that were made while the graph was small."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import neo4j
import pytest

from benchmarks.generate import generate_records
from graph_seed import load, unload
from graph_seed.loading.bulk.load import load_large
from graph_seed.problems import LoadError
from schema.domain import DOMAIN
from tests.builders import facts, record
from tests.conftest import DATABASE, clear
from tests.graph_seed.loading.bulk.test_load import write
from tests.profile import operators
from tests.random_facts import FactsGenerator

WHOLE_GRAPH = ("MATCH (n) RETURN 1 LIMIT 1", "MATCH (s:Source) RETURN 1 LIMIT 1")
"""Queries that ask whether there is anything at all."""


def load_small(driver: neo4j.Driver, _: Path) -> None:
    generator = FactsGenerator(DOMAIN, random.Random(1), entities=2, facts=2, order="1")
    for key in "abcabcab":
        with suppress(LoadError):
            load(driver, generator.source(key), database=DATABASE)
    with suppress(LoadError):
        unload(driver, "source:a", database=DATABASE)


def load_both(driver: neo4j.Driver, folder: Path) -> None:
    for seed in (3, 4):
        path = write(folder / f"{seed}.jsonl", generate_records(60, seed))
        load_large(driver, [path], database=DATABASE, strict_shared=False)


@pytest.mark.parametrize("run_loads", [load_small, load_both])
def test_no_query_of_a_load_scans_nodes(
    empty: neo4j.Driver,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    run_loads: Callable[[neo4j.Driver, Path], None],
) -> None:
    queries: dict[str, dict[str, Any]] = {}

    def collect(kind: type[neo4j.Transaction] | type[neo4j.Session]) -> None:
        real = kind.run

        def run(self: Any, query: str, parameters: Any = None, **named: Any) -> Any:
            text = query.removeprefix("CYPHER 5 ")
            if ("UNWIND" in text or "MATCH" in text) and text not in WHOLE_GRAPH:
                queries[text] = {**(parameters or {}), **named}
            return real(self, query, parameters, **named)

        monkeypatch.setattr(kind, "run", run)

    collect(neo4j.Transaction)
    collect(neo4j.Session)
    run_loads(empty, tmp_path)
    monkeypatch.undo()
    assert len(queries) > 20
    assert list_scans(empty, queries) == {}
    clear(empty)
    # For as few nodes as these, Neo4j prefers scans.
    few = [record(f"person:number-{i}") for i in range(10)]
    load(empty, facts("few", *few), database=DATABASE)
    assert list_scans(empty, queries) == {}


def list_scans(driver: neo4j.Driver, queries: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Plan queries, and return those that would scan nodes."""
    found = {}
    with driver.session(database=DATABASE) as session:
        session.run("CALL db.clearQueryCaches()").consume()
        for text, parameters in queries.items():
            plan = session.run(f"CYPHER 5 EXPLAIN {text}", parameters).consume().plan
            kinds = {one["operatorType"].partition("@")[0] for one in operators(plan)}
            if scans := {kind for kind in kinds if "Scan" in kind}:
                found[text] = scans
    return found
