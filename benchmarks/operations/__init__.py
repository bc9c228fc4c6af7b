"""Read the operations: each is a folder with its text for every rival that can answer it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import orjson

FOLDER = Path(__file__).parent
_VARIABLE = re.compile(r"\$(\w+)")
PARLEY, BARE, RESOLVERS, PEER = "parley", "bare", "resolvers", "peer"
HOT = "hot"
"""Parley with kept answers; all others, and Parley itself, read the graph for each request."""
RIVALS = (PARLEY, BARE, RESOLVERS, PEER)
"""All rivals, in the order of the report."""


@dataclass(frozen=True)
class Operation:
    """An operation; ``name`` is its folder within ``folder``."""

    name: str
    folder: Path = FOLDER

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return its text for each rival that can answer it."""
        found = (self.folder / self.name).glob("*.*")
        texts = {path.stem: path.read_text(encoding="utf-8") for path in found}
        return texts | {HOT: texts[PARLEY]}

    def path(self, rival: str) -> str:
        """Return the path of a rival's endpoint."""
        return {BARE: f"/{self.name}", PEER: "/"}.get(rival, "/graphql")

    def body(self, rival: str, variables: Mapping[str, object]) -> bytes:
        """Return the body of a request to a rival, with the variables that its text names."""
        given = self.select_variables(rival, variables)
        body = given if rival == BARE else {"query": self.texts[rival], "variables": given}
        return orjson.dumps(body)

    def select_variables(self, rival: str, variables: Mapping[str, object]) -> dict[str, object]:
        """Return the variables that a rival's text names."""
        return {name: variables[name] for name in _VARIABLE.findall(self.texts[rival])}


OPERATIONS = tuple(Operation(path.parent.name) for path in sorted(FOLDER.glob("*/bare.cypher")))
