"""Names that would be taken for one another: in the store, among a type's fields, as root fields.

What else GraphQL makes names for is held where they are made (``service.graphql.types.registry``).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from schema.model import Property
from schema.names import (
    CLOCK,
    DIGEST,
    EXPIRED_IN,
    GATE,
    HISTORY,
    ID,
    RECORDED_IN,
    SEARCH_WORDS,
    SLOTS,
    VALIDITY,
    WAS,
    past,
)
from schema.vocabulary import Vocabulary

RESERVED = {ID, "caption", RECORDED_IN, HISTORY, VALIDITY}
"""Fields that every node has or will have."""
KEPT = (ID, RECORDED_IN, EXPIRED_IN, DIGEST, SEARCH_WORDS, SLOTS)
"""Properties that Parley itself keeps on nodes and relationships."""


def clashes(vocabulary: Vocabulary) -> Iterable[str]:
    """Each clash of names, as a message that says what to rename."""
    yield from _fields(vocabulary)
    yield from _types(vocabulary)
    yield from _stored(vocabulary)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, number in Counter(names).items() if number > 1]


def _fields(vocabulary: Vocabulary) -> Iterable[str]:
    for node in vocabulary.nodes.values():
        named = [
            *node.properties,
            *(one.name for one in node.computed),
            *vocabulary.links(node),
        ]
        for name in _twice(named):
            yield f"{node.label}.{name} is declared more than once; rename one of them."
        kinds = () if node.concrete else vocabulary.concrete_of(node)
        for name in {one.field for one in kinds} & set(named):
            yield f"{node.label}.{name} is the name of a type below it too; rename it."
        for name in sorted(set(named) & RESERVED):
            yield f"{node.label}.{name}: every node has a field of this name; rename it."
    fields = [name for node in vocabulary.nodes.values() for name in (node.field, node.plural)]
    for name in _twice(fields):
        yield f"{name} is the name of two root fields; give one type another plural."


def _types(vocabulary: Vocabulary) -> Iterable[str]:
    nodes = list(vocabulary.nodes)
    for name in _twice([*nodes, *(one.__name__ for one in vocabulary.enumerations)]):
        yield f"{name} is both a node type and an enumeration; rename one of them."
    for label in _twice([*nodes, *(past(label) for label in nodes), CLOCK, GATE]):
        yield f"{label} is a label that Parley makes itself; rename the node type."
    types = vocabulary.relationships.values()
    for name in _twice([*(one.type for one in types), *(one.past for one in types), WAS]):
        yield f"{name} is a relationship type that Parley makes itself; rename the class."


def _stored(vocabulary: Vocabulary) -> Iterable[str]:
    """A property stands in the store with what is derived from it, and beside Parley's own."""
    owners: list[tuple[str, Iterable[Property]]] = [
        (node.label, node.properties.values()) for node in vocabulary.nodes.values()
    ]
    owners += [(r.type, r.properties.values()) for r in vocabulary.relationships.values()]
    for owner, properties in owners:
        makers = defaultdict(list, {name: ["something of Parley's own"] for name in KEPT})
        for prop in properties:
            for name in prop.stored:
                makers[name].append(prop.name)
        for name, several in makers.items():
            if len(several) > 1:
                both = " and ".join(several)
                yield f"{owner}: {both} would both be stored as {name}; rename one of them."
