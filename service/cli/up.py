"""The command ``up``: set up the database, load the bundled facts, serve."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import neo4j
import typer

from graph_seed import LoadError, ensure_schema
from graph_seed.graph.ensure_schema import MIGRATION_NEEDED, is_of_another_vocabulary
from schema.domain import DOMAIN
from schema.names import to_words
from service.background import Background
from service.bundled import BundledFacts, count_nodes
from service.cli.console import download_progress, err, fail, out
from service.db.database import connect, describe_target
from service.errors import ParleyError
from service.http.documents import read_documents
from service.http.protocol import ConnectionLimits
from service.http.server import bind_socket, require_open, serve
from service.managed.connection import find_running
from service.managed.control import wait_for_detached
from service.managed.owner import Owner
from service.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

QUERY = "{ people(first: 3) { nodes { name statements { totalCount } } } }"


def add(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(up)


def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks one.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that serve.")] = 1,
    facts: Annotated[bool, typer.Option(help="Load the bundled facts first.")] = True,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="Migrate your own Neo4j, if another version of Parley built it."
        ),
    ] = False,
) -> None:
    """Set up the database, load the bundled facts, serve GraphQL.

    ```text
    parley up
    parley up --port 9000 --no-facts
    ```

    Without PARLEY_NEO4J_URI it runs a Neo4j of its own, or uses that of `parley db start`, and
    migrates a graph that another version of Parley built. Your own Neo4j is migrated only if you
    give --yes; without it, that is an error (MIGRATION_NEEDED).
    Ctrl-C or SIGTERM ends the service within 15 seconds, and the database after its checkpoint.
    """
    changed = {"host": host, "port": port}
    settings = Settings(**{k: v for k, v in changed.items() if v is not None})  # type: ignore[arg-type]
    require_open(settings.host, settings.open)
    read_documents(settings.documents)  # says what is wrong before anything is set up
    with bind_socket(settings.host, settings.port) as listening:
        # The database takes seconds to boot: meanwhile, all is done that does not need it.
        bundled = BundledFacts(settings) if facts else None
        making = Background(lambda: _make_application(settings)) if workers == 1 else None
        with _database(settings):
            loaded = _prepare_graph(settings, bundled, yes)
            with err.status("Making the GraphQL schema"):
                application = making.result() if making else None
            _print_welcome(settings, listening.getsockname()[1], loaded)
            limits = ConnectionLimits(
                settings.header_limit, settings.receive_deadline, settings.connection_limit
            )
            serve(listening, workers, limits, application)


def _make_application(settings: Settings) -> "FastAPI":
    from service.http.app import create_app  # noqa: PLC0415 - beside the boot of the database

    return create_app(settings)


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """Run the managed database while the service runs, unless another process runs it."""
    if not settings.is_managed or wait_for_detached(settings) is not None:
        yield
        return
    with download_progress() as progress, err.status("Starting the database"):
        owner = Owner(settings, progress=progress)
        owner.__enter__()
    try:
        yield
    finally:
        err.print("Stopping the database")
        owner.stop()


def _prepare_graph(
    settings: Settings, bundled: BundledFacts | None, yes: bool
) -> Mapping[str, int]:
    """Prepare the graph and load the bundled facts; return the number of nodes of each label.

    A graph that must not be migrated ends the command. Any other failure is only printed: the
    service starts, and waits for its database.
    """
    try:
        with connect(settings) as (driver, database):
            with err.status("Asking what is loaded"):
                note = bundled.find_note(driver, database) if bundled is not None else None
            return _load(settings, driver, database, bundled, yes) if note is None else note.counts
    except (ParleyError, LoadError) as error:
        err.print(("warning", "yellow"), f" {error}")
        return {}


def _load(
    settings: Settings,
    driver: neo4j.Driver,
    database: str,
    bundled: BundledFacts | None,
    yes: bool,
) -> Mapping[str, int]:
    """Migrate the graph and load the bundled facts; return the number of nodes of each label."""
    if is_of_another_vocabulary(driver, database):
        if not (settings.is_managed or yes):
            fail(f"MIGRATION_NEEDED: {describe_target(settings)}. {MIGRATION_NEEDED}")
        err.print(f"Migrating {describe_target(settings)}, which another version built")
    with err.status("Creating constraints and indexes"):
        ensure_schema(driver, database)
    if bundled is None:
        return count_nodes(driver, database)
    with err.status("Loading the bundled facts"):
        return bundled.load(driver, database)


def _print_welcome(settings: Settings, port: int, counts: Mapping[str, int]) -> None:
    """Print the addresses, what is loaded, and a command to try."""
    contents = ", ".join(
        f"{counts[node.label]} {to_words(node.field if counts[node.label] == 1 else node.plural)}"
        for node in DOMAIN.concrete
        if node.label in counts
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{port}"
    out.print(("\nOpen", "bold"), f"     {base}/")
    out.print(("GraphQL", "bold"), f"  {base}/graphql")
    to = find_running(settings) if settings.is_managed else None
    uri = f"{to.uri}   (`parley db info` has the password)" if to else settings.neo4j_uri
    out.print(("Bolt", "bold"), f"     {uri}")
    out.print(("Loaded", "bold"), f"   {contents or 'nothing'}")
    body = f'{{"query": "{QUERY}"}}'
    ask = f"curl -s {base}/graphql -H 'content-type: application/json' -d '{body}'"
    out.print(("Try", "bold"), f"      {ask}\n")
