"""The commands of ``parley``, and how their errors become one line and an exit status.

Exit status: 0 success; 1 failure (of the database, of a load that was refused); 2 wrong input
(options, facts files with errors, a query); 130 and 143 ended by Ctrl-C or SIGTERM.
"""

import os
import re
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version as package_version
from typing import Annotated

import typer
from pydantic import ValidationError

from service import logs
from service.cli.console import err, one_line, out
from service.cli.interrupts import LINES, STATUS, install_exit_handlers, install_interrupt_handlers
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

**Exit status:** 0 success, 1 failure, 2 wrong input.""",
)
FACTS, ASK = "service.cli.facts", "service.cli.ask"
MODULES = {
    "up": "service.cli.up",
    **dict.fromkeys(("check", "cite", "load", "unload"), FACTS),
    **dict.fromkeys(("query", "explain", "cypher", "schema"), ASK),
    "db": "service.cli.db",
}
"""The module of each command."""
_added: set[str] = set()


def add_commands(arguments: Sequence[str]) -> None:
    """Add the commands of the module that the arguments need, or of all for help, once."""
    named = next((one for one in arguments if not one.startswith("-")), "")
    needed = [MODULES[named]] if named in MODULES else dict.fromkeys(MODULES.values())
    for name in needed:
        if name not in _added:
            _added.add(name)
            import_module(name).add(app)


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
    """Discard buffered output, which can no longer be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """Run the command that the arguments name, and exit with its status."""
    logs.configure()
    try:
        add_commands(sys.argv[1:])  # a signal ends an import at once
        install_interrupt_handlers()
        try:
            status = run_command()
        finally:
            install_exit_handlers()
            sys.stdout.flush()
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        _drop_output()
        status = 1
    except OSError as error:
        _drop_output()
        status = _print_error(f"{StorageUnavailable.code}: {describe_storage_error(error)}", 1)
    if status in LINES:
        err.print(LINES[status])
    sys.exit(status)


def run_command() -> int:
    """Run the command, print its error if it fails, and return the exit status."""
    add_commands(sys.argv[1:])
    try:
        # A command that succeeds returns None.
        return int(app(prog_name="parley", standalone_mode=False) or 0)
    except ParleyError as error:
        return _print_error(f"{error.code}: {error}", error.exit_status)
    except typer.TyperException as error:
        return _print_usage_error(error)
    except ValidationError as error:
        wrong = [
            f"PARLEY_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}"
            for one in error.errors()
        ]
        return _print_error(f"SETTING: {_without_parse_note('; '.join(wrong))}", 2)
    except KeyboardInterrupt:
        return STATUS[signal.SIGINT]
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - users never see a traceback
        return _print_unexpected(error)


def _print_error(message: str, status: int) -> int:
    err.print(("error", "bold red"), " ", one_line(message))
    return status


def _print_usage_error(error: typer.TyperException) -> int:
    """Print what is wrong with the arguments, and which help explains them."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "parley"
    # A group without a command prints its help; its error has no message.
    if said := _without_parse_note(error.format_message()):
        end = "" if said.endswith((".", "?")) else "."
        _print_error(f"USAGE: {said}{end} `{path} --help` shows the arguments.", 2)
    return error.exit_code


def _print_unexpected(error: BaseException) -> int:
    """Print where an unexpected error was raised."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if any(isinstance(one, KeyboardInterrupt) for one in causes):
        return STATUS[signal.SIGINT]  # interrupted while resources were closed
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    where = f"{frame.f_globals.get('__name__')}:{line}"
    problem = "this is a bug in Parley; report it with your input"
    return _print_error(f"{ParleyError.code}: {problem} ({type(error).__name__} at {where})", 1)


def _without_parse_note(said: str) -> str:
    """Return a library's message without its note on how parsing failed."""
    return re.sub(r", unable to (parse|interpret)[^;]*", "", said)
