"""The directive that asks as of a time, and the types of a node's history."""

from schema.names import HISTORY
from service.graphql.types import names
from service.graphql.types.registry import Argument, FieldOf, Registry

AS_OF_DOC = "Answers a query as of a time; without arguments as of the latest version, exactly."
AS_OF_ARGUMENTS = (
    Argument(names.KNOWN, "DateTime | None", "What the graph had recorded by then."),
    Argument(names.WORLD, "EDTF | None", "What held on that day: lists leave out what did not."),
)
HISTORY_FIELD = FieldOf(
    HISTORY,
    "list[NodeVersion]",
    "Its versions, the latest first: which loads changed it, and what each changed.",
    (Argument("first", "int | None", "How many."),),
)
VERSION_FIELDS = (
    FieldOf("version", "int", "The version of the graph."),
    FieldOf("load", "Load", "The load that made it: who, when, why."),
    FieldOf("changes", "list[Change]", "What it changed of the node and of the links from it."),
)
CHANGE_FIELDS = (
    FieldOf("name", "str", "The property or the link."),
    FieldOf("old", "str | None", "The value before, or the id that is no longer linked."),
    FieldOf("new", "str | None", "The value since, or the id that is linked since."),
)


def add_times(registry: Registry) -> None:
    """Add the directive that asks as of a time, and the types of a node's history."""
    registry.add("type", "NodeVersion", VERSION_FIELDS, "One version of a node.")
    registry.add("type", "Change", CHANGE_FIELDS, "What a version changed: a value, or a link.")
    registry.directive(names.AS_OF, AS_OF_ARGUMENTS, AS_OF_DOC)
