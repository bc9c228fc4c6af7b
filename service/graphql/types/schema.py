"""Make the GraphQL schema: objects, interfaces, unions, connections, root fields."""

from collections.abc import Iterable, Mapping

import strawberry

from schema.enumerations import Validity
from schema.model import Link, NodeType, Property
from schema.names import VALIDITY
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.changes import CHANGES_FIELD, add_changes
from service.graphql.types.deprecations import DEPRECATIONS
from service.graphql.types.groups import (
    add_aggregates,
    add_group_inputs,
    add_groups,
    make_group_field,
)
from service.graphql.types.inputs import (
    HISTORY_FIELD,
    add_inputs,
    add_temporal_types,
    list_arguments,
)
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry, enum_values
from service.graphql.types.scalars import custom_scalars, graphql_type

EDTF_DATE_FIELDS = (
    FieldSpec("edtf", "EDTF", "The date in the Extended Date/Time Format (EDTF)."),
    FieldSpec("earliest", "Date | None", "The first day that it can be; null if it is open."),
    FieldSpec("latest", "Date | None", "The last day that it can be; null if it is open."),
    FieldSpec("approximate", "bool", "Whether the source gives it as approximate."),
    FieldSpec("words", "str", "The date in words: `November 2017`."),
)
PAGE_INFO_FIELDS = (
    FieldSpec("hasNextPage", "bool", "Whether the list has more nodes after this page."),
    FieldSpec("hasPreviousPage", "bool", "Whether the list has nodes before this page."),
    FieldSpec(
        "startCursor", "str | None", "The cursor of the first edge; null if the page is empty."
    ),
    FieldSpec("endCursor", "str | None", "The cursor of the last edge; null if the page is empty."),
)


def make_schema(
    vocabulary: Vocabulary, deprecations: Mapping[str, str] = DEPRECATIONS
) -> strawberry.Schema:
    """Return the Strawberry schema of a vocabulary."""
    registry = Registry(deprecations)
    for name, (python, definition) in custom_scalars().items():
        registry.scalar(name, python, definition)
    for enumeration in vocabulary.enumerations:
        registry.enumeration(
            enumeration.__name__, enum_values(enumeration), enumeration.__doc__ or ""
        )
    registry.enumeration(
        "NodeKind", [(n.label, n.doc) for n in vocabulary.concrete], "The types of nodes."
    )
    registry.add("type", "EdtfDate", EDTF_DATE_FIELDS, "A date as precise as its source gives it.")
    registry.add("type", "PageInfo", PAGE_INFO_FIELDS, "The place of a page in its list.")
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
    add_temporal_types(registry)
    add_changes(registry)
    registry.add("type", "Query", _root_fields(vocabulary), "The root of every query.")
    return registry.schema()


def property_annotation(prop: Property) -> str:
    """Return the annotation of a property in responses."""
    text = prop.enumeration.__name__ if prop.enumeration else graphql_type(prop).output
    text = f"list[{text}]" if prop.many else text
    return text if prop.required else f"{text} | None"


def _add_node(registry: Registry, vocabulary: Vocabulary, node: NodeType) -> None:
    fields = [
        FieldSpec("id", "ID", "The id. It is readable, but treat it as opaque."),
        FieldSpec("caption", "str", "One line that describes the node to a reader."),
        FieldSpec(
            "recordedIn", "int", "The version of the graph in which it was recorded as it is now."
        ),
    ]
    fields += [
        FieldSpec(prop.name, property_annotation(prop), prop.doc)
        for prop in node.properties.values()
    ]
    fields += [FieldSpec(one.name, "str", one.doc) for one in node.computed]
    if node.valid_period:
        doc = "Whether it is valid at the time of `@asOf(validTime:)`; null without one."
        fields.append(FieldSpec(VALIDITY, f"{Validity.__name__} | None", doc))
    fields += [_link_field(vocabulary, link) for link in vocabulary.links(node).values()]
    fields.append(HISTORY_FIELD)
    registry.add(
        "type" if node.concrete else "interface",
        node.label,
        fields,
        node.doc if node is not vocabulary.root else "Any node of the graph.",
        bases=[node.ancestors[0].label] if node.ancestors else (),
    )


def _link_field(vocabulary: Vocabulary, link: Link) -> FieldSpec:
    if link.one:
        target = names.target_name(link)
        null = "" if names.is_never_null(vocabulary, link) else " | None"
        return FieldSpec(link.name, f"{target}{null}", link.doc)
    return FieldSpec(
        link.name,
        names.connection_name(link.type_name),
        link.doc,
        list_arguments(names.link_where_name(link), names.link_order_name(link)),
    )


def _add_link(registry: Registry, vocabulary: Vocabulary, link: Link) -> None:
    if len(link.targets) > 1:
        members = [node.label for node in vocabulary.concrete_of(*link.targets)]
        registry.union(
            link.type_name, members, f"The types of nodes of {link.owner.label}.{link.name}."
        )
    if not link.one:
        properties = [
            FieldSpec(prop.name, property_annotation(prop), prop.doc)
            for prop in link.properties.values()
        ]
        if link.relationship is not None:
            properties.append(
                FieldSpec(
                    "recordedIn",
                    "int",
                    "The version of the graph in which the relationship was recorded.",
                )
            )
        target = names.target_name(link)
        of = names.order_target(link)
        _add_connection(registry, link.type_name, target, of, properties, link.doc)


def _add_connection(
    registry: Registry,
    stem: str,
    node: str,
    of: NodeType,
    properties: Iterable[FieldSpec],
    doc: str,
) -> None:
    registry.add(
        "type",
        names.edge_name(stem),
        [
            FieldSpec(
                "cursor",
                "str",
                "The place of the edge in the order of its list, for `after` and `before`.",
            ),
            FieldSpec("node", node),
            *properties,
        ],
        f"An edge of a page: {doc}",
    )
    registry.add(
        "type",
        names.connection_name(stem),
        [
            FieldSpec("edges", f"list[{names.edge_name(stem)}]"),
            FieldSpec("nodes", f"list[{node}]"),
            FieldSpec("pageInfo", "PageInfo"),
            FieldSpec(
                "totalCount",
                "int",
                "The number of nodes of the whole list. It is counted only if you select it.",
            ),
            FieldSpec("aggregate", names.aggregate_name(of)),
            make_group_field(of),
        ],
        doc,
    )


def _add_search(registry: Registry, vocabulary: Vocabulary) -> None:
    root = vocabulary.root.label
    registry.add(
        "type",
        "SearchHit",
        [
            FieldSpec("score", "float", "The relevance. Only its order has a meaning."),
            FieldSpec(
                "property",
                "str",
                "The property with most of the words, or the link to an entity that is named so.",
            ),
            FieldSpec(
                "snippet",
                "str",
                "The text in which they were found, as HTML with `<mark>` as its only tag.",
            ),
            FieldSpec("passage", "Passage | None", "The first passage that the node rests on."),
            FieldSpec("node", root, "The node that was found."),
        ],
        "A hit of a search.",
    )
    registry.add(
        "type",
        "SearchCount",
        [
            FieldSpec("type", "NodeKind", "The type of the nodes."),
            FieldSpec("count", "int", "Their number among the best 1,000 matches."),
        ],
        "The number of hits of one type.",
    )
    registry.add(
        "type",
        "SearchResult",
        [
            FieldSpec("hits", "list[SearchHit]", "The hits, the best first."),
            FieldSpec(
                "counts", "list[SearchCount]", "The number of hits of each type, the largest first."
            ),
        ],
        "The result of a search.",
    )


def _root_fields(vocabulary: Vocabulary) -> list[FieldSpec]:
    fields: list[FieldSpec] = []
    by_id = (ArgumentSpec("id", "ID"),)
    for node in vocabulary.nodes.values():
        if node is vocabulary.root:
            continue
        fields.append(FieldSpec(node.field, f"{node.label} | None", node.doc, by_id))
        fields.append(
            FieldSpec(
                node.plural,
                names.connection_name(node.label),
                f"A page of all {node.plural}.",
                list_arguments(names.where_name(node), names.order_name(node)),
            )
        )
    root = vocabulary.root.label
    ids = (ArgumentSpec("ids", "list[ID]", "The ids of the nodes, at most 100."),)
    search = (
        ArgumentSpec(
            "text", "str", "The words to search for. The last word may be the beginning of one."
        ),
        ArgumentSpec("types", "list[NodeKind] | None", "Search only nodes of these types."),
        ArgumentSpec("first", "int | None"),
    )
    return [
        *fields,
        FieldSpec(
            "node",
            f"{root} | None",
            "The node with this id, of any type; null if there is none.",
            by_id,
        ),
        FieldSpec(
            "nodes",
            f"list[{root} | None]",
            "Nodes by their ids, in the order of the ids; null for each id without a node.",
            ids,
        ),
        FieldSpec(
            "search",
            "SearchResult",
            "Full-text search that tolerates one typo a word and finds beginnings of words.",
            search,
        ),
        CHANGES_FIELD,
    ]
