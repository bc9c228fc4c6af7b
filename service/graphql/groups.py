"""Groups in GraphQL: their types, computed from the vocabulary, and their planning."""

from collections.abc import Mapping
from typing import Protocol

from schema import scalars
from schema.names import ID
from schema.terms import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql import names
from service.graphql.aggregates import aggregated, plan_aggregate
from service.graphql.arguments import fields_of, word
from service.graphql.document import Asked
from service.graphql.group_inputs import having_of, order_of
from service.graphql.inputs import list_arguments
from service.graphql.planning import NodeReader, Path, first_of
from service.graphql.registry import Argument, FieldOf, Registry
from service.query.connections import Connection
from service.query.fields import TotalCount, TypeName
from service.query.groups import PARTS, GroupField, GroupKey, GroupNode, Groups, KeyValue


class PlanList(Protocol):
    """What plans a list of nodes of a type."""

    def __call__(
        self, asked: Asked, given: Mapping[str, object], path: Path, *, node: NodeType
    ) -> Connection:
        """The list that is asked for, with its arguments."""


PART = "DatePart"
DATED = {scalars.EDTF, scalars.DATE, scalars.DATE_TIME}
PART_DOCS = {"YEAR": "`2017`", "QUARTER": "`2017-Q4`", "MONTH": "`2017-11`", "DAY": "`2017-11-07`"}


def add_groups(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add the types of groups, and by what each type's nodes can be grouped."""
    registry.enumeration(
        PART,
        [(one, PART_DOCS[one]) for one in PARTS],
        "A part of a date by which nodes are grouped; a date that does not lie in one has none.",
    )
    key = [
        FieldOf("value", "str | None", "The value, the part of a date, or the id; none if absent."),
        FieldOf("node", f"{vocabulary.root.label} | None", "The node, where nodes are grouped by."),
    ]
    registry.add("type", "GroupKey", key, "What the nodes of a group have in common.")
    for node in vocabulary.nodes.values():
        _add_by(registry, vocabulary, node)
        _add_group(registry, node)


def _add_by(registry: Registry, vocabulary: Vocabulary, node: NodeType) -> None:
    fields = [FieldOf(ID, "bool | None", "Each node by itself.")]
    for prop in aggregated(node):
        of = PART if prop.scalar in DATED else "bool"
        fields.append(FieldOf(prop.name, f"{of} | None", prop.doc))
    for link in vocabulary.links(node).values():
        by = names.group_by_name(names.order_target(link))
        fields.append(FieldOf(link.name, f"{by} | None", link.doc))
    fields += [
        FieldOf(
            names.kind_field(one),
            f"{names.group_by_name(one)} | None",
            f"Only what is one: {one.doc}",
        )
        for one in names.kinds(vocabulary, node)
    ]
    registry.add("one_of", names.group_by_name(node), fields, f"By what {node.plural} are grouped.")


def _add_group(registry: Registry, node: NodeType) -> None:
    arguments = list_arguments(names.where_name(node), names.order_name(node))
    fields = [
        FieldOf("key", "GroupKey", "What they have in common."),
        FieldOf("count", "int", "How many they are."),
        FieldOf("aggregate", names.aggregate_name(node), "What they say together."),
        FieldOf("members", names.connection_name(node.label), "They.", arguments),
        group_field(node),
    ]
    registry.add("type", names.group_name(node), fields, f"A group of {node.plural}.")


def group_field(node: NodeType) -> FieldOf:
    """The field that groups a list's nodes."""
    arguments = (
        Argument("by", names.group_by_name(node), "By a value, a part of a date, or along links."),
        Argument("having", f"{names.having_name(node)} | None", "Which groups."),
        Argument(
            "orderBy",
            f"{names.group_order_name(node)} | None",
            "Which groups first: the largest, if not said; absent values come last, ties by key.",
        ),
        Argument("first", "int | None", "How many groups."),
    )
    doc = "The list's nodes in groups; a node is in each group that it belongs to."
    return FieldOf("groupBy", f"list[{names.group_name(node)}]", doc, arguments)


def plan_groups(
    reader: NodeReader, plan_list: PlanList, asked: Asked, node: NodeType, path: Path
) -> Groups:
    """The groups of a list of nodes of a type."""
    given = reader.document.arguments(asked)
    way, prop, part, at = _by(reader, fields_of(given["by"]), node, path)
    first = first_of(reader, given, path)
    order = order_of(fields_of(given.get("orderBy")), node)
    having = having_of(reader.arguments, fields_of(given.get("having")), node)
    fields: list[GroupField] = []
    for one in reader.document.fields(asked, names.group_name(node)):
        below = (*path, one.key)
        match one.name:
            case "count":
                fields.append(TotalCount(one.key))
            case "key":
                fields.append(_key(reader, one, at, prop, below))
            case "aggregate":
                fields.append(plan_aggregate(reader.document, one, node))
            case "members":
                fields.append(plan_list(one, reader.document.arguments(one), below, node=node))
            case "groupBy":
                fields.append(plan_groups(reader, plan_list, one, node, below))
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


def _key(
    reader: NodeReader, asked: Asked, at: NodeType, prop: Property | None, path: Path
) -> GroupKey:
    """Plan a group's key; only groups by nodes (``prop`` is None) have a node in it."""
    fields: list[TypeName | KeyValue | GroupNode] = []
    for one in reader.document.fields(asked, "GroupKey"):
        if one.name == "value":
            fields.append(KeyValue(one.key))
        elif one.name == "node":
            selection = reader.reads(one, (at,), (*path, one.key)) if prop is None else None
            fields.append(GroupNode(one.key, selection))
        else:
            fields.append(TypeName(one.key))
    return GroupKey(asked.key, tuple(fields))


def _by(
    reader: NodeReader, given: Mapping[str, object], node: NodeType, path: Path
) -> tuple[tuple[Link | NodeType, ...], Property | None, str | None, NodeType]:
    """The way to follow, the property at its end (none for the node itself), which part of it."""
    way: list[Link | NodeType] = []
    while True:
        ((name, value),) = given.items()
        link = reader.vocabulary.links(node).get(name)
        kinds = {names.kind_field(one): one for one in names.kinds(reader.vocabulary, node)}
        if link is None and name not in kinds:
            break
        way.append(link or kinds[name])
        node = names.order_target(link) if link else kinds[name]
        given = fields_of(value)
    prop = None if name == ID else node.properties[name]
    if prop is not None and prop.scalar in DATED:
        return tuple(way), prop, word(value), node
    if value is not True:
        reader.mistake(f"by: {name}: false groups by nothing; write {name}: true.", path)
    return tuple(way), prop, None, node
