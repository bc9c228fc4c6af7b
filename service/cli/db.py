"""The commands of ``parley db``, which manage the local database."""

from typing import Annotated

import typer

from service.cli.console import JsonOption, ask_user, download_progress, err, fail, out, print_json
from service.db.database import resolve_connection
from service.managed import control
from service.managed.connection import find_owner, find_running
from service.managed.home import Home
from service.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    help="""Start, stop and inspect the managed database, and connect to it.

    ```text
    parley db start          # then services and commands connect to it
    parley db info           # how to connect with Neo4j's own tools or a notebook
    ```
""",
)


def add(to: typer.Typer) -> None:
    """Add the commands to the application."""
    to.add_typer(app, name="db")


def _managed_settings() -> Settings:
    settings = Settings()
    if not settings.is_managed:
        fail("USAGE: PARLEY_NEO4J_URI names your own Neo4j, which Parley does not manage", 2)
    return settings


@app.command()
def start() -> None:
    """Start the managed database; it runs until `parley db stop`.

    Services and commands connect to it. If it runs already, nothing changes.
    """
    settings = _managed_settings()
    found, last_port = find_running(settings), Home(settings).port
    if found is not None and find_owner(settings) is not None:
        out.print(f"It already runs: {found.uri}, process {found.pid}")
        return
    with download_progress() as progress, err.status("Starting the database"):
        found = control.start_detached(settings, progress)
    out.print(f"Started: {found.uri}, process {found.pid}")
    if last_port is not None and not found.uri.endswith(f":{last_port}"):
        err.print(
            ("note", "yellow"), f" its last port, {last_port}, is not free; it has another one now"
        )


@app.command()
def stop() -> None:
    """Stop the managed database that `parley db start` started."""
    settings = _managed_settings()
    with out.status("Stopping the database"):
        stopped = control.stop(settings)
    out.print("Stopped." if stopped else "It was not running.")


@app.command()
def status(as_json_: JsonOption = False) -> None:
    """Show whether the managed database runs, and which process owns it."""
    settings = _managed_settings()
    found, owner = find_running(settings), find_owner(settings)
    known = {
        "running": found is not None,
        "uri": found.uri if found else None,
        "pid": found.pid if found else None,
        "owner": owner.owner_pid if owner else None,
        "data": str(Home(settings).root),
    }
    if as_json_:
        print_json(known)
    elif found is None:
        out.print(f"Not running. Data: {known['data']}")
    else:
        whose = "nobody: its owner was killed; `parley up` or `parley db start` adopts it"
        if owner is not None:
            whose = "parley db start" if owner.detached else "a service"
        line = f"Running: {found.uri}, process {found.pid}, of {whose}. Data: {known['data']}"
        out.print(line)


@app.command()
def info(as_json_: JsonOption = False) -> None:
    """Show how to connect with Neo4j's own tools or a notebook.

    ```text
    parley db info
    parley db info --json > connection.json
    ```

    The account can write, and its writes bypass all checks and the history: use it to read only.
    `parley cypher` cannot write.
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
        print_json(known)
        return
    for name, value in known.items():
        out.print(f"{name:9} {value}")
    # Every user of the machine can read the arguments of a command: leave the password out.
    shell = f"cypher-shell -a {to.uri} -u {to.user} -d {to.database}"
    python = f'neo4j.GraphDatabase.driver("{to.uri}", auth=("{to.user}", getpass.getpass()))'
    out.print(f"\nA shell     {shell}\nA notebook  {python}\nBoth ask for the password.")
    out.print(
        "\nThis account can write, and bypasses all checks and the history: use it to read only."
    )


@app.command()
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything in the managed database, after asking you."""
    settings = _managed_settings()
    if not yes:
        answer = ask_user(f"Delete everything in {Home(settings).root}? Type yes or no: ")
        if answer is None:
            fail("USAGE: nobody confirmed that everything is deleted; give --yes", 2)
        if answer.strip().lower() not in {"y", "yes"}:
            out.print("Nothing was deleted.")
            raise typer.Exit(1)
    control.reset(settings)
    out.print("Deleted. The next start begins with an empty database.")


@app.command()
def logs(
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, help="The number of lines.")] = 50,
) -> None:
    """Show the last lines of the managed database's log."""
    home = Home(_managed_settings())
    path = home.neo4j / "logs" / "neo4j.log"
    log = path if path.exists() else home.log
    if not log.exists():
        fail("NO_FILE: there is no log yet; start the database with `parley db start`")
    text = log.read_text(encoding="utf-8", errors="replace")
    out.print("\n".join(text.splitlines()[-lines:]))
