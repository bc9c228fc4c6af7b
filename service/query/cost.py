"""Bound the cost of an operation: the nodes that its answer could have.

Prices: a node costs 1, and 1 more for every 20 fields that are selected of it. A link to one adds a
node for each node that it is selected of, a list as many as its page has, a group the nodes that
are selected of it. Aggregates, counts and captions cost nothing beside the fields.

Where the graph is smaller than the pages, its statistics give a smaller bound: a list of a type has
no more nodes than that type, and a link no more than there are relationships, times how often a
node that it starts from can occur in the answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import cast

from schema.model import Link, NodeType
from service.query.change_fields import ChangeField, ChangeSelection
from service.query.changes import Changes
from service.query.connections import Connection, ConnectionField
from service.query.decoding import Path
from service.query.edges import EdgeNode, Edges, Nodes
from service.query.emitter import TypeName
from service.query.groups import GroupKey, GroupNode, Groups
from service.query.history import History
from service.query.nodes import (
    Fields,
    NodeById,
    NodesByIds,
    Selection,
    SelectionByType,
    SelectionOfType,
    ToOne,
)
from service.query.operation import Plan, RootField
from service.query.parameters import Parameter, Variables
from service.query.search import Hits, Search

FIELDS_PER_NODE = 20
"""The fields of a node that are paid with the node; as many more cost one more."""
HALVINGS = 40
"""The steps of the bisection that finds sizes which are allowed."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many nodes each label has, and how many relationships each type, at one time."""

    nodes: Mapping[str, int]
    relationships: Mapping[str, int]

    def count_nodes(self, types: Iterable[NodeType]) -> float:
        """Return how many nodes these types have; infinity if it is not known."""
        return sum(self.nodes.get(one.label, inf) for one in types)

    def count_relationships(self, link: Link) -> float:
        """Return how many relationships a link has; infinity if it is not known."""
        if link.relationship is None:
            return inf
        number = self.relationships.get(link.relationship.type, inf)
        return 2 * number if link.symmetric else number


UNKNOWN = Statistics({}, {})
"""Statistics that bound nothing."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What is selected of a node of some type: the price of the node, and the nodes beside it."""

    price: int
    sources: tuple["Source", ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A field that adds nodes to the answer, for each node that it is selected of."""

    key: str
    branches: tuple[Branch, ...]
    size: Parameter[object] | None = None
    """The size of a page, or the ids of a list of nodes; None for one node."""
    most: int = 1
    """The greatest size."""
    link: Link | None = None
    types: tuple[NodeType, ...] = ()
    """The types of its nodes, if it reads all of them."""

    def resolve_size(self, variables: Variables | None) -> int:
        """Return the size in a request; the greatest one if its variables are not known."""
        if self.size is None:
            return 1
        try:
            value = self.size.resolve(variables or {})
        except (KeyError, IndexError, TypeError):
            if variables is not None:
                raise
            return self.most
        return len(value) if isinstance(value, list) else cast("int", value)


@dataclass(slots=True)
class _Count:
    """The nodes that one source adds to an answer, with its size, and the sources around it."""

    source: Source
    path: tuple["_Count", ...]
    size: int
    nodes: float

    @property
    def keys(self) -> Path:
        """Return the keys of the response that lead to the source."""
        return tuple(one.source.key for one in (*self.path, self))


@dataclass(slots=True)
class _Counting:
    variables: Variables | None
    statistics: Statistics
    sizes: Mapping[int, int]
    """Other sizes of sources, by the identity of the source."""
    counts: list[_Count] = field(default_factory=list)

    def add(
        self, sources: Sequence[Source], parents: float, repeats: float, path: tuple[_Count, ...]
    ) -> float:
        """Return the cost of sources for some parents, each of which occurs ``repeats`` times."""
        return sum(self._add(one, parents, repeats, path) for one in sources)

    def _add(
        self, source: Source, parents: float, repeats: float, path: tuple[_Count, ...]
    ) -> float:
        size = self.sizes.get(id(source))
        if size is None:
            size = source.resolve_size(self.variables)
        nodes = parents * size
        link = source.link
        below = nodes
        if link is not None:
            nodes = min(nodes, self.statistics.count_relationships(link) * repeats)
            # A node that only one other leads to occurs as often as that.
            one_way = not link.outgoing and link.cardinality in {"1", "0..1"}
            below = repeats if one_way else nodes
        elif source.types and not path:
            nodes = min(nodes, self.statistics.count_nodes(source.types))
            below = 1
        count = _Count(source, path, size, nodes)
        self.counts.append(count)
        return max(
            (
                nodes * one.price + self.add(one.sources, nodes, below, (*path, count))
                for one in source.branches
            ),
            default=nodes,
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an operation, for the variables of each request and the statistics of a graph."""

    sources: tuple[Source, ...]
    most: float
    """The cost with the largest pages that the variables could ask for."""

    def evaluate(self, variables: Variables, statistics: Statistics = UNKNOWN) -> float:
        """Return the cost of a request; no more nodes than this can be in its answer."""
        return self._count(variables, statistics)[0]

    def explain(
        self, variables: Variables, statistics: Statistics = UNKNOWN
    ) -> list[tuple[Path, int, float]]:
        """Return each field that adds nodes: its path, its size, and how many it may add."""
        _, counts = self._count(variables, statistics)
        return [(one.keys, one.size, one.nodes) for one in counts]

    def suggest_sizes(
        self, variables: Variables, statistics: Statistics, limit: int
    ) -> list[tuple[Path, int, int]]:
        """Return the lists to shorten so that the cost is allowed: path, size, and a smaller size.

        These are the lists around that with the most nodes. It is empty if shortening these is not
        enough.
        """
        _, counts = self._count(variables, statistics)
        largest = max(counts, key=lambda one: one.nodes, default=None)
        if largest is None:
            return []
        chain = [one for one in (*largest.path, largest) if one.size > 1]

        def shorten(share: float) -> dict[int, int]:
            return {id(one.source): max(1, int(one.size * share)) for one in chain}

        def is_allowed(share: float) -> bool:
            return self._count(variables, statistics, shorten(share))[0] <= limit

        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            share = (low + high) / 2
            low, high = (share, high) if is_allowed(share) else (low, share)
        if not is_allowed(low):
            return []
        sizes = shorten(low)
        return [(one.keys, one.size, sizes[id(one.source)]) for one in chain]

    def _count(
        self,
        variables: Variables,
        statistics: Statistics,
        sizes: Mapping[int, int] | None = None,
    ) -> tuple[float, list[_Count]]:
        """Return the cost with these sizes in place of those of the request, and its parts."""
        counting = _Counting(variables, statistics, sizes or {})
        return counting.add(self.sources, 1, 1, ()), counting.counts


def describe_excess(cost: float, limit: int, sizes: Sequence[tuple[Path, int, int]]) -> str:
    """Return what to say of an operation beyond the limit, with sizes that are allowed."""
    said = f"The answer of this operation could have {cost:,.0f} nodes; {limit:,} are allowed."
    if not sizes:
        return f"{said} Select fewer lists within lists, or split the operation."
    allowed = ", ".join(
        f"{'.'.join(map(str, path))} (first: {smaller} in place of {size})"
        for path, size, smaller in sizes
        if smaller < size
    )
    return f"{said} Shorten the lists; allowed would be {allowed}."


def make_cost(plan: Plan, most: int) -> Cost:
    """Return the cost of a plan, whose pages have at most ``most`` nodes."""
    pricing = _Pricing(most)
    sources = tuple(
        source
        for one in plan.fields
        if not isinstance(one, TypeName)
        for source in pricing.of_root(one)
    )
    return Cost(sources, _Counting(None, UNKNOWN, {}).add(sources, 1, 1, ()))


@dataclass(frozen=True, slots=True)
class _Pricing:
    most: int

    def of_root(self, root: RootField) -> list[Source]:
        match root:
            case NodeById(key=key, selection=selection):
                return [Source(key, self._branches(selection))]
            case NodesByIds(key=key, selection=selection, ids=ids):
                return [Source(key, self._branches(selection), ids, self.most)]
            case Connection():
                return self._of_list(root)
            case Changes(key=key, page=page, fields=parts):
                return [
                    Source(key, branches, page.size, self.most)
                    for part in parts
                    if isinstance(part, Nodes | Edges)
                    for branches in self._of_page(part)
                ]
            case Search(key=key, limit=limit, fields=parts):
                return [
                    Source(f"{key}.{one.key}", (self._of_hits(one),), limit, self.most)
                    for one in parts
                    if isinstance(one, Hits)
                ]
        raise TypeError(f"{root!r} has no price")

    def _of_hits(self, hits: Hits) -> Branch:
        sources = [
            Source(one.key, self._branches(one.selection))
            for one in hits.fields
            if isinstance(one, EdgeNode | ToOne)
        ]
        return Branch(1, tuple(sources))

    def _branches(self, selection: Selection) -> tuple[Branch, ...]:
        match selection:
            case SelectionOfType(fields=fields):
                return (self._branch(fields),)
            case SelectionByType(branches=branches):
                return tuple(self._branch(one.fields) for one in branches)
            case ChangeSelection(fields=fields):
                return (self._of_change(fields),)
        raise TypeError(f"{selection!r} has no price")

    def _of_change(self, fields: Sequence[TypeName | ChangeField]) -> Branch:
        sources = tuple(
            Source(one.key, self._branches(one.selection))
            for one in fields
            if isinstance(one, ChangeField) and one.selection
        )
        return Branch(_price(len(fields)), sources)

    def _branch(self, fields: Fields) -> Branch:
        sources: list[Source] = []
        for one in fields:
            match one:
                case ToOne(key=key, link=link, selection=selection):
                    sources.append(Source(key, self._branches(selection), link=link))
                case Connection():
                    sources += self._of_list(one)
                case History(key=key, limit=limit, fields=parts):
                    loads = [p for p in parts if not isinstance(p, TypeName) and p.selection]
                    below = tuple(
                        Source(p.key, self._branches(p.selection)) for p in loads if p.selection
                    )
                    sources.append(Source(key, (Branch(1, below),), limit, self.most))
        return Branch(_price(len(fields)), tuple(sources))

    def _of_list(self, one: Connection) -> list[Source]:
        """Return the sources of a list: its page each time that it is selected, and groups."""
        nodes = one.nodes
        types = nodes.link.targets if nodes.link else (nodes.of,) if nodes.of else ()
        sources: list[Source] = []
        for part in one.fields:
            sources += [
                Source(one.key, branches, one.page.size, self.most, nodes.link, types)
                for branches in self._of_page(part)
            ]
            if isinstance(part, Groups):
                sources.append(self._of_groups(f"{one.key}.{part.key}", part))
        return sources

    def _of_page(self, part: ConnectionField) -> list[tuple[Branch, ...]]:
        """Return what is selected of each node of a page, once for each time it is selected."""
        match part:
            case Nodes(selection=selection):
                return [self._branches(selection)]
            case Edges(fields=fields):
                # The first node pays for the fields of its edge.
                extra = _price(len(fields)) - 1
                nodes = [
                    self._branches(one.selection) for one in fields if isinstance(one, EdgeNode)
                ]
                first, *others = nodes or [(Branch(1, ()),)]
                return [tuple(replace(one, price=one.price + extra) for one in first), *others]
        return []

    def _of_groups(self, key: str, groups: Groups) -> Source:
        sources: list[Source] = []
        for one in groups.fields:
            match one:
                case GroupKey(fields=fields):
                    sources += [
                        Source(part.key, self._branches(part.selection))
                        for part in fields
                        if isinstance(part, GroupNode) and part.selection
                    ]
                case Groups():
                    sources.append(self._of_groups(one.key, one))
                case Connection():
                    sources += self._of_list(one)
        return Source(
            key, (Branch(_price(len(groups.fields)), tuple(sources)),), groups.limit, self.most
        )


def _price(fields: int) -> int:
    """Return what a node costs of which so many fields are selected."""
    return 1 + fields // FIELDS_PER_NODE
