"""Where the reading of a list begins: at its owner, among all of a type, or at a named neighbour.

A list of all of a type that has to be linked to a node with a given id is read from that node on:
its neighbours are few, and all of the type would have to be looked at otherwise.
"""

from dataclasses import dataclass

from service.query.conditions import predicate
from service.query.emitter import Emitter, Names
from service.query.filters import ALWAYS, AllOf, Condition, conjuncts
from service.query.groups import unwound
from service.query.lists import Connection
from service.query.named import from_named, named


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
    text = emitter.reader.listed(emitter.reader.all_of(node, of), node, (of,))
    return Start(node, "", text, one.condition, all_of=emitter.reader.plain)
