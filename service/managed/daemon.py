"""The daemon of ``parley db start``: owns the managed database until it is stopped."""

import signal
import threading

from service import logs
from service.errors import ParleyError
from service.managed.owner import Owner
from service.settings import Settings


def main() -> None:
    """Own the database until SIGTERM or SIGINT arrives."""
    logs.configure()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        with Owner(Settings(), detached=True):
            stop.wait()
    except ParleyError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
