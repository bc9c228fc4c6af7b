"""An answer of one exact version: which one, and whether it stood still while it was read.

Neo4j shows a commit record by record. A load says before its commit that a version is opening and
after it that it is open; who reads looks first and last, and asks again if it moved.
"""

from collections.abc import Sequence

from schema import rules
from schema.names import GATE, GRAPH, ID, LOADED_AT, OPEN, OPENING
from schema.names import VERSION as VERSION_OF
from service.query.emitter import Names
from service.query.known import VERSION
from service.query.operation import AsOf

COLUMNS = 3
"""Columns after those of the answer: the version, whether it stood, whether it is to come."""


def versioned(names: Names, as_of: AsOf, columns: Sequence[str]) -> str:
    """The query that answers columns, each ``expression AS name``, as of a version."""
    graph = names.parameter(GRAPH)
    gate = f"MATCH (gate:{GATE} {{{ID}: {graph}}})"
    first = f"{gate} WITH gate.{OPEN} AS open, gate.{OPENING} AS opening"
    future = "false"
    if as_of.known is None:
        version = f"WITH open, opening, open AS {VERSION}"
    else:
        known = f"datetime({names.parameter(as_of.known)})"
        load = names.vocabulary.by_kind[rules.LOAD].label
        version = (
            f"WITH open, opening, coalesce(head(COLLECT {{ MATCH (l:{load}) WHERE l.{LOADED_AT} <= "
            f"{known} AND l.{VERSION_OF} <= open RETURN l.{VERSION_OF} AS version "
            f"ORDER BY l.{LOADED_AT} DESC, version DESC LIMIT 1 }}), 0) AS {VERSION}"
        )
        future = f"{known} > datetime.realtime('Z')"
    answer = ",\n       ".join([f"WITH open, opening, {VERSION}", *columns])
    answered = ", ".join(one.rpartition(" AS ")[2] for one in columns)
    stood = f"open = opening AND open = gate.{OPEN} AND opening = gate.{OPENING}"
    last = f"{gate} RETURN {answered}, {VERSION}, {stood} AS stood, {future} AS future"
    return "\n".join([first, version, answer, last])
