"""Check sections in several processes: sent in groups, results in order."""

import gc
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_all_start_methods, get_context, parent_process
from threading import Thread

from graph_seed.loading.bulk.check_lines import CheckedSection, check_section
from graph_seed.problems import LoadError
from graph_seed.syntax.sections import RawSection
from schema.vocabulary import Vocabulary

AHEAD = 1
"""Groups that wait for each process, beside the one it has."""
MADE_BETWEEN_COLLECTIONS = 20_000
"""Objects; what a check makes is let go of by counting, and looked through in vain."""

_vocabulary: Vocabulary


def checked(
    groups: Iterable[list[RawSection]], vocabulary: Vocabulary, processes: int
) -> Generator[CheckedSection, None, None]:
    """Check sections and give what is found in each, in order; one process is this one.

    Raises LoadError (LOAD_INTERRUPTED) where one of several processes ends before its work does.
    """
    if processes == 1:
        for sections in groups:
            yield from map(partial(check_section, vocabulary), sections)
        return
    # Never forked from here: a program that loads may have threads.
    methods = get_all_start_methods()
    context = get_context("forkserver" if "forkserver" in methods else "spawn")
    # Forked from one that has the modules: they are held once.
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(vocabulary,))
    waiting: deque[Future[list[CheckedSection]]] = deque()
    try:
        for sections in groups:
            waiting.append(pool.submit(_check, sections))
            if len(waiting) > (1 + AHEAD) * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise LoadError("LOAD_INTERRUPTED", _ENDED) from error
    finally:
        pool.shutdown(cancel_futures=True)


_ENDED = (
    "A process that checks the files ended, perhaps for want of memory; nothing was written. "
    "Give the command again."
)


def _begin(vocabulary: Vocabulary) -> None:
    """Make a process ready: it ends with its parent, however that ends."""
    global _vocabulary  # noqa: PLW0603
    _vocabulary = vocabulary
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_COLLECTIONS)


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _check(sections: list[RawSection]) -> list[CheckedSection]:
    return [check_section(_vocabulary, one) for one in sections]
