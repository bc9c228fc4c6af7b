"""From records to what the graph holds: nodes with their stored properties, slots between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from graph_seed.records import Citation, Record
from graph_seed.values import decimal_number, folded, parse_edtf
from graph_seed.values.search import search_words
from schema import scalars
from schema.names import DIGEST, EVIDENCE, ID, SEARCH_WORDS, SLOTS
from schema.vocabulary import Link, NodeType, Property, RelationshipType, Vocabulary

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """A relationship by its type and ends; with its properties it is what is recorded."""

    type: str
    start: str
    end: str


Slots = dict[Slot, dict[str, Any]]


@dataclass(slots=True)
class Node:
    """A node as the graph is to hold it: its type and its stored properties, the id included."""

    type: NodeType
    properties: dict[str, Any]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.properties[ID])


@dataclass(slots=True)
class Description:
    """What one source says of an entity: values by name, and the entity's slots."""

    source: str
    published: date | None
    type: NodeType
    values: dict[str, Any]
    slots: Slots = field(default_factory=dict)
    digest: int = 0


def stored(node_type: NodeType, node_id: str, values: Values) -> dict[str, Any]:
    """The properties of a node: its values, and what stands beside them for filters and search."""
    properties: dict[str, Any] = {ID: node_id}
    searched: list[str] = []
    for prop in node_type.properties.values():
        value = values.get(prop.name)
        if value is None:
            continue
        properties |= beside(prop, value, values)
        if prop.searched:
            searched += value if prop.many else [str(value)]
    if searched:
        properties[SEARCH_WORDS] = search_words(searched)
    return properties


def beside(prop: Property, value: Any, values: Values) -> dict[str, Any]:
    """A property as it is stored, with those derived from it."""
    if prop.many or prop.enumeration:
        return {prop.name: value}
    made = {prop.name: value}
    if prop.folded:
        others = [one for name in prop.folded_with for one in values.get(name) or ()]
        made[prop.folded] = folded([value, *others])
    elif prop.scalar is scalars.EDTF:
        bounds = parse_edtf(value)
        made[prop.name + scalars.EARLIEST] = bounds.earliest
        made[prop.name + scalars.LATEST] = bounds.latest
    elif prop.scalar is scalars.DECIMAL:
        made[prop.name + scalars.NUMBER] = decimal_number(value)
    elif prop.scalar is scalars.DATE:
        made[prop.name] = date.fromisoformat(value) if isinstance(value, str) else value
    elif prop.scalar is scalars.DATE_TIME and isinstance(value, str):
        made[prop.name] = datetime.fromisoformat(value)
    return {name: one for name, one in made.items() if one is not None}


def node_of(record: Record) -> Node:
    """The node of a source or a fact."""
    properties = stored(record.type, record.id, record.values)
    properties[DIGEST] = record.digest
    return Node(record.type, properties)


def passage_id(source: str, cited: Citation) -> str:
    """The id of a passage: its source and its offsets."""
    return f"passage:{source.partition(':')[2]}/{cited.start}-{cited.end}"


def passage_of(passage_type: NodeType, source: str, cited: Citation) -> Node:
    """The node of a passage."""
    values = {
        "start": cited.start,
        "end": cited.end,
        "startUtf16": cited.start_utf16,
        "endUtf16": cited.end_utf16,
        "sha256": cited.sha256,
        "firstSentence": cited.first_sentence,
        "lastSentence": cited.last_sentence,
        "locator": cited.locator,
    }
    return Node(passage_type, stored(passage_type, passage_id(source, cited), values))


def slots_of(
    vocabulary: Vocabulary, record: Record, resolve: Mapping[str, str], start: str
) -> Slots:
    """The slots of a record, whose node is ``start``: its links and its evidence.

    ``resolve`` maps ids that were merged.
    """
    links = vocabulary.links(record.type)
    slots: Slots = {}
    for name, references in record.links.items():
        link = links[name]
        for reference in references:
            target = resolve.get(reference.id, reference.id)
            slot = _slot(link, start, target)
            slots.setdefault(slot, edge_properties(link.properties, reference.properties))
    evidence = relationship_of(links[EVIDENCE])
    for cited in record.evidence:
        slots[Slot(evidence.type, start, passage_id(record.source, cited))] = {}
    return slots


def edge_properties(declared: Mapping[str, Property], values: Values) -> dict[str, Any]:
    """A relationship's properties as they are stored, with what is derived from each alone."""
    properties: dict[str, Any] = {}
    for name, prop in declared.items():
        if values.get(name) is not None:
            properties |= beside(prop, values[name], {})
    return properties


def _slot(link: Link, start: str, end: str) -> Slot:
    relationship = relationship_of(link)
    if relationship.symmetric and end < start:
        start, end = end, start
    return Slot(relationship.type, start, end)


def relationship_of(link: Link) -> RelationshipType:
    """The relationship type of a link that is stored."""
    if link.relationship is None:
        raise TypeError(f"{link!r} is read along other links")
    return link.relationship


def description_properties(description: Description) -> dict[str, Any]:
    """A description as its relationship holds it."""
    properties: dict[str, Any] = {DIGEST: description.digest}
    properties |= edge_properties(description.type.properties, description.values)
    rows = [[s.type, s.start, s.end, p] for s, p in sorted(description.slots.items(), key=_key)]
    properties[SLOTS] = orjson.dumps(rows).decode()
    return properties


def _key(item: tuple[Slot, Any]) -> tuple[str, str, str]:
    return item[0].type, item[0].start, item[0].end


def read_slots(text: str) -> Slots:
    """The slots that a description holds as JSON text."""
    return {Slot(kind, start, end): dict(p) for kind, start, end, p in orjson.loads(text)}


def in_order(descriptions: Iterable[Description]) -> list[Description]:
    """Descriptions by when their source was published: undated last, ties by the source's id."""
    return sorted(descriptions, key=lambda one: (one.published or date.max, one.source))


def merged(
    vocabulary: Vocabulary, node_id: str, descriptions: Iterable[Description]
) -> tuple[Node, Slots, list[str]]:
    """An entity as all its descriptions together have it, whatever the order of their loading.

    Lists are united; of single values, and of links to one, that of the source published first
    shows. Also gives the differences, in words.
    """
    ordered = in_order(descriptions)
    node_type = ordered[0].type
    values: dict[str, Any] = {}
    said: dict[str, str] = {}
    differences: list[str] = []
    for one in ordered:
        for name, value in one.values.items():
            if isinstance(value, list):
                united = [*values.get(name, []), *value]
                values[name] = list(dict.fromkeys(united))
            elif name not in values:
                values[name] = value
                said[name] = one.source
            elif values[name] != value:
                differences.append(
                    f"{node_id}: {name} is {values[name]!r} in {said[name]} "
                    f"and {value!r} in {one.source}"
                )
    slots = _merged_slots(vocabulary, node_type, node_id, ordered)
    return Node(node_type, stored(node_type, node_id, values)), slots, differences


def _merged_slots(
    vocabulary: Vocabulary, node_type: NodeType, node_id: str, ordered: list[Description]
) -> Slots:
    single = {
        link.relationship.type
        for link in vocabulary.links(node_type).values()
        if link.one and link.relationship is not None
    }
    slots: Slots = {}
    taken: dict[str, str] = {}
    for one in ordered:
        for slot, properties in one.slots.items():
            to_one = slot.type in single and slot.start == node_id
            if to_one and taken.setdefault(slot.type, one.source) != one.source:
                continue
            slots.setdefault(slot, properties)
    return slots
