"""Which groups, and in which order: by their keys, by how many they are, by what they say together.

Each of a group's aggregates is compared and ordered as a property would be.
"""

from collections.abc import Mapping

from schema import scalars
from schema.terms import NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql import names
from service.graphql.aggregates import aggregated, kind_name, kind_of
from service.graphql.arguments import Arguments, fields_of, word
from service.graphql.inputs import add_filter
from service.graphql.registry import FieldOf, Registry
from service.query.filters import COUNT
from service.query.groups import AggregateRef, GroupOrder, Having
from service.query.operators import filter_name

KEY = "key"
_NUMBERS = {scalars.INT, scalars.LONG}


def told_of(prop: Property) -> dict[str, Property]:
    """What a group says together of a property, by name, as if each were a property itself."""

    def of(name: str, scalar: scalars.Scalar, doc: str) -> Property:
        return Property(name, scalar, required=False, many=False, doc=doc)

    every = [of("countDistinct", scalars.INT, "How many different values there are.")]
    kind = kind_of(prop)
    if kind is not None:
        bound = scalars.DATE if kind is scalars.EDTF else kind
        every += [
            of("min", bound, "The least or first."),
            of("max", bound, "The greatest or last."),
        ]
    if kind in {*_NUMBERS, scalars.DECIMAL}:
        total = scalars.LONG if kind in _NUMBERS else scalars.DECIMAL
        every += [of("sum", total, "The sum."), of("avg", scalars.DECIMAL, "The average.")]
    return {one.name: one for one in every}


def add_group_inputs(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the orders and the conditions of groups of each type."""
    for node in vocabulary.nodes.values():
        by = [
            FieldOf(COUNT.name, f"{names.DIRECTION} | None", "By how many they are."),
            FieldOf(KEY, f"{names.DIRECTION} | None", "By what they have in common."),
        ]
        add_filter(registry, COUNT)
        meets = [FieldOf(COUNT.name, f"{filter_name(COUNT)} | None", "How many they are.")]
        for prop in aggregated(node):
            order, having = f"{kind_name(prop)}Order", f"{kind_name(prop)}Having"
            if order not in registry:
                _add_told(registry, told_of(prop), order, having)
            by.append(FieldOf(prop.name, f"{order} | None", prop.doc))
            meets.append(FieldOf(prop.name, f"{having} | None", prop.doc))
        of = f"groups of {node.plural}"
        registry.add("one_of", names.group_order_name(node), by, f"The order of {of}.")
        registry.add("input", names.having_name(node), meets, f"Which {of}; all has to hold.")


def _add_told(registry: Registry, told: Mapping[str, Property], order: str, having: str) -> None:
    for one in told.values():
        add_filter(registry, one)
    directions = [FieldOf(one.name, f"{names.DIRECTION} | None", one.doc) for one in told.values()]
    registry.add("one_of", order, directions, "By which of what values say together.")
    filters = [FieldOf(one.name, f"{filter_name(one)} | None", one.doc) for one in told.values()]
    registry.add("input", having, filters, "What values say together; all has to hold.")


def order_of(given: Mapping[str, object], node: NodeType) -> GroupOrder:
    """In which order groups come: the largest first, if nothing is said."""
    if not given:
        return GroupOrder(AggregateRef(COUNT), descending=True)
    ((name, value),) = given.items()
    if name in {COUNT.name, KEY}:
        return GroupOrder(AggregateRef(COUNT) if name == COUNT.name else None, _down(value))
    ((told, direction),) = fields_of(value).items()
    return GroupOrder(AggregateRef(node.properties[name], told), _down(direction))


def having_of(
    arguments: Arguments, given: Mapping[str, object], node: NodeType
) -> tuple[Having, ...]:
    """What groups have to meet."""
    found: list[Having] = []
    for name, value in given.items():
        if name == COUNT.name:
            found += [
                Having(AggregateRef(COUNT), one)
                for one in arguments.compare(COUNT, fields_of(value))
            ]
            continue
        prop = node.properties[name]
        properties = told_of(prop)
        for told, compared in fields_of(value).items():
            every = arguments.compare(properties[told], fields_of(compared))
            found += [Having(AggregateRef(prop, told), one) for one in every]
    return tuple(found)


def _down(direction: object) -> bool:
    return word(direction) == names.DESC
