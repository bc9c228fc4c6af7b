"""The command line: ``parley``, also ``python -m service``.

Exit status: 0 done; 1 it could not be done (the database, a load that was refused); 2 what was
asked is wrong (options, facts files with errors, a query).
"""

import os
import sys
from importlib.metadata import version as package_version
from typing import Annotated

import typer
from pydantic import ValidationError

from service import cli_ask, cli_db, cli_facts, cli_up, logs
from service.console import fail, out
from service.errors import ParleyError, StorageUnavailable
from service.managed.storage import explain

app = typer.Typer(
    name="parley",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""A knowledge graph of negotiations: who said what, about which issue, when, and according
to which passage of which source.

**Begin with** `parley up`: it sets up the database, loads the bundled facts and serves GraphQL.

**Your own facts:** `parley check my.yaml`, `parley cite my.yaml --text article.txt`,
`parley load my.yaml`.

**Exit status:** 0 done, 1 it could not be done, 2 what was asked is wrong.""",
)
app.add_typer(cli_db.app, name="db")
cli_up.add(app)
cli_facts.add(app)
cli_ask.add(app)


def _version(value: bool) -> None:
    if value:
        out.print(f"parley {package_version('parley')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of every command."""


def _drop_output() -> None:
    """Let what is not written yet go nowhere: nobody can have it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run the command line; an error is one clear line and an exit status."""
    logs.configure()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has enough, as `head` has
        _drop_output()
        sys.exit(1)
    except ParleyError as error:
        fail(f"{error.code}: {error}", error.exit_status)
    except OSError as error:
        _drop_output()
        fail(f"{StorageUnavailable.code}: {explain(error)}")
    except ValidationError as error:
        wrong = [
            f"PARLEY_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
            for one in error.errors()
        ]
        fail("\n".join(wrong), 2)
    except KeyboardInterrupt:
        sys.exit(130)
