"""Plan the aggregates of a list."""

from schema.model import NodeType
from service.graphql.plan.arguments import enum_name
from service.graphql.plan.document import CollectedField, Document
from service.graphql.types import names
from service.graphql.types.aggregates import INCLUDE, property_aggregate_name
from service.query.aggregates import Aggregate, PropertyAggregate
from service.query.fields import TotalCount, TypeName


def plan_aggregate(document: Document, asked: CollectedField, node: NodeType) -> Aggregate:
    """Return the aggregates that are selected of a list of nodes of a type."""
    type_name = names.aggregate_name(node)
    fields: list[TypeName | TotalCount | PropertyAggregate] = []
    for one in document.fields(asked, type_name):
        if one.name == "__typename":
            fields.append(TypeName(one.key))
        elif one.name == "count":
            fields.append(TotalCount(one.key))
        else:
            prop = node.properties[one.name]
            of = property_aggregate_name(prop)
            below = document.plain_fields(one, of)
            given = document.arguments(one).get(INCLUDE)
            included = frozenset(map(enum_name, given if isinstance(given, list) else ()))
            fields.append(PropertyAggregate(one.key, prop, of, below, included))
    return Aggregate(asked.key, type_name, tuple(fields))
