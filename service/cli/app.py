"""The commands of ``parley``, and what becomes of their errors.

Exit status: 0 done; 1 it could not be done (the database, a load that was refused); 2 what was
asked is wrong (options, facts files with errors, a query); 130 and 143 it was ended by Ctrl-C or
SIGTERM.
"""

import os
import re
import signal
import sys
import traceback
from importlib.metadata import version as package_version
from typing import Annotated

import typer
from pydantic import ValidationError

from service import logs
from service.cli import ask, db, facts, up
from service.cli.console import err, one_line, out
from service.cli.interrupts import LINES, STATUS, end_at_once, raise_interrupts
from service.errors import ParleyError, StorageUnavailable
from service.managed.storage import describe_storage_error

app = typer.Typer(
    name="parley",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""A knowledge graph of negotiations: who said what, about which issue, when, and according
to which passage of which source.

**Begin with** `parley up`: it sets up the database, loads the bundled facts and serves GraphQL.

**Your own facts:** `parley check my.yaml`, `parley cite my.yaml --text article.txt`,
`parley load my.yaml`.

**Exit status:** 0 done, 1 it could not be done, 2 what was asked is wrong.""",
)
app.add_typer(db.app, name="db")
up.add(app)
facts.add(app)
ask.add(app)


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


def run() -> None:
    """Run the command that the arguments name; an error is one clear line and an exit status."""
    logs.configure()
    try:
        raise_interrupts()
        try:
            status = run_command()
        finally:
            end_at_once()
            sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has enough, as `head` has
        _drop_output()
        status = 1
    except OSError as error:
        _drop_output()
        status = _tell(f"{StorageUnavailable.code}: {describe_storage_error(error)}", 1)
    if status in LINES:
        err.print(LINES[status])
    sys.exit(status)


def run_command() -> int:
    """Run the command; tell what went wrong, and return the exit status."""
    try:
        # A command that is done returns nothing.
        return int(app(prog_name="parley", standalone_mode=False) or 0)
    except ParleyError as error:
        return _tell(f"{error.code}: {error}", error.exit_status)
    except typer.TyperException as error:
        return _tell_usage(error)
    except ValidationError as error:
        wrong = [
            f"PARLEY_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
            for one in error.errors()
        ]
        return _tell(f"SETTING: {_without_parsing('; '.join(wrong))}", 2)
    except KeyboardInterrupt:
        return STATUS[signal.SIGINT]
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        return _tell_unexpected(error)


def _tell(message: str, status: int) -> int:
    err.print(("error", "bold red"), " ", one_line(message))
    return status


def _tell_usage(error: typer.TyperException) -> int:
    """Say what is wrong with the arguments, and where they are explained."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "parley"
    # A group without a command has shown its help and says nothing.
    if said := _without_parsing(error.format_message()):
        end = "" if said.endswith((".", "?")) else "."
        _tell(f"USAGE: {said}{end} `{path} --help` shows what may be given.", 2)
    return error.exit_code


def _tell_unexpected(error: BaseException) -> int:
    """Say where an error was raised that no command expects."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if any(isinstance(one, KeyboardInterrupt) for one in causes):
        return STATUS[signal.SIGINT]  # it was met while what was open was closed
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    where = f"{frame.f_globals.get('__name__')}:{line}"
    said = "this is a fault of Parley; report it with what you gave"
    return _tell(f"{ParleyError.code}: {said} ({type(error).__name__} at {where})", 1)


def _without_parsing(said: str) -> str:
    """Return a message without how a library failed to read a value."""
    return re.sub(r", unable to (parse|interpret)[^;]*", "", said)
