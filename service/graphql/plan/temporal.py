"""Plan the times of an operation (``@asOf``), and the history of a node."""

from datetime import datetime

from graph_seed.values import parse_edtf
from schema import rules
from schema.model import NodeType
from service.errors import BadUserInput
from service.graphql.plan.context import FieldPath, PlanContext, plan_first
from service.graphql.plan.document import CollectedField, Document
from service.graphql.plan.paging import require_int
from service.graphql.types import names
from service.query.emitter import TypeName
from service.query.history import History, VersionField
from service.query.operation import AsOf
from service.query.parameters import make_parameter


def plan_history(
    context: PlanContext, asked: CollectedField, node: NodeType, path: FieldPath
) -> History:
    """Return the plan of a node's history: its latest versions."""
    load = context.vocabulary.by_kind[rules.LOAD]
    first = plan_first(context, context.document.arguments(asked), path)
    fields: list[TypeName | VersionField] = []
    for one in context.document.fields(asked, "NodeVersion"):
        if one.name == "__typename":
            fields.append(TypeName(one.key))
        elif one.name == "changes":
            below = context.document.plain_fields(one, "Change")
            fields.append(VersionField(one.key, one.name, below))
        elif one.name == "load":
            selection = context.plan_selection(one, (load,), (*path, one.key))
            fields.append(VersionField(one.key, one.name, selection=selection))
        else:
            fields.append(VersionField(one.key, one.name))
    return History(asked.key, node, load, tuple(fields), first)


def plan_as_of(document: Document) -> AsOf | None:
    """Return the times that an operation is answered as of; raises BadUserInput."""
    given = document.directive(names.AS_OF)
    if given is None:
        return None
    version, system_time, valid_time = (
        given.get(one) for one in (names.VERSION, names.SYSTEM_TIME, names.VALID_TIME)
    )
    if version is not None and system_time is not None:
        raise BadUserInput("@asOf: give version or systemTime, not both.")
    days = None
    if valid_time is not None:
        days = (make_parameter(valid_time, _first_day), make_parameter(valid_time, _last_day))
    return AsOf(
        make_parameter(version, _version) if version is not None else None,
        make_parameter(system_time, _moment) if system_time is not None else None,
        days,
    )


def _version(value: object) -> int:
    number = require_int(value)
    if number < 0:
        raise BadUserInput(f"@asOf: version is {number}; give a version of the graph, from 0 on.")
    return number


def _moment(system_time: object) -> str:
    """Return a moment as text: the driver takes ten times as long to send a datetime."""
    if not isinstance(system_time, datetime):
        raise TypeError(system_time)
    return system_time.isoformat()


def _first_day(valid_time: object) -> object:
    return parse_edtf(str(valid_time)).earliest


def _last_day(valid_time: object) -> object:
    return parse_edtf(str(valid_time)).latest
