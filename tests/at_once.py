"""The same work done by several at the same time."""

import threading
from collections.abc import Callable


def at_once(work: Callable[[], object], number: int = 8) -> list[BaseException]:
    """Do work so many times at once; what was raised."""
    failed: list[BaseException] = []

    def once() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=once) for _ in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return failed
