"""Bind a socket before anything else, and serve on it in one process or several."""

import asyncio
import ipaddress
import multiprocessing
import os
import signal
import socket
import threading
from functools import partial
from tempfile import TemporaryDirectory
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from service.errors import AddressRefused, NotOpen
from service.http.protocol import BoundedProtocol, ConnectionLimits

GRACE_SECONDS = 10


def require_open(host: str, is_open: bool) -> None:
    """Raise NotOpen if other machines can reach an address, unless that is wanted."""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback and not is_open:
        raise NotOpen(
            f"Other machines can reach {host}, and Parley answers whoever asks. Set PARLEY_OPEN=1 "
            "if that is wanted, or PARLEY_HOST=127.0.0.1 behind a proxy that knows its users."
        )


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound but does not listen yet; raises AddressRefused.

    Until it listens, clients are refused at once rather than kept waiting.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise AddressRefused(
            f"Port {port} of {host} is not available ({error.strerror}); stop what listens "
            "there, or give another port with --port."
        ) from error
    return made


def serve(
    bound_to: socket.socket,
    workers: int,
    limits: ConnectionLimits,
    application: ASGIApp | None = None,
) -> None:
    """Serve until a signal stops it: an application, or one that each worker process makes."""
    config = uvicorn.Config(
        application or "service.http.app:create_app",
        factory=application is None,
        http=cast("type[asyncio.Protocol]", partial(BoundedProtocol, limits=limits)),
        workers=workers,
        ws="none",
        log_level="warning",
        log_config=None,  # the application configures logging
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if workers > 1:
        with TemporaryDirectory(prefix="parley-metrics-") as folder:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # see service.observe.metrics
            Multiprocess(config, sockets=[bound_to]).run()
    else:
        uvicorn.Server(config).run(sockets=[bound_to])


def end_with_parent() -> None:
    """End this worker process when its parent process ends, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, name="parent-watch", daemon=True).start()
