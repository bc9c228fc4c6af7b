"""Query parameters: values sent to the database beside the text of a query.

A plan is reused by every request with the same document and shape of variables, so it contains no
values. While planning, a value that comes from a variable is a ``VariableRef``: its path in the
coerced variables, and its value in the current request. A plan keeps ``Parameter``s: the path, and
a function that converts whatever a later request has there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
Variables = Mapping[str, object]
"""Coerced variables of a request (GraphQL specification, section 6.1.2)."""
PathStep = str | int


@dataclass(frozen=True, slots=True)
class VariableRef:
    """A value that comes from the variables of the request that is being planned."""

    path: tuple[PathStep, ...]
    value: object


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T_co]):
    """A parameter of a query, resolved for each request.

    ``source`` is a path in the variables, a literal of the document, or a list of these;
    ``convert`` validates and converts the resolved value. Two parameters are equal if their sources
    are, so that equal plans compare equal.
    """

    source: object
    convert: Callable[[object], T_co] = field(compare=False)
    constant: tuple[T_co] | None = field(default=None, compare=False)
    """The converted value, if it is the same in every request."""

    def resolve(self, variables: Variables) -> T_co:
        """Return the value in a request; raises what ``convert`` raises."""
        if self.constant is not None:
            return self.constant[0]
        return self.convert(_resolve(self.source, variables))


@dataclass(frozen=True, slots=True)
class _VariablePath:
    steps: tuple[PathStep, ...]


def make_parameter(value: object, convert: Callable[[object], T]) -> Parameter[T]:
    """Return the parameter for a value; raises what ``convert`` raises of the current value."""
    converted = convert(current_value(value))
    is_constant = not _has_variable(value)
    return Parameter(_source_of(value), convert, (converted,) if is_constant else None)


def _has_variable(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_has_variable, value))
    return isinstance(value, VariableRef)


def current_value(value: object) -> object:
    """Replace every ``VariableRef`` within a value by its value in the current request."""
    if isinstance(value, VariableRef):
        return value.value
    return [current_value(one) for one in value] if isinstance(value, list) else value


def _source_of(value: object) -> object:
    if isinstance(value, VariableRef):
        return _VariablePath(value.path)
    return [_source_of(one) for one in value] if isinstance(value, list) else value


def _resolve(source: object, variables: Variables) -> object:
    if isinstance(source, _VariablePath):
        at: object = variables
        for step in source.steps:
            at = at[step]  # type: ignore[index]
        return at
    return [_resolve(one, variables) for one in source] if isinstance(source, list) else source
