"""The GraphQL schema, computed from the vocabulary: objects, interfaces, unions, connections."""

from collections.abc import Iterable, Sequence

import strawberry

from schema.enumerations import Validity
from schema.names import VALIDITY
from schema.terms import Link, NodeType, Property
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.aggregates import add_aggregates
from service.graphql.types.group_inputs import add_group_inputs
from service.graphql.types.groups import add_groups, group_field
from service.graphql.types.inputs import add_inputs, list_arguments
from service.graphql.types.registry import Argument, FieldOf, Registry, words_of
from service.graphql.types.scalars import custom_scalars, graphql_type
from service.graphql.types.temporal import HISTORY_FIELD, add_times

EDTF_DATE_FIELDS = (
    FieldOf("edtf", "EDTF", "The date in the Extended Date/Time Format."),
    FieldOf("earliest", "Date | None", "The first day it can be; none where it is open."),
    FieldOf("latest", "Date | None", "The last day it can be; none where it is open."),
    FieldOf("approximate", "bool", "Whether its source says about."),
    FieldOf("words", "str", "The date as a reader would say it: `November 2017`."),
)
PAGE_INFO_FIELDS = (
    FieldOf("hasNextPage", "bool", "Whether the list goes on after this page."),
    FieldOf("hasPreviousPage", "bool", "Whether the list begins before this page."),
    FieldOf("startCursor", "str | None", "The cursor of the first edge."),
    FieldOf("endCursor", "str | None", "The cursor of the last edge."),
)


def make_schema(vocabulary: Vocabulary, extensions: Sequence[object] = ()) -> strawberry.Schema:
    """The Strawberry schema of a vocabulary; its fields are answered by ``extensions``."""
    registry = Registry()
    for name, (python, definition) in custom_scalars().items():
        registry.scalar(name, python, definition)
    for enumeration in vocabulary.enumerations:
        registry.enumeration(enumeration.__name__, words_of(enumeration), enumeration.__doc__ or "")
    registry.enumeration(
        "NodeKind", [(n.label, n.doc) for n in vocabulary.concrete], "A type of node."
    )
    registry.add("type", "EdtfDate", EDTF_DATE_FIELDS, "A date as precise as its source.")
    registry.add("type", "PageInfo", PAGE_INFO_FIELDS, "How a page lies in its list.")
    add_inputs(registry, vocabulary)
    add_aggregates(registry, vocabulary)
    add_group_inputs(registry, vocabulary)
    add_groups(registry, vocabulary)
    for node in vocabulary.nodes.values():
        _add_node(registry, vocabulary, node)
    for node in vocabulary.nodes.values():
        for link in vocabulary.own_links[node.label].values():
            _add_link(registry, vocabulary, link)
        doc = f"A page of {node.plural}."
        _add_connection(registry, node.label, node.label, node, (), doc)
    _add_search(registry, vocabulary)
    add_times(registry)
    registry.add("type", "Query", _root_fields(vocabulary), "Where every question begins.")
    return registry.schema(extensions)


def property_annotation(prop: Property) -> str:
    """The annotation of a property as it comes out."""
    text = prop.enumeration.__name__ if prop.enumeration else graphql_type(prop).output
    text = f"list[{text}]" if prop.many else text
    return text if prop.required else f"{text} | None"


def _add_node(registry: Registry, vocabulary: Vocabulary, node: NodeType) -> None:
    fields = [
        FieldOf("id", "ID", "Its id; readable, but opaque by contract."),
        FieldOf("caption", "str", "The one line a person would read."),
        FieldOf("recordedIn", "int", "The version of the graph that recorded it as it is."),
    ]
    fields += [
        FieldOf(prop.name, property_annotation(prop), prop.doc) for prop in node.properties.values()
    ]
    fields += [FieldOf(one.name, "str", one.doc) for one in node.computed]
    if node.held:
        doc = "Whether it is valid at the time of `@asOf(validTime:)`; null without one."
        fields.append(FieldOf(VALIDITY, f"{Validity.__name__} | None", doc))
    fields += [_link_field(vocabulary, link) for link in vocabulary.links(node).values()]
    fields.append(HISTORY_FIELD)
    registry.add(
        "type" if node.concrete else "interface",
        node.label,
        fields,
        node.doc if node is not vocabulary.root else "Anything the graph holds.",
        bases=[node.ancestors[0].label] if node.ancestors else (),
    )


def _link_field(vocabulary: Vocabulary, link: Link) -> FieldOf:
    if link.one:
        target = names.target_name(link)
        null = "" if names.is_never_null(vocabulary, link) else " | None"
        return FieldOf(link.name, f"{target}{null}", link.doc)
    return FieldOf(
        link.name,
        names.connection_name(link.type_name),
        link.doc,
        list_arguments(names.link_where_name(link), names.link_order_name(link)),
    )


def _add_link(registry: Registry, vocabulary: Vocabulary, link: Link) -> None:
    if len(link.targets) > 1:
        members = [node.label for node in vocabulary.concrete_of(*link.targets)]
        registry.union(link.type_name, members, f"What {link.owner.label}.{link.name} leads to.")
    if not link.one:
        properties = [
            FieldOf(prop.name, property_annotation(prop), prop.doc)
            for prop in link.properties.values()
        ]
        if link.relationship is not None:
            properties.append(
                FieldOf("recordedIn", "int", "The version of the graph that recorded the link.")
            )
        target = names.target_name(link)
        of = names.order_target(link)
        _add_connection(registry, link.type_name, target, of, properties, link.doc)


def _add_connection(
    registry: Registry,
    stem: str,
    node: str,
    of: NodeType,
    properties: Iterable[FieldOf],
    doc: str,
) -> None:
    registry.add(
        "type",
        names.edge_name(stem),
        [
            FieldOf("cursor", "str", "Where the edge stands in the order of its list."),
            FieldOf("node", node, "The node."),
            *properties,
        ],
        f"One of a page: {doc}",
    )
    registry.add(
        "type",
        names.connection_name(stem),
        [
            FieldOf("edges", f"list[{names.edge_name(stem)}]", "The page, edge by edge."),
            FieldOf("nodes", f"list[{node}]", "The page, node by node."),
            FieldOf("pageInfo", "PageInfo", "How the page lies in its list."),
            FieldOf("totalCount", "int", "How many the whole list has; it costs when asked."),
            FieldOf("aggregate", names.aggregate_name(of), "What the whole list says together."),
            group_field(of),
        ],
        doc,
    )


def _add_search(registry: Registry, vocabulary: Vocabulary) -> None:
    root = vocabulary.root.label
    registry.add(
        "type",
        "SearchHit",
        [
            FieldOf("score", "float", "How well it matches; only the order means anything."),
            FieldOf(
                "property",
                "str",
                "Where most of the words are: a property, or the link to what is named so.",
            ),
            FieldOf("snippet", "str", "Its text there, as HTML with nothing but `<mark>` in it."),
            FieldOf("passage", "Passage | None", "The first passage that it rests on."),
            FieldOf("node", root, "What was found."),
        ],
        "Something that a search found.",
    )
    registry.add(
        "type",
        "SearchCount",
        [
            FieldOf("type", "NodeKind", "The type."),
            FieldOf("count", "int", "How many of it, among the best 1,000 matches."),
        ],
        "How many hits are of one type.",
    )
    registry.add(
        "type",
        "SearchResult",
        [
            FieldOf("hits", "list[SearchHit]", "What was found, the best first."),
            FieldOf("counts", "list[SearchCount]", "How many of each type, the most first."),
        ],
        "What a search found.",
    )


def _root_fields(vocabulary: Vocabulary) -> list[FieldOf]:
    fields: list[FieldOf] = []
    by_id = (Argument("id", "ID", "Its id."),)
    for node in vocabulary.nodes.values():
        if node is vocabulary.root:
            continue
        fields.append(FieldOf(node.field, f"{node.label} | None", node.doc, by_id))
        fields.append(
            FieldOf(
                node.plural,
                names.connection_name(node.label),
                f"A page of all {node.plural}.",
                list_arguments(names.where_name(node), names.order_name(node)),
            )
        )
    root = vocabulary.root.label
    ids = (Argument("ids", "list[ID]", "Their ids, at most 100."),)
    search = (
        Argument("text", "str", "Words; any input is a search, the last word may be unfinished."),
        Argument("types", "list[NodeKind] | None", "Only nodes of these types."),
        Argument("first", "int | None", "How many hits."),
    )
    return [
        *fields,
        FieldOf("node", f"{root} | None", "The node with this id, whatever it is.", by_id),
        FieldOf("nodes", f"list[{root} | None]", "Nodes by their ids, in their order.", ids),
        FieldOf("search", "SearchResult", "Full text, with one typo and word beginnings.", search),
    ]
