"""Compare the cost of requests at two commits: both services run at once and take turns.

``python -m benchmarks.commits main~20`` compares the working tree with an older commit, which is
checked out below ``.bench/commits``. Each side loads its own graph from the same seed with its own
code, and has its own texts and variables. CPU is counted, not seconds, because the speed of a
shared machine changes within half an hour.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import geometric_mean

import orjson
import psutil

from benchmarks.generate import SIZES
from benchmarks.graph import FOLDER
from benchmarks.measure import Meter, Samples
from benchmarks.operations import OPERATIONS, PARLEY, Operation
from benchmarks.report import CLIENTS
from benchmarks.results import Cell, Measurement
from benchmarks.servers import Server, wait_until_up
from service.managed.server import find_free_port

HERE = Path(__file__).parent.parent
LIMIT = 1.03
"""The greatest ratio of the new cost to the old that passes; a smaller difference may be chance."""
_SAMPLES = """
import sys, orjson
from benchmarks.operations import OPERATIONS
from benchmarks.samples import Samples
from service.settings import Settings
try:
    from service.db.database import connect
except ImportError:
    from service.database import opened as connect
with connect(Settings()) as (driver, database):
    drawn = Samples(driver, database)
    sys.stdout.buffer.write(orjson.dumps({one.name: drawn.of(one.name) for one in OPERATIONS}))
"""
"""A program that draws variables with the code of a checkout."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU of one request, of the cheapest measurement of each process."""

    service: float
    database: float

    @property
    def both(self) -> float:
        """Return the CPU of service and database together."""
        return self.service + self.database


@dataclass(frozen=True, slots=True)
class Side:
    """A checkout whose service runs; ``texts`` is its folder of operations."""

    server: Server
    meter: Meter
    texts: Path
    samples: Mapping[str, Samples]


def checkout(revision: str) -> Path:
    """Return the folder of a commit, checked out below ``.bench`` if it is not there."""
    git = ("git", "-C", str(HERE))
    name = [*git, "rev-parse", "--verify", f"{revision}^{{commit}}"]
    found = subprocess.run(name, check=False, capture_output=True, text=True)
    if found.returncode:
        sys.exit(f"{revision} is not a commit of this repository.")
    commit = found.stdout.strip()
    folder = FOLDER / "commits" / commit[:10]
    if not folder.exists():
        subprocess.run([*git, "worktree", "add", "--detach", str(folder), commit], check=True)
    return folder


@contextmanager
def open_side(name: str, folder: Path, size: str) -> Iterator[Side]:
    """Load the graph of a checkout if it is not there, and run its service on it."""
    data = folder / ".bench" / size
    environment = {
        **os.environ,
        "PARLEY_DATA_DIR": str(data),
        "PARLEY_NEO4J_HEAP": "2g",
        "PARLEY_NEO4J_TRANSACTION_MEMORY": "1g",
        "PARLEY_NEO4J_PAGE_CACHE": "1g",
    }
    python = partial(subprocess.run, cwd=folder, env=environment, check=True)
    python((sys.executable, "-m", "benchmarks.graph", "--size", size))
    port = find_free_port()
    command = (sys.executable, "-m", "service", "up", "--no-facts", "--port", str(port))
    process = psutil.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        server = Server(PARLEY, f"http://127.0.0.1:{port}", process)
        wait_until_up(process, server.url)
        drawn = python((sys.executable, "-c", _SAMPLES), stdout=subprocess.PIPE).stdout
        texts = folder / "benchmarks/operations"
        yield Side(server, Meter(_find_database_process(data), name), texts, orjson.loads(drawn))
    finally:
        process.terminate()
        process.wait(60)


def _find_database_process(data: Path) -> psutil.Process:
    """Return the process of the database that has its files in a folder.

    It is found among all processes, since an older commit may write another state file.
    """
    for one in psutil.process_iter(["name", "cmdline"]):
        if one.info["name"] == "java" and any(str(data) in word for word in one.info["cmdline"]):
            return one
    raise RuntimeError(f"no database runs on {data}")


def compare(sides: Sequence[Side], name: str, repeats: int, seconds: float) -> Sequence[Cost]:
    """Return the cost of one request of an operation for each side, measured in turns.

    Other load on the machine only ever adds CPU (caches, hyper-threads), so the least is kept.
    """
    found: list[list[Measurement]] = [[] for _ in sides]
    asked = [(one, Operation(name, one.texts)) for one in sides]
    for one, operation in asked:
        one.meter.settle(one.server, operation, one.samples[name])
    for repeat in range(repeats):
        turns = list(zip(asked, found, strict=True))
        # The order alternates, so that neither side always finds the caches as the other left them.
        for (one, operation), kept in turns if repeat % 2 else reversed(turns):
            cell = Cell("", name, CLIENTS, PARLEY, repeat)
            kept.append(one.meter.measure(one.server, operation, one.samples[name], cell, seconds))
    return [
        Cost(
            min(one.cpu_service for one in kept),
            min(one.cpu_database or 0 for one in kept),
        )
        for kept in found
    ]


def main() -> None:
    """Compare the commits of the command line; exit with 1 if the mean cost exceeds the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", help="the commit to compare the working tree with")
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--seconds", type=float, default=1, help="about, for one measurement")
    parser.add_argument("--repeats", type=int, default=20)
    names = [one.name for one in OPERATIONS]
    parser.add_argument("--operations", nargs="+", choices=names, default=names)
    given = parser.parse_args()
    before: list[float] = []
    with ExitStack() as stack:
        folders = {"base": checkout(given.base), "now": HERE}
        sides = [
            stack.enter_context(open_side(name, folder, given.size))
            for name, folder in folders.items()
        ]
        print(f"{'operation':14}  service ms        database ms       together")
        for name in given.operations:
            base, now = compare(sides, name, given.repeats, given.seconds)
            before.append(now.both / base.both)
            print(
                f"{name:14}  {base.service:.3f} to {now.service:.3f}    "
                f"{base.database:.3f} to {now.database:.3f}    {before[-1]:.3f}",
                flush=True,
            )
    mean = geometric_mean(before)
    print(f"{'mean':14}  {mean:.3f}, at most {LIMIT} is allowed")
    sys.exit(mean > LIMIT)


if __name__ == "__main__":
    main()
