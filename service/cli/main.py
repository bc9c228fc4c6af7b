"""The entry point of the command line: ``parley``, also ``python -m service``.

Signal handlers are installed before the commands are imported, which takes a second.
"""

import sys

from service.cli.interrupts import install_exit_handlers

UNUSED = ("numpy", "pandas", "pyarrow")
"""Optional dependencies of the driver that no command uses; they take up to half a second."""


def main() -> None:
    """Run the command line."""
    install_exit_handlers()
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    from service.cli.app import run  # noqa: PLC0415 - signals first

    run()
