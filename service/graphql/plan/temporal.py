"""Plan the times of an operation (``@asOf``), and the history of a node."""

from collections.abc import Sequence
from datetime import datetime

from graphql import (
    ArgumentNode,
    DirectiveNode,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    parse_type,
)

from graph_seed.values import parse_edtf
from schema import rules
from schema.model import NodeType
from service.errors import BadUserInput
from service.graphql.options import time_as_json
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
        {name: make_parameter(one, time_as_json) for name, one in given.items() if one is not None},
    )


def add_as_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, added: Sequence[str]
) -> OperationDefinitionNode:
    """Return an operation with ``@asOf``, whose arguments are variables named by ``time_variable``.

    One that has times of its own is returned as it is.
    """
    directive = schema.get_directive(names.AS_OF)
    own = [one for one in operation.directives or () if one.name.value == names.AS_OF]
    if directive is None or any(one.arguments for one in own):
        return operation
    variables = {name: VariableNode(name=NameNode(value=time_variable(name))) for name in added}
    declared = tuple(
        VariableDefinitionNode(
            variable=one, type=parse_type(str(directive.args[name].type)), directives=()
        )
        for name, one in variables.items()
    )
    arguments = tuple(
        ArgumentNode(name=NameNode(value=name), value=one) for name, one in variables.items()
    )
    others = tuple(one for one in operation.directives or () if one not in own)
    asked = DirectiveNode(name=NameNode(value=names.AS_OF), arguments=arguments)
    return OperationDefinitionNode(
        loc=operation.loc,
        operation=operation.operation,
        name=operation.name,
        variable_definitions=(*(operation.variable_definitions or ()), *declared),
        directives=(*others, asked),
        selection_set=operation.selection_set,
    )


def time_variable(name: str) -> str:
    """Return the variable of an argument of ``@asOf``, which no document should have."""
    return f"__parley_{name}"


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
