"""``parley db``: the managed database."""

from typing import Annotated

import typer

from service.cli.console import as_json, ask, downloading, err, fail, out
from service.db.database import resolve_connection
from service.managed import control
from service.managed.connection import find_owner, find_running
from service.managed.home import Home
from service.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    help="""The managed database: start it by itself, stop it, look at it, connect to it.

    ```text
    parley db start          # then any number of services and commands join it
    parley db info           # how to connect with Neo4j's own tools or a notebook
    ```
""",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for pipes.")]


def _managed() -> Settings:
    settings = Settings()
    if not settings.managed:
        fail("USAGE: PARLEY_NEO4J_URI names a Neo4j of your own; Parley does not run that one", 2)
    return settings


@app.command()
def start() -> None:
    """Start the managed database; it goes on until `parley db stop`.

    Services and commands join it. Two starts at once are one.
    """
    settings = _managed()
    found, last_port = find_running(settings), Home(settings).port
    if found is not None and find_owner(settings) is not None:
        out.print(f"It runs already: {found.uri}, process {found.pid}")
        return
    with downloading() as progress, err.status("Starting the database"):
        found = control.start_detached(settings, progress)
    out.print(f"Started: {found.uri}, process {found.pid}")
    if last_port is not None and not found.uri.endswith(f":{last_port}"):
        err.print(("note", "yellow"), f" its port was {last_port} before, which is not free now")


@app.command()
def stop() -> None:
    """Stop the managed database that `parley db start` started."""
    settings = _managed()
    with out.status("Stopping the database"):
        stopped = control.stop(settings)
    out.print("Stopped." if stopped else "It was not running.")


@app.command()
def status(as_json_: Json = False) -> None:
    """Say whether the managed database runs, and whose it is."""
    settings = _managed()
    found, owner = find_running(settings), find_owner(settings)
    known = {
        "running": found is not None,
        "uri": found.uri if found else None,
        "pid": found.pid if found else None,
        "owner": owner.owner_pid if owner else None,
        "data": str(Home(settings).root),
    }
    if as_json_:
        as_json(known)
    elif found is None:
        out.print(f"Not running. Data: {known['data']}")
    else:
        whose = "nobody: its owner was killed; `parley up` or `parley db start` takes it over"
        if owner is not None:
            whose = "parley db start" if owner.detached else "a service"
        said = f"Running: {found.uri}, process {found.pid}, of {whose}. Data: {known['data']}"
        out.print(said)


@app.command()
def info(as_json_: Json = False) -> None:
    """Say how to connect with Neo4j's own tools or a notebook.

    ```text
    parley db info
    parley db info --json > connection.json
    ```

    The account that is shown can write, and what it writes goes round all checks and history: read
    with it. `parley cypher` cannot write.
    """
    settings = Settings()
    to = resolve_connection(settings)
    known = {
        "uri": to.uri,
        "user": to.user,
        "password": to.password.get_secret_value(),
        "database": to.database,
    }
    if as_json_:
        as_json(known)
        return
    for name, value in known.items():
        out.print(f"{name:9} {value}")
    # A password among a command's arguments can be read by every user of the machine.
    shell = f"cypher-shell -a {to.uri} -u {to.user} -d {to.database}"
    python = f'neo4j.GraphDatabase.driver("{to.uri}", auth=("{to.user}", getpass.getpass()))'
    out.print(f"\nA shell     {shell}\nA notebook  {python}\nBoth ask for the password.")
    out.print("\nThis account can write, round all checks and history: read with it.")


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget everything in the managed database. Asks first."""
    settings = _managed()
    if not yes:
        answer = ask(f"Forget everything in {Home(settings).root}? Type yes or no: ")
        if answer is None:
            fail("USAGE: nobody answered whether to forget it all; give --yes", 2)
        if answer.strip().lower() not in {"y", "yes"}:
            out.print("Nothing was forgotten.")
            raise typer.Exit(1)
    control.reset(settings)
    out.print("Forgotten. The next start begins with an empty database.")


@app.command()
def logs(
    lines: Annotated[
        int, typer.Option("-n", "--lines", min=1, help="How many of the last lines.")
    ] = 50,
) -> None:
    """Show what the managed database said last."""
    home = Home(_managed())
    path = home.neo4j / "logs" / "neo4j.log"
    said = path if path.exists() else home.log
    if not said.exists():
        fail("NO_FILE: it has not said anything yet; start it with `parley db start`")
    text = said.read_text(encoding="utf-8", errors="replace")
    out.print("\n".join(text.splitlines()[-lines:]))
