"""The rivals as processes on loopback: started, asked, loaded, weighed, stopped."""

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

from benchmarks.operations import BARE, PARLEY, PEER, RESOLVERS, Operation
from service.managed.server import find_free_port

NODE = Path(__file__).parent / "node"
START_SECONDS = 60
COMMANDS: Mapping[str, Callable[[int], Sequence[str]]] = {
    PARLEY: lambda port: (sys.executable, "-m", "service", "up", "--no-facts", "--port", str(port)),
    BARE: lambda port: (sys.executable, "-m", "benchmarks.rivals.bare", str(port)),
    RESOLVERS: lambda port: (sys.executable, "-m", "benchmarks.rivals.resolvers", str(port)),
    PEER: lambda port: ("node", str(NODE / "peer.mjs"), str(port)),
}


class Refused(Exception):
    """A rival did not answer, or not all that it was asked; the message says what came."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load tool measured; latencies in milliseconds, bytes of one answer."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Server:
    """A rival that runs."""

    rival: str
    url: str
    process: psutil.Process

    def ask(self, operation: Operation, variables: Mapping[str, object]) -> object:
        """The data of one answer; raises Refused with what else came."""
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
        """Load it with so many clients until so many requests are answered.

        Raises Refused if any of them failed.
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
    """Seconds of CPU that a process and its children took so far."""
    return sum(map(own_cpu_seconds, (process, *process.children(recursive=True))))


def own_cpu_seconds(process: psutil.Process) -> float:
    """Seconds of CPU that a process alone took so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def resident(process: psutil.Process) -> int:
    """Bytes of memory that a process and its children hold."""
    every = (process, *process.children(recursive=True))
    return sum(one.memory_info().rss for one in every)


@contextmanager
def servers(rivals: Sequence[str], environment: Mapping[str, str]) -> Iterator[dict[str, Server]]:
    """The servers of rivals, on one database, by the rival's name."""
    with ExitStack() as stack:
        yield {one: stack.enter_context(_server(one, environment)) for one in rivals}


@contextmanager
def _server(rival: str, environment: Mapping[str, str]) -> Iterator[Server]:
    port = find_free_port()
    process = psutil.Popen(
        COMMANDS[rival](port),
        stdout=subprocess.DEVNULL,
        env={**os.environ, **environment, "NODE_ENV": "production"},
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(process, url)
        yield Server(rival, url, process)
    finally:
        process.terminate()
        process.wait(30)


def wait_until_up(process: psutil.Popen, url: str) -> None:
    """Return when the server answers anything at all; raises RuntimeError if it ends."""
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
