"""Determine the names that records of a type can have, given the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schema import rules
from schema.model import Link, NodeType, Property
from schema.names import EVIDENCE, ID
from schema.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class RecordSchema:
    """The names that a record of one type can have."""

    node: NodeType
    properties: Mapping[str, Property]
    links: Mapping[str, Link]
    verbs: Mapping[str, str]
    """Words that are keys, with what they mean: ``opposes`` gives the stance and, by what follows,
    the target. A short form of the same spelling goes before."""
    amount: bool
    """Whether the short form of a number and its unit is understood."""

    @property
    def names(self) -> list[str]:
        """All names that a record can have beside its kind."""
        amount = [rules.AMOUNT] if self.amount else []
        own = [*self.properties, *self.links, *self.node.short, *self.verbs, *amount]
        return [*own, rules.LIKE, rules.FIND, rules.AT]


@cache
def record_schema(vocabulary: Vocabulary, node: NodeType) -> RecordSchema:
    """Return the names that records of a type can have."""
    properties = {
        name: prop
        for name, prop in node.properties.items()
        if not prop.derived and not prop.attached
    }
    links = {name: link for name, link in vocabulary.links(node).items() if is_written(link)}
    words = node.properties[node.verb.enumeration].enumeration if node.verb else None
    verbs = {str(word.value): word.doc for word in words or () if word.value not in node.short}
    return RecordSchema(node, properties, links, verbs, node.label == rules.AMOUNT_OF)


@cache
def recorded_types(vocabulary: Vocabulary) -> tuple[NodeType, ...]:
    """Return the types that records may have."""
    return tuple(node for node in vocabulary.concrete if node.is_recorded)


@cache
def record_kinds(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the kinds that records may have."""
    return frozenset(str(node.kind) for node in recorded_types(vocabulary))


@cache
def target_types(vocabulary: Vocabulary, link: Link) -> tuple[NodeType, ...]:
    """Return the types of records that a link can lead to."""
    return vocabulary.concrete_of(*link.targets)


def is_written(link: Link) -> bool:
    """Return whether files give a link: if it leads away from the record, but for its evidence."""
    relationship = link.relationship
    if relationship is None or relationship.describes:
        return False
    return link.outgoing and link.name != EVIDENCE


def explain_not_written(vocabulary: Vocabulary, node: NodeType, name: str) -> str | None:
    """Why a name of the vocabulary may not be written, if it is one."""
    prop = node.properties.get(name)
    link = vocabulary.links(node).get(name)
    if name == ID:
        return "an id follows from a record's kind and key"
    if name == EVIDENCE:
        return f"cite by {rules.FIND}: or {rules.AT}:"
    if prop is not None and prop.attached:
        return f"{name} comes with the text, by `parley load --text`"
    if prop is not None or (link is not None and link.outgoing):
        return f"{name} is computed; leave it out"
    if link is not None and link.relationship is not None:
        forward = link.relationship.ends[0].forward
        owners = " or ".join(
            dict.fromkeys(str(t.kind) for t in vocabulary.concrete_of(*link.targets))
        )
        return f"{name} is written from its other side: as {forward}: of the {owners}"
    return f"{name} is computed; leave it out" if link is not None else None
