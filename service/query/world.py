"""Whether what a node says held on a day: three answers, for dates are as precise as their sources.

What has no dates stays, and says that it is unknown. Whether a claim still stood on a day follows
from the claims that had superseded it by then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from graph_seed.supersession import standing_for, supersedes_of
from schema import rules
from schema.declare import Held
from schema.enumerations import HeldThen, Supersession
from schema.scalars import EARLIEST, LATEST
from schema.terms import NodeType, RelationshipType
from schema.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Day:
    """The parameters that hold the first and the last day which is meant; null where it is open."""

    first: str
    last: str


class Properties(Protocol):
    """What writes how a property is read."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the graph."""

    def prop(self, node: str, name: str) -> str:
        """A property of a node as it is stored."""

    def edge_prop(self, edge: str, name: str) -> str:
        """A property of a relationship as it is stored."""

    def relationship(self, name: str) -> str:
        """The type of a relationship."""

    def seen(self, edge: str) -> list[str]:
        """Return what has to hold of a relationship for it to be seen."""


def no(reader: Properties, day: Day, node: str, of: NodeType) -> str:
    """Whether a node certainly did not hold, on none of the days meant; null if that is unknown."""
    return _not_held(day, of.held, lambda name: reader.prop(node, name))


def no_link(reader: Properties, day: Day, edge: str, of: RelationshipType) -> str:
    """Return whether a relationship certainly did not hold on the day; null if that is unknown."""
    return _not_held(day, of.held, lambda name: reader.edge_prop(edge, name))


def _not_held(day: Day, held: Held | None, read: Callable[[str], str]) -> str:
    if held is None:
        return "false"
    later = f"{read(held.start + EARLIEST)} > {day.last}"
    return f"{later} OR {read(held.end + LATEST)} < {day.first}" if held.end else later


def standing_on(reader: Properties, day: Day, node: str) -> str:
    """Return the standing of a claim on a day: what was certainly said later does not count."""
    supersedes = supersedes_of(reader.vocabulary)
    edge = f"{node}x"
    later = f"coalesce({no_link(reader, day, edge, supersedes)}, false)"
    reasons = (
        f"[({node})<-[{edge}:{reader.relationship(supersedes.type)}]-() "
        f"WHERE {' AND '.join([*reader.seen(edge), f'NOT {later}'])} "
        f"| {reader.edge_prop(edge, rules.SUPERSESSION)}]"
    )
    retraction = str(Supersession.RETRACTION.value)
    retracted, corrected = (
        standing_for([str(one.value)]) for one in (Supersession.RETRACTION, Supersession.CORRECTION)
    )
    return (
        f"reduce(s = '{standing_for(())}', why IN {reasons} | CASE "
        f"WHEN why = '{retraction}' OR s = '{retracted}' THEN '{retracted}' ELSE '{corrected}' END)"
    )


def yes(reader: Properties, day: Day, node: str, of: NodeType) -> str:
    """Whether a node certainly held, on all of the days meant; null if that is unknown.

    What has begun and has no end holds on.
    """
    if of.held is None:
        return "true"
    start, end = of.held.start, of.held.end
    through = start == end
    begun = f"{reader.prop(node, start + (EARLIEST if through else LATEST))} <= {day.first}"
    if end is None:
        return begun
    until = f"{reader.prop(node, end + (LATEST if through else EARLIEST))} >= {day.last}"
    return f"{begun} AND ({reader.prop(node, end)} IS NULL OR {until})"


def held_then(reader: Properties, day: Day, node: str, of: NodeType) -> str:
    """Which of the three it is."""
    return (
        f"CASE WHEN {no(reader, day, node, of)} THEN '{HeldThen.NO.name}' "
        f"WHEN {yes(reader, day, node, of)} THEN '{HeldThen.YES.name}' "
        f"ELSE '{HeldThen.UNKNOWN.name}' END"
    )
