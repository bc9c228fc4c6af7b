"""Descriptions: what each source says of an entity, and the entity as all of them have it.

The merge is a pure function of the descriptions, so that the order of loading does not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import orjson

from graph_seed.state.elements import Node, Slot, Slots, edge_properties, slot_between, stored
from schema.model import NodeType, Property
from schema.names import DIGEST, SLOTS
from schema.vocabulary import Vocabulary


@dataclass(slots=True)
class Description:
    """What one source says of an entity: values by name, and the entity's slots.

    ``slots`` name what merged ids stand for now; ``written`` names ids as the file does, which is
    what is kept: a merge elsewhere is no change of what the source says.
    """

    source: str
    published: date | None
    type: NodeType
    values: Mapping[str, object]
    slots: Slots = field(default_factory=dict)
    digest: int = 0
    written: Slots = field(default_factory=dict)


def description_properties(vocabulary: Vocabulary, description: Description) -> dict[str, object]:
    """A description as its relationship holds it.

    Its slots are JSON text of what the file gives: what is derived is left out, for JSON has no
    dates, and what a later vocabulary derives may be more.
    """
    rows = []
    for slot, properties in sorted(description.written.items(), key=_key):
        given = _given(vocabulary.relationships[slot.type].properties, properties)
        rows.append([slot.type, slot.start, slot.end, given])
    return {
        DIGEST: description.digest,
        **edge_properties(_described(vocabulary), description.values),
        SLOTS: orjson.dumps(rows).decode(),
    }


@cache
def _described(vocabulary: Vocabulary) -> Mapping[str, Property]:
    """Return the properties that the relationship of a description declares."""
    return next(one.properties for one in vocabulary.relationships.values() if one.describes)


def read_slots(vocabulary: Vocabulary, text: str) -> Slots:
    """The slots that a description holds as JSON text; a type that is no more is passed over."""
    return {
        Slot(kind, start, end): edge_properties(vocabulary.relationships[kind].properties, given)
        for kind, start, end, given in orjson.loads(text)
        if kind in vocabulary.relationships
    }


def renamed(vocabulary: Vocabulary, slots: Slots, resolve: Mapping[str, str]) -> Slots:
    """The slots with what merged ids stand for; nothing is different from itself."""
    found: Slots = {}
    for slot, properties in slots.items():
        relationship = vocabulary.relationships[slot.type]
        start, end = resolve.get(slot.start, slot.start), resolve.get(slot.end, slot.end)
        if not (relationship.symmetric and start == end):
            found.setdefault(slot_between(relationship, start, end), properties)
    return found


def in_order(descriptions: Iterable[Description]) -> list[Description]:
    """Descriptions by when their source was published: undated last, ties by the source's id."""
    return sorted(descriptions, key=lambda one: (one.published or date.max, one.source))


def merged(
    vocabulary: Vocabulary, node_id: str, descriptions: Iterable[Description]
) -> tuple[Node, Slots, list[str]]:
    """An entity as all its descriptions together have it.

    Lists are united; of single values, and of links to one, that of the source published first
    shows. Also gives the differences, in words.
    """
    ordered = in_order(descriptions)
    values, differences = _values(node_id, ordered)
    node_type = vocabulary.type_of_id(node_id) or ordered[0].type
    values |= _variants(node_type, values, ordered)
    slots, others = _slots(vocabulary, node_type, node_id, ordered)
    return Node(node_type, stored(node_type, node_id, values)), slots, differences + others


def as_one(vocabulary: Vocabulary, node_id: str, descriptions: list[Description]) -> Description:
    """Several descriptions of one source as one: its records were found to be the same entity."""
    first = descriptions[0]
    if len(descriptions) == 1:
        return first
    digest = 0
    written: Slots = {}
    for one in descriptions:
        digest ^= one.digest
        written |= one.written
    values, _ = _values(node_id, descriptions)
    slots, _ = _slots(vocabulary, first.type, node_id, descriptions)
    return Description(first.source, first.published, first.type, values, slots, digest, written)


def _values(node_id: str, ordered: list[Description]) -> tuple[dict[str, object], list[str]]:
    values: dict[str, object] = {}
    lists: dict[str, dict[object, None]] = {}
    said: dict[str, str] = {}
    differences: list[str] = []
    for one in ordered:
        for name, value in one.values.items():
            if isinstance(value, list):
                held = lists.setdefault(name, {})
                held |= dict.fromkeys(value)
                values[name] = list(held)
            elif name not in values:
                values[name] = value
                said[name] = one.source
            elif values[name] != value:
                differences.append(
                    f"{node_id}: {name} is {values[name]!r} in {said[name]} "
                    f"and {value!r} in {one.source}"
                )
    return values, differences


def _variants(
    node_type: NodeType, values: Mapping[str, object], ordered: Sequence[Description]
) -> dict[str, object]:
    """Return the names that sources give and the merged entity would not hold otherwise."""
    found: dict[str, object] = {}
    if len(ordered) < 2:
        return found
    for name, prop in node_type.properties.items():
        if prop.variants_column is None:
            continue
        lists = (values.get(other) for other in prop.folded_with)
        held = {
            values.get(name),
            *(one for some in lists if isinstance(some, list) for one in some),
        }
        said = dict.fromkeys(one.values[name] for one in ordered if name in one.values)
        if others := [one for one in said if one not in held]:
            found[prop.variants_column] = others
    return found


def _slots(
    vocabulary: Vocabulary, node_type: NodeType, node_id: str, ordered: list[Description]
) -> tuple[Slots, list[str]]:
    """The slots that descriptions in order give an entity, each with its values likewise merged."""
    links = vocabulary.links(node_type).values()
    single = {link.relationship.type: link.name for link in links if link.one and link.relationship}
    slots: Slots = {}
    taken: dict[str, tuple[Slot, str]] = {}
    differences: list[str] = []
    for one in ordered:
        for slot, properties in sorted(one.slots.items(), key=_key):
            if slot.type in single and slot.start == node_id:
                shown, source = taken.setdefault(slot.type, (slot, one.source))
                if shown != slot:
                    differences.append(
                        f"{node_id}: {single[slot.type]} is {shown.end} in {source} "
                        f"and {slot.end} in {one.source}"
                    )
                    continue
            declared = vocabulary.relationships[slot.type].properties
            slots[slot] = edge_properties(declared, properties | _given(declared, slots.get(slot)))
    return slots, differences


def _given(
    declared: Mapping[str, Property], properties: Mapping[str, object] | None
) -> dict[str, object]:
    """What of a slot's properties is not derived from others."""
    return {name: value for name, value in (properties or {}).items() if name in declared}


def _key(item: tuple[Slot, object]) -> tuple[str, str, str]:
    return item[0].type, item[0].start, item[0].end
