"""Open the graph of a size: a database of its own, which is loaded once."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import neo4j
import orjson

from benchmarks.generate import SIZES, generate_records
from graph_seed.loading.bulk.load import load_large
from service.db.database import connect, resolve_connection
from service.managed.connection import ConnectionInfo
from service.managed.owner import Owner
from service.settings import Settings

FOLDER = Path(__file__).parent.parent / ".bench"
"""The folder of the databases; you may delete it, they are made again."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A loaded graph: an open driver, and the environment of processes that use it.

    ``pid`` is the process of the database if it runs on this machine.
    """

    driver: neo4j.Driver
    database: str
    environment: dict[str, str]
    pid: int | None

    @property
    def settings(self) -> Settings:
        """Return the settings of a process with this environment."""
        return Settings.model_validate(
            {name.removeprefix("PARLEY_").lower(): v for name, v in self.environment.items()}
        )


@contextmanager
def open_graph(size: str, seed: int = 1) -> Iterator[Graph]:
    """Open the graph of a size, in the database of ``PARLEY_NEO4J_URI`` if that is set.

    What is missing is loaded. Your own Neo4j has to be empty or to hold this graph: nothing else
    is deleted. The managed one gets more memory than by default, because rivals need it, and L
    has to fit into the page cache.
    """
    settings = Settings(
        data_dir=FOLDER / size,
        neo4j_heap="4g",
        neo4j_transaction_memory="2g",
        neo4j_page_cache="3g",
    )
    with ExitStack() as stack:
        if settings.managed:
            stack.enter_context(Owner(settings))
        to = resolve_connection(settings)
        driver, database = stack.enter_context(connect(settings))
        _load_graph(driver, database, SIZES[size], seed)
        yield Graph(driver, database, environment_of(to), to.pid)


def environment_of(to: ConnectionInfo) -> dict[str, str]:
    """Return the environment variables by which a process reaches a database."""
    return {
        "PARLEY_NEO4J_URI": to.uri,
        "PARLEY_NEO4J_USER": to.user,
        "PARLEY_NEO4J_PASSWORD": to.password.get_secret_value(),
        "PARLEY_NEO4J_DATABASE": to.database,
    }


def _load_graph(driver: neo4j.Driver, database: str, statements: int, seed: int) -> None:
    """Load the missing sources; a load that was stopped is resumed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.jsonl"
        with path.open("wb") as file:
            file.writelines(orjson.dumps(one) + b"\n" for one in generate_records(statements, seed))
        report = load_large(driver, [path], database=database, by="the benchmark")
    print(f"{report.sources} sources, {report.passed_over} of them were there", flush=True)


def main() -> None:
    """Load the graph of a size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="S")
    with open_graph(parser.parse_args().size):
        pass


if __name__ == "__main__":
    main()
