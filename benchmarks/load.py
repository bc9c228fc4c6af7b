"""Load a large file into empty databases: at once, again, and killed twice on the way.

``python -m benchmarks.load --elements 2000000``. It runs the loader's command as users do, with a
database that was just started. ``results.md`` shows the times.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import neo4j
import orjson
import psutil

from benchmarks.generate import ELEMENTS_EACH, generate_records
from benchmarks.graph import FOLDER, environment_of
from benchmarks.machine import current_commit, describe_machine
from benchmarks.results import LoadRun, Results
from benchmarks.run import RESULTS
from benchmarks.source_text import Plain
from benchmarks.variants import add_hub, describe_everywhere
from benchmarks.watch import Watch
from schema.names import AS_WRITTEN, RECORDED_IN
from service.db.database import connect, resolve_connection
from service.errors import ParleyError
from service.managed.owner import Owner
from service.settings import Settings

LOADER_KILLED, DATABASE_KILLED = 0.35, 0.7
"""The parts of the work after which each is killed."""
NODES = """\
MATCH (n:Node) WHERE NOT n:Load
RETURN COLLECT { UNWIND labels(n) AS l RETURN l ORDER BY l }, properties(n)"""
RELATIONSHIPS = "MATCH (a:Node)-[r]->(b:Node) RETURN [type(r), a.id, b.id], properties(r)"
IGNORED = {RECORDED_IN, AS_WRITTEN}
"""Properties that may differ between graphs of the same facts."""
TIMEOUT = 3_600
STEPS = ("whole", "killed", "hub", "described")


@dataclass(frozen=True, slots=True)
class Database:
    """A managed database for one step."""

    settings: Settings

    def process(self) -> psutil.Process:
        """Return the process of the database."""
        pid = resolve_connection(self.settings).pid
        if pid is None:
            raise RuntimeError("the database has no process here")
        return psutil.Process(pid)

    @contextmanager
    def session(self) -> Iterator[neo4j.Session]:
        """Open a session."""
        with connect(self.settings) as (driver, name), driver.session(database=name) as session:
            yield session

    def wait(self) -> None:
        """Wait until the database answers; raises its error after a minute."""
        until = time.monotonic() + 60
        while True:
            try:
                self.elements()
            except ParleyError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return

    def graph_hash(self) -> str:
        """Return a hash of all current nodes and relationships, the same for the same facts."""
        total = 0
        with self.session() as session:
            for text in (NODES, RELATIONSHIPS):
                for what, values in session.run(text):
                    kept = sorted((k, str(v)) for k, v in values.items() if k not in IGNORED)
                    raw = orjson.dumps([what, kept])
                    total ^= int.from_bytes(hashlib.blake2b(raw, digest_size=16).digest())
        return f"{total:032x}"

    def rates(self, elements: int, versions: int) -> list[float]:
        """Return the elements per second in each quarter of the last versions."""
        with self.session() as session:
            moments = session.run("MATCH (l:Load) RETURN l.at ORDER BY l.version").value()
        seconds = [one.to_native().timestamp() for one in moments]
        each = elements / max(1, len(seconds))
        seconds = seconds[len(seconds) - versions :]
        count = max(0, len(seconds) - 1)
        bounds = [round(count * part / 4) for part in range(5)]
        return [
            each * (end - begin) / (seconds[end] - seconds[begin])
            for begin, end in pairwise(bounds)
            if end > begin
        ]

    def elements(self) -> int:
        """Return the number of nodes and relationships."""
        with self.session() as session:
            text = "RETURN COUNT { MATCH (n) } + COUNT { MATCH ()-[r]->() }"
            return int(session.run(text).single(strict=True)[0])


@contextmanager
def start_empty(name: str) -> Iterator[Database]:
    """Start an empty database, and delete it afterwards."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(data_dir=folder, neo4j_uri=None)
    with Owner(settings):
        yield Database(settings)
    shutil.rmtree(folder)


def write_records(name: str, given: Iterable[Plain]) -> Path:
    """Return the path of a file of records, which is written once."""
    path = FOLDER / f"{name}.jsonl"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.writelines(orjson.dumps(one) + b"\n" for one in given)
        part.rename(path)
    return path


class Loader:
    """A loader of one file, run as a process."""

    def __init__(self, path: Path, to: Database, results: Results) -> None:
        self._path = path
        self._to = to
        self._results = results

    def run(self, step: str) -> None:
        """Run the loader to its end and add the times; raises RuntimeError if it fails."""
        database = self._to.process()
        started = time.perf_counter()
        with self._start() as process, Watch(psutil.Process(process.pid), database) as watch:
            said, _ = process.communicate(timeout=TIMEOUT)
            seconds = time.perf_counter() - started
        if process.returncode != 0:
            raise RuntimeError(f"the loader ended with {process.returncode}: {said.decode()}")
        report = orjson.loads(said)
        line = LoadRun(
            step,
            report["elements"],
            seconds,
            watch.cpu_loader,
            watch.cpu_database,
            watch.memory_loader,
            watch.memory_database,
            report["seconds"],
            self._to.rates(report["elements"], report["versions"]),
            self._to.graph_hash(),
            datetime.now(UTC).isoformat(timespec="seconds"),
            current_commit(),
        )
        self._results.add(line)
        print(f"{step}: {line.elements / seconds:,.0f}/s, {seconds:.1f} s", flush=True)

    def run_and_kill(self, elements: int, *, database: bool) -> None:
        """Run the loader, and kill it or the database once there are ``elements``."""
        with self._start() as process:
            until = time.monotonic() + TIMEOUT
            while self._to.elements() < elements and time.monotonic() < until:
                if process.poll() is not None:
                    raise RuntimeError("the loader ended before it was killed")
                time.sleep(0.2)
            (self._to.process() if database else psutil.Process(process.pid)).kill()
            said, _ = process.communicate(timeout=TIMEOUT)
        self._to.wait()
        words = said[:200].decode().strip()
        print(f"killed, {self._to.elements()} are there; {words}", flush=True)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "service", "load", str(self._path), "--json"]
        environment = {**os.environ, **environment_of(resolve_connection(self._to.settings))}
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--elements", type=int, default=2_000_000)
    parser.add_argument("--hub", type=int, default=100_000, help="statements about one issue")
    parser.add_argument(
        "--described", type=int, default=50_000, help="statements where each source describes all"
    )
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--results", type=Path, default=RESULTS)
    given = parser.parse_args()
    results = Results(given.results)
    statements = max(1, given.elements // ELEMENTS_EACH)
    path = write_records(f"{given.elements}-{given.seed}", generate_records(statements, given.seed))
    with start_empty("load") as empty, connect(empty.settings) as (driver, name):
        results.describe(describe_machine(driver, name))
    if "whole" in given.steps:
        with start_empty("load") as empty:
            loader = Loader(path, empty, results)
            loader.run("cold")
            loader.run("again, unchanged")
    if "killed" in given.steps:
        with start_empty("load") as empty:
            loader = Loader(path, empty, results)
            loader.run_and_kill(int(LOADER_KILLED * given.elements), database=False)
            loader.run_and_kill(int(DATABASE_KILLED * given.elements), database=True)
            loader.run("after both were killed")
    if "hub" in given.steps:
        with start_empty("load") as empty:
            hub = add_hub(generate_records(given.hub, given.seed))
            path = write_records(f"hub-{given.hub}-{given.seed}", hub)
            Loader(path, empty, results).run(f"cold, one issue of {given.hub:,} statements")
    if "described" in given.steps:
        with start_empty("load") as empty:
            all_describe = describe_everywhere(generate_records(given.described, given.seed))
            path = write_records(f"described-{given.described}-{given.seed}", all_describe)
            Loader(path, empty, results).run("cold, each source describes all that it names")


if __name__ == "__main__":
    main()
