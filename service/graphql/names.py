"""How GraphQL's types, inputs and fields are called, and which of them a link or a type has."""

from collections.abc import Iterable
from functools import reduce

from schema.terms import Link, NodeType, Property
from schema.vocabulary import Vocabulary

DIRECTION, COUNT_ORDER = "OrderDirection", "CountOrder"
ASC, DESC = "ASC", "DESC"
AS_OF, KNOWN, WORLD = "asOf", "known", "world"
EDGE = "edge"
"""In a filter on a link, what is asked of the relationship itself."""


def target_name(link: Link) -> str:
    """The type that a link leads to: the node type, or the union of several."""
    target = single_target(link)
    return target.label if target else link.type_name


def single_target(link: Link) -> NodeType | None:
    """The one type a link leads to, or None where it leads to several."""
    return link.targets[0] if len(link.targets) == 1 else None


def connection_name(stem: str) -> str:
    """The connection's type: ``StatementSpeakersConnection``."""
    return f"{stem}Connection"


def edge_name(stem: str) -> str:
    """The edge's type: ``StatementSpeakersEdge``."""
    return f"{stem}Edge"


def aggregate_name(node: NodeType) -> str:
    """What aggregates of a node type tell: ``TradeFigureAggregate``."""
    return f"{node.label}Aggregate"


def group_name(node: NodeType) -> str:
    """A group of nodes of a type: ``StatementGroup``."""
    return f"{node.label}Group"


def group_by_name(node: NodeType) -> str:
    """By what nodes of a type are grouped: ``StatementGroupBy``."""
    return f"{node.label}GroupBy"


def group_order_name(node: NodeType) -> str:
    """In which order groups come: ``StatementGroupOrder``."""
    return f"{node.label}GroupOrder"


def having_name(node: NodeType) -> str:
    """What groups have to meet: ``StatementHaving``."""
    return f"{node.label}Having"


def where_name(node: NodeType) -> str:
    """The filter of a node type: ``PersonWhere``."""
    return f"{node.label}Where"


def link_where_name(link: Link) -> str:
    """The filter of what a link leads to: the target's, or its own where more can be asked."""
    target = single_target(link)
    return where_name(target) if target and not link.properties else f"{link.type_name}Where"


def quantified_name(link: Link) -> str:
    """The filter of a link to many: ``some``, ``none``, ``all`` of that one."""
    return link_where_name(link).removesuffix("Where") + "Quantified"


def order_name(node: NodeType) -> str:
    """The ordering of a node type: ``PersonOrder``."""
    return f"{node.label}Order"


def common_ancestor(nodes: Iterable[NodeType]) -> NodeType:
    """The nearest type that all of these are."""

    def nearest(one: NodeType, other: NodeType) -> NodeType:
        return next(a for a in (one, *one.ancestors) if other.is_a(a))

    return reduce(nearest, nodes)


def order_target(link: Link) -> NodeType:
    """The type by whose properties a list can be ordered through a to-one link."""
    return common_ancestor(link.targets)


def orderable(node: NodeType) -> list[Property]:
    """The properties of a type that a list can be ordered by."""
    return [prop for prop in node.properties.values() if not prop.many and not prop.attached]


def filterable(node: NodeType) -> list[Property]:
    """The properties of a type that a list can be filtered by."""
    return [prop for prop in node.properties.values() if not prop.attached]


def kind_field(node: NodeType) -> str:
    """In a filter on several types, the key for one of them: ``tradeFigure``."""
    return node.field


def kinds(vocabulary: Vocabulary, node: NodeType) -> tuple[NodeType, ...]:
    """The types below one that others build on, each of which its filter can ask for."""
    return () if node.concrete else vocabulary.concrete_of(node)
