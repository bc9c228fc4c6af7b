"""Make the inputs of lists, filters and orderings, and the arguments of ``@asOf``."""

from collections.abc import Iterable, Mapping

from schema.model import Link, NodeType, Property
from schema.names import HISTORY, ID, RECORDED_IN
from schema.scalars import INT, TOKEN
from schema.vocabulary import Vocabulary
from service.graphql.types import names
from service.graphql.types.registry import ArgumentSpec, FieldSpec, Registry
from service.graphql.types.scalars import graphql_type
from service.query.filters import COUNT, Quantifier
from service.query.value_types import filter_name, operators

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
    (ArgumentSpec("first", "int | None"),),
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


ID_PROPERTY = Property(ID, TOKEN, required=True, many=False, doc="The id.")
RECORDED_IN_PROPERTY = Property(
    RECORDED_IN,
    INT,
    required=True,
    many=False,
    doc="The version in which it was recorded as it is now.",
)
EVERY_NODE = (ID_PROPERTY, RECORDED_IN_PROPERTY)
QUANTIFIERS: Mapping[Quantifier, str] = {
    "some": "At least one of the nodes meets this.",
    "none": "None of the nodes meets this.",
    "all": "All of the nodes meet this; true if there are none.",
}

PAGE_ARGUMENTS = (
    ArgumentSpec("first", "int | None"),
    ArgumentSpec("after", "str | None"),
    ArgumentSpec("last", "int | None"),
    ArgumentSpec("before", "str | None"),
)
"""The arguments of Relay's connections. Hundreds of lists have them: describe none here."""


def list_arguments(where: str, order: str) -> tuple[ArgumentSpec, ...]:
    """Return the arguments of a list, given the names of the types of its filter and ordering."""
    return (
        ArgumentSpec("where", f"{where} | None"),
        ArgumentSpec("orderBy", f"list[{order}] | None"),
        *PAGE_ARGUMENTS,
    )


def add_inputs(registry: Registry, vocabulary: Vocabulary) -> None:
    """Add every filter and ordering of a vocabulary."""
    registry.enumeration(
        names.DIRECTION,
        [(names.ASC, "The least value first."), (names.DESC, "The greatest value first.")],
        "The direction of an order. Nulls come last in both. Nodes that are equal in all keys are "
        "ordered by id, groups by key.",
    )
    direction = FieldSpec(COUNT.name, f"{names.DIRECTION} | None", COUNT.doc)
    registry.add(
        "one_of",
        names.COUNT_ORDER,
        [direction],
        "An order by the number of nodes that a link leads to.",
    )
    for node in vocabulary.nodes.values():
        for prop in (*EVERY_NODE, *names.filterable_properties(node)):
            add_filter(registry, prop)
        fields = _conditions(vocabulary, node)
        _add_where(registry, names.where_name(node), fields, f"A filter of {node.plural}.")
        _add_order(registry, vocabulary, node)
    for links in vocabulary.own_links.values():
        for link in links.values():
            _add_link_inputs(registry, vocabulary, link)
            _add_link_order(registry, vocabulary, link)


def value_annotation(prop: Property) -> str:
    """Return the annotation of a property's value in inputs."""
    if prop.name == ID:
        return "ID"
    return prop.enumeration.__name__ if prop.enumeration else graphql_type(prop).name


def id_or_filter_name(prop: Property) -> str:
    """Return the name of a property's filter; an id has one of its own, whose values are IDs."""
    return "IdFilter" if prop.name == ID else filter_name(prop)


def add_filter(registry: Registry, prop: Property) -> None:
    """Add the filter of a property's values, if it is not there."""
    name = id_or_filter_name(prop)
    if name in registry:
        return
    value = value_annotation(prop)
    annotations = {"one": value, "list": f"list[{value}]", "flag": "bool"}
    fields = [
        FieldSpec(one.name, f"{annotations[one.argument]} | None", one.doc)
        for one in operators(prop)
    ]
    doc = "A filter of values; all conditions have to hold."
    registry.add("input", name, fields, doc)


def _property_filters(properties: list[Property]) -> list[FieldSpec]:
    return [FieldSpec(p.name, f"{id_or_filter_name(p)} | None", p.doc) for p in properties]


def _conditions(vocabulary: Vocabulary, node: NodeType) -> list[FieldSpec]:
    fields = _property_filters([*EVERY_NODE, *names.filterable_properties(node)])
    for link in vocabulary.links(node).values():
        name = names.link_where_name(link) if link.one else names.quantified_name(link)
        fields.append(FieldSpec(link.name, f"{name} | None", link.doc))
    return fields + _kinds(names.subtypes(vocabulary, node))


def _kinds(nodes: Iterable[NodeType]) -> list[FieldSpec]:
    """Return a field for each type: the condition that a node is of it and meets its filter."""
    return [
        FieldSpec(
            names.subtype_field(one),
            f"{names.where_name(one)} | None",
            f"The node is of this type, and meets this filter. {one.doc}",
        )
        for one in nodes
    ]


def _add_where(registry: Registry, name: str, fields: list[FieldSpec], doc: str) -> None:
    logic = [
        FieldSpec("and", f"list[{name}] | None", "All of these hold."),
        FieldSpec("or", f"list[{name}] | None", "At least one of these holds."),
        FieldSpec("not", f"{name} | None", "This does not hold."),
    ]
    registry.add("input", name, [*fields, *logic], f"{doc} All conditions have to hold.")


def _add_link_inputs(registry: Registry, vocabulary: Vocabulary, link: Link) -> None:
    where = names.link_where_name(link)
    if where not in registry:
        target = names.single_target_type(link)
        if target:
            fields = _conditions(vocabulary, target)
        else:
            fields = _property_filters(list(EVERY_NODE)) + _kinds(link.targets)
        if link.properties:
            edge = f"{link.type_name}EdgeWhere"
            for prop in link.properties.values():
                add_filter(registry, prop)
            _add_where(
                registry,
                edge,
                _property_filters(list(link.properties.values())),
                "A filter of relationships.",
            )
            fields.append(
                FieldSpec(names.EDGE, f"{edge} | None", "The properties of the relationship.")
            )
        _add_where(registry, where, fields, f"A filter of {link.owner.label}.{link.name}.")
    quantified = names.quantified_name(link)
    if not link.one and quantified not in registry:
        fields = [FieldSpec(name, f"{where} | None", doc) for name, doc in QUANTIFIERS.items()]
        registry.add(
            "input",
            quantified,
            fields,
            "A condition on some, none or all of the nodes that a link leads to.",
        )


def _add_order(registry: Registry, vocabulary: Vocabulary, node: NodeType) -> None:
    fields = _order_fields(vocabulary, node)
    registry.add("one_of", names.order_name(node), fields, f"A key of an order of {node.plural}.")


def _order_fields(vocabulary: Vocabulary, node: NodeType) -> list[FieldSpec]:
    fields = _directions([*EVERY_NODE, *names.orderable_properties(vocabulary, node).values()])
    for link in vocabulary.links(node).values():
        of = names.order_name(names.order_target(link)) if link.one else names.COUNT_ORDER
        fields.append(FieldSpec(link.name, f"{of} | None"))
    return fields


def _directions(properties: Iterable[Property]) -> list[FieldSpec]:
    """Return the fields of an ordering; the type and its filter describe the properties."""
    return [FieldSpec(prop.name, f"{names.DIRECTION} | None") for prop in properties]


def _add_link_order(registry: Registry, vocabulary: Vocabulary, link: Link) -> None:
    """Add the ordering of a list whose relationships have properties."""
    properties = names.edge_order_properties(link)
    if link.one or not properties:
        return
    edge, of = names.edge_order_name(link), f"{link.owner.label}.{link.name}"
    registry.add(
        "one_of", edge, _directions(properties.values()), f"A key of an order by the edges of {of}."
    )
    fields = _order_fields(vocabulary, names.order_target(link))
    fields.append(FieldSpec(names.EDGE, f"{edge} | None", "The properties of the relationship."))
    registry.add("one_of", names.link_order_name(link), fields, f"A key of an order of {of}.")
