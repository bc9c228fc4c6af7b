"""Check that all rivals give the same answers, before anything is timed."""

from collections.abc import Mapping, Sequence

import orjson

from benchmarks.answers import normalize
from benchmarks.operations import BARE, Operation
from benchmarks.servers import Refused, Server

ANSWERS = 10
"""The number of answers of each operation that are compared."""


class AnswersDiffer(Exception):
    """Two rivals give different answers to one operation."""


def compare_answers(
    servers: Mapping[str, Server],
    operation: Operation,
    samples: Sequence[Mapping[str, object]],
) -> dict[str, str]:
    """Compare the answers of all rivals to an operation; return the refusals by rival.

    Raises AnswersDiffer with two different answers, and Refused if the first rival refuses.
    """
    first, *others = sorted((one for one in servers if one in operation.texts), key=_trusted)
    refused: dict[str, str] = {}
    for variables in samples[:ANSWERS]:
        expected = normalize(first, operation.name, servers[first].ask(operation, variables))
        for rival in (one for one in others if one not in refused):
            try:
                said = normalize(rival, operation.name, servers[rival].ask(operation, variables))
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
