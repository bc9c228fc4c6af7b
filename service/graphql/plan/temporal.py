"""Planning the times of an operation, and the history of a node."""

from datetime import datetime

from graph_seed.values import parse_edtf
from schema import rules
from schema.terms import NodeType
from service.graphql.plan.context import NodeReader, Path, first_of
from service.graphql.plan.document import Asked, Document
from service.graphql.types import names
from service.query.fields import TypeName
from service.query.history import History, VersionField
from service.query.operation import AsOf
from service.query.parameters import make_parameter


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
