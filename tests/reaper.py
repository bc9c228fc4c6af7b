"""Kill the processes that a test run leaves behind: ``python -m tests.reaper FOLDER``.

It waits for the end of its standard input, which the run holds open until it ends, even if it is
killed. Then it kills each database and each service whose data lie below the run's folder.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROUNDS = 10
"""The number of attempts: a service that is killed late may have started another database."""


@contextmanager
def reaping(folder: Path) -> Iterator[None]:
    """Start a process that kills what this one leaves behind below a folder."""
    reaper = subprocess.Popen(
        [sys.executable, "-m", "tests.reaper", str(folder)],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C does not reach it
    )
    try:
        yield
    finally:
        reaper.communicate()


def left_behind(folder: str) -> list[psutil.Process]:
    """Return the processes whose data lie below a folder, services before their databases."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            data = process.environ().get("PARLEY_DATA_DIR", "")
            homes = [one.partition("=")[2] for one in process.cmdline() if "--home-dir=" in one]
            if any(Path(one).is_relative_to(folder) for one in [data, *homes] if one):
                found.append(process)
    return sorted(found, key=lambda process: "java" in process.name())


def main() -> None:
    """Wait for the end of the run, and kill what it left behind."""
    sys.stdin.buffer.read()
    for _ in range(ROUNDS):
        found = left_behind(sys.argv[1])
        if not found:
            return
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(0.2)


if __name__ == "__main__":
    main()
