"""Shaping an answer: each part of a plan is made once into what shapes its rows.

What GraphQL's completion would have checked is checked here: non-null, enumerations, ranges. A
value that breaks its type becomes an error at its path, and the nearest field that may be null is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from service.query.answer import Answer, Path, Row
from service.query.parameters import Parameter, Variables
from service.query.plan import Reads

T = TypeVar("T")
At = tuple["At | None", str | int]
"""Where in the answer something stands: its last step, behind where that begins."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A value in the graph that its type does not allow, and where in the answer it would stand."""

    message: str
    path: Path


class NotAllowed(Exception):
    """Something stands where it may not; the nearest field that may be null is."""


@dataclass(slots=True)
class Shaping:
    """The shaping of one answer; ``broken`` collects what the graph should not hold."""

    variables: Variables
    broken: list[Broken] = field(default_factory=list)
    _given: dict[int, object] = field(default_factory=dict)

    def given(self, one: Parameter[T]) -> T:
        """What the request gives for a parameter of its plan, looked up once."""
        known = self._given
        if id(one) not in known:
            known[id(one)] = one.value(self.variables)
        return cast("T", known[id(one)])

    def refuse(self, message: str, at: At) -> NotAllowed:
        """Note what is broken; raise what comes back where that may not be null."""
        self.broken.append(Broken(message, path_of(at)))
        return NotAllowed()


Shape = Callable[[Row, At, Shaping], object]
"""Shapes what came back for a part of the plan that stands at this place of the answer."""
ShapeNode = Callable[[Row | None, At, Shaping], Answer | None]
NodeShape = Callable[[Reads], ShapeNode]
"""Makes what shapes a node."""


def path_of(at: At) -> Path:
    """The steps to a place of the answer."""
    steps: list[str | int] = []
    before: At | None = at
    while before is not None:
        before, step = before
        steps.append(step)
    return tuple(reversed(steps))
