"""End a command at Ctrl-C (SIGINT) or SIGTERM with one line and the usual exit status.

While no resource is open, the process exits at once, because an exception that is raised in the
middle of an import may be swallowed or printed. Later an exception is raised, so that open
resources are closed.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""Exit statuses as in a shell: 128 plus the number of the signal."""
LINES = {130: "Interrupted.", 143: "Terminated."}


def install_exit_handlers() -> None:
    """Exit the process at once at SIGINT or SIGTERM, from now on."""
    for number in STATUS:
        signal.signal(number, _exit_at_once)


def install_interrupt_handlers() -> None:
    """Raise KeyboardInterrupt at SIGINT and SystemExit at SIGTERM, from now on."""
    # asyncio cancels the running task at Ctrl-C only if this very handler is set.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _raise_exit)


@contextlib.contextmanager
def exit_immediately() -> Iterator[None]:
    """Exit at once at a signal while the body runs: for imports, while nothing is open."""
    before = {number: signal.getsignal(number) for number in STATUS}
    install_exit_handlers()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _exit_at_once(number: int, _: FrameType | None) -> NoReturn:
    status = STATUS[signal.Signals(number)]
    with contextlib.suppress(OSError):  # standard error is closed
        os.write(2, f"{LINES[status]}\n".encode())
    os._exit(status)


def _raise_exit(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(STATUS[signal.Signals(number)])
