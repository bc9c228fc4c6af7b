"""Holds the answers of all rivals to one another before anything is timed."""

from collections.abc import Mapping, Sequence

import orjson

from benchmarks.answers import alike
from benchmarks.operations import BARE, Operation
from benchmarks.servers import Server

ANSWERS = 10
"""Answers of each operation that are compared."""


class AnswersDiffer(Exception):
    """Two rivals answer the same question differently."""


def compared(
    servers: Mapping[str, Server],
    operation: Operation,
    samples: Sequence[Mapping[str, object]],
) -> None:
    """Ask all rivals that can answer; raises AnswersDiffer with what the first two said."""
    able = [one for one in servers if one in operation.texts]
    first = BARE if BARE in able else able[0]
    for variables in samples[:ANSWERS]:
        expected = alike(first, operation.name, servers[first].ask(operation, variables))
        for rival in able:
            said = alike(rival, operation.name, servers[rival].ask(operation, variables))
            if said != expected:
                raise AnswersDiffer(
                    f"{operation.name} {dict(variables)}\n"
                    f"{first}: {orjson.dumps(expected).decode()}\n"
                    f"{rival}: {orjson.dumps(said).decode()}"
                )
