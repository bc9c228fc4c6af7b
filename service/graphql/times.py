"""Planning what an operation asks of time: as of when it is answered, and a node's history."""

from datetime import datetime

from graph_seed.values import parse_edtf
from schema import rules
from schema.names import HISTORY
from schema.terms import NodeType
from service.graphql import names
from service.graphql.document import Asked, Document
from service.graphql.planning import NodeReader, Path, first_of
from service.graphql.registry import Argument, FieldOf, Registry
from service.query.fields import TypeName
from service.query.history import History, VersionField
from service.query.operation import AsOf
from service.query.parameters import make_parameter

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


def plan_history(reader: NodeReader, asked: Asked, node: NodeType, path: Path) -> History:
    """The latest versions of a node, so many as ``first`` says."""
    load = reader.vocabulary.by_kind[rules.LOAD]
    first = first_of(reader, reader.document.arguments(asked), path)
    fields: list[TypeName | VersionField] = []
    for one in reader.document.fields(asked, "NodeVersion"):
        if one.name == "__typename":
            fields.append(TypeName(one.key))
        elif one.name == "changes":
            below = reader.document.plain_fields(one, "Change")
            fields.append(VersionField(one.key, one.name, below))
        elif one.name == "load":
            selection = reader.reads(one, (load,), (*path, one.key))
            fields.append(VersionField(one.key, one.name, selection=selection))
        else:
            fields.append(VersionField(one.key, one.name))
    return History(asked.key, node, load, tuple(fields), first)


def plan_as_of(document: Document) -> AsOf | None:
    """As of when an operation is to be answered, where it says so."""
    given = document.directive(names.AS_OF)
    if given is None:
        return None
    known, world = given.get(names.KNOWN), given.get(names.WORLD)
    days = None
    if world is not None:
        days = (make_parameter(world, _first_day), make_parameter(world, _last_day))
    return AsOf(make_parameter(known, _moment) if known is not None else None, days)


def _moment(known: object) -> str:
    """A moment as Cypher's text: the driver takes ten times as long over a value that is one."""
    if not isinstance(known, datetime):
        raise TypeError(known)
    return known.isoformat()


def _first_day(world: object) -> object:
    return parse_edtf(str(world)).earliest


def _last_day(world: object) -> object:
    return parse_edtf(str(world)).latest
