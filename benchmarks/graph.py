"""The graph that is asked: a database of its own for each size, made and loaded once."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import neo4j
import orjson

from benchmarks.generate import SIZES, records
from graph_seed.loading.bulk.load import load_large
from service.db.database import connect, resolve_connection
from service.managed.connection import ConnectionInfo
from service.managed.owner import Owner
from service.settings import Settings

FOLDER = Path(__file__).parent.parent / ".bench"
"""Holds the databases; may be removed, they are made again."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A loaded graph: an open driver, and how a server is told to reach it.

    ``pid`` is the database's process, where it runs here.
    """

    driver: neo4j.Driver
    database: str
    environment: dict[str, str]
    pid: int | None

    @property
    def settings(self) -> Settings:
        """What a process has as settings that is told so."""
        return Settings.model_validate(
            {name.removeprefix("PARLEY_").lower(): v for name, v in self.environment.items()}
        )


@contextmanager
def graph(size: str, seed: int = 1) -> Iterator[Graph]:
    """The graph of a size, loaded if it is not there; ``PARLEY_NEO4J_URI`` is taken if it is set.

    A Neo4j of one's own has to be empty or to hold this graph: nothing else is taken out of it.
    The managed one has more memory than it is given to serve Parley: rivals need it, and L is to
    fit into its page cache.
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
        _filled(driver, database, SIZES[size], seed)
        yield Graph(driver, database, reaching(to), to.pid)


def reaching(to: ConnectionInfo) -> dict[str, str]:
    """How a process is told to reach a database."""
    return {
        "PARLEY_NEO4J_URI": to.uri,
        "PARLEY_NEO4J_USER": to.user,
        "PARLEY_NEO4J_PASSWORD": to.password.get_secret_value(),
        "PARLEY_NEO4J_DATABASE": to.database,
    }


def _filled(driver: neo4j.Driver, database: str, statements: int, seed: int) -> None:
    """Load what is not there; a load that was ended goes on where it was."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.jsonl"
        with path.open("wb") as file:
            file.writelines(orjson.dumps(one) + b"\n" for one in records(statements, seed))
        report = load_large(driver, [path], database=database, by="the benchmark")
    print(f"{report.sources} sources, {report.passed_over} of them were there", flush=True)


def main() -> None:
    """Load the graph of a size, and no more."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="S")
    with graph(parser.parse_args().size):
        pass


if __name__ == "__main__":
    main()
