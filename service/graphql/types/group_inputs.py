"""Make the inputs that filter and order groups: by key, by count, by aggregates.

An aggregate of a group is compared and ordered as a property would be.
"""

from collections.abc import Mapping

from schema import scalars
from schema.model import Property
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.aggregates import aggregated_properties, property_aggregate_name
from service.graphql.types.inputs import add_filter
from service.graphql.types.registry import FieldSpec, Registry
from service.query.aggregates import aggregated_type
from service.query.filters import COUNT
from service.query.value_types import filter_name

KEY = "key"


def aggregate_properties(prop: Property) -> dict[str, Property]:
    """Return the aggregates of a property by name, each in the form of a property."""

    def of(name: str, scalar: scalars.Scalar, doc: str) -> Property:
        return Property(name, scalar, required=False, many=False, doc=doc)

    every = [of("countDistinct", scalars.INT, "The number of different values.")]
    values = aggregated_type(prop)
    if values and values.bound:
        every += [
            of("min", values.bound, "The least or first value."),
            of("max", values.bound, "The greatest or last value."),
        ]
    if values and (values.is_summed or values.is_exact):
        total = scalars.LONG if values.is_summed else scalars.DECIMAL
        every += [of("sum", total, "The sum."), of("avg", scalars.DECIMAL, "The average.")]
    return {one.name: one for one in every}


def add_group_inputs(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the inputs that order and filter the groups of each type."""
    for node in vocabulary.nodes.values():
        by = [
            FieldSpec(COUNT.name, f"{names.DIRECTION} | None", "By the number of nodes."),
            FieldSpec(KEY, f"{names.DIRECTION} | None", "By the key of the group."),
        ]
        add_filter(registry, COUNT)
        meets = [FieldSpec(COUNT.name, f"{filter_name(COUNT)} | None", "The number of nodes.")]
        for prop in aggregated_properties(node):
            order, having = (
                f"{property_aggregate_name(prop)}Order",
                f"{property_aggregate_name(prop)}Having",
            )
            if order not in registry:
                _add_aggregate_inputs(registry, aggregate_properties(prop), order, having)
            by.append(FieldSpec(prop.name, f"{order} | None", prop.doc))
            meets.append(FieldSpec(prop.name, f"{having} | None", prop.doc))
        of = f"groups of {node.plural}"
        registry.add("one_of", names.group_order_name(node), by, f"The order of {of}.")
        registry.add(
            "input",
            names.having_name(node),
            meets,
            f"A filter of {of}. All conditions have to hold.",
        )


def _add_aggregate_inputs(
    registry: Registry, aggregates: Mapping[str, Property], order: str, having: str
) -> None:
    for one in aggregates.values():
        add_filter(registry, one)
    directions = [
        FieldSpec(one.name, f"{names.DIRECTION} | None", one.doc) for one in aggregates.values()
    ]
    registry.add("one_of", order, directions, "An order by an aggregate.")
    filters = [
        FieldSpec(one.name, f"{filter_name(one)} | None", one.doc) for one in aggregates.values()
    ]
    registry.add("input", having, filters, "A filter of aggregates. All conditions have to hold.")
