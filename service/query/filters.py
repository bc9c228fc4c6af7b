"""What a plan says of a list beside what to read: conditions, orderings, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schema.terms import Link, NodeType, Property
from service.query.operators import Operator

Quantifier = Literal["some", "none", "all"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value handed to the database beside the text, never within it."""

    value: object


# --- conditions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """A property, of the node or of the relationship that led to it, against a value."""

    prop: Property
    operator: Operator
    values: Mapping[str, Parameter]
    on_edge: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class Linked:
    """Some, none or all of the nodes that a link leads to meet the condition."""

    link: Link
    quantifier: Quantifier
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class IsA:
    """The node is of this type and meets the condition."""

    type: NodeType
    condition: "Condition"


Condition = Compare | AllOf | AnyOf | Not | Linked | IsA
ALWAYS = AllOf(())


def inner(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that one is made of."""
    match condition:
        case AllOf(of) | AnyOf(of):
            return of
        case Not(of=one) | Linked(condition=one) | IsA(condition=one):
            return (one,)
        case Compare():
            return ()


def links_deep(condition: Condition) -> int:
    """How many links one after another a condition follows."""
    below = max((links_deep(one) for one in inner(condition)), default=0)
    return below + isinstance(condition, Linked)


def size(condition: Condition) -> int:
    """How many comparisons and links a condition has."""
    own = isinstance(condition, Compare | Linked)
    return own + sum(size(one) for one in inner(condition))


# --- orderings and pages ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A property to order by, of the node or of one that to-one links lead to."""

    links: tuple[Link, ...]
    prop: Property
    descending: bool

    @property
    def nullable(self) -> bool:
        """Whether the key can be absent."""
        return not self.prop.required or any(not link.required for link in self.links)


@dataclass(frozen=True, slots=True)
class Page:
    """How much of a list: ``size`` from ``cursor`` on, or up to it when ``backward``."""

    size: int
    backward: bool = False
    cursor: tuple[object, ...] | None = None
    """The values of the order's keys and the id at which the page begins (exclusive)."""
