"""Plan a full-text search: its words, its types, the fields of its hits."""

from collections.abc import Mapping

from schema.model import NodeType
from schema.names import EVIDENCE, START
from service.graphql.plan.arguments import enum_name
from service.graphql.plan.context import FieldPath, PlanContext, plan_first
from service.graphql.plan.document import CollectedField
from service.query.edges import EdgeNode
from service.query.emitter import TypeName
from service.query.filters import OrderKey
from service.query.nodes import ToOne
from service.query.parameters import make_parameter
from service.query.search import Counts, HitField, Hits, Search
from service.query.snippets import lucene_words, names_per_word, query_words


def plan_search(
    context: PlanContext, asked: CollectedField, given: Mapping[str, object], path: FieldPath
) -> Search:
    """Return a full-text search with these arguments."""
    text = given["text"]
    asked_types = given.get("types")
    chosen = {enum_name(one) for one in asked_types} if isinstance(asked_types, list) else None
    types = tuple(
        node
        for node in context.vocabulary.concrete
        if (chosen is None or node.label in chosen)
        and any(prop.searched for prop in node.properties.values())
    )
    first = plan_first(context, given, path)
    fields: list[TypeName | Hits | Counts] = []
    for one in context.document.fields(asked, "SearchResult"):
        if one.name == "hits":
            hits = context.document.fields(one, "SearchHit")
            fields.append(
                Hits(one.key, tuple(_hit(context, h, types, (*path, one.key, h.key)) for h in hits))
            )
        elif one.name == "counts":
            pairs = context.document.plain_fields(one, "SearchCount")
            fields.append(Counts(one.key, tuple(HitField(*pair) for pair in pairs)))
        else:
            fields.append(TypeName(one.key))
    return Search(
        asked.key,
        context.arguments.guards.specialize(text, lambda one: bool(_words(one))),
        make_parameter(text, _words),
        make_parameter(text, lambda one: lucene_words(_words(one))),
        make_parameter(text, lambda one: names_per_word(len(_words(one)))),
        types,
        first,
        tuple(fields),
    )


def _words(text: object) -> list[str]:
    return list(query_words(str(text)))


def _hit(
    context: PlanContext, asked: CollectedField, types: tuple[NodeType, ...], path: FieldPath
) -> HitField | EdgeNode | ToOne:
    if asked.name == "node":
        return EdgeNode(asked.key, context.plan_selection(asked, types, path))
    if asked.name == "passage":
        links = [context.vocabulary.links(t).get(EVIDENCE) for t in context.vocabulary.concrete]
        link = next(one for one in links if one is not None)
        order = (OrderKey((), link.targets[0].properties[START], descending=False),)
        return ToOne(
            asked.key, link, context.plan_selection(asked, link.targets, path), first_by=order
        )
    return HitField(asked.key, asked.name)
