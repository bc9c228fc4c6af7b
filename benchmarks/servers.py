"""Start the rivals as processes on loopback, send them requests, and measure them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import psutil

from benchmarks.operations import BARE, HOT, PARLEY, PEER, RESOLVERS, Operation
from service.managed.server import find_free_port
from service.settings import MANAGED_ANSWER_BYTES

NODE = Path(__file__).parent / "node"
START_SECONDS = 60


def _serve_parley(port: int) -> Sequence[str]:
    return (sys.executable, "-m", "service", "up", "--no-facts", "--port", str(port))


COMMANDS: Mapping[str, Callable[[int], Sequence[str]]] = {
    PARLEY: _serve_parley,
    HOT: _serve_parley,
    BARE: lambda port: (sys.executable, "-m", "benchmarks.rivals.bare", str(port)),
    RESOLVERS: lambda port: (sys.executable, "-m", "benchmarks.rivals.resolvers", str(port)),
    PEER: lambda port: ("node", str(NODE / "peer.mjs"), str(port)),
}


ANSWER_CACHE = {HOT: str(MANAGED_ANSWER_BYTES)}
"""The bytes of answers that a rival keeps; others keep none."""


class Refused(Exception):
    """A rival failed to answer a request; the message is what it answered."""


@dataclass(frozen=True, slots=True)
class Load:
    """The measurements of the load tool: latencies in milliseconds, bytes of one answer."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running rival."""

    rival: str
    url: str
    process: psutil.Process

    def ask(self, operation: Operation, variables: Mapping[str, object]) -> object:
        """Send one request and return the data; raises Refused for any other answer."""
        response = httpx.post(
            self.url + operation.path(self.rival),
            content=operation.body(self.rival, variables),
            headers={"content-type": "application/json"},
            timeout=120,
        )
        body = response.json() if response.status_code == 200 else {}
        if body.get("data") is None or body.get("errors"):
            raise Refused(f"{response.status_code} {response.text[:500]}")
        return body["data"]

    def load(
        self,
        operation: Operation,
        samples: Sequence[Mapping[str, object]],
        clients: int,
        requests: int,
    ) -> Load:
        """Send a number of requests by a number of clients and return the measurements.

        Raises Refused if a request fails.
        """
        asked = {
            "url": self.url + operation.path(self.rival),
            "clients": clients,
            "requests": requests,
            "bodies": [operation.body(self.rival, one).decode() for one in samples],
        }
        done = subprocess.run(
            ["node", str(NODE / "load.mjs")],
            input=orjson.dumps(asked),
            stdout=subprocess.PIPE,
            check=True,
        )
        found = orjson.loads(done.stdout)
        if failed := found.pop("failed"):
            raise Refused(f"{failed} of {found['requests']} requests of {clients} clients failed")
        return Load(**found)


def cpu_seconds(process: psutil.Process) -> float:
    """Return the seconds of CPU that a process and its children have used."""
    return sum(map(own_cpu_seconds, (process, *process.children(recursive=True))))


def own_cpu_seconds(process: psutil.Process) -> float:
    """Return the seconds of CPU that a process has used, without its children."""
    times = process.cpu_times()
    return float(times.user + times.system)


def resident_bytes(process: psutil.Process) -> int:
    """Return the resident memory of a process and its children."""
    every = (process, *process.children(recursive=True))
    return sum(one.memory_info().rss for one in every)


@contextmanager
def start_servers(
    rivals: Sequence[str], environment: Mapping[str, str]
) -> Iterator[dict[str, Server]]:
    """Start the servers of rivals on one database, and yield them by the rival's name."""
    with ExitStack() as stack:
        yield {one: stack.enter_context(_start_server(one, environment)) for one in rivals}


@contextmanager
def _start_server(rival: str, environment: Mapping[str, str]) -> Iterator[Server]:
    port = find_free_port()
    process = psutil.Popen(
        COMMANDS[rival](port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a line for each request
        env={
            **os.environ,
            **environment,
            "NODE_ENV": "production",
            "PARLEY_ANSWER_CACHE": ANSWER_CACHE.get(rival, "0"),
        },
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(process, url)
        yield Server(rival, url, process)
    finally:
        process.terminate()
        process.wait(30)


def wait_until_up(process: psutil.Popen, url: str) -> None:
    """Wait until a server answers; raises RuntimeError if its process ends."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"a server did not start: {' '.join(process.args)}")
