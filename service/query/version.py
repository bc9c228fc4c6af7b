"""Queries of one exact version: which version the response is of, and whether it stood still.

Neo4j shows a commit record by record. A load marks a version as opening before its commit and as
open after it; a query reads these marks first and last, as a reader of a seqlock does, and is run
again if they changed.
"""

from collections.abc import Sequence

from schema import rules
from schema.names import GATE, GRAPH, ID, LOADED_AT, OPEN, OPENING
from schema.names import VERSION as VERSION_OF
from service.query.emitter import Emitter
from service.query.fragments import Cypher, cypher, first, join
from service.query.historical import VERSION
from service.query.parameters import Parameter

COLUMNS = 3
"""Columns after the response's own: the version, whether it stood still, whether it is future."""


def read_version(
    emitter: Emitter,
    version: Parameter[int] | None,
    system_time: Parameter[str] | None,
    columns: Sequence[tuple[str, Cypher]],
) -> Cypher:
    """Return the query of named columns as of a version or a moment, or of the latest version."""
    graph = emitter.parameter(GRAPH)
    gate = f"MATCH (gate:{GATE} {{{ID}: {graph}}})"
    marks = f"{gate} WITH gate.{OPEN} AS open, gate.{OPENING} AS opening"
    future = "false"
    if version is not None:
        number = emitter.parameter(version)
        opened = Cypher(f"WITH open, opening, {number} AS {VERSION}")
        future = f"{VERSION} > open"
    elif system_time is None:
        opened = Cypher(f"WITH open, opening, open AS {VERSION}")
    else:
        moment = f"datetime({emitter.parameter(system_time)})"
        load = emitter.vocabulary.by_kind[rules.LOAD].label
        latest = first(
            f"MATCH (l:{load}) WHERE l.{LOADED_AT} <= {moment} AND l.{VERSION_OF} <= open",
            f"RETURN l.{VERSION_OF} AS version ORDER BY l.{LOADED_AT} DESC, version DESC LIMIT 1",
        )
        opened = cypher("WITH open, opening, coalesce({}, 0) AS {}", latest, VERSION)
        future = f"{moment} > datetime.realtime('Z')"
    named = [cypher("{} AS {}", column, name) for name, column in columns]
    answer = cypher("WITH open, opening, {}", join(",\n       ", [VERSION, *named]))
    names = ", ".join(name for name, _ in columns)
    stood = f"open = opening AND open = gate.{OPEN} AND opening = gate.{OPENING}"
    last = f"{gate} RETURN {names}, {VERSION}, {stood} AS stood, {future} AS future"
    return join("\n", [marks, opened, answer, last])
