"""Access paths: how the nodes of a list are found, before they are ordered and cut to a page.

A list is found along a link of its owner, among nodes collected before, from an anchor that its
filter names, by an index of names, or among all nodes of a type.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.model import Link, NodeType
from service.query.anchors import find_anchors, seek_from_anchor
from service.query.emitter import Emitter
from service.query.filters import ALWAYS, AllOf, Compare, Condition, conjuncts
from service.query.fragments import Cypher, CypherPart, cypher, where
from service.query.operators import FOLDED_NAMES
from service.query.predicates import predicate


@dataclass(frozen=True, slots=True)
class NodeSet:
    """The nodes that a link leads to, or all nodes of a type, that meet a condition."""

    condition: Condition
    link: Link | None = None
    of: NodeType | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The start from which a list is read: at its owner ``node``, in a list of nodes, or anywhere.

    ``members`` is a variable that holds nodes as ``as_member`` writes them; with ``ids_only`` each
    without its state (``Reader.resolve_state``).
    """

    node: str | None = None
    members: str | None = None
    ids_only: bool = False


ANYWHERE = Origin()


@dataclass(frozen=True, slots=True)
class AccessPath:
    """Clauses that find nodes under the variable ``node``.

    ``edge`` is the relationship that led to each, if any. ``condition`` is what the clauses do not
    test. Where they are ``complete``, they end in a WITH, so that a subquery of them alone has to
    return something.
    """

    node: str
    edge: str
    clauses: Cypher
    condition: Condition
    complete: bool = False
    uses_indexes: bool = False
    """Whether all nodes of one label are read, so that the label's indexes have their order."""

    def where(self, emitter: Emitter, *predicates: CypherPart) -> Cypher:
        """Return the clauses with the condition and further predicates."""
        own = predicate(emitter, self.condition, self.node, self.edge)
        return where(self.clauses, own, *predicates)


def is_from_anchor(emitter: Emitter, nodes: NodeSet, origin: Origin) -> bool:
    """Return whether a list is read from an anchor."""
    return _is_anywhere(emitter, nodes, origin) and bool(find_anchors(nodes.condition))


def is_all_of_type(emitter: Emitter, nodes: NodeSet, origin: Origin) -> bool:
    """Return whether a list is read from all nodes of a type."""
    return _is_anywhere(emitter, nodes, origin) and not find_anchors(nodes.condition)


def _is_anywhere(emitter: Emitter, nodes: NodeSet, origin: Origin) -> bool:
    apart = origin.members is None and not (nodes.link and origin.node)
    return apart and emitter.reader.valid_time is None


def choose_access_path(
    emitter: Emitter, nodes: NodeSet, origin: Origin, *, ids_only: bool = False
) -> AccessPath:
    """Return how to find the nodes of a list; with ``ids_only`` nothing else of them is read."""
    reader, condition = emitter.reader, nodes.condition
    node, edge = emitter.new_variable("n"), emitter.new_variable("r")
    if origin.members is not None:
        carried = [node] if origin.ids_only else reader.carried_variables(node)
        return AccessPath(node, "", unwind_members(emitter, origin.members, carried), condition)
    if nodes.link and origin.node:
        found = reader.step(
            origin.node, nodes.link, node, edge, emitter.new_variable, ids_only=ids_only
        )
        text = reader.valid_along(found, node, nodes.link, edge)
        return AccessPath(node, edge, Cypher(text), condition)
    of = nodes.of or emitter.vocabulary.root
    anchors = find_anchors(condition) if reader.valid_time is None else []
    if anchors:
        others = AllOf(tuple(part for part in conjuncts(condition) if part not in anchors))
        found_from = seek_from_anchor(emitter, anchors, node, of)
        return AccessPath(node, "", found_from, others if others.of else ALWAYS, complete=True)
    by_name = _seek_by_name(emitter, condition, node, of) if reader.uses_indexes else None
    if by_name:
        return AccessPath(node, "", by_name, condition, complete=True)
    text = reader.exclude_invalid(reader.all_of(node, of), node, (of,))
    return AccessPath(node, "", Cypher(text), condition, uses_indexes=reader.uses_indexes)


def _seek_by_name(emitter: Emitter, condition: Condition, node: str, of: NodeType) -> Cypher | None:
    """Return clauses that find nodes in the index of names, if the condition demands some names.

    No index holds the elements of lists, so aliases are found by the folded forms of all names of a
    node; these find more nodes than the condition, which still has to be tested.
    """
    for part in conjuncts(condition):
        if isinstance(part, Compare) and FOLDED_NAMES in part.values and not part.on_edge:
            # Only concrete types and the type that declares the property have its index.
            owner = next(one for one in (of, *of.ancestors) if one.concrete or part.prop in one.own)
            label = of.label if owner is of else f"{owner.label}&{of.label}"
            name = emitter.new_variable("w")
            return cypher(
                "UNWIND {} AS {} MATCH ({}) WHERE {} CONTAINS {} WITH DISTINCT {}",
                emitter.parameter(part.values[FOLDED_NAMES]),
                name,
                f"{node}:{label}",
                f"{node}.{part.prop.match_column}",
                name,
                node,
            )
    return None


# --- nodes in lists -----------------------------------------------------------------------------


def as_member(carried: Sequence[str]) -> str:
    """Return a node, given its carried variables, as an element of a list."""
    return carried[0] if len(carried) == 1 else f"[{', '.join(carried)}]"


def unwind_members(emitter: Emitter, members: str, carried: Sequence[str]) -> Cypher:
    """Return the clause that reads nodes from a list into their carried variables."""
    if len(carried) == 1:
        return Cypher(f"UNWIND {members} AS {carried[0]} WITH *")
    each = emitter.new_variable("y")
    variables = ", ".join(f"{each}[{index}] AS {name}" for index, name in enumerate(carried))
    return Cypher(f"UNWIND {members} AS {each} WITH *, {variables}")
