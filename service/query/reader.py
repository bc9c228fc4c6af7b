"""The Cypher that reads properties, labels and links of the graph, at a time.

``Reader`` reads the latest version, which is stored under plain labels and relationship types;
``service.query.historical`` has one for any version. Both may have a valid time: the days for which
facts are asked for. Whether a fact is valid then has three answers, since dates are as precise as
their sources: a fact without dates may be valid or not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph_seed.state.desired_state import standing_for, supersedes_of
from schema import rules
from schema.declare import ValidPeriod
from schema.enumerations import Supersession, Validity
from schema.model import EndpointTypes, Link, NodeType, RelationshipType
from schema.names import ID, NODE
from schema.scalars import EARLIEST, LATEST
from schema.storage import FULL_TEXT, NAMES
from schema.vocabulary import Vocabulary
from service.query.fragments import Cypher, count

Fresh = Callable[[str], str]
"""Returns a new name of a variable that begins with the given letters."""


@dataclass(frozen=True, slots=True)
class ValidTime:
    """A period: the parameters that hold its first and its last day; null where it is open."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Clauses that find a part of the nodes of a type under the variable ``node``.

    ``reader`` reads these nodes. Where ``uses_indexes``, the part is all nodes of one label, so
    that the indexes of the label have its order.
    """

    node: str
    clauses: str
    reader: "Reader"
    uses_indexes: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the latest version.

    Clauses that find nodes (``all_of``, ``by_id``, ``step``) may be followed by ``WHERE``.
    """

    vocabulary: Vocabulary
    valid_time: ValidTime | None = None

    # --- what a version is stored as ---

    @property
    def uses_indexes(self) -> bool:
        """Return whether lists are all nodes of a label, so that its indexes have their order."""
        return self.valid_time is None

    @property
    def scope(self) -> Sequence[str]:
        """Return the variables of the query that a ``CALL`` subquery has to import."""
        return ()

    def carried_variables(self, node: str) -> list[str]:
        """Return the variables that a ``WITH`` has to carry for a node to be read later."""
        return [node]

    def is_recorded(self, version: str) -> str:  # noqa: ARG002 - everything is, in the latest one
        """Return whether something recorded in a version is part of the version that is read."""
        return "true"

    def is_visible(self, edge: str) -> list[str]:  # noqa: ARG002 - others have other types
        """Return the predicates that a relationship of the version that is read has to meet."""
        return []

    def label(self, node: NodeType) -> str:
        """Return the label expression of a type's nodes."""
        return node.label

    def relationship(self, name: str) -> str:
        """Return the type expression of relationships of a type."""
        return name

    # --- properties ---

    def prop(self, node: str, name: str) -> str:
        """Return a property of a node: as it is stored, or as it was at the valid time."""
        if name == rules.STANDING and self.valid_time is not None:
            return self._standing_at(self.valid_time, node)
        return self.stored_property(node, name)

    def stored_property(self, node: str, name: str) -> str:
        """Return a property of a node as it is stored."""
        return f"{node}.{name}"

    def edge_prop(self, edge: str, name: str) -> str:
        """Return a property of a relationship."""
        return f"{edge}.{name}"

    def is_a(self, node: str, types: tuple[NodeType, ...]) -> str:
        """Return whether a node is of one of these types."""
        return f"{node}:{'|'.join(self.label(one) for one in types)}"

    def type_name(self, node: str, types: tuple[NodeType, ...]) -> str:
        """Return the name of a node's type, which is one of these."""
        names = ", ".join(f"'{one.label}'" for one in types)
        return f"[l IN labels({node}) WHERE l IN [{names}]][0]"

    # --- finding nodes ---

    def all_of(self, node: str, of: NodeType) -> str:
        """Return the clause that finds all nodes of a type."""
        return f"MATCH ({node}:{self.label(of)})"

    def partitions(self, of: NodeType, fresh: Fresh) -> Sequence[Partition]:  # noqa: ARG002
        """Return the parts in which all nodes of a type are read; none if they are read as one."""
        return ()

    def number_of(self, node: str, of: NodeType) -> Cypher:
        """Return how many nodes a type has."""
        return count(self.all_of(node, of))

    def by_id(self, node: str, parameter: str, of: NodeType, *, optional: bool = False) -> str:
        """Return the clause that finds the node of a type with an id, if there is one.

        Only concrete types and the root have an index of ids.
        """
        label = of.label if of.concrete or of.label == NODE else f"{NODE}&{of.label}"
        begin = "OPTIONAL MATCH" if optional else "MATCH"
        return f"{begin} ({node}:{label} {{{ID}: {parameter}}})"

    def by_ids(self, node: str, condition: Callable[[str], Cypher]) -> str:
        """Return the clause that finds the nodes whose ids meet a condition."""
        return f"MATCH ({node}:{NODE}) WHERE {condition(node).text}"

    def full_text(
        self,
        node: str,
        lucene: str,
        limit: str,
        words: Callable[[], str],  # noqa: ARG002 - only former versions are ranked by them
    ) -> str:
        """Return the clause that finds nodes by a full-text query, each with its ``score``.

        ``words`` gives the parameter of the words that are looked for.
        """
        return (
            f"CALL db.index.fulltext.queryNodes('{FULL_TEXT}', {lucene}, {{limit: {limit}}}) "
            f"YIELD node AS {node}, score"
        )

    def ids_by_names(self, lucene: str, limit: str) -> str:
        """Return the query of the ids of entities whose names a full-text query finds."""
        return (
            f"CALL db.index.fulltext.queryNodes('{NAMES}', {lucene}, {{limit: {limit}}}) "
            f"YIELD node AS e RETURN e.{ID} AS id"
        )

    # --- following links ---

    def step(
        self,
        start: str,
        link: Link,
        end: str,
        edge: str,
        fresh: Fresh,
        *,
        ids_only: bool = False,  # noqa: ARG002 - only former versions have more to look up
    ) -> str:
        """Return the clause that follows a link from one node to others.

        The end's label is written only where the relationship type could lead elsewhere: a step
        without it costs less. ``ids_only`` says that nothing of the end but its id is read.
        """
        edges = ["" for _ in link.steps] or [edge]
        return f"MATCH {self.pattern(start, link, end, edges, fresh)}"

    def labelled_start(self, node: str, types: tuple[NodeType, ...], link: Link) -> str:
        """Return the node pattern of a step's start, where the step is followed from its end.

        As for the end, its label is written only where it could be another.
        """
        if link.relationship is not None and not link.symmetric and not link.steps:
            ends = link.relationship.ends
            near = [one.start if link.outgoing else one.end for one in ends]
            if {*self.vocabulary.concrete_of(*near)} <= {*self.vocabulary.concrete_of(*types)}:
                return node
        return f"{node}:{'|'.join(self.label(one) for one in types)}"

    def resolve_state(self, node: str, fresh: Fresh) -> str:  # noqa: ARG002 - a node is its state
        """Return the clause that binds the state of a node, which is found by its id so far."""
        return ""

    def pattern(self, start: str, link: Link, end: str, edges: list[str], fresh: Fresh) -> str:
        """Return the pattern of a link; ``edges`` names its relationships, "" where not needed."""
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
        reached = {
            _far_end(ends, link) for ends in link.relationship.ends if self._shares(ends, link)
        }
        if reached <= set(link.targets):
            return ""
        return f":{'|'.join(self.label(target) for target in link.targets)}"

    def _shares(self, ends: EndpointTypes, link: Link) -> bool:
        """Return whether a node with this link may have relationships of these ends, as its."""
        near = ends.start if link.outgoing else ends.end
        concrete = self.vocabulary.concrete_of
        return bool({*concrete(near)} & {*concrete(link.owner)})

    # --- valid time ---

    def exclude_invalid(self, match: str, node: str, types: tuple[NodeType, ...]) -> str:
        """Return Cypher clauses that find nodes of these types, without those that are not valid.

        Without a valid time, all are kept; with one, those whose dates leave it open are, too.
        """
        dated = [one for one in self.vocabulary.concrete_of(*types) if one.valid_period]
        if self.valid_time is None or not dated:
            return match
        left_out = " OR ".join(
            f"({self.is_a(node, (one,))} AND ({self._is_not_valid(self.valid_time, node, one)}))"
            for one in dated
        )
        return f"{match} WITH * WHERE NOT coalesce({left_out}, false) WITH *"

    def valid_along(self, found: str, node: str, link: Link, edge: str) -> str:
        """Return clauses that follow a link, without what is certainly not valid.

        A relationship with dates of its own is valid by those, whatever the dates of its ends say:
        the period of a figure does not say when the figure was corrected.
        """
        relationship = link.relationship
        if relationship is None or relationship.valid_period is None:
            return self.exclude_invalid(found, node, link.targets)
        if self.valid_time is None:
            return found
        later = self._is_later(self.valid_time, edge, relationship)
        return f"{found} WITH * WHERE NOT {later} WITH *"

    def validity(self, node: str, of: NodeType) -> str:
        """Return the validity of a node of a type; null without a valid time."""
        if self.valid_time is None:
            return "null"
        return (
            f"CASE WHEN {self._is_not_valid(self.valid_time, node, of)} "
            f"THEN '{Validity.NOT_VALID.name}' "
            f"WHEN {self._is_valid(self.valid_time, node, of)} THEN '{Validity.VALID.name}' "
            f"ELSE '{Validity.UNKNOWN.name}' END"
        )

    def _is_valid(self, time: ValidTime, node: str, of: NodeType) -> str:
        """Return whether a node is certainly valid, on all days; null if that is unknown.

        What has begun and has no end goes on.
        """
        if of.valid_period is None:
            return "true"
        start, end = of.valid_period.start, of.valid_period.end
        through = start == end
        begun = f"{self.prop(node, start + (EARLIEST if through else LATEST))} <= {time.first}"
        if end is None:
            return begun
        until = f"{self.prop(node, end + (LATEST if through else EARLIEST))} >= {time.last}"
        return f"{begun} AND ({self.prop(node, end)} IS NULL OR {until})"

    def _is_not_valid(self, time: ValidTime, node: str, of: NodeType) -> str:
        """Return whether a node is certainly not valid, on any day; null if that is unknown."""
        return _is_outside(time, of.valid_period, lambda name: self.prop(node, name))

    def _is_later(self, time: ValidTime, edge: str, of: RelationshipType) -> str:
        outside = _is_outside(time, of.valid_period, lambda name: self.edge_prop(edge, name))
        return f"coalesce({outside}, false)"

    def _standing_at(self, time: ValidTime, node: str) -> str:
        """Return the standing of a fact: facts that were certainly stated later do not count."""
        supersedes = supersedes_of(self.vocabulary)
        edge = f"{node}x"
        later = self._is_later(time, edge, supersedes)
        reasons = (
            f"[({node})<-[{edge}:{self.relationship(supersedes.type)}]-() "
            f"WHERE {' AND '.join([*self.is_visible(edge), f'NOT {later}'])} "
            f"| {self.edge_prop(edge, rules.SUPERSESSION)}]"
        )
        retraction = str(Supersession.RETRACTION.value)
        retracted, corrected = (
            standing_for([str(one.value)])
            for one in (Supersession.RETRACTION, Supersession.CORRECTION)
        )
        return (
            f"reduce(s = '{standing_for(())}', why IN {reasons} | CASE WHEN why = '{retraction}' "
            f"OR s = '{retracted}' THEN '{retracted}' ELSE '{corrected}' END)"
        )


def _is_outside(time: ValidTime, period: ValidPeriod | None, read: Callable[[str], str]) -> str:
    if period is None:
        return "false"
    later = f"{read(period.start + EARLIEST)} > {time.last}"
    return f"{later} OR {read(period.end + LATEST)} < {time.first}" if period.end else later


def _far_end(ends: EndpointTypes, link: Link) -> NodeType:
    """Return the node type at the end that a link leads to, given its direction."""
    return ends.end if link.outgoing else ends.start
