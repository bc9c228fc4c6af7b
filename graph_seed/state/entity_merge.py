"""Find entities that several sources describe, and merge what the sources say of each.

The merge is a pure function of the descriptions: the order of loading does not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import orjson

from graph_seed.problems import Problem
from graph_seed.records import Facts, Place
from graph_seed.state.elements import (
    GraphNode,
    RelationshipKey,
    Relationships,
    edge_properties,
    relationship_key,
    to_properties,
)
from schema import rules
from schema.model import NodeType, Property
from schema.names import DIGEST, SLOTS
from schema.vocabulary import Vocabulary


@dataclass(slots=True)
class Description:
    """An entity as one source describes it: values by name, and relationships.

    Merged ids are resolved in ``relationships``. ``written`` has the ids of the file, and is what
    is stored: a merge of two entities does not change what the source says.
    """

    source: str
    published: date | None
    type: NodeType
    values: Mapping[str, object]
    relationships: Relationships = field(default_factory=dict)
    digest: int = 0
    written: Relationships = field(default_factory=dict)


def description_properties(vocabulary: Vocabulary, description: Description) -> dict[str, object]:
    """Return a description as the properties of the relationship that stores it.

    The entity's relationships are stored as JSON text. Derived columns are left out: JSON has no
    dates, and a later vocabulary may derive more.
    """
    rows = []
    for key, properties in sorted(description.written.items(), key=_key):
        given = _declared_properties(vocabulary.relationships[key.type].properties, properties)
        rows.append([key.type, key.start, key.end, given])
    return {
        DIGEST: description.digest,
        **edge_properties(_description_columns(vocabulary), description.values),
        SLOTS: orjson.dumps(rows).decode(),
    }


@cache
def _description_columns(vocabulary: Vocabulary) -> Mapping[str, Property]:
    """Return the properties that the relationship of a description declares."""
    return next(one.properties for one in vocabulary.relationships.values() if one.describes)


def parse_relationships(vocabulary: Vocabulary, text: str) -> Relationships:
    """Return the relationships that a description stores as JSON; undeclared types are skipped."""
    return {
        RelationshipKey(kind, start, end): edge_properties(
            vocabulary.relationships[kind].properties, given
        )
        for kind, start, end, given in orjson.loads(text)
        if kind in vocabulary.relationships
    }


def resolve_ids(
    vocabulary: Vocabulary, relationships: Relationships, resolve: Mapping[str, str]
) -> Relationships:
    """Resolve merged ids in relationships; symmetric ones from a node to itself are dropped."""
    found: Relationships = {}
    for key, properties in relationships.items():
        relationship = vocabulary.relationships[key.type]
        start, end = resolve.get(key.start, key.start), resolve.get(key.end, key.end)
        if not (relationship.symmetric and start == end):
            found.setdefault(relationship_key(relationship, start, end), properties)
    return found


def sort_by_publication(descriptions: Iterable[Description]) -> list[Description]:
    """Sort descriptions by the day of publication: undated last, ties by the source's id."""
    return sorted(descriptions, key=lambda one: (one.published or date.max, one.source))


def merge_descriptions(
    vocabulary: Vocabulary, node_id: str, descriptions: Iterable[Description]
) -> tuple[GraphNode, Relationships, list[str]]:
    """Merge all descriptions of an entity.

    Lists are united. Of single values, and of links to one, that of the source published first is
    taken. Return the node, its relationships, and a sentence for each value that differs.
    """
    ordered = sort_by_publication(descriptions)
    values, differences = _values(node_id, ordered)
    node_type = vocabulary.type_of_id(node_id) or ordered[0].type
    values |= _variants(node_type, values, ordered)
    relationships, others = _relationships(vocabulary, node_type, node_id, ordered)
    return (
        GraphNode(node_type, to_properties(node_type, node_id, values)),
        relationships,
        differences + others,
    )


def merge_own_descriptions(
    vocabulary: Vocabulary, node_id: str, descriptions: list[Description]
) -> Description:
    """Merge descriptions of one source, whose records turned out to be the same entity."""
    first = descriptions[0]
    if len(descriptions) == 1:
        return first
    digest = 0
    written: Relationships = {}
    for one in descriptions:
        digest ^= one.digest
        written |= one.written
    values, _ = _values(node_id, descriptions)
    relationships, _ = _relationships(vocabulary, first.type, node_id, descriptions)
    return Description(
        first.source, first.published, first.type, values, relationships, digest, written
    )


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
    """Return the names that sources give and that the merged entity does not have yet."""
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


def _relationships(
    vocabulary: Vocabulary, node_type: NodeType, node_id: str, ordered: list[Description]
) -> tuple[Relationships, list[str]]:
    """Merge relationships and their properties; return a sentence for each link that differs."""
    links = vocabulary.links(node_type).values()
    single = {link.relationship.type: link.name for link in links if link.one and link.relationship}
    relationships: Relationships = {}
    taken: dict[str, tuple[RelationshipKey, str]] = {}
    differences: list[str] = []
    for one in ordered:
        for key, properties in sorted(one.relationships.items(), key=_key):
            if key.type in single and key.start == node_id:
                shown, source = taken.setdefault(key.type, (key, one.source))
                if shown != key:
                    differences.append(
                        f"{node_id}: {single[key.type]} is {shown.end} in {source} "
                        f"and {key.end} in {one.source}"
                    )
                    continue
            declared = vocabulary.relationships[key.type].properties
            relationships[key] = edge_properties(
                declared, properties | _declared_properties(declared, relationships.get(key))
            )
    return relationships, differences


def _declared_properties(
    declared: Mapping[str, Property], properties: Mapping[str, object] | None
) -> dict[str, object]:
    """Return the declared properties of a relationship, without derived columns."""
    return {name: value for name, value in (properties or {}).items() if name in declared}


def _key(item: tuple[RelationshipKey, object]) -> tuple[str, str, str]:
    return item[0].type, item[0].start, item[0].end


SHARED = "SHARED"
MOST_VALUES = 4
"""Values, beside its names, that are shown of what a source says of an entity."""
MOST_OF_LIST = 5
LONGEST = 60
"""Characters of one value that are shown."""


SaidBySource = dict[str, tuple[NodeType, Mapping[str, object]]]
"""Descriptions of one entity: its type and values, by the source's id."""


@dataclass(frozen=True, slots=True)
class SharedEntity:
    """An entity that several sources define: what each says, by the source's id."""

    id: str
    said: Mapping[str, Mapping[str, object]]

    def __str__(self) -> str:
        each = "; ".join(f"{source}: {_in_words(said)}" for source, said in self.said.items())
        return f"{self.id} is one entity of {len(self.said)} sources: {each}"


def shown_values(node_type: NodeType, values: Mapping[str, object]) -> dict[str, object]:
    """Return an entity's names and the first few of its other values, long ones shortened."""
    names = names_of(node_type)
    shown = {name: _shorten(values[name]) for name in names if name in values}
    most = len(shown) + MOST_VALUES
    if len(values) > len(shown):
        for name in node_type.properties:
            if name in values and name not in names and len(shown) < most:
                shown[name] = _shorten(values[name])
    return shown


@cache
def names_of(node_type: NodeType) -> tuple[str, ...]:
    """Return the properties that hold the names by which an entity is found."""
    return tuple(
        name
        for prop in node_type.properties.values()
        if prop.folded_with
        for name in (prop.name, *prop.folded_with)
    )


def shared_entities(defined: Mapping[str, SaidBySource]) -> dict[str, SharedEntity]:
    """Return the entities that several sources define, by id."""
    return {
        entity: SharedEntity(entity, {one: shown_values(*said[one]) for one in sorted(said)})
        for entity, said in defined.items()
        if len(said) > 1
    }


def shared_problem(shared: SharedEntity, place: Place, *, strict: bool) -> Problem:
    """Return a note about a shared entity, or an error if ``strict``."""
    advice = "choose another key if one of them means another"
    if strict:
        message = f"{shared}; {advice}, or leave out --strict-shared if all mean the same"
        return Problem(place, SHARED, message)
    return Problem(place, SHARED, f"{shared}; {advice}", "note")


def definitions_by_entity(given: Iterable[Facts]) -> dict[str, SaidBySource]:
    """Group the records that define entities by the entity's id and by their source."""
    found: dict[str, SaidBySource] = {}
    for facts in given:
        for record in facts.entities:
            found.setdefault(record.id, {})[facts.source.id] = (record.type, record.values)
    return found


def _shorten(value: object) -> object:
    if isinstance(value, list):
        return [_shorten(one) for one in value[:MOST_OF_LIST]]
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _in_words(said: Mapping[str, object]) -> str:
    parts = []
    for name, value in said.items():
        listed = value if isinstance(value, list) else [value]
        parts.append(f"{name} {', '.join(repr(one) for one in listed)}")
    return ", ".join(parts) or f"no {rules.NAME}"
