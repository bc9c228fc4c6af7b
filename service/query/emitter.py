"""What writes a query, as the modules see it that write parts of one."""

import re
from typing import Protocol

from schema.vocabulary import Vocabulary
from service.query.plan import One, Reads
from service.query.reader import Reader

_AGGREGATING = re.compile(r"\b(count|collect|min|max|sum)\(")


def returned(row: str) -> str:
    """The clause that gives a row.

    Neo4j 5.26 takes an aggregation within a subquery for one of the row around it, and refuses the
    other parts of that row; where the row's variables are kept beside it, it does not.
    """
    return f"WITH *, {row} AS row RETURN row" if _AGGREGATING.search(row) else f"RETURN {row}"


class Names(Protocol):
    """What gives fresh names to variables and parameters."""

    vocabulary: Vocabulary
    reader: Reader

    def fresh(self, stem: str) -> str:
        """A variable's name that is not used yet."""

    def parameter(self, value: object) -> str:
        """A parameter that holds this value or what a ``Parameter`` gives, as ``$p3``."""


class Emitter(Names, Protocol):
    """What writes the parts of a row."""

    def reads(self, reads: Reads, node: str) -> str:
        """The row of a node."""

    def one(self, one: One, node: str) -> str:
        """The row of the one node that a link leads to."""
