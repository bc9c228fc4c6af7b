"""Holds the answers of all rivals to one another before anything is timed."""

from collections.abc import Mapping, Sequence

import orjson

from benchmarks.answers import alike
from benchmarks.operations import BARE, Operation
from benchmarks.servers import Refused, Server

ANSWERS = 10
"""Answers of each operation that are compared."""


class AnswersDiffer(Exception):
    """Two rivals answer the same question differently."""


def compared(
    servers: Mapping[str, Server],
    operation: Operation,
    samples: Sequence[Mapping[str, object]],
) -> dict[str, str]:
    """Ask all rivals that have words for it; what those said that refused, by rival.

    Raises AnswersDiffer with what two said, and Refused where the first one refuses.
    """
    first, *others = sorted((one for one in servers if one in operation.texts), key=_trusted)
    refused: dict[str, str] = {}
    for variables in samples[:ANSWERS]:
        expected = alike(first, operation.name, servers[first].ask(operation, variables))
        for rival in (one for one in others if one not in refused):
            try:
                said = alike(rival, operation.name, servers[rival].ask(operation, variables))
            except Refused as error:
                refused[rival] = str(error)
                continue
            if said != expected:
                raise AnswersDiffer(
                    f"{operation.name} {dict(variables)}\n"
                    f"{first}: {orjson.dumps(expected).decode()}\n"
                    f"{rival}: {orjson.dumps(said).decode()}"
                )
    return refused


def _trusted(rival: str) -> int:
    return 0 if rival == BARE else 1
