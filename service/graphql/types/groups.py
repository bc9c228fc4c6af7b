"""Make the types of groups and aggregates, and the inputs that form, filter and order groups."""

from collections.abc import Mapping

from schema import scalars
from schema.model import NodeType, Property
from schema.names import ID
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.inputs import add_filter, list_arguments
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry
from service.graphql.types.scalars import graphql_type
from service.query.aggregates import aggregated_type
from service.query.filters import COUNT
from service.query.groups import PARTS, has_parts
from service.query.value_types import filter_name, value_type

VALUES = FieldSpec("count", "int", "The number of values that are not null.")
DISTINCT = FieldSpec("countDistinct", "int", "The number of different values.")
INCLUDE = "include"
INCLUDE_DOC = "What to include that aggregates leave out by default."


def property_aggregate_name(prop: Property) -> str:
    """Return the name of the type of a property's aggregates: ``DecimalAggregate``."""
    stem = value_type(prop).filter_stem if _aggregates(prop) else "Value"
    return f"{stem}Aggregate"


def _aggregates(prop: Property) -> tuple[FieldSpec, ...]:
    """Return the aggregates of a property beside its counts; enumerations have none."""
    return () if prop.enumeration else graphql_type(prop).aggregates


def aggregated_properties(node: NodeType) -> list[Property]:
    """Return the properties of a type that have aggregates."""
    return [prop for prop in names.filterable_properties(node) if not prop.many]


def aggregate_names(prop: Property) -> list[str]:
    """Return the names of the aggregates of a property."""
    return [one.name for one in (VALUES, DISTINCT, *_aggregates(prop))]


def add_aggregates(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the types of aggregates to a registry."""
    for node in vocabulary.nodes.values():
        fields = [FieldSpec("count", "int", "The number of nodes.")]
        for prop in aggregated_properties(node):
            name = property_aggregate_name(prop)
            if name not in registry:
                doc = "Aggregates of the values of one property."
                registry.add("type", name, [VALUES, DISTINCT, *_aggregates(prop)], doc)
            fields.append(FieldSpec(prop.name, name, arguments=_arguments(prop)))
        doc = f"Aggregates of {node.plural}."
        registry.add("type", names.aggregate_name(node), fields, doc)


def _arguments(prop: Property) -> tuple[ArgumentSpec, ...]:
    """Return the argument that includes what aggregates of a property leave out, if they do."""
    left_out = prop.measure.exclusions if prop.measure else ()
    kinds = dict.fromkeys(type(one.inclusion).__name__ for one in left_out)
    return tuple(ArgumentSpec(INCLUDE, f"list[{kind}] | None", INCLUDE_DOC) for kind in kinds)


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
            by.append(FieldSpec(prop.name, f"{order} | None"))
            meets.append(FieldSpec(prop.name, f"{having} | None"))
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


PART = "DatePart"
PART_DOCS = {"YEAR": "`2017`", "QUARTER": "`2017-Q4`", "MONTH": "`2017-11`", "DAY": "`2017-11-07`"}


def add_groups(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the types of groups and the inputs of ``groupBy``."""
    registry.enumeration(
        PART,
        [(one, PART_DOCS[one]) for one in PARTS],
        "A part of a date to group nodes by. A date that does not lie within one part has none.",
    )
    key = [
        FieldSpec(
            "value",
            "str | None",
            "The value, the part of a date, or the id, as text; null if there is none.",
        ),
        FieldSpec(
            "node",
            f"{vocabulary.root.label} | None",
            "The node, if nodes are grouped by a node; else null.",
        ),
    ]
    registry.add(
        "type", "GroupKey", key, "The value or node that the nodes of a group have in common."
    )
    for node in vocabulary.nodes.values():
        _add_by(registry, vocabulary, node)
        _add_group(registry, node)


def _add_by(registry: Registry, vocabulary: Vocabulary, node: NodeType) -> None:
    fields = [FieldSpec(ID, "bool | None", "Group by the node itself.")]
    for prop in aggregated_properties(node):
        of = PART if has_parts(prop) else "bool"
        fields.append(FieldSpec(prop.name, f"{of} | None"))
    for link in vocabulary.links(node).values():
        by = names.group_by_name(names.order_target(link))
        fields.append(FieldSpec(link.name, f"{by} | None"))
    fields += [
        FieldSpec(
            names.subtype_field(one),
            f"{names.group_by_name(one)} | None",
            "Group only nodes of this type.",
        )
        for one in names.subtypes(vocabulary, node)
    ]
    registry.add(
        "one_of",
        names.group_by_name(node),
        fields,
        f"The value, part of a date or link to group {node.plural} by.",
    )


def _add_group(registry: Registry, node: NodeType) -> None:
    arguments = list_arguments(names.where_name(node), names.order_name(node))
    fields = [
        FieldSpec("key", "GroupKey", "The value or node that they have in common."),
        FieldSpec("count", "int", "The number of nodes of the group."),
        FieldSpec("aggregate", names.aggregate_name(node), "Aggregates of the nodes of the group."),
        FieldSpec(
            "members", names.connection_name(node.label), "The nodes of the group.", arguments
        ),
        make_group_field(node),
    ]
    registry.add("type", names.group_name(node), fields, f"A group of {node.plural}.")


def make_group_field(node: NodeType) -> FieldSpec:
    """Return the field that groups the nodes of a list."""
    arguments = (
        ArgumentSpec("by", names.group_by_name(node)),
        ArgumentSpec("having", f"{names.having_name(node)} | None"),
        ArgumentSpec("orderBy", f"{names.group_order_name(node)} | None"),
        ArgumentSpec("first", "int | None"),
    )
    doc = (
        "The nodes of the list in groups, by default the largest first. A node is in each group "
        "that it belongs to."
    )
    return FieldSpec("groupBy", f"list[{names.group_name(node)}]", doc, arguments)
