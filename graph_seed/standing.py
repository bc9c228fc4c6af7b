"""Whether statements stand: derived from the claims that supersede them, whatever their source."""

from collections.abc import Iterable

from graph_seed.difference import Change
from graph_seed.rows import Slot, relationship_of
from graph_seed.writes import Writes
from schema import rules
from schema.enumerations import StatementStatus, Supersession
from schema.names import ID, NODE
from schema.vocabulary import Vocabulary


def restate(
    store: Writes, vocabulary: Vocabulary, version: int, slots: Iterable[Slot], fresh: set[str]
) -> list[str]:
    """Say anew whether statements stand, after slots came or went.

    ``fresh`` are the nodes that this version recorded or changed: they need no past copy. Gives the
    statements that were changed besides those.
    """
    statement = vocabulary.by_kind[rules.STATEMENT]
    supersedes = relationship_of(vocabulary.links(statement)[rules.SUPERSEDES]).type
    affected = {slot.end for slot in slots if slot.type == supersedes}
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) WHERE n:{statement.label} "
        f"RETURN id, n.{rules.STATUS} AS status, "
        f"[(n)<-[r:{supersedes}]-() | r.{rules.SUPERSESSION}] AS why",
        affected | {one for one in fresh if vocabulary.type_of_id(one) is statement},
    )
    changes: list[Change] = []
    for row in rows:
        status = status_of(row["why"])
        if row["status"] != status:
            changes.append((statement, {ID: row["id"], rules.STATUS: status}))
    others = [one for one in changes if one[1][ID] not in fresh]
    store.put(row for _, row in changes if row[ID] in fresh)
    store.change(version, others)
    return [str(row[ID]) for _, row in others]


def status_of(reasons: Iterable[str]) -> str:
    """Whether a statement stands that is superseded for these reasons."""
    given = set(reasons)
    if Supersession.RETRACTION.value in given:
        return str(StatementStatus.RETRACTED.value)
    if Supersession.CORRECTION.value in given:
        return str(StatementStatus.CORRECTED.value)
    return str(StatementStatus.STANDING.value)
