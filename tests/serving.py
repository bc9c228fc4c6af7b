"""Serve an application to a test: within its event loop, or on a socket from a thread."""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp

from service.http.app import create_app
from service.http.server import bind_socket
from service.settings import Settings

KEPT_SECONDS = 10.0
"""Seconds in which an answer is kept, on a machine that does much else."""


def client_of(
    app: ASGIApp, base_url: str = "http://localhost", host: str = "127.0.0.1"
) -> httpx.AsyncClient:
    """Return a client of an application, at the address ``host``; no socket is opened."""
    transport = httpx.ASGITransport(app=app, client=(host, 123))
    return httpx.AsyncClient(transport=transport, base_url=base_url)


async def ask_until_kept(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Send a request until a kept answer is sent again, which takes a read of the last commit."""
    until = time.monotonic() + KEPT_SECONDS
    while True:
        response = await ask()
        if response.headers["server-timing"].startswith("kept") or time.monotonic() > until:
            return response


@contextmanager
def serve_in_thread(settings: Settings) -> Iterator[int]:
    """Serve the service on a free port; yield it."""
    with run_in_thread(uvicorn.Config(create_app(settings), log_config=None)) as port:
        yield port


@contextmanager
def run_in_thread(config: uvicorn.Config) -> Iterator[int]:
    """Run a server on a free port; yield it."""
    server = uvicorn.Server(config)
    with bind_socket("127.0.0.1", 0) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield bound.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
