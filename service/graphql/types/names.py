"""Compute the names of GraphQL types, inputs and fields, and which of them a type or link has."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, reduce

from schema.model import Link, NodeType, Property
from schema.vocabulary import Vocabulary

DIRECTION, COUNT_ORDER = "OrderDirection", "CountOrder"
ASC, DESC = "ASC", "DESC"
AS_OF, VERSION, SYSTEM_TIME, VALID_TIME = "asOf", "version", "systemTime", "validTime"
EDGE = "edge"
"""The field of a link's filter or ordering that is about the relationship itself."""


def target_name(link: Link) -> str:
    """Return the name of the type that a link leads to: a node type, or a union of several."""
    target = single_target_type(link)
    return target.label if target else link.type_name


def single_target_type(link: Link) -> NodeType | None:
    """Return the only type that a link can lead to, or None if there are several."""
    return link.targets[0] if len(link.targets) == 1 else None


@cache
def is_never_null(vocabulary: Vocabulary, link: Link) -> bool:
    """Return whether the field of a link to one is non-null.

    It is only if it is for every type that has a link of this name, so that fragments on several
    types may select the field beside one another (GraphQL spec, section 5.3.2).
    """
    named = (links.get(link.name) for links in vocabulary.own_links.values())
    return all(one.required for one in named if one is not None and one.one)


def connection_name(stem: str) -> str:
    """Return the name of a connection: ``StatementSpeakersConnection``."""
    return f"{stem}Connection"


def edge_name(stem: str) -> str:
    """Return the name of an edge: ``StatementSpeakersEdge``."""
    return f"{stem}Edge"


def aggregate_name(node: NodeType) -> str:
    """Return the name of the aggregates of a node type: ``TradeFigureAggregate``."""
    return f"{node.label}Aggregate"


def group_name(node: NodeType) -> str:
    """Return the name of a group of nodes of a type: ``StatementGroup``."""
    return f"{node.label}Group"


def group_by_name(node: NodeType) -> str:
    """Return the name of the input of ``groupBy``: ``StatementGroupBy``."""
    return f"{node.label}GroupBy"


def group_order_name(node: NodeType) -> str:
    """Return the name of the order of groups: ``StatementGroupOrder``."""
    return f"{node.label}GroupOrder"


def having_name(node: NodeType) -> str:
    """Return the name of the input type that filters groups of nodes: ``StatementHaving``."""
    return f"{node.label}Having"


def where_name(node: NodeType) -> str:
    """Return the name of the filter of a node type: ``PersonWhere``."""
    return f"{node.label}Where"


def link_where_name(link: Link) -> str:
    """Return the name of a link's filter: its target's, or its own if the link has more to test."""
    target = single_target_type(link)
    return where_name(target) if target and not link.properties else f"{link.type_name}Where"


def quantified_name(link: Link) -> str:
    """Return the name of the filter of a link to many, with ``some``, ``none`` and ``all``."""
    return link_where_name(link).removesuffix("Where") + "Quantified"


def order_name(node: NodeType) -> str:
    """Return the name of the ordering of a node type: ``PersonOrder``."""
    return f"{node.label}Order"


def common_ancestor(nodes: Iterable[NodeType]) -> NodeType:
    """Return the nearest common ancestor of types."""

    def nearest(one: NodeType, other: NodeType) -> NodeType:
        return next(a for a in (one, *one.ancestors) if other.is_a(a))

    return reduce(nearest, nodes)


def order_target(link: Link) -> NodeType:
    """Return the type by whose properties a list can be ordered through a link to one."""
    return common_ancestor(link.targets)


def link_order_name(link: Link) -> str:
    """Return the name of a link's ordering: its target's, or its own if edges have properties."""
    return (
        f"{link.type_name}Order" if edge_order_properties(link) else order_name(order_target(link))
    )


def edge_order_name(link: Link) -> str:
    """Return the name of the ordering by edge properties: ``EventParticipantsEdgeOrder``."""
    return f"{link.type_name}EdgeOrder"


@cache
def orderable_properties(vocabulary: Vocabulary, node: NodeType) -> Mapping[str, Property]:
    """Return the properties that a list of a type can be ordered by, by name.

    A type that others build on is ordered by any property of theirs too. Such a property is absent
    from nodes of other types, and no index of the type holds it.
    """
    own = {prop.name: prop for prop in node.properties.values()}
    below = (prop for one in vocabulary.concrete_of(node) for prop in one.properties.values())
    links = vocabulary.links(node)
    found = own | {
        prop.name: replace(prop, required=False, indexed=False)
        for prop in below
        if prop.name not in own and prop.name not in links
    }
    return {name: prop for name, prop in found.items() if not prop.many and not prop.attached}


def edge_order_properties(link: Link) -> Mapping[str, Property]:
    """Return the properties of a link's relationship that its list can be ordered by, by name."""
    return {name: prop for name, prop in link.properties.items() if not prop.many}


def filterable_properties(node: NodeType) -> list[Property]:
    """Return the properties of a type that have a filter."""
    return [prop for prop in node.properties.values() if not prop.attached]


def subtype_field(node: NodeType) -> str:
    """Return the field of a filter on several types that tests for one: ``tradeFigure``."""
    return node.field


def subtypes(vocabulary: Vocabulary, node: NodeType) -> tuple[NodeType, ...]:
    """Return the subtypes of a type that its filter can test for."""
    return () if node.concrete else vocabulary.concrete_of(node)
