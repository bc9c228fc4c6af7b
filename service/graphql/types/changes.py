"""Make the types of the list of changes: a change, its kind, and the connection."""

from service.graphql.types.inputs import PAGE_ARGUMENTS
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry
from service.query.change_fields import ADDED, CHANGED, EXPIRED

KINDS = (
    (ADDED, "It is in this version, and was not in the version before."),
    (CHANGED, "It is in both versions, with other values."),
    (EXPIRED, "It was in the version before, and no longer is."),
)
CHANGE_FIELDS = (
    FieldSpec(
        "id", "ID", "The id of the change, which stays the same. It is not the id of a node."
    ),
    FieldSpec("kind", "ChangeKind"),
    FieldSpec("version", "int", "The version of the graph that made the change."),
    FieldSpec("load", "Load", "The load that made the version: who, when, why."),
    FieldSpec(
        "nodeId", "ID", "The id of the node that changed, or from which the relationship leads."
    ),
    FieldSpec("nodeType", "NodeKind", "The type of that node."),
    FieldSpec(
        "caption",
        "str",
        "The caption of that node in this version; if the change is that something expired, in the "
        "version before.",
    ),
    FieldSpec(
        "node", "Node | None", "That node as the operation reads it; null if it is not there."
    ),
    FieldSpec(
        "link",
        "str | None",
        "The name of the link, if a relationship changed; null if the node itself did.",
    ),
    FieldSpec("targetId", "ID | None", "The id of the node to which the relationship leads."),
    FieldSpec("targetCaption", "str | None", "The caption of that node, at the time of `caption`."),
    FieldSpec(
        "target",
        "Node | None",
        "The node to which the relationship leads, as the operation reads it.",
    ),
    FieldSpec(
        "values",
        "list[Change]",
        "The properties with another value than before, of the node or the relationship.",
    ),
)
CONNECTION_FIELDS = (
    FieldSpec("edges", "list[GraphChangeEdge]"),
    FieldSpec("nodes", "list[GraphChange]"),
    FieldSpec("pageInfo", "PageInfo"),
    FieldSpec(
        "until",
        "int",
        "The last version whose changes are in the list: the `since` of your next request.",
    ),
)
EDGE_FIELDS = (FieldSpec("cursor", "str"), FieldSpec("node", "GraphChange"))
CHANGES_FIELD = FieldSpec(
    "changes",
    "GraphChangeConnection",
    "What the versions after `since` changed of nodes and relationships, in the order of versions. "
    "Loads are not listed: each change names its load.",
    (
        ArgumentSpec("since", "int", "The version after which to begin; 0 for all changes."),
        ArgumentSpec(
            "until", "int | None", "The last version to list; the version that is read by default."
        ),
        *PAGE_ARGUMENTS,
    ),
)


def add_changes(registry: Registry) -> None:
    """Add the types of the list of changes."""
    registry.enumeration("ChangeKind", KINDS, "What became of a node or a relationship.")
    doc = "A change of a node, or of a relationship that leads from it, in one version."
    registry.add("type", "GraphChange", CHANGE_FIELDS, doc)
    registry.add("type", "GraphChangeEdge", EDGE_FIELDS, "An edge of a page of changes.")
    registry.add("type", "GraphChangeConnection", CONNECTION_FIELDS, "A page of changes.")
