"""Make the types of aggregates: one for each type of value, one for each node type."""

from schema.model import NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry
from service.graphql.types.scalars import graphql_type
from service.query.value_types import value_type

COUNT = FieldSpec("count", "int", "The number of values that are not null.")
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
    return [one.name for one in (COUNT, DISTINCT, *_aggregates(prop))]


def add_aggregates(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the types of aggregates to a registry."""
    for node in vocabulary.nodes.values():
        fields = [FieldSpec("count", "int", "The number of nodes.")]
        for prop in aggregated_properties(node):
            name = property_aggregate_name(prop)
            if name not in registry:
                doc = "Aggregates of the values of one property."
                registry.add("type", name, [COUNT, DISTINCT, *_aggregates(prop)], doc)
            fields.append(FieldSpec(prop.name, name, prop.doc, _arguments(prop)))
        doc = f"Aggregates of {node.plural}."
        registry.add("type", names.aggregate_name(node), fields, doc)


def _arguments(prop: Property) -> tuple[ArgumentSpec, ...]:
    """Return the argument that includes what aggregates of a property leave out, if they do."""
    left_out = prop.measure.exclusions if prop.measure else ()
    kinds = dict.fromkeys(type(one.inclusion).__name__ for one in left_out)
    return tuple(ArgumentSpec(INCLUDE, f"list[{kind}] | None", INCLUDE_DOC) for kind in kinds)
