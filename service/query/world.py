"""Whether what a node says held on a day: three answers, for dates are as precise as their sources.

What has no dates stays, and says that it is unknown.
"""

from dataclasses import dataclass
from typing import Protocol

from schema.enumerations import HeldThen
from schema.scalars import EARLIEST, LATEST
from schema.terms import NodeType


@dataclass(frozen=True, slots=True)
class Day:
    """The parameters that hold the first and the last day which is meant; null where it is open."""

    first: str
    last: str


class Properties(Protocol):
    """What writes how a property is read."""

    def prop(self, node: str, name: str) -> str:
        """A property of a node as it is stored."""


def no(reader: Properties, day: Day, node: str, of: NodeType) -> str:
    """Whether a node certainly did not hold, on none of the days meant; null if that is unknown."""
    if of.held is None:
        return "false"
    later = f"{reader.prop(node, of.held.start + EARLIEST)} > {day.last}"
    if of.held.end is None:
        return later
    return f"{later} OR {reader.prop(node, of.held.end + LATEST)} < {day.first}"


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
