"""Records that lead back to themselves along links that may not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph_seed.problems import Say
from graph_seed.records import Place


@dataclass(frozen=True, slots=True)
class Step:
    """One link from a record to another, by its name, and where it is written."""

    link: str
    start: str
    end: str
    place: Place


def say_circles(steps: Iterable[Step], say: Say) -> None:
    """Say each circle once, at the step that closes it; steps of one link are given together."""
    by_link: dict[str, dict[str, list[Step]]] = {}
    for step in steps:
        by_link.setdefault(step.link, {}).setdefault(step.start, []).append(step)
    for link, onward in by_link.items():
        for way in _circles(onward):
            say(way[-1].place, "CIRCLE", f"{link} leads in a circle: {_shown(way)}")


_SHOWN = 20
"""Ids of a circle that a message shows."""


def _shown(way: list[Step]) -> str:
    """Return the ids of a circle, of a long one its beginning and its end."""
    ids = [way[0].start, *(step.end for step in way)]
    if len(ids) > _SHOWN:
        left_out = f"({len(ids) - _SHOWN} more)"
        ids = [*ids[: _SHOWN // 2], left_out, *ids[-_SHOWN // 2 :]]
    return " → ".join(ids)


def _circles(onward: dict[str, list[Step]]) -> Iterator[list[Step]]:
    """A way round for each circle that a walk in depth meets; each record is left once."""
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
