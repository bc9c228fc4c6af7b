"""Plan the list of changes: its versions, its page, the fields of each change."""

from collections.abc import Mapping

from schema import rules
from service.errors import BadUserInput
from service.graphql.plan.captions import make_selection, merge_branches, plan_caption
from service.graphql.plan.context import FieldPath, PlanContext
from service.graphql.plan.document import CollectedField
from service.graphql.plan.paging import bounded_int, page_arguments, require_int
from service.query.change_fields import ChangeField, ChangeSelection
from service.query.changes import ChangePage, Changes, UpTo, read_change_cursor
from service.query.connections import PageInfo
from service.query.edges import Cursor, EdgeField, EdgeNode, Edges, Nodes
from service.query.emitter import TypeName
from service.query.nodes import Branch, Selection
from service.query.parameters import Parameter, make_parameter

CHANGE = "GraphChange"


def plan_changes(
    context: PlanContext, asked: CollectedField, given: Mapping[str, object], path: FieldPath
) -> Changes:
    """Return the list of changes with these arguments; invalid ones are reported."""
    since, until = make_parameter(0, require_int), None
    page = ChangePage(bounded_int("first", 0, 0))
    try:
        since = _version("since", given["since"])
        if given.get("until") is not None:
            until = _version("until", given["until"])
        page = _page(context, given)
    except BadUserInput as error:
        context.report(str(error), path)
    fields: list[TypeName | Edges | Nodes | PageInfo | UpTo] = []
    for one in context.document.fields(asked, "GraphChangeConnection"):
        here = (*path, one.key)
        match one.name:
            case "nodes":
                fields.append(Nodes(one.key, _selection(context, one, here)))
            case "edges":
                fields.append(Edges(one.key, "GraphChangeEdge", _edge_fields(context, one, here)))
            case "pageInfo":
                fields.append(PageInfo(one.key, context.document.plain_fields(one, "PageInfo")))
            case "until":
                fields.append(UpTo(one.key))
            case _:
                fields.append(TypeName(one.key))
    return Changes(asked.key, tuple(fields), since, until, page)


def _version(name: str, given: object) -> Parameter[int]:
    def convert(value: object) -> int:
        number = require_int(value)
        if number < 0:
            raise BadUserInput(f"{name} is {number}; give a version of the graph, from 0 on.")
        return number

    return make_parameter(given, convert)


def _page(context: PlanContext, given: Mapping[str, object]) -> ChangePage:
    size, backward, text = page_arguments(given, context.arguments.limits)
    cursor = None
    if text is not None:
        cursor = make_parameter(text, lambda value: read_change_cursor(str(value)))
    return ChangePage(size, backward, cursor)


def _edge_fields(
    context: PlanContext, asked: CollectedField, path: FieldPath
) -> tuple[EdgeField, ...]:
    fields: list[EdgeField] = []
    for one in context.document.fields(asked, "GraphChangeEdge"):
        if one.name == "node":
            fields.append(EdgeNode(one.key, _selection(context, one, (*path, one.key))))
        elif one.name == "cursor":
            fields.append(Cursor(one.key))
        else:
            fields.append(TypeName(one.key))
    return tuple(fields)


def _selection(context: PlanContext, asked: CollectedField, path: FieldPath) -> ChangeSelection:
    load = context.vocabulary.by_kind[rules.LOAD]
    fields: list[TypeName | ChangeField] = []
    for one in context.document.fields(asked, CHANGE):
        here = (*path, one.key)
        match one.name:
            case "__typename":
                fields.append(TypeName(one.key))
            case "load":
                selection = context.plan_selection(one, (load,), here)
                fields.append(ChangeField(one.key, one.name, selection))
            case "node" | "target":
                selection = context.plan_selection(one, (context.vocabulary.root,), here)
                fields.append(ChangeField(one.key, one.name, selection))
            case "caption" | "targetCaption":
                fields.append(ChangeField(one.key, one.name, _captions(context)))
            case "values":
                pairs = context.document.plain_fields(one, "Change")
                fields.append(ChangeField(one.key, one.name, pairs=pairs))
            case _:
                fields.append(ChangeField(one.key, one.name))
    return ChangeSelection(load, tuple(fields))


def _captions(context: PlanContext) -> Selection:
    """Return what is read for the caption of a node of any type."""
    vocabulary = context.vocabulary
    branches = (
        Branch((node,), (plan_caption(vocabulary, "caption", node),))
        for node in vocabulary.concrete
    )
    return make_selection(merge_branches(branches))
