"""Serve in a thread of the process that runs the tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from service.http.app import create_app
from service.http.server import bind_socket
from service.settings import Settings


@contextmanager
def serve_in_thread(settings: Settings) -> Iterator[int]:
    """Serve on a free port; yield it."""
    config = uvicorn.Config(create_app(settings), log_config=None)
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
