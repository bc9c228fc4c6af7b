"""From records to what the graph holds: nodes with their stored properties, slots between them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple

from graph_seed.records import Citation, Record
from graph_seed.values import decimal_number, fold, joined, parse_edtf
from graph_seed.values.search import search_words
from schema import scalars
from schema.names import DIGEST, EVIDENCE, ID, SEARCH_WORDS, camel
from schema.terms import Link, NodeType, Property, RelationshipType
from schema.vocabulary import Vocabulary

Values = Mapping[str, object]
_ALONE = {scalars.INT, scalars.LONG, scalars.BOOLEAN}
"""Scalars whose values are stored as they are, with nothing beside them."""


class Slot(NamedTuple):
    """A relationship by its type and ends; with its properties it is what is recorded."""

    type: str
    start: str
    end: str


Slots = dict[Slot, dict[str, object]]


@dataclass(slots=True)
class Node:
    """A node as the graph is to hold it: its type and its stored properties, the id included."""

    type: NodeType
    properties: dict[str, object]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.properties[ID])


def stored(node_type: NodeType, node_id: str, values: Values) -> dict[str, object]:
    """The properties of a node: its values, and what stands beside them for filters and search."""
    properties: dict[str, object] = {ID: node_id}
    searched: list[str] = []
    for name, prop in node_type.properties.items():
        value = values.get(name)
        if value is None:
            continue
        properties |= beside(prop, value, values)
        variants = values.get(prop.variants) if prop.variants else None
        if isinstance(variants, list):
            properties[f"{prop.variants}"] = variants
        if prop.searched:
            searched += [str(one) for one in value] if isinstance(value, list) else [str(value)]
            searched += variants if isinstance(variants, list) else []
    if searched:
        properties[SEARCH_WORDS] = search_words(searched)
    return properties


def beside(prop: Property, value: object, values: Values) -> dict[str, object]:
    """A property as it is stored, with those derived from it."""
    if prop.many or prop.enumeration:
        return {prop.name: value}
    made = {prop.name: value}
    if prop.scalar in _ALONE:
        return made
    if prop.folded:
        own = fold(str(value))
        made[prop.folded] = joined([own])
        if prop.all_folded:
            lists = (values.get(name) for name in prop.others)
            others = [fold(one) for some in lists if isinstance(some, list) for one in some]
            made[prop.all_folded] = joined([own, *others])
    elif prop.scalar is scalars.EDTF:
        bounds = parse_edtf(str(value))
        made[prop.name + scalars.EARLIEST] = bounds.earliest
        made[prop.name + scalars.LATEST] = bounds.latest
    elif prop.scalar is scalars.DECIMAL:
        made[prop.name + scalars.NUMBER] = decimal_number(str(value))
    elif prop.scalar is scalars.DATE:
        made[prop.name] = date.fromisoformat(value) if isinstance(value, str) else value
    elif prop.scalar is scalars.DATE_TIME and isinstance(value, str):
        made[prop.name] = datetime.fromisoformat(value)
    if None in made.values():
        return {name: one for name, one in made.items() if one is not None}
    return made


def node_of(record: Record) -> Node:
    """The node of a source or a fact."""
    properties = stored(record.type, record.id, record.values)
    properties[DIGEST] = record.digest
    return Node(record.type, properties)


def passage_id(source: str, cited: Citation) -> str:
    """The id of a passage: its source and its offsets."""
    return f"passage:{source.partition(':')[2]}/{cited.start}-{cited.end}"


_OF_CITATION = {field.name: camel(field.name) for field in fields(Citation)}


def passage_of(passage_type: NodeType, source: str, cited: Citation) -> Node:
    """The node of a passage."""
    values = {name: getattr(cited, attribute) for attribute, name in _OF_CITATION.items()}
    return Node(passage_type, stored(passage_type, passage_id(source, cited), values))


def slots_of(vocabulary: Vocabulary, record: Record) -> Slots:
    """The slots of a record as written: its links and its evidence."""
    links = vocabulary.links(record.type)
    slots: Slots = {}
    for name, references in record.links.items():
        link = links[name]
        for reference in references:
            slot = slot_between(relationship_of(link), record.id, reference.id)
            slots.setdefault(slot, edge_properties(link.properties, reference.properties))
    evidence = relationship_of(links[EVIDENCE])
    for cited in record.evidence:
        slots[Slot(evidence.type, record.id, passage_id(record.source, cited))] = {}
    return slots


def edge_properties(declared: Mapping[str, Property], values: Values) -> dict[str, object]:
    """A relationship's properties as they are stored, with what is derived from each alone."""
    properties: dict[str, object] = {}
    for name, value in values.items():
        if name in declared and value is not None:
            properties |= beside(declared[name], value, {})
    return properties


def slot_between(relationship: RelationshipType, start: str, end: str) -> Slot:
    """A slot; one that reads the same from both ends is stored once, in the order of its ids."""
    if relationship.symmetric and end < start:
        start, end = end, start
    return Slot(relationship.type, start, end)


def relationship_of(link: Link) -> RelationshipType:
    """The relationship type of a link that is stored."""
    if link.relationship is None:
        raise TypeError(f"{link!r} is read along other links")
    return link.relationship
