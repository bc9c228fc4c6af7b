"""Choose how the nodes of a list are found, before they are ordered and cut to a page.

A list is found along a link of its owner, among nodes collected before, from an anchor that its
filter names, by an index of names, or among all nodes of a type.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.model import Link, NodeType
from schema.names import ID
from service.query.emitter import Emitter
from service.query.filters import (
    ALWAYS,
    AllOf,
    Compare,
    Condition,
    IsA,
    Linked,
    conjuncts,
    link_chain,
)
from service.query.fragments import Cypher, CypherPart, count, cypher, join, join_clauses, where
from service.query.operators import FOLDED_NAMES
from service.query.predicates import LONGEST_CHAIN, predicate

NAMING = {"eq", "in"}
"""The operators by which a filter names a node by its id."""
MAX_ANCHORS = 3
"""Anchors of which one is chosen: the clauses that read from each of them are planned."""
Chain = list[tuple[Link, Condition]]


def find_anchors(condition: Condition) -> list[Linked]:
    """Return the parts of a condition that lead to a node named by its id, over a few links."""
    found: list[Linked] = []
    for part in conjuncts(condition):
        if isinstance(part, Linked) and part.quantifier == "some":
            chain = link_chain(part)
            if len(chain) <= LONGEST_CHAIN and _ids(chain[-1][1]):
                found.append(part)
    # The number of relationships is known without reading them only where one link leads there.
    simple = [one for one in found if not link_chain(one)[-1][0].steps]
    return simple[:MAX_ANCHORS] or found[:1]


def seek_from_anchor(emitter: Emitter, anchors: list[Linked], node: str, of: NodeType) -> Cypher:
    """Return clauses that find the nodes of a list from the best of its anchors."""
    if len(anchors) == 1:
        return _seek(emitter, link_chain(anchors[0]), node, of)
    reader = emitter.reader
    scope, carried = reader.scope, ", ".join(reader.carried_variables(node))
    degrees = [emitter.new_variable("d") for _ in anchors]
    calls = [
        cypher(
            "CALL ({}) {{ {} AS {} }}",
            ", ".join(scope),
            _degree(emitter, link_chain(anchor)),
            degree,
        )
        for anchor, degree in zip(anchors, degrees, strict=True)
    ]
    branches: list[Cypher] = []
    for index, (anchor, degree) in enumerate(zip(anchors, degrees, strict=True)):
        is_least = [f"{degree} < {other}" for other in degrees[:index]]
        is_least += [f"{degree} <= {other}" for other in degrees[index + 1 :]]
        others = AllOf(tuple(other for other in anchors if other is not anchor))
        found = _seek(emitter, link_chain(anchor), node, of)
        branches.append(
            join_clauses(
                where("WITH *", *is_least),
                where(found, predicate(emitter, others, node)),
                f"RETURN {carried}",
            )
        )
    imported = ", ".join([*degrees, *scope])
    best = cypher("CALL ({}) {{ {} }} WITH {}", imported, join(" UNION ALL ", branches), carried)
    return join_clauses(*calls, best)


def _ids(condition: Condition) -> list[Condition]:
    """Return the parts of a condition that name the ids a node may have."""
    found: list[Condition] = []
    for part in conjuncts(condition):
        if isinstance(part, IsA):
            found += _ids(part.condition)
        elif isinstance(part, Compare) and part.prop.name == ID and part.operator.name in NAMING:
            found.append(part)
    return found


def _find_anchor(emitter: Emitter, chain: Chain, node: str) -> tuple[str, AllOf]:
    """Return the clause that finds the anchors of a chain, and the other conditions on them."""
    ids = AllOf(tuple(_ids(chain[-1][1])))
    others = AllOf(tuple(part for part in conjuncts(chain[-1][1]) if part not in ids.of))
    return emitter.reader.by_ids(node, lambda end: predicate(emitter, ids, end)), others


def _degree(emitter: Emitter, chain: Chain) -> Cypher:
    node = emitter.new_variable("x")
    found, _ = _find_anchor(emitter, chain, node)
    pattern = emitter.reader.pattern("", chain[-1][0], node, [""], emitter.new_variable)
    return cypher("{} WITH {} AS degree RETURN sum(degree)", found, count(pattern))


def _seek(emitter: Emitter, chain: Chain, node: str, of: NodeType) -> Cypher:
    """Return clauses that follow links back from an anchor to the list; each node goes on once."""
    reader = emitter.reader
    ends = [node, *(emitter.new_variable("x") for _ in chain)]
    types = [(of,), *(link.targets for link, _ in chain)]
    anchor, others = _find_anchor(emitter, chain, ends[-1])
    found = [Cypher(anchor)]
    distinct = "" if _finds_each_once(emitter, chain) else "DISTINCT "
    for index in reversed(range(len(chain))):
        link, condition = chain[index]
        near, far, edge = ends[index], ends[index + 1], emitter.new_variable("e")
        start = reader.labelled_start(near, types[index], link)
        step = reader.step(start, link, far, edge, emitter.new_variable, ids_only=True)
        state = reader.resolve_state(near, emitter.new_variable)
        condition = others if index == len(chain) - 1 else condition
        found += [
            where(join_clauses(step, state), predicate(emitter, condition, far, edge)),
            Cypher(f"WITH {distinct}{', '.join(reader.carried_variables(near))}"),
        ]
    return join_clauses(*found)


def _finds_each_once(emitter: Emitter, chain: Chain) -> bool:
    """Return whether each node is found once: from one anchor, over one stored relationship."""
    if len(chain) > 1 or emitter.reader.scope:
        return False
    link, condition = chain[0]
    names = [one.operator.name for one in _ids(condition) if isinstance(one, Compare)]
    return "eq" in names and not link.steps and not link.symmetric


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
