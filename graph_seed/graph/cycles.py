"""Refuse links that lead in a cycle over everything that is loaded, not one file alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph_seed.checking.references import CIRCLE, acyclic_links
from graph_seed.graph.repository import Repository
from graph_seed.problems import LoadError
from graph_seed.records import Place
from graph_seed.state.elements import RelationshipKey
from schema.names import ID, RECORDED_IN
from schema.storage import match_id
from schema.vocabulary import Vocabulary

LISTED = 10
"""Cycles that a message names."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A way along one link that comes back to where it began: the ids, the first also last."""

    link: str
    way: Sequence[str]


def find_cycles(
    store: Repository,
    vocabulary: Vocabulary,
    relationships: Iterable[tuple[str, str, str]],
    before: int,
) -> list[Cycle]:
    """Return the cycles that new relationships close, of links that must not lead in one.

    Call it when all relationships of a transaction are written. Each is given by its type, its
    start and its end; ``before`` is the version before the transaction.
    """
    links = {one.type: one for one in acyclic_links(vocabulary).values()}
    new: dict[str, list[RelationshipKey]] = defaultdict(list)
    for kind, start, end in relationships:
        if kind in links and links[kind].joins(start, end):
            new[kind].append(RelationshipKey(kind, start, end))
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


def _cycles(
    store: Repository, kind: str, new: list[RelationshipKey], before: int
) -> list[list[str]]:
    """Return the cycles that new relationships of a type close, each as the ids along it."""
    left = _without_dead_ends(new, *_connected_ends(store, kind, new, before))
    alone = [key for key in left if key.start == key.end]
    rows = store.run_each(
        f"UNWIND $rows AS row {match_id('a', 'row[0]')} {match_id('b', 'row[1]')} "
        f"MATCH p = shortestPath((b)-[:{kind}*]->(a)) RETURN [n IN nodes(p) | n.{ID}] AS way",
        [[key.start, key.end] for key in left if key.start != key.end],
    )
    ways = [[key.start, key.end] for key in alone]
    ways += [[row["way"][-1], *row["way"]] for row in rows]
    # Each relationship of a cycle that is all new finds the same one.
    return list({frozenset(way): way for way in ways}.values())


def _connected_ends(
    store: Repository, kind: str, new: list[RelationshipKey], before: int
) -> tuple[set[str], set[str]]:
    """Return the ends of new relationships that older ones lead to, and those they lead on from."""
    if not before:
        return set(), set()
    older = f"r.{RECORDED_IN} <= $before"
    rows = store.run_each(
        f"UNWIND $rows AS id {match_id('n', 'id')} "
        f"RETURN id, EXISTS {{ (n)<-[r:{kind}]-() WHERE {older} }} AS reached, "
        f"EXISTS {{ (n)-[r:{kind}]->() WHERE {older} }} AS leads",
        {end for key in new for end in (key.start, key.end)},
        before=before,
    )
    return {r["id"] for r in rows if r["reached"]}, {r["id"] for r in rows if r["leads"]}


def _without_dead_ends(
    new: list[RelationshipKey], reached: set[str], leads: set[str]
) -> list[RelationshipKey]:
    """Return the relationships that can be part of a cycle: one leads to them, one leads on."""
    outgoing: dict[str, list[RelationshipKey]] = defaultdict(list)
    incoming: dict[str, list[RelationshipKey]] = defaultdict(list)
    for key in new:
        outgoing[key.start].append(key)
        incoming[key.end].append(key)
    into = Counter(key.end for key in new)
    out_of = Counter(key.start for key in new)
    gone: set[RelationshipKey] = set()
    waiting = [key for key in new if not into[key.start] and key.start not in reached]
    waiting += [key for key in new if not out_of[key.end] and key.end not in leads]
    while waiting:
        key = waiting.pop()
        if key in gone:
            continue
        gone.add(key)
        into[key.end] -= 1
        out_of[key.start] -= 1
        if not into[key.end] and key.end not in reached:
            waiting += outgoing[key.end]
        if not out_of[key.start] and key.start not in leads:
            waiting += incoming[key.start]
    return [key for key in new if key not in gone]
