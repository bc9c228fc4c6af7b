"""The standing of claims, computed again after claims that supersede them came or went."""

from collections.abc import Iterable

from graph_seed.difference import Restated
from graph_seed.rows import Slot
from graph_seed.supersession import standing_for, supersedes_of
from graph_seed.writes import Writes
from schema import rules
from schema.names import ID, NODE
from schema.vocabulary import Vocabulary


def recompute_standing(
    store: Writes, vocabulary: Vocabulary, version: int, slots: Iterable[Slot], fresh: set[str]
) -> list[Restated]:
    """Compute again the standing of claims at the ends of slots that came or went.

    ``fresh`` are the nodes that this version recorded or changed, which need no past copy. Return
    those other claims whose standing changed.
    """
    supersedes = supersedes_of(vocabulary).type
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
        f"RETURN id, n.{rules.STANDING} AS standing, "
        f"[(n)<-[r:{supersedes}]-() | r.{rules.SUPERSESSION}] AS reasons",
        {slot.end for slot in slots if slot.type == supersedes},
    )
    changes: list[Restated] = []
    for row in rows:
        standing = standing_for(row["reasons"])
        node_type = vocabulary.type_of_id(row["id"])
        if node_type is not None and row["standing"] != standing:
            changes.append(Restated(node_type, row["id"], row["standing"], standing))
    others = [one for one in changes if one.id not in fresh]
    store.put({ID: one.id, rules.STANDING: one.new} for one in changes if one.id in fresh)
    store.change(version, [(one.type, {ID: one.id, rules.STANDING: one.new}) for one in others])
    return others
