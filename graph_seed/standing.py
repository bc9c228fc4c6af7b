"""Whether statements stand: derived from the claims that supersede them, whatever their source."""

from collections.abc import Iterable, Sequence

from graph_seed.difference import Change
from graph_seed.rows import Slot
from graph_seed.writes import Writes
from schema import rules
from schema.enumerations import StatementStatus, Supersession
from schema.names import ID
from schema.vocabulary import Vocabulary


def restate(
    store: Writes, vocabulary: Vocabulary, version: int, slots: Sequence[Slot], fresh: set[str]
) -> None:
    """Say anew whether statements stand, after slots came or went.

    ``fresh`` are the nodes that this version recorded or changed: they need no past copy.
    """
    statement = vocabulary.by_kind[rules.STATEMENT]
    supersedes = vocabulary.links(statement)[rules.SUPERSEDES].relationship
    affected = {s.end for s in slots if supersedes is not None and s.type == supersedes.type}
    held = {i: n for i, n in store.nodes(affected | fresh).items() if n.type is statement}
    reasons = store.superseded(held)
    changes: list[Change] = []
    for node_id, node in held.items():
        status = _status(reasons.get(node_id, []))
        if node.properties.get(rules.STATUS) != status:
            changes.append((statement, {ID: node_id, rules.STATUS: status}))
    store.put(row for _, row in changes if row[ID] in fresh)
    store.change(version, [one for one in changes if one[1][ID] not in fresh])


def _status(reasons: Iterable[str]) -> str:
    given = set(reasons)
    if Supersession.RETRACTION.value in given:
        return str(StatementStatus.RETRACTED.value)
    if Supersession.CORRECTION.value in given:
        return str(StatementStatus.CORRECTED.value)
    return str(StatementStatus.STANDING.value)
