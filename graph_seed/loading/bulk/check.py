"""Check files of any size without a database: everything that a load checks before it writes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import neo4j

from graph_seed.loading.bulk.scan import Progress, Scan
from graph_seed.loading.bulk.spool import Spool
from graph_seed.loading.load import translate_errors
from graph_seed.problems import FactsError, Problem
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class LargeCheck:
    """The result of a check of large files: problems up to a limit, and counts."""

    sources: int
    elements: int
    """Nodes and relationships of the sources before the first that is wrong."""
    problems: list[Problem]


def check_large(
    paths: Iterable[Path],
    *,
    vocabulary: Vocabulary = DOMAIN,
    progress: Progress | None = None,
    processes: int = 1,
    strict_shared: bool = False,
    session: neo4j.Session | None = None,
) -> LargeCheck:
    """Check files of JSON Lines, packed or not, as ``load_large`` does.

    What is used and nowhere defined is a warning: a graph may hold it; with a ``session`` the graph
    is asked, and it is an error. Entities that several sources define are noted, the first of them;
    ``strict_shared`` makes those errors. ``processes`` as there.
    Raises LoadError (LOAD_INTERRUPTED, TEMPORARY_FILES) where the check cannot go on.
    """
    with Path(os.devnull).open("wb") as nowhere:
        spool = Spool(nowhere)
        first = Scan(session, vocabulary, spool, progress, strict_shared)
        try:
            with translate_errors([]):
                first.run(paths, processes)
        except FactsError as error:
            return LargeCheck(first.read, spool.elements, error.problems)
    return LargeCheck(first.read, spool.elements, first.warnings)
