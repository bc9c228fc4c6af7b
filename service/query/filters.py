"""Filters, orderings and pages of lists, as a plan has them: free of GraphQL and of Cypher."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schema.model import Link, NodeType, Property
from schema.scalars import INT
from service.query.operators import Operator
from service.query.parameters import Parameter

Quantifier = Literal["some", "none", "all"]


# --- conditions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of a property, of the node or of the relationship that led to it."""

    prop: Property
    operator: Operator
    values: Mapping[str, Parameter[object]]
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


def operands(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that a condition is made of."""
    match condition:
        case AllOf(of) | AnyOf(of):
            return of
        case Not(of=one) | Linked(condition=one) | IsA(condition=one):
            return (one,)
        case Compare():
            return ()


def narrow_types(condition: Condition, types: tuple[NodeType, ...]) -> tuple[NodeType, ...]:
    """Return the types that a node of one of these types can have if it meets a condition."""
    for part in conjuncts(condition):
        if isinstance(part, IsA) and any(part.type.is_a(one) for one in types):
            types = (part.type,)
    return types


def link_chain(condition: Linked) -> list[tuple[Link, Condition]]:
    """Return the links that are matched in one subquery, each with the condition on its end.

    Each link of the chain leads on from the end of the one before. Several links from one node are
    matched apart, or all pairs of their ends would be.
    """
    links: list[tuple[Link, Condition]] = []
    at = condition
    while True:
        parts = conjuncts(at.condition)
        onward = [one for one in parts if isinstance(one, Linked) and one.quantifier == "some"]
        if len(onward) != 1 or condition.quantifier == "all":
            return [*links, (at.link, at.condition)]
        rest = AllOf(tuple(one for one in parts if one is not onward[0]))
        links.append((at.link, rest))
        at = onward[0]


def conjuncts(condition: Condition) -> list[Condition]:
    """Return the conditions of which a condition is the conjunction."""
    if not isinstance(condition, AllOf):
        return [condition]
    return [one for part in condition.of for one in conjuncts(part)]


def nesting(condition: Condition) -> int:
    """Return how deep conditions on links nest."""
    if isinstance(condition, Linked):
        return 1 + max(nesting(one) for _, one in link_chain(condition))
    return max((nesting(one) for one in operands(condition)), default=0)


def logic_depth(condition: Condition) -> int:
    """Return how many times ``not`` and several conditions of ``and`` or ``or`` nest."""
    of = operands(condition)
    own = isinstance(condition, Not) or len(of) > 1
    return own + max(map(logic_depth, of), default=0)


def size(condition: Condition) -> int:
    """Return how many comparisons and links a condition has."""
    own = isinstance(condition, Compare | Linked)
    return own + sum(size(one) for one in operands(condition))


# --- orderings and pages ------------------------------------------------------------------------


COUNT = Property("count", INT, required=True, many=False, doc="The number of nodes.")
"""By which a list may be ordered for a link to many."""


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A property to order by, of the node or of one that to-one links lead to.

    Where a link is ``counted``, it is how many nodes that leads to, and ``prop`` is ``COUNT``. With
    ``on_edge`` the property is one of the relationship that led to the node.
    """

    links: tuple[Link, ...]
    prop: Property
    descending: bool
    counted: Link | None = None
    on_edge: bool = False

    @property
    def nullable(self) -> bool:
        """Return whether the key can be absent; a date with an open beginning has no first day."""
        absent = not self.prop.required or self.prop.scalar.order_is_nullable
        return absent or any(not link.required for link in self.links)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: ``size`` from ``cursor`` on, or up to it when ``backward``."""

    size: Parameter[int]
    backward: bool = False
    cursor: tuple[Parameter[object] | None, ...] | None = None
    """The values of the order's keys and the id at which the page begins (exclusive)."""

    @property
    def one_more(self) -> Parameter[int]:
        """The page size plus one: a limit that shows whether there is a next page."""
        return Parameter(self.size.source, lambda value: self.size.convert(value) + 1)
