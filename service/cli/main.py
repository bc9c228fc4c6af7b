"""The entry point of the command line: ``parley``, also ``python -m service``.

Signal handlers are installed before the commands are imported, which takes a second.
"""

from service.cli.interrupts import install_exit_handlers


def main() -> None:
    """Run the command line."""
    install_exit_handlers()
    from service.cli.app import run  # noqa: PLC0415 - signals first

    run()
