"""Values that go to the database beside the text of a query, and those that a request gives.

A plan is made once for all requests that differ only in such values. Where it is made, a value of
the request is ``Given``: its place within the variables, and what stands there this time. A
``Parameter`` keeps the place alone, and what to make of whatever stands there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
Variables = Mapping[str, object]
"""The variables of an operation, coerced."""
Step = str | int


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the request that a plan is made for."""

    place: tuple[Step, ...]
    value: object


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T_co]):
    """A value handed to the database beside the text, never within it.

    It is what ``make`` makes of what stands at a place in the variables, or of what the document
    itself says; ``source`` is that place, that value, or a list of such. Two that stand at the same
    place of equal plans are equal by their source.
    """

    source: object
    make: Callable[[object], T_co] = field(compare=False)

    def value(self, variables: Variables) -> T_co:
        """The value in a request with these variables; raises what ``make`` raises."""
        return self.make(_found(self.source, variables))


@dataclass(frozen=True, slots=True)
class _Place:
    steps: tuple[Step, ...]


def same(value: object) -> object:
    """The value as it is given."""
    return value


def parameter(given: object, make: Callable[[object], T]) -> Parameter[T]:
    """The parameter that ``make`` makes of what is given; raises what that raises."""
    make(now(given))
    return Parameter(_source(given), make)


def now(given: object) -> object:
    """What is given this time."""
    if isinstance(given, Given):
        return given.value
    return [now(one) for one in given] if isinstance(given, list) else given


def _source(given: object) -> object:
    if isinstance(given, Given):
        return _Place(given.place)
    return [_source(one) for one in given] if isinstance(given, list) else given


def _found(source: object, variables: Variables) -> object:
    if isinstance(source, _Place):
        at: object = variables
        for step in source.steps:
            at = at[step]  # type: ignore[index]
        return at
    return [_found(one, variables) for one in source] if isinstance(source, list) else source
