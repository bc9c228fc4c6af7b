"""Compute what the graph shall contain of sources, given their facts and other descriptions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph_seed.records import Facts
from graph_seed.state.elements import (
    GraphNode,
    RelationshipKey,
    Relationships,
    add_name_words,
    naming_entities,
    node_from_record,
    passage_node,
    relationships_of,
)
from graph_seed.state.entity_merge import (
    Description,
    description_properties,
    merge_descriptions,
    merge_own_descriptions,
    resolve_ids,
)
from graph_seed.state.supersession import date_supersessions, standing_for
from graph_seed.values import parse_edtf
from schema import rules
from schema.vocabulary import Vocabulary

DescriptionsByEntity = dict[str, list[Description]]
"""Descriptions by the entity's id."""


@dataclass(slots=True)
class GraphState:
    """Nodes by id, and relationships: the current or the desired state of some sources.

    ``given`` are the relationships that the sources' own files give. ``differing`` has a sentence
    for each value that sources give differently, by the entity's id.
    """

    nodes: dict[str, GraphNode] = field(default_factory=dict)
    relationships: Relationships = field(default_factory=dict)
    given: set[RelationshipKey] = field(default_factory=set)
    differing: dict[str, list[str]] = field(default_factory=dict)


def description_type(vocabulary: Vocabulary) -> str:
    """Return the type of the relationship that stores a source's description of an entity."""
    return next(r.type for r in vocabulary.relationships.values() if r.describes)


def symmetric_types(vocabulary: Vocabulary) -> list[str]:
    """Return the types of symmetric relationships, which descriptions of either end may give."""
    return [r.type for r in vocabulary.relationships.values() if r.symmetric]


def published_day(facts: Facts) -> date | None:
    """Return the first day on which a source may have been published."""
    published = facts.source.values.get(rules.PUBLISHED)
    return parse_edtf(published).earliest if isinstance(published, str) else None


def descriptions_of(
    vocabulary: Vocabulary, facts: Facts | None, resolve: Mapping[str, str]
) -> dict[str, Description]:
    """Return a source's description of each entity; ``resolve`` maps merged ids."""
    found: DescriptionsByEntity = {}
    if facts is None:
        return {}
    day = published_day(facts)
    for record in sorted(facts.entities, key=lambda one: one.id):
        entity = resolve.get(record.id, record.id)
        written = relationships_of(vocabulary, record)
        relationships = resolve_ids(vocabulary, written, resolve)
        values: dict[str, object] = {**record.values}
        said = Description(
            facts.source.id, day, record.type, values, relationships, record.digest, written
        )
        found.setdefault(entity, []).append(said)
    return {
        entity: merge_own_descriptions(vocabulary, entity, some) for entity, some in found.items()
    }


def desired_state(
    vocabulary: Vocabulary,
    facts: Facts | Sequence[Facts] | None,
    resolve: Mapping[str, str],
    said: DescriptionsByEntity,
    around: DescriptionsByEntity,
) -> GraphState:
    """Return what the graph shall contain of some sources once their facts are loaded.

    No facts means that the sources are unloaded. ``said`` are other sources' descriptions of the
    entities that these describe or described; ``around`` are all descriptions of entities that
    share symmetric relationships with those.
    """
    given = [facts] if isinstance(facts, Facts) else facts or []
    state = GraphState()
    everything = {entity: list(others) for entity, others in said.items()}
    for one in given:
        _add_facts(state, vocabulary, one, resolve)
        for entity, own in descriptions_of(vocabulary, one, resolve).items():
            everything.setdefault(entity, []).append(own)
            state.given |= set(own.relationships)
            key = RelationshipKey(description_type(vocabulary), entity, own.source)
            state.relationships[key] = description_properties(vocabulary, own)
    for entity, descriptions in everything.items():
        if descriptions:
            node, relationships, differing = merge_descriptions(vocabulary, entity, descriptions)
            state.nodes[entity] = node
            state.relationships |= relationships
            if differing:
                state.differing[entity] = differing
    types = symmetric_types(vocabulary)
    for key, properties in _described_relationships(around).items():
        if key.type in types and not {key.start, key.end}.isdisjoint(everything):
            state.relationships.setdefault(key, properties)
    return state


def _described_relationships(said: DescriptionsByEntity) -> Relationships:
    return {s: p for some in said.values() for one in some for s, p in one.relationships.items()}


def symmetric_neighbors(
    vocabulary: Vocabulary,
    held: Relationships,
    said: DescriptionsByEntity,
    own: Collection[Description],
) -> set[str]:
    """Return the ends of symmetric relationships that are there or that descriptions give."""
    types = symmetric_types(vocabulary)
    asked = _described_relationships(said) | _described_relationships({"": list(own)})
    return {end for s in (*held, *asked) if s.type in types for end in (s.start, s.end)}


def _add_facts(
    state: GraphState, vocabulary: Vocabulary, facts: Facts, resolve: Mapping[str, str]
) -> None:
    """Add a source, its passages and its facts."""
    relationships: Relationships = {}
    passage = vocabulary.by_kind[rules.PASSAGE]
    part_of = vocabulary.links(passage)[rules.SOURCE].relationship
    source = node_from_record(facts.source)
    state.nodes[source.id] = source
    for record in facts.records:
        for cited in record.evidence:
            node = passage_node(passage, facts.source.id, cited)
            state.nodes[node.id] = node
            if part_of is not None:
                relationships[RelationshipKey(part_of.type, node.id, source.id)] = {}
        if not record.type.is_entity:
            own = resolve_ids(vocabulary, relationships_of(vocabulary, record), resolve)
            node = add_name_words(
                node_from_record(record), naming_entities(vocabulary, record, own)
            )
            node.properties[rules.STANDING] = standing_for(())
            state.nodes[node.id] = node
            relationships |= own
    date_supersessions(vocabulary, facts, relationships)
    state.relationships |= relationships
    state.given |= set(relationships)
