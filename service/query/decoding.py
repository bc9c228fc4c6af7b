"""Decode rows into an answer: each part of a plan has a decoder, made once, that reads its column.

What GraphQL's completion would check is checked here: non-null, enumerations, ranges. A value that
breaks its type becomes an error at its path, and the nearest field that may be null is null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from service.query.parameters import Parameter, Variables

Row = Sequence["Row"]
"""What a query gives back: lists within lists. What a list ends in is known by the plan alone."""
Answer = dict[str, object]
"""An object of the answer: its fields by their keys, in the order asked."""
Path = tuple[str | int, ...]
"""Where in the answer something stands."""


T = TypeVar("T")
ResponsePath = tuple["ResponsePath | None", str | int]
"""A path of the response as a linked list: its last key or index, behind the path before that."""


@dataclass(frozen=True, slots=True)
class IntegrityError:
    """A value in the graph that its type does not allow, with its path in the response."""

    message: str
    path: Path


class NullPropagation(Exception):
    """A field that must not be null has no value: the nearest one around it that may be is null."""


@dataclass(slots=True)
class Decoding:
    """The decoding of one response; ``errors`` collects values that their types do not allow."""

    variables: Variables
    errors: list[IntegrityError] = field(default_factory=list)
    rows: int = 0
    """The rows of all lists so far."""
    _resolved: dict[int, object] = field(default_factory=dict)

    def resolve(self, parameter: Parameter[T]) -> T:
        """Return the value of a plan's parameter in this request, computed once."""
        resolved = self._resolved
        if id(parameter) not in resolved:
            resolved[id(parameter)] = parameter.resolve(self.variables)
        return cast("T", resolved[id(parameter)])

    def reject(self, message: str, path: ResponsePath) -> NullPropagation:
        """Record an error; return what to raise where null is not allowed."""
        self.errors.append(IntegrityError(message, path_of(path)))
        return NullPropagation()


Decode = Callable[[Row, ResponsePath, Decoding], object]
"""Decodes the column of one part of a plan at a path of the response."""
DecodeNode = Callable[[Row | None, ResponsePath, Decoding], Answer | None]
"""Decodes the row of a node; None if there is no node."""


def path_of(path: ResponsePath) -> Path:
    """Return a path as a tuple, from the root field on."""
    steps: list[str | int] = []
    before: ResponsePath | None = path
    while before is not None:
        before, step = before
        steps.append(step)
    return tuple(reversed(steps))


def decode_as_is(raw: Row, _: ResponsePath, __: Decoding) -> object:
    """Return a column as the database gave it."""
    return raw


def null_on_error(decode: DecodeNode) -> Decode:
    """Return a decoder of a field that may be null: it is, if its value is an error."""

    def decode_nullable(row: Row, path: ResponsePath, decoding: Decoding) -> object:
        try:
            return decode(row, path, decoding)
        except NullPropagation:
            return None

    return decode_nullable
