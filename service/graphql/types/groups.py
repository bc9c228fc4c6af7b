"""The types of groups of a list, and the inputs that say by what nodes are grouped."""

from schema.names import ID
from schema.terms import NodeType
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.aggregates import aggregated
from service.graphql.types.inputs import list_arguments
from service.graphql.types.registry import Argument, FieldOf, Registry
from service.query.groups import PARTS, has_parts

PART = "DatePart"
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
        of = PART if has_parts(prop) else "bool"
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
