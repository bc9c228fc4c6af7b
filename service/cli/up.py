"""``parley up``: the database, the bundled facts, the service."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

import graph_seed
from graph_seed import LoadError, ensure_schema, load_files
from graph_seed.graph.ensure_schema import MIGRATION_NEEDED, is_of_another_vocabulary
from schema.domain import DOMAIN
from service.cli.console import downloading, err, fail, out
from service.db.database import opened, target_of
from service.errors import ParleyError
from service.http.server import bound, serve
from service.managed.connection import running
from service.managed.control import joined
from service.managed.owner import Owner
from service.settings import Settings

FACTS = Path(graph_seed.__file__).parent / "facts"
QUERY = "{ people(first: 3) { nodes { name statements { totalCount } } } }"


def add(app: typer.Typer) -> None:
    """Add the command."""
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

    Without PARLEY_NEO4J_URI it runs a Neo4j of its own, or joins the one of `parley db start`, and
    migrates it if another version of Parley built it. Your own Neo4j is migrated only if --yes is
    given; without, that is an error (MIGRATION_NEEDED).
    Ctrl-C or SIGTERM ends it: the service within 15 seconds, the database after its checkpoint.
    """
    changed = {"host": host, "port": port}
    settings = Settings(**{k: v for k, v in changed.items() if v is not None})  # type: ignore[arg-type]
    with bound(settings.host, settings.port) as listening, _database(settings):
        loaded = _prepared(settings, facts, yes)
        _screen(settings, listening.getsockname()[1], loaded)
        serve(listening, workers)


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """The database for as long as the service runs: joined, owned, or one's own."""
    if not settings.managed or joined(settings) is not None:
        yield
        return
    with downloading() as progress, err.status("Setting up the database"):
        held = Owner(settings, progress=progress)
        held.__enter__()
    try:
        yield
    finally:
        err.print("Stopping the database")
        held.stop()


def _prepared(settings: Settings, facts: bool, yes: bool) -> list[tuple[str, int]]:
    """Load the bundled facts; return how many nodes there are of each label.

    A graph that must not be migrated ends the command. What else keeps it from loading is said and
    no more: the service starts, and waits for its database.
    """
    try:
        with opened(settings) as (driver, database):
            if is_of_another_vocabulary(driver, database):
                if not (settings.managed or yes):
                    fail(f"MIGRATION_NEEDED: {target_of(settings)}. {MIGRATION_NEEDED}")
                err.print(f"Migrating {target_of(settings)}, which another version built")
            ensure_schema(driver, database)
            if facts:
                with err.status("Loading the bundled facts"):
                    load_files(driver, sorted(FACTS.glob("*.yaml")), database=database)
            with driver.session(database=database) as session:
                rows = session.run(
                    "CYPHER 5 MATCH (n:Node) UNWIND labels(n) AS label WITH label, count(*) AS n "
                    "RETURN label, n ORDER BY n DESC"
                )
                return [(row["label"], row["n"]) for row in rows]
    except (ParleyError, LoadError) as error:
        err.print(("warning", "yellow"), f" {error}")
        return []


def _screen(settings: Settings, port: int, loaded: list[tuple[str, int]]) -> None:
    """Where everything is, what is loaded, what to try."""
    counts = dict(loaded)
    held = ", ".join(
        f"{counts[node.label]} {_in_words(node.field if counts[node.label] == 1 else node.plural)}"
        for node in DOMAIN.concrete
        if node.label in counts
    )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{port}"
    out.print(("\nGraphQL", "bold"), f"  {base}/graphql")
    to = running(settings) if settings.managed else None
    uri = f"{to.uri}   (`parley db info` has the password)" if to else settings.neo4j_uri
    out.print(("Bolt", "bold"), f"     {uri}")
    out.print(("Loaded", "bold"), f"   {held or 'nothing'}")
    body = f'{{"query": "{QUERY}"}}'
    ask = f"curl -s {base}/graphql -H 'content-type: application/json' -d '{body}'"
    out.print(("Try", "bold"), f"      {ask}\n")


def _in_words(name: str) -> str:
    """``tradeFigures`` as ``trade figures``."""
    return re.sub("[A-Z]", lambda found: f" {found[0].lower()}", name)
