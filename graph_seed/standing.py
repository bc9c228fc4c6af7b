"""The standing of claims, computed again after claims that supersede them came or went."""

from collections.abc import Iterable

from graph_seed.difference import Change
from graph_seed.rows import Slot
from graph_seed.supersession import standing_for, supersedes_of
from graph_seed.writes import Writes
from schema import rules
from schema.names import ID, NODE
from schema.vocabulary import Vocabulary


def recompute_standing(
    store: Writes, vocabulary: Vocabulary, version: int, slots: Iterable[Slot], fresh: set[str]
) -> list[Change]:
    """Compute again the standing of claims at the ends of slots that came or went.

    ``fresh`` are the nodes that this version recorded or changed, which need no past copy. Return
    the changes of other claims.
    """
    supersedes = supersedes_of(vocabulary).type
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
        f"RETURN id, n.{rules.STANDING} AS standing, "
        f"[(n)<-[r:{supersedes}]-() | r.{rules.SUPERSESSION}] AS reasons",
        {slot.end for slot in slots if slot.type == supersedes},
    )
    changes: list[Change] = []
    for row in rows:
        standing = standing_for(row["reasons"])
        node_type = vocabulary.type_of_id(row["id"])
        if node_type is not None and row["standing"] != standing:
            changes.append((node_type, {ID: row["id"], rules.STANDING: standing}))
    others = [one for one in changes if one[1][ID] not in fresh]
    store.put(row for _, row in changes if row[ID] in fresh)
    store.change(version, others)
    return others
