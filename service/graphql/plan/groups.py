"""Plan the groups of a list and the aggregates: by what, which groups, in which order."""

from collections.abc import Mapping
from typing import Protocol

from schema.model import Link, NodeType, Property
from schema.names import ID
from service.graphql.plan.arguments import Arguments, enum_name, input_fields
from service.graphql.plan.context import FieldPath, PlanContext, plan_first
from service.graphql.plan.document import CollectedField, Document
from service.graphql.types import names
from service.graphql.types.groups import INCLUDE, KEY, aggregate_properties, property_aggregate_name
from service.query.aggregates import Aggregate, PropertyAggregate
from service.query.connections import Connection
from service.query.emitter import TotalCount, TypeName
from service.query.filters import COUNT
from service.query.groups import (
    AggregateRef,
    GroupField,
    GroupKey,
    GroupNode,
    GroupOrder,
    Groups,
    Having,
    KeyValue,
    has_parts,
)


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


class PlanList(Protocol):
    """A function that plans a list of nodes of a type."""

    def __call__(
        self,
        asked: CollectedField,
        given: Mapping[str, object],
        path: FieldPath,
        *,
        node: NodeType,
    ) -> Connection:
        """Return the connection of a field with these arguments."""


def plan_groups(
    context: PlanContext,
    plan_list: PlanList,
    asked: CollectedField,
    node: NodeType,
    path: FieldPath,
) -> Groups:
    """Return the groups of a list of nodes of a type."""
    given = context.document.arguments(asked)
    way, prop, part, at = _by(context, input_fields(given["by"]), node, path)
    first = plan_first(context, given, path)
    order = plan_group_order(input_fields(given.get("orderBy")), node)
    having = plan_having(context.arguments, input_fields(given.get("having")), node)
    fields: list[GroupField] = []
    for one in context.document.fields(asked, names.group_name(node)):
        below = (*path, one.key)
        match one.name:
            case "count":
                fields.append(TotalCount(one.key))
            case "key":
                fields.append(_plan_key(context, one, at, prop, below))
            case "aggregate":
                fields.append(plan_aggregate(context.document, one, node))
            case "members":
                fields.append(plan_list(one, context.document.arguments(one), below, node=node))
            case "groupBy":
                fields.append(plan_groups(context, plan_list, one, node, below))
            case _:
                fields.append(TypeName(one.key))
    return Groups(
        asked.key,
        names.group_name(node),
        way,
        prop,
        part,
        order,
        having,
        first,
        tuple(fields),
    )


def _plan_key(
    context: PlanContext,
    field: CollectedField,
    node_type: NodeType,
    prop: Property | None,
    path: FieldPath,
) -> GroupKey:
    """Plan the key of a group: a value of ``prop``, or the node itself if ``prop`` is None."""
    fields: list[TypeName | KeyValue | GroupNode] = []
    for one in context.document.fields(field, "GroupKey"):
        if one.name == "value":
            fields.append(KeyValue(one.key))
        elif one.name == "node":
            selection = (
                context.plan_selection(one, (node_type,), (*path, one.key))
                if prop is None
                else None
            )
            fields.append(GroupNode(one.key, selection))
        else:
            fields.append(TypeName(one.key))
    return GroupKey(field.key, tuple(fields))


def _by(
    context: PlanContext, given: Mapping[str, object], node: NodeType, path: FieldPath
) -> tuple[tuple[Link | NodeType, ...], Property | None, str | None, NodeType]:
    """Return the path, the property at its end (None: the node), its part, the type there."""
    way: list[Link | NodeType] = []
    while True:
        ((name, value),) = given.items()
        link = context.vocabulary.links(node).get(name)
        kinds = {names.subtype_field(one): one for one in names.subtypes(context.vocabulary, node)}
        if link is None and name not in kinds:
            break
        way.append(link or kinds[name])
        node = names.order_target(link) if link else kinds[name]
        given = input_fields(value)
    prop = None if name == ID else node.properties[name]
    if prop is not None and has_parts(prop):
        return tuple(way), prop, enum_name(value), node
    if value is not True:
        context.report(f"by: {name}: false groups by nothing; write {name}: true.", path)
    return tuple(way), prop, None, node


def plan_group_order(given: Mapping[str, object], node: NodeType) -> GroupOrder:
    """Return the ordering of groups; by default the largest come first."""
    if not given:
        return GroupOrder(AggregateRef(COUNT), descending=True)
    ((name, value),) = given.items()
    if name in {COUNT.name, KEY}:
        return GroupOrder(
            AggregateRef(COUNT) if name == COUNT.name else None, _is_descending(value)
        )
    ((aggregate, direction),) = input_fields(value).items()
    return GroupOrder(AggregateRef(node.properties[name], aggregate), _is_descending(direction))


def plan_having(
    arguments: Arguments, given: Mapping[str, object], node: NodeType
) -> tuple[Having, ...]:
    """Return the conditions on aggregates of groups."""
    found: list[Having] = []
    for name, value in given.items():
        if name == COUNT.name:
            found += [
                Having(AggregateRef(COUNT), one)
                for one in arguments.compare(COUNT, input_fields(value))
            ]
            continue
        prop = node.properties[name]
        properties = aggregate_properties(prop)
        for aggregate, compared in input_fields(value).items():
            every = arguments.compare(properties[aggregate], input_fields(compared))
            found += [Having(AggregateRef(prop, aggregate), one) for one in every]
    return tuple(found)


def _is_descending(direction: object) -> bool:
    return enum_name(direction) == names.DESC
