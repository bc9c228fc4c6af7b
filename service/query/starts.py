"""Where the reading of a list begins: at its owner, among all of a type, or at a named neighbour.

A list of all of a type that has to be linked to a node with a given id is read from that node on:
its neighbours are few, and all of the type would have to be looked at otherwise. One of nodes with
given names is read from an index of names.
"""

from dataclasses import dataclass

from schema.terms import NodeType
from service.query.conditions import predicate
from service.query.emitter import Emitter, Names
from service.query.filters import ALWAYS, AllOf, Compare, Condition, conjuncts
from service.query.groups import unwound
from service.query.lists import Connection
from service.query.named import from_named, named
from service.query.operators import FOLDED_NAMES


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a list's nodes come from: along its link from a node, out of a list; else all."""

    node: str | None = None
    members: str | None = None
    bare: bool = False
    """Whether the list holds nodes without what they were (``Reader.later``)."""


EVERYWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Start:
    """A list's node, the relationship that led to it, and the text that finds both.

    ``rest`` is the condition that the text does not test. ``whole`` says that the text ends in a
    clause of its own, so that a subquery over it has to return something.
    """

    node: str
    edge: str
    text: str
    rest: Condition
    whole: bool = False
    all_of: bool = False
    """Whether all nodes of one label are read, so that its indexes serve."""

    def where(self, names: Names, *more: str) -> str:
        """The text with all that has to hold."""
        parts = [predicate(names, self.rest, self.node, self.edge), *more]
        held = [part for part in parts if part]
        return f"{self.text} WHERE {' AND '.join(held)}" if held else self.text


def is_named(emitter: Emitter, one: Connection, origin: Origin) -> bool:
    """Whether a list is read from a named neighbour on."""
    return _everywhere(emitter, one, origin) and bool(named(one.condition))


def is_all_of(emitter: Emitter, one: Connection, origin: Origin) -> bool:
    """Whether a list is read from all of a type."""
    return _everywhere(emitter, one, origin) and not named(one.condition)


def _everywhere(emitter: Emitter, one: Connection, origin: Origin) -> bool:
    apart = origin.members is None and not (one.link and origin.node)
    return apart and emitter.reader.day is None


def start(emitter: Emitter, one: Connection, origin: Origin, *, bare: bool = False) -> Start:
    """How to find a list's nodes."""
    node, edge = emitter.fresh("n"), emitter.fresh("r")
    if origin.members is not None:
        kept = [node] if origin.bare else emitter.reader.kept(node)
        return Start(node, "", unwound(emitter, origin.members, kept), one.condition)
    if one.link and origin.node:
        found = emitter.reader.step(origin.node, one.link, node, edge, emitter.fresh, bare=bare)
        text = emitter.reader.listed_along(found, node, one.link, edge)
        return Start(node, edge, text, one.condition)
    of = one.of or emitter.vocabulary.root
    ways = named(one.condition) if emitter.reader.day is None else []
    if ways:
        text = from_named(emitter, ways, node, of)
        rest = AllOf(tuple(part for part in conjuncts(one.condition) if part not in ways))
        return Start(node, "", text, rest if rest.of else ALWAYS, whole=True)
    by_name = _by_name(emitter, one.condition, node, of) if emitter.reader.plain else None
    if by_name:
        return Start(node, "", by_name, one.condition, whole=True)
    text = emitter.reader.listed(emitter.reader.all_of(node, of), node, (of,))
    return Start(node, "", text, one.condition, all_of=emitter.reader.plain)


def _by_name(emitter: Emitter, condition: Condition, node: str, of: NodeType) -> str | None:
    """Return the text that finds nodes in the index of names, if the condition demands some names.

    No index holds the elements of lists, so aliases are found by the folded forms of all names of a
    node; these find more nodes than the condition, which still has to be tested.
    """
    for part in conjuncts(condition):
        if isinstance(part, Compare) and FOLDED_NAMES in part.values and not part.on_edge:
            # Only concrete types and the type that declares the property have its index.
            owner = next(one for one in (of, *of.ancestors) if one.concrete or part.prop in one.own)
            label = of.label if owner is of else f"{owner.label}&{of.label}"
            name = emitter.fresh("w")
            return (
                f"UNWIND {emitter.parameter(part.values[FOLDED_NAMES])} AS {name} "
                f"MATCH ({node}:{label}) WHERE {node}.{part.prop.matched} CONTAINS {name} "
                f"WITH DISTINCT {node}"
            )
    return None
