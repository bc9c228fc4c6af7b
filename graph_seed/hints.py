"""Hints that two entities may be the same; nothing is ever merged because of one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from graph_seed.rows import Node, Slot
from graph_seed.store import Store
from graph_seed.values import fold
from graph_seed.wanted import is_entity, symmetric
from schema import rules
from schema.names import ID, NODE
from schema.terms import NodeType
from schema.vocabulary import Vocabulary

ALIKE = 90.0
MOST = 20
"""Hints that are given; more would not be read."""
EFFORT = 5_000_000
"""Pairs of names that are compared, about a second; hints are no reason to wait longer."""
Named = tuple[str, Sequence[str]]
"""An entity's id and its names."""


def hints_of(
    store: Store, vocabulary: Vocabulary, created: Iterable[Node], slots: Iterable[Slot]
) -> list[str]:
    """Hints for new entities against those of the graph; ``slots`` are those the load wants.

    Whoever the source leaves unnamed is never the same as another.
    """
    new: dict[NodeType, list[Named]] = defaultdict(list)
    for node in created:
        if is_entity(vocabulary, node.type) and not node.properties.get(rules.ANONYMOUS):
            properties = node.properties
            aliases = properties.get(rules.ALIASES)
            others = aliases if isinstance(aliases, list) else []
            names = [str(properties[rules.NAME]), *others]
            new[node.type].append((node.id, names))
    if not new:
        return []
    kinds = symmetric(vocabulary)
    different = {frozenset((slot.start, slot.end)) for slot in slots if slot.type in kinds}
    if kinds:
        rows = store.run_each(
            f"UNWIND $rows AS id MATCH (:{NODE} {{{ID}: id}})-[:{'|'.join(kinds)}]-(b:{NODE}) "
            f"RETURN id, b.{ID} AS b",
            [node_id for some in new.values() for node_id, _ in some],
        )
        different |= {frozenset((row["id"], row["b"])) for row in rows}
    held = {node.label: _names(store, node) for node in new}
    return hints({node.label: some for node, some in new.items()}, held, different)


def _names(store: Store, node: NodeType) -> list[Named]:
    rows = store.run(
        f"MATCH (n:{node.label}) WHERE coalesce(n.{rules.ANONYMOUS}, false) = false "
        f"RETURN n.{ID} AS id, [n.{rules.NAME}] + coalesce(n.{rules.ALIASES}, []) AS names"
    )
    return [(row["id"], row["names"]) for row in rows]


def hints(
    new: Mapping[str, Sequence[Named]],
    held: Mapping[str, Sequence[Named]],
    different: set[frozenset[str]],
) -> list[str]:
    """A sentence for each pair that looks alike, of new entities and those there are, by label.

    ``different`` are the pairs that are known not to be the same.
    """
    found: dict[frozenset[str], tuple[float, str]] = {}
    effort = EFFORT
    for label, entities in new.items():
        others = [(other, fold(name)) for other, names in held.get(label, ()) for name in names]
        choices = [name for _, name in others]
        for node_id, names in entities:
            effort -= len(names) * len(choices)
            if effort < 0:
                break
            for name in names:
                close = process.extract(
                    fold(name), choices, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=5
                )
                for _, score, index in close:
                    pair = frozenset((node_id, others[index][0]))
                    if len(pair) == 1 or pair in different or found.get(pair, (0,))[0] >= score:
                        continue
                    alike = f"{node_id} is perhaps the same as {others[index][0]}"
                    text = f"{alike} ({score:.0f} %); if not, say differentFrom"
                    found[pair] = (score, text)
    best = sorted(found.values(), key=lambda one: (-one[0], one[1]))[:MOST]
    return [text for _, text in best]
