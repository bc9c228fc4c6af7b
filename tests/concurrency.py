"""Run work in several threads at the same time."""

import threading
from collections.abc import Callable


def run_concurrently(work: Callable[[], object], number: int = 8) -> list[BaseException]:
    """Run work in a number of threads at once; return the errors that it raised."""
    errors: list[BaseException] = []

    def once() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - returned to the test
            errors.append(error)

    threads = [threading.Thread(target=once) for _ in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return errors
