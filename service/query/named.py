"""Lists that begin at a named neighbour: its neighbours are few, all of a type are many.

Where a condition names several neighbours, the one with the fewest relationships is chosen as the
query runs: an issue may have a hundred thousand statements, and a speaker of some of them twenty.
"""

from schema.names import ID
from schema.terms import Link, NodeType
from service.query.conditions import TOGETHER, predicate
from service.query.emitter import Emitter
from service.query.filters import AllOf, Compare, Condition, IsA, Linked, conjuncts, together

NAMED = {"eq", "in"}
"""The operators by which a filter names a node by its id."""
MOST = 3
"""Named neighbours of which one is chosen: what leads from each is planned."""
Chain = list[tuple[Link, Condition]]


def named(condition: Condition) -> list[Linked]:
    """What of a condition leads to nodes that are named by their ids, over not too many links."""
    found: list[Linked] = []
    for part in conjuncts(condition):
        if isinstance(part, Linked) and part.quantifier == "some":
            chain = together(part)
            if len(chain) <= TOGETHER and _names(chain[-1][1]):
                found.append(part)
    # How many lead to it is known at once only where one relationship does.
    simple = [one for one in found if not together(one)[-1][0].steps]
    return simple[:MOST] or found[:1]


def from_named(emitter: Emitter, ways: list[Linked], node: str, of: NodeType) -> str:
    """What finds a list's nodes by the best of several ways; it ends in a clause of its own."""
    if len(ways) == 1:
        return _from_one(emitter, together(ways[0]), node, of)
    outer, kept = emitter.reader.outer, ", ".join(emitter.reader.kept(node))
    counts = [emitter.fresh("d") for _ in ways]
    text = ""
    for way, name in zip(ways, counts, strict=True):
        text += f"CALL ({outer}) {{ {_degree(emitter, together(way))} AS {name} }} "
    branches: list[str] = []
    for way, name in zip(ways, counts, strict=True):
        before = counts[: counts.index(name)]
        least = [f"{name} < {other}" for other in before]
        least += [f"{name} <= {other}" for other in counts[len(before) + 1 :]]
        others = AllOf(tuple(other for other in ways if other is not way))
        found = _from_one(emitter, together(way), node, of)
        held = predicate(emitter, others, node)
        branches.append(f"WITH * WHERE {' AND '.join(least)} {found} WHERE {held} RETURN {kept}")
    given = ", ".join([*counts, outer] if outer else counts)
    return f"{text}CALL ({given}) {{ {' UNION ALL '.join(branches)} }} WITH {kept}"


def _names(condition: Condition) -> list[Condition]:
    """What of a condition says which ids a node may have."""
    found: list[Condition] = []
    for part in conjuncts(condition):
        if isinstance(part, IsA):
            found += _names(part.condition)
        elif isinstance(part, Compare) and part.prop.name == ID and part.operator.name in NAMED:
            found.append(part)
    return found


def _begin(emitter: Emitter, chain: Chain, node: str) -> tuple[str, AllOf]:
    """What finds the named nodes of a chain, and the rest of what has to hold of them."""
    names = AllOf(tuple(_names(chain[-1][1])))
    rest = AllOf(tuple(part for part in conjuncts(chain[-1][1]) if part not in names.of))
    return emitter.reader.named(node, lambda end: predicate(emitter, names, end)), rest


def _degree(emitter: Emitter, chain: Chain) -> str:
    node = emitter.fresh("x")
    found, _ = _begin(emitter, chain, node)
    pattern = emitter.reader.pattern("", chain[-1][0], node, [""], emitter.fresh)
    return f"{found} WITH COUNT {{ {pattern} }} AS degree RETURN sum(degree)"


def _from_one(emitter: Emitter, chain: Chain, node: str, of: NodeType) -> str:
    """The links from a named node back to the list's; each node of the way goes on once."""
    ends = [node, *(emitter.fresh("x") for _ in chain)]
    types = [(of,), *(link.targets for link, _ in chain)]
    text, rest = _begin(emitter, chain, ends[-1])
    distinct = "" if _leads_once(emitter, chain) else "DISTINCT "
    for index in reversed(range(len(chain))):
        link, condition = chain[index]
        near, far, edge = ends[index], ends[index + 1], emitter.fresh("e")
        begins = emitter.reader.begins(near, types[index], link)
        text += f" {emitter.reader.step(begins, link, far, edge, emitter.fresh, bare=True)}"
        text += emitter.reader.later(near, emitter.fresh)
        held = predicate(emitter, rest if index == len(chain) - 1 else condition, far, edge)
        text += f"{f' WHERE {held}' if held else ''} "
        text += f"WITH {distinct}{', '.join(emitter.reader.kept(near))}"
    return text


def _leads_once(emitter: Emitter, chain: Chain) -> bool:
    """Whether each node is found once: from one named node, over one stored relationship."""
    if len(chain) > 1 or emitter.reader.outer:
        return False
    link, condition = chain[0]
    names = [one.operator.name for one in _names(condition) if isinstance(one, Compare)]
    return "eq" in names and not link.steps and not link.symmetric
