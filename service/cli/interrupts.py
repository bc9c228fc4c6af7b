"""End a command at Ctrl-C (SIGINT) or SIGTERM: quietly, with one line and the usual status.

While nothing is open, a command ends where it stands: an exception that is raised in the middle of
an import may be swallowed or printed. Later an exception is raised, so that what is open is closed.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
"""Exit statuses, as a shell has them: 128 and the signal's number."""
LINES = {130: "Interrupted.", 143: "Terminated."}


def end_at_once() -> None:
    """From now on end the process where it stands."""
    for number in STATUS:
        signal.signal(number, _end)


def raise_interrupts() -> None:
    """From now on raise KeyboardInterrupt for SIGINT, SystemExit for SIGTERM."""
    # asyncio cancels the running task at Ctrl-C only where this very handler is set.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _exit)


@contextlib.contextmanager
def ending_at_once() -> Iterator[None]:
    """Import what a command needs; nothing is open yet."""
    before = {number: signal.getsignal(number) for number in STATUS}
    end_at_once()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> NoReturn:
    status = STATUS[signal.Signals(number)]
    with contextlib.suppress(OSError):  # nobody reads
        os.write(2, f"{LINES[status]}\n".encode())
    os._exit(status)


def _exit(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(STATUS[signal.Signals(number)])
