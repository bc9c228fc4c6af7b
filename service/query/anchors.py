"""Lists read from an anchor: a node that the filter names by its id.

The neighbours of one node are few, all nodes of a type are many. Where a condition names several
anchors, the one with the fewest relationships is chosen while the query runs: an issue may have a
hundred thousand statements, and a speaker of some of them twenty.
"""

from schema.model import Link, NodeType
from schema.names import ID
from service.query.emitter import Emitter
from service.query.filters import AllOf, Compare, Condition, IsA, Linked, conjuncts, link_chain
from service.query.fragments import Cypher, count, cypher, join, join_clauses, where
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
