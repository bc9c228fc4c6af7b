"""Do work in a thread."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """Work that a thread does, which ends with the process."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Begin to do it."""
        self._work = work
        self._future: Future[T] = Future()
        Thread(target=self._run, name="background", daemon=True).start()

    def result(self) -> T:
        """Wait for the result, and return it; raises what the work raised."""
        return self._future.result()

    def _run(self) -> None:
        try:
            self._future.set_result(self._work())
        except BaseException as error:  # noqa: BLE001 - raised where the result is needed
            self._future.set_exception(error)
