"""Find records that lead back to themselves along links that must not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graph_seed.problems import Report
from graph_seed.records import Place
from schema.vocabulary import Vocabulary

CIRCLE = "CIRCLE"


@dataclass(frozen=True, slots=True)
class Step:
    """One link from a record to another, by its name, where it is written, and in which source."""

    link: str
    start: str
    end: str
    place: Place
    source: str = ""


@dataclass(frozen=True, slots=True)
class AcyclicLink:
    """A link that must not lead in a cycle."""

    name: str
    type: str
    """Its relationship type."""
    label: str
    """The label of the nodes that it leaves."""
    kinds: frozenset[str]
    """The kinds of nodes that the relationship type both leaves and reaches."""
    one: bool
    """True for a link to at most one node."""

    def joins(self, start: str, end: str) -> bool:
        """Return whether a link between these ids can be part of a cycle."""
        return start.partition(":")[0] in self.kinds and end.partition(":")[0] in self.kinds


@cache
def acyclic_links(vocabulary: Vocabulary) -> Mapping[str, AcyclicLink]:
    """Return the links that must not lead in a cycle and could, by name.

    A passage is part of its source, which is part of nothing: that link is left out.
    """
    found: dict[str, AcyclicLink] = {}
    for relationship in vocabulary.relationships.values():
        if not relationship.acyclic:
            continue
        left = vocabulary.concrete_of(*(ends.start for ends in relationship.ends))
        reached = vocabulary.concrete_of(*(ends.end for ends in relationship.ends))
        kinds = frozenset(str(node.kind) for node in left if node in reached)
        for ends in relationship.ends:
            starts = [one for one in vocabulary.concrete_of(ends.start) if one.kind in kinds]
            if starts and any(one.kind in kinds for one in vocabulary.concrete_of(ends.end)):
                name, label = ends.forward, ends.start.label
                one = vocabulary.links(starts[0])[name].one
                found[name] = AcyclicLink(name, relationship.type, label, kinds, one)
    return found


def report_cycles(steps: Iterable[Step], report: Report) -> None:
    """Say each circle once, at the step that closes it."""
    for way in find_step_cycles(steps):
        report(way[-1].place, CIRCLE, f"{way[0].link} leads in a circle: {cycle_in_words(way)}")


def find_step_cycles(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield circles of steps of one link each, the step that closes a circle last."""
    by_link: dict[str, dict[str, list[Step]]] = {}
    for step in steps:
        by_link.setdefault(step.link, {}).setdefault(step.start, []).append(step)
    for onward in by_link.values():
        yield from _back_edge_cycles(onward)


_SHOWN = 20
"""Ids of a circle that a message shows."""


def cycle_in_words(way: list[Step]) -> str:
    """Return the ids of a circle, of a long one its beginning and its end."""
    ids = [way[0].start, *(step.end for step in way)]
    if len(ids) > _SHOWN:
        left_out = f"({len(ids) - _SHOWN} more)"
        ids = [*ids[: _SHOWN // 2], left_out, *ids[-_SHOWN // 2 :]]
    return " → ".join(ids)


def _back_edge_cycles(onward: dict[str, list[Step]]) -> Iterator[list[Step]]:
    """Return one cycle for each back edge of a depth-first search; each record is visited once."""
    done: set[str] = set()
    for first, steps in onward.items():
        way: list[Step] = []
        within = {first: 0}
        walk = [iter(steps)] if first not in done else []
        while walk:
            step = next(walk[-1], None)
            if step is None:
                walk.pop()
                left = way.pop().end if way else first
                within.pop(left, None)
                done.add(left)
            elif step.end in within:
                yield [*way[within[step.end] :], step]
            elif step.end not in done:
                way.append(step)
                within[step.end] = len(way)
                walk.append(iter(onward.get(step.end, ())))
