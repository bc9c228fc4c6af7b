"""Links that must not lead in a cycle, held over everything that is loaded, not one file alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_seed.checking.cycles import CIRCLE, acyclic_links
from graph_seed.graph.repository import Store
from graph_seed.problems import LoadError
from graph_seed.records import Place
from graph_seed.state.elements import Slot
from schema.names import ID, NODE, RECORDED_IN
from schema.vocabulary import Vocabulary

LISTED = 10
"""Cycles that a message names."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A way along one link that comes back to where it began: the ids, the first also last."""

    link: str
    way: Sequence[str]


def find_cycles(
    store: Store, vocabulary: Vocabulary, slots: Iterable[tuple[str, str, str]], before: int
) -> list[Cycle]:
    """Return the cycles that new slots close, of links that must not lead in one.

    Call it when all slots of a transaction are written. A slot is given as its type, its start and
    its end; ``before`` is the version before the transaction.
    """
    links = {one.type: one for one in acyclic_links(vocabulary).values()}
    new: dict[str, list[Slot]] = defaultdict(list)
    for kind, start, end in slots:
        if kind in links and links[kind].joins(start, end):
            new[kind].append(Slot(kind, start, end))
    return [
        Cycle(links[kind].name, way)
        for kind, some in new.items()
        for way in _cycles(store, kind, some, before)
    ]


def cycle_error(cycles: Sequence[Cycle], places: Mapping[str, Place]) -> LoadError:
    """Return the error that names cycles; ``places`` says where records are, by their ids."""
    lines: list[str] = []
    for one in cycles[:LISTED]:
        place = next((f"{places[name]}: error {CIRCLE} " for name in one.way if name in places), "")
        lines.append(f"{place}{one.link} leads in a circle: {' → '.join(one.way)}")
    if len(cycles) > LISTED:
        lines.append(f"and {len(cycles) - LISTED} more")
    message = "together with what is loaded already, links would lead in a circle:"
    ids = sorted({name for one in cycles for name in one.way})
    return LoadError(CIRCLE, "\n  ".join([message, *lines]), ids)


def _cycles(store: Store, kind: str, new: list[Slot], before: int) -> list[list[str]]:
    """Return the cycles that new slots of a type close, each as the ids along it."""
    left = _without_dead_ends(new, *_connected(store, kind, new, before))
    alone = [slot for slot in left if slot.start == slot.end]
    rows = store.run_each(
        f"UNWIND $rows AS row MATCH (a:{NODE} {{{ID}: row[0]}}) MATCH (b:{NODE} {{{ID}: row[1]}}) "
        f"MATCH p = shortestPath((b)-[:{kind}*]->(a)) RETURN [n IN nodes(p) | n.{ID}] AS way",
        [[slot.start, slot.end] for slot in left if slot.start != slot.end],
    )
    ways = [[slot.start, slot.end] for slot in alone]
    ways += [[row["way"][-1], *row["way"]] for row in rows]
    # Each slot of a cycle that is all new finds the same one.
    return list({frozenset(way): way for way in ways}.values())


def _connected(store: Store, kind: str, new: list[Slot], before: int) -> tuple[set[str], set[str]]:
    """Return which ends of new slots older slots lead to, and which lead on along older ones."""
    if not before:
        return set(), set()
    older = f"r.{RECORDED_IN} <= $before"
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
        f"RETURN id, EXISTS {{ (n)<-[r:{kind}]-() WHERE {older} }} AS reached, "
        f"EXISTS {{ (n)-[r:{kind}]->() WHERE {older} }} AS leads",
        {end for slot in new for end in (slot.start, slot.end)},
        before=before,
    )
    return {r["id"] for r in rows if r["reached"]}, {r["id"] for r in rows if r["leads"]}


def _without_dead_ends(new: list[Slot], reached: set[str], leads: set[str]) -> list[Slot]:
    """Return the slots that may be part of a cycle: something leads to them, and they lead on."""
    outgoing: dict[str, list[Slot]] = defaultdict(list)
    incoming: dict[str, list[Slot]] = defaultdict(list)
    for slot in new:
        outgoing[slot.start].append(slot)
        incoming[slot.end].append(slot)
    into = Counter(slot.end for slot in new)
    out_of = Counter(slot.start for slot in new)
    gone: set[Slot] = set()
    waiting = [slot for slot in new if not into[slot.start] and slot.start not in reached]
    waiting += [slot for slot in new if not out_of[slot.end] and slot.end not in leads]
    while waiting:
        slot = waiting.pop()
        if slot in gone:
            continue
        gone.add(slot)
        into[slot.end] -= 1
        out_of[slot.start] -= 1
        if not into[slot.end] and slot.end not in reached:
            waiting += outgoing[slot.end]
        if not out_of[slot.start] and slot.start not in leads:
            waiting += incoming[slot.start]
    return [slot for slot in new if slot not in gone]
