"""The entry point of the command line: ``parley``, also ``python -m service``.

Signals are handled before the modules of the commands are imported, which takes a second.
"""

from service.cli.interrupts import end_at_once


def main() -> None:
    """Run the command line."""
    end_at_once()
    from service.cli.app import run  # noqa: PLC0415 - signals first

    run()
