"""Define the directive ``@asOf`` and the types of a node's history."""

from schema.names import HISTORY
from service.graphql.types import names
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry

AS_OF_DOC = (
    "Answers a query as of a time: of one exact version of the graph, the latest if you give none, "
    "and of facts that are valid at a time."
)
AS_OF_ARGUMENTS = (
    ArgumentSpec(names.VERSION, "int | None", "The version of the graph to read."),
    ArgumentSpec(
        names.SYSTEM_TIME,
        "DateTime | None",
        "The moment by which the graph had recorded what is read; in place of `version`.",
    ),
    ArgumentSpec(
        names.VALID_TIME,
        "EDTF | None",
        "The day or period for which facts are read: lists leave out facts not valid then.",
    ),
)
HISTORY_FIELD = FieldSpec(
    HISTORY,
    "list[NodeVersion]",
    "The versions of the node, the latest first: the load that made each, and its changes.",
    (ArgumentSpec("first", "int | None", "The number of versions."),),
)
VERSION_FIELDS = (
    FieldSpec("version", "int", "The version of the graph."),
    FieldSpec("load", "Load", "The load that made the version: who, when, why."),
    FieldSpec("changes", "list[Change]", "What changed of the node and of the links from it."),
)
CHANGE_FIELDS = (
    FieldSpec("name", "str", "The name of the property or link."),
    FieldSpec(
        "old", "str | None", "The value before, or the id of a node that is no longer linked."
    ),
    FieldSpec("new", "str | None", "The value since, or the id of a node that is linked since."),
)


def add_temporal_types(registry: Registry) -> None:
    """Add the directive ``@asOf`` and the types of a node's history."""
    registry.add("type", "NodeVersion", VERSION_FIELDS, "One version of a node.")
    registry.add("type", "Change", CHANGE_FIELDS, "A change of a value or of a link.")
    registry.directive(names.AS_OF, AS_OF_ARGUMENTS, AS_OF_DOC)
