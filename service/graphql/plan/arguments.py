"""Plan arguments: filters become conditions, orderings become keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from schema.model import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.plan.paging import PageLimits, PlanGuards
from service.graphql.types import names
from service.graphql.types.inputs import EVERY_NODE, QUANTIFIERS
from service.query.filters import (
    ALWAYS,
    COUNT,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    IsA,
    Linked,
    Not,
    OrderKey,
)
from service.query.operators import Operator
from service.query.parameters import current_value, make_parameter
from service.query.value_types import operators

Input = Mapping[str, object]
"""An input object, coerced: its fields by their names."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """A planner of the arguments of lists."""

    vocabulary: Vocabulary
    limits: PageLimits
    guards: PlanGuards = field(default_factory=PlanGuards)

    # --- filters ---

    def where(self, given: Input, link: Link | None, node: NodeType | None) -> Condition:
        """Return the condition of a list, given its filter; ``node`` is the type of a root list."""
        if not given:
            return ALWAYS
        return (
            self._link_where(given, link) if link else self._node_where(given, _require_type(node))
        )

    def _link_where(self, given: Input, link: Link) -> Condition:
        target = names.single_target_type(link)
        own = {
            key: value
            for key, value in given.items()
            if not (link.properties and key == names.EDGE) and key not in {"and", "or", "not"}
        }
        parts: list[Condition] = []
        if target:
            parts += self._field_conditions(own, target)
        else:
            everyone = {prop.name: prop for prop in EVERY_NODE}
            for key, value in own.items():
                if key in everyone:
                    parts += self.compare(everyone[key], input_fields(value))
                elif value is not None:
                    one = next(n for n in link.targets if names.subtype_field(n) == key)
                    parts.append(IsA(one, self._node_where(input_fields(value), one)))
        edge = given.get(names.EDGE) if link.properties else None
        if edge is not None:
            parts.append(self._edge_where(input_fields(edge), link))
        parts += self._logic_conditions(given, lambda inner: self._link_where(inner, link))
        return AllOf(tuple(parts))

    def _edge_where(self, given: Input, link: Link) -> Condition:
        parts: list[Condition] = []
        for key, value in given.items():
            if key in link.properties:
                parts += self.compare(link.properties[key], input_fields(value), on_edge=True)
        parts += self._logic_conditions(given, lambda inner: self._edge_where(inner, link))
        return AllOf(tuple(parts))

    def _node_where(self, given: Input, node: NodeType) -> Condition:
        parts = self._field_conditions(given, node)
        parts += self._logic_conditions(given, lambda inner: self._node_where(inner, node))
        return AllOf(tuple(parts))

    def _field_conditions(self, given: Input, node: NodeType) -> list[Condition]:
        properties = {prop.name: prop for prop in (*EVERY_NODE, *node.properties.values())}
        links = self.vocabulary.links(node)
        kinds = {names.subtype_field(one): one for one in names.subtypes(self.vocabulary, node)}
        parts: list[Condition] = []
        for key, value in given.items():
            if value is None or key in {"and", "or", "not"}:
                continue
            inner = input_fields(value)
            if key in properties:
                parts += self.compare(properties[key], inner)
            elif key in kinds:
                parts.append(IsA(kinds[key], self._node_where(inner, kinds[key])))
            elif links[key].one:
                parts.append(Linked(links[key], "some", self._link_where(inner, links[key])))
            else:
                for quantifier in QUANTIFIERS:
                    if inner.get(quantifier) is not None:
                        of = self._link_where(input_fields(inner[quantifier]), links[key])
                        parts.append(Linked(links[key], quantifier, of))
        return parts

    def _logic_conditions(
        self, given: Input, inner: Callable[[Input], Condition]
    ) -> list[Condition]:
        parts: list[Condition] = []
        if given.get("and") is not None:
            parts.append(AllOf(tuple(map(inner, input_objects(given["and"])))))
        if given.get("or") is not None:
            parts.append(AnyOf(tuple(map(inner, input_objects(given["or"])))))
        if given.get("not") is not None:
            parts.append(Not(inner(input_fields(given["not"]))))
        return parts

    def compare(self, prop: Property, given: Input, *, on_edge: bool = False) -> list[Compare]:
        """Return the comparisons of a property's filter."""
        by_name = {one.name: one for one in operators(prop)}
        compared: list[Compare] = []
        for key, value in given.items():
            if value is None:
                continue
            operator = by_name[key]
            spelled = _to_spelling(prop, value) if operator.argument != "flag" else value
            values = {
                name: make_parameter(spelled, partial(_operand, operator, name))
                for name in operator.values(current_value(spelled))
            }
            compared.append(Compare(prop, operator, values, on_edge=on_edge))
        return compared

    # --- orderings ---

    def order(
        self, given: Sequence[Input], node: NodeType, link: Link | None = None
    ) -> tuple[OrderKey, ...]:
        """Return the keys of an ordering of nodes of a type, which a link may lead to."""
        keys: list[OrderKey] = []
        for one in given:
            if link is not None and link.properties and names.EDGE in one:
                key = _edge_key(input_fields(one[names.EDGE]), link)
            else:
                key = self._order_key(one, node, ())
            if key not in keys:
                keys.append(key)
        return tuple(keys)

    def _order_key(self, given: Input, node: NodeType, links: tuple[Link, ...]) -> OrderKey:
        (key, value) = next(iter(given.items()))
        link = self.vocabulary.links(node).get(key)
        if link is not None and not link.one:
            (count,) = input_fields(value).values()
            return OrderKey(links, COUNT, descending=enum_name(count) == names.DESC, counted=link)
        if link is not None:
            return self._order_key(input_fields(value), names.order_target(link), (*links, link))
        properties = {prop.name: prop for prop in EVERY_NODE}
        properties |= names.orderable_properties(self.vocabulary, node)
        return OrderKey(links, properties[key], descending=enum_name(value) == names.DESC)


def _edge_key(given: Input, link: Link) -> OrderKey:
    ((key, value),) = given.items()
    return OrderKey(
        (), link.properties[key], descending=enum_name(value) == names.DESC, on_edge=True
    )


def _operand(operator: Operator, name: str, given: object) -> object:
    return operator.values(given)[name]


def input_fields(value: object) -> Input:
    """Return the fields of an input object; none if it is null."""
    if not isinstance(value, Mapping | None):
        raise TypeError(f"{value!r} is no input object")
    return value or {}


def input_objects(value: object) -> list[Input]:
    """Return the input objects of a list; none if it is null."""
    if not isinstance(value, list | None):
        raise TypeError(f"{value!r} is no list")
    return [input_fields(one) for one in value or ()]


def enum_name(value: object) -> str:
    """Return the name of an enumeration value, however Strawberry coerced it."""
    return str(getattr(value, "value", value))


def _to_spelling(prop: Property, value: object) -> object:
    """Return a value as it is stored: enumeration values by their spelling."""
    if isinstance(value, list):
        return [_to_spelling(prop, one) for one in value]
    return prop.enumeration[enum_name(value)].value if prop.enumeration else value


def _require_type(node: NodeType | None) -> NodeType:
    if node is None:
        raise TypeError("a list is of a type or of a link")
    return node
