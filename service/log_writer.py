"""Write log lines to standard error, beside the event loop while a service runs.

Standard error may be a pipe whose reader stalls. A service then drops lines rather than requests,
and says later how many.
"""

import contextlib
import sys
import threading
from collections import deque

PAUSE = 0.1
"""Seconds between two writes; the lines of that time are written at once."""
MOST_LINES = 10_000
"""The most lines that wait to be written."""
STOP_SECONDS = 2.0


class LogWriter:
    """Writes lines at once, or from a thread between ``start`` and ``stop``."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._users = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def write(self, line: str) -> None:
        """Write a line, or let the thread do so; a failure to write must not fail a request."""
        if self._thread is None:
            _write(f"{line}\n")
        elif len(self._lines) < MOST_LINES:
            self._lines.append(line)
        else:
            self._dropped += 1

    def start(self) -> None:
        """Write from a thread from now on."""
        self._users += 1
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what waits, and write at once from now on; a stalled reader loses lines."""
        self._users -= 1
        if self._users or self._thread is None:
            return
        self._stopping.set()
        self._thread.join(STOP_SECONDS)
        self._thread = None

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stopping.wait(PAUSE)
            count = len(self._lines)
            text = "".join(f"{self._lines.popleft()}\n" for _ in range(count))
            if self._dropped:
                text += f'{{"event":"log lines were dropped","lines":{self._dropped}}}\n'
                self._dropped = 0
            if text:
                _write(text)


def _write(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
        sys.stderr.flush()
