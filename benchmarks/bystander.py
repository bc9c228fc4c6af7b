"""Run the service as a process of its own, and measure how long a bystander waits for it."""

import os
import re
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from benchmarks.graph import environment_of
from service.managed.connection import ConnectionInfo

START_SECONDS = 120
BYSTANDER_PAUSE = 0.05
"""Seconds between the requests of a bystander."""
FIRST = 3
"""The answers that a bystander has before anything else is sent."""
ASKED = {"query": "{ people(first: 1) { nodes { name } } }"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Return the base of its addresses."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve_process(
    to: ConnectionInfo, environment: Mapping[str, str] | None = None, workers: int = 1
) -> Iterator[Service]:
    """Run ``parley up`` on a free port over a running database; end it by SIGTERM."""
    command = [sys.executable, "-m", "service", "up", "--port", "0", "--no-facts"]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)],
        env=os.environ | environment_of(to) | dict(environment or {}),
        stdout=subprocess.PIPE,
    )
    try:
        service = Service(_read_port(process), process.pid)
        _wait_until_ready(service)
        yield service
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _read_port(process: subprocess.Popen[bytes]) -> int:
    """Return the port that the service prints."""
    if process.stdout is None:
        raise TypeError("the output of the service has to be a pipe")
    until = time.monotonic() + START_SECONDS
    printed = b""
    while time.monotonic() < until and process.poll() is None:
        if select.select([process.stdout], [], [], 1)[0]:
            printed += os.read(process.stdout.fileno(), 4096)
            if found := re.search(rb"http://[^:]+:(\d+)/graphql", printed):
                return int(found[1])
    raise AssertionError(f"the service did not start: {printed.decode()}")


def _wait_until_ready(service: Service) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{service.url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the service did not become ready")


class Bystander:
    """A client that asks for one field every 50 ms; ``worst`` is its longest wait in seconds."""

    def __init__(self, service: Service) -> None:
        self._url = f"{service.url}/graphql"
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.waits: list[float] = []
        self.failures: list[str] = []

    @property
    def worst(self) -> float:
        """Return the longest wait."""
        return max(self.waits)

    def __enter__(self) -> "Bystander":
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while len(self.waits) < FIRST and self._thread.is_alive() and time.monotonic() < until:
            time.sleep(BYSTANDER_PAUSE)
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(3 * BYSTANDER_PAUSE)
        self._stopped.set()
        self._thread.join()
        if self.failures:
            raise AssertionError(f"the bystander was refused: {self.failures[0]}")

    def _run(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self._stopped.is_set():
                began = time.perf_counter()
                response = client.post(self._url, json=ASKED)
                self.waits.append(time.perf_counter() - began)
                if response.status_code != 200 or "errors" in response.json():
                    self.failures.append(response.text)
                self._stopped.wait(BYSTANDER_PAUSE)
