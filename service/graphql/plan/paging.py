"""Plan pages: the arguments first, after, last and before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from graph_seed.values import one_form_of
from service.errors import BadUserInput
from service.query.filters import OrderKey, Page
from service.query.ordering import read_cursor
from service.query.parameters import Parameter, Variables, current_value, make_parameter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageLimits:
    """The default and the most nodes of a page."""

    default: int = 20
    most: int = 100


@dataclass(frozen=True, slots=True)
class PlanGuards:
    """Conditions on values of variables under which a plan may be reused.

    Most plans depend on the shape of the variables only. A few depend on a value, too: which values
    of a cursor are null decides the predicate. Such a decision is recorded as a guard.
    """

    guards: list[tuple[Parameter[object], object]] = field(default_factory=list)

    def specialize(self, value: object, decide: Callable[[object], T]) -> T:
        """Return ``decide(value)``, and record that the plan is valid only while that is equal."""
        decision = decide(current_value(value))
        self.guards.append((make_parameter(value, decide), decision))
        return decision

    def accept(self, variables: Variables) -> bool:
        """Return whether the plan may be reused; raises BadUserInput for invalid values."""
        return all(one.resolve(variables) == decision for one, decision in self.guards)


def plan_page(
    given: Mapping[str, object],
    order: Sequence[OrderKey],
    limits: PageLimits,
    guards: PlanGuards,
    most: int | None = None,
) -> Page:
    """Return the page of the arguments first, after, last and before; raises BadUserInput."""
    size, backward, text = page_arguments(given, limits, most)
    cursor = _cursor(order, text, guards) if text is not None else None
    return Page(size, backward, cursor)


def page_arguments(
    given: Mapping[str, object], limits: PageLimits, most: int | None = None
) -> tuple[Parameter[int], bool, object]:
    """Return the size of a page, whether it is counted backward, and its cursor or None.

    Raises BadUserInput for arguments that do not go together.
    """
    most = most or limits.most
    first, last = given.get("first"), given.get("last")
    after, before = given.get("after"), given.get("before")
    if first is not None and last is not None:
        raise BadUserInput("Give first or last, not both.")
    if after is not None and before is not None:
        raise BadUserInput("Give after or before, not both.")
    if last is not None and after is not None:
        raise BadUserInput("last counts back from before; give before in place of after.")
    if first is not None and before is not None:
        raise BadUserInput("first counts on from after; give after in place of before.")
    size = first if first is not None else last
    if size is None:
        size = min(limits.default, most)
    name = "first" if last is None else "last"
    text = after if after is not None else before
    return bounded_int(name, size, most), last is not None or before is not None, text


def _cursor(
    order: Sequence[OrderKey], text: object, guards: PlanGuards
) -> tuple[Parameter[object] | None, ...]:
    """Return the values of a cursor; which of them are null is a guard of the plan."""
    absent = guards.specialize(text, lambda one: _null_keys(order, one))
    return tuple(
        None if none else make_parameter(text, partial(_cursor_value, order, index))
        for index, none in enumerate(absent)
    )


def _null_keys(order: Sequence[OrderKey], text: object) -> tuple[bool, ...]:
    return tuple(value is None for value in read_cursor(order, str(text)))


def _cursor_value(order: Sequence[OrderKey], index: int, text: object) -> object:
    return read_cursor(order, str(text))[index]


def bounded_int(name: str, given: object, most: int) -> Parameter[int]:
    """Return a parameter for a number from 0 to ``most``; raises BadUserInput for another."""

    def convert(value: object) -> int:
        number = require_int(value)
        if not 0 <= number <= most:
            raise BadUserInput(f"{name} is {number}; give a number from 0 to {most}.")
        return number

    return make_parameter(given, convert)


def bounded_list(name: str, given: object, most: int) -> Parameter[object]:
    """Return a parameter for a list of bounded length; raises BadUserInput for a longer one."""

    def convert(value: object) -> object:
        if isinstance(value, list) and len(value) > most:
            raise BadUserInput(f"{name} has {len(value)} values; give at most {most}.")
        return one_form_of(value)

    return make_parameter(given, convert)


def require_int(value: object) -> int:
    """Return a value as an int; raises TypeError for another type."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a number")
    return value
