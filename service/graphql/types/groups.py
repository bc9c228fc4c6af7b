"""Make the types of groups, and the inputs of ``groupBy``."""

from schema.model import NodeType
from schema.names import ID
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.aggregates import aggregated_properties
from service.graphql.types.inputs import list_arguments
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry
from service.query.groups import PARTS, has_parts

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
        fields.append(FieldSpec(prop.name, f"{of} | None", prop.doc))
    for link in vocabulary.links(node).values():
        by = names.group_by_name(names.order_target(link))
        fields.append(FieldSpec(link.name, f"{by} | None", link.doc))
    fields += [
        FieldSpec(
            names.subtype_field(one),
            f"{names.group_by_name(one)} | None",
            f"Group only nodes of this type. {one.doc}",
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
        ArgumentSpec(
            "by",
            names.group_by_name(node),
            "The value, part of a date, or path of links to group by.",
        ),
        ArgumentSpec("having", f"{names.having_name(node)} | None", "The filter of groups."),
        ArgumentSpec(
            "orderBy",
            f"{names.group_order_name(node)} | None",
            "The order of groups; by default the largest come first. Nulls come last, ties by key.",
        ),
        ArgumentSpec("first", "int | None", "The number of groups."),
    )
    doc = "The nodes of the list in groups. A node is in each group that it belongs to."
    return FieldSpec("groupBy", f"list[{names.group_name(node)}]", doc, arguments)
