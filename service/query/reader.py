"""How the graph is read: every property, label and step of a query is written here.

What holds now lies under plain names, so reading the present is plain. Reading a past version
changes what these functions write, and nothing else (``service.query.known``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from schema import rules
from schema.constraints import FULL_TEXT, NAMES
from schema.names import ID, NODE
from schema.terms import Ends, Link, NodeType
from schema.vocabulary import Vocabulary
from service.query.world import Day, held_then, no, no_link, standing_on

Fresh = Callable[[str], str]
"""Gives names of variables that are not used yet."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the present.

    What begins to read nodes (``all_of``, ``by_id``, ``step``) is written so that ``WHERE`` may
    follow it.
    """

    vocabulary: Vocabulary
    day: Day | None = None

    @property
    def plain(self) -> bool:
        """Whether every node of a label is to be read, so that the label's indexes serve."""
        return self.day is None

    @property
    def outer(self) -> str:
        """The variable of the query that subqueries have to be given, if there is one."""
        return ""

    def prop(self, node: str, name: str) -> str:
        """A property of a node: as it is stored, or as it was on the day that is asked for."""
        if name == rules.STANDING and self.day is not None:
            return standing_on(self, self.day, node)
        return self.stored(node, name)

    def stored(self, node: str, name: str) -> str:
        """A property of a node as it is stored."""
        return f"{node}.{name}"

    def edge_prop(self, edge: str, name: str) -> str:
        """A property of a relationship as it is stored."""
        return f"{edge}.{name}"

    def seen(self, edge: str) -> list[str]:  # noqa: ARG002 - only the past has others
        """Return what has to hold of a relationship for it to be seen."""
        return []

    def kept(self, node: str) -> list[str]:
        """The variables that have to be kept for a node to be read further."""
        return [node]

    def label(self, node: NodeType) -> str:
        """The label of a type's nodes."""
        return node.label

    def relationship(self, name: str) -> str:
        """The type of a relationship."""
        return name

    def is_a(self, node: str, types: tuple[NodeType, ...]) -> str:
        """Whether a node is of one of these types."""
        return f"{node}:{'|'.join(self.label(one) for one in types)}"

    def type_name(self, node: str, types: tuple[NodeType, ...]) -> str:
        """The name of a node's type, which is one of these."""
        names = ", ".join(f"'{one.label}'" for one in types)
        return f"[l IN labels({node}) WHERE l IN [{names}]][0]"

    def all_of(self, node: str, of: NodeType) -> str:
        """Every node of a type."""
        return f"MATCH ({node}:{self.label(of)})"

    def number_of(self, node: str, of: NodeType) -> str:
        """How many nodes a type has."""
        return f"COUNT {{ {self.all_of(node, of)} }}"

    def by_id(self, node: str, parameter: str, of: NodeType, *, optional: bool = False) -> str:
        """The node of a type with an id, or nothing; what others build on has no index of ids."""
        label = of.label if of.concrete or of.label == NODE else f"{NODE}&{of.label}"
        begin = "OPTIONAL MATCH" if optional else "MATCH"
        return f"{begin} ({node}:{label} {{{ID}: {parameter}}})"

    def named(self, node: str, condition: Callable[[str], str]) -> str:
        """The nodes whose ids satisfy a condition, given what it is of."""
        return f"MATCH ({node}:{NODE}) WHERE {condition(node)}"

    def recorded(self, version: str) -> str:  # noqa: ARG002
        """Whether something that was recorded in a version is to be seen."""
        return "true"

    def listed(self, found: str, node: str, types: tuple[NodeType, ...]) -> str:
        """What is found for a list, without what certainly did not hold on the day asked for."""
        held = [one for one in self.vocabulary.concrete_of(*types) if one.held]
        if self.day is None or not held:
            return found
        left_out = " OR ".join(
            f"({self.is_a(node, (one,))} AND ({no(self, self.day, node, one)}))" for one in held
        )
        return f"{found} WITH * WHERE NOT coalesce({left_out}, false) WITH *"

    def listed_along(self, found: str, node: str, link: Link, edge: str) -> str:
        """Return what a link leads to, without what certainly did not hold on the day asked for.

        A relationship with dates of its own holds by those, whatever the dates of its ends say:
        the period of a figure does not say when the figure was corrected.
        """
        relationship = link.relationship
        if relationship is None or relationship.held is None:
            return self.listed(found, node, link.targets)
        if self.day is None:
            return found
        later = f"coalesce({no_link(self, self.day, edge, relationship)}, false)"
        return f"{found} WITH * WHERE NOT {later} WITH *"

    def held_then(self, node: str, of: NodeType) -> str:
        """Whether a node of a type held on the day that is asked for; null if none is."""
        return held_then(self, self.day, node, of) if self.day else "null"

    def matches(
        self,
        node: str,
        lucene: str,
        limit: str,
        words: Callable[[], str],  # noqa: ARG002 - only the past is ranked by them
    ) -> str:
        """What a full-text query finds, each with its ``score``; ``words`` are those looked for."""
        return (
            f"CALL db.index.fulltext.queryNodes('{FULL_TEXT}', {lucene}, {{limit: {limit}}}) "
            f"YIELD node AS {node}, score"
        )

    def ids_by_names(self, lucene: str, limit: str) -> str:
        """Return what gives the ids of the entities whose names a full-text query finds."""
        return (
            f"CALL db.index.fulltext.queryNodes('{NAMES}', {lucene}, {{limit: {limit}}}) "
            f"YIELD node AS e RETURN e.{ID} AS id"
        )

    def step(
        self,
        start: str,
        link: Link,
        end: str,
        edge: str,
        fresh: Fresh,
        *,
        bare: bool = False,  # noqa: ARG002 - only the past has more to look up
    ) -> str:
        """What leads along a link from one node to another.

        The end's label is written only where the relationship type alone could lead elsewhere: a
        step without it costs less. ``bare`` says that nothing of the end is read.
        """
        edges = ["" for _ in link.steps] or [edge]
        return f"MATCH {self.pattern(start, link, end, edges, fresh)}"

    def begins(self, node: str, types: tuple[NodeType, ...], link: Link) -> str:
        """The node that a step begins at, where it is reached from the step's other end.

        As for the end, its label is written only where it could be another.
        """
        if link.relationship is not None and not link.symmetric and not link.steps:
            ends = link.relationship.ends
            near = [one.start if link.outgoing else one.end for one in ends]
            if {*self.vocabulary.concrete_of(*near)} <= {*self.vocabulary.concrete_of(*types)}:
                return node
        return f"{node}:{'|'.join(self.label(one) for one in types)}"

    def later(self, node: str, fresh: Fresh) -> str:  # noqa: ARG002 - only the past has states
        """What has to follow a ``bare`` step before more of its end is read than its id."""
        return ""

    def pattern(self, start: str, link: Link, end: str, edges: list[str], fresh: Fresh) -> str:
        """The pattern of a step; ``edges`` are its relationships' names, empty if not needed."""
        if link.steps:
            chain = list(link.steps) if link.outgoing else list(reversed(link.steps))
            stops = [fresh("m") for _ in chain[1:]] + [end]
            text = f"({start})"
            for one, edge, stop in zip(chain, edges, stops, strict=True):
                label = self._label(one) if stop == end else ""
                text += self._arrow(one, edge, forward=one.outgoing == link.outgoing)
                text += f"({stop}{label})"
            return text
        arrow = self._arrow(link, edges[0], forward=link.outgoing)
        return f"({start}){arrow}({end}{self._label(link)})"

    def _arrow(self, link: Link, edge: str, *, forward: bool) -> str:
        if link.relationship is None:
            raise ValueError(f"{link!r} is read along other links; they cannot be nested")
        body = f"[{edge}:{self.relationship(link.relationship.type)}]"
        if link.symmetric:
            return f"-{body}-"
        return f"-{body}->" if forward else f"<-{body}-"

    def _label(self, link: Link) -> str:
        if link.relationship is None or link.symmetric:
            return ""
        reached = {far(ends, link) for ends in link.relationship.ends if self._shares(ends, link)}
        if reached <= set(link.targets):
            return ""
        return f":{'|'.join(self.label(target) for target in link.targets)}"

    def _shares(self, ends: Ends, link: Link) -> bool:
        """Whether a node with this link may have relationships of these ends, the same way."""
        near = ends.start if link.outgoing else ends.end
        concrete = self.vocabulary.concrete_of
        return bool({*concrete(near)} & {*concrete(link.owner)})


def far(ends: Ends, link: Link) -> NodeType:
    """The end that a link leads to."""
    return ends.end if link.outgoing else ends.start
