"""Compute what the graph shall contain of sources, and the standing of claims."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from graph_seed.records import Facts
from graph_seed.state.elements import (
    GraphNode,
    RelationshipKey,
    Relationships,
    add_name_words,
    edge_properties,
    naming_entities,
    node_from_record,
    passage_node,
    relationship_of,
    relationships_of,
)
from graph_seed.state.entity_merge import (
    Description,
    description_properties,
    merge_descriptions,
    merge_own_descriptions,
    resolve_ids,
)
from graph_seed.values import parse_edtf
from schema import rules
from schema.enumerations import Standing, Supersession
from schema.model import RelationshipType
from schema.names import FACT
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


Values = Mapping[str, object]


def supersedes_of(vocabulary: Vocabulary) -> RelationshipType:
    """Return the relationship type by which a claim supersedes another."""
    return relationship_of(vocabulary.links(vocabulary.nodes[FACT])[rules.SUPERSEDES])


def standing_for(reasons: Iterable[str]) -> str:
    """Return the standing of a claim that is superseded for these reasons.

    A retraction outweighs a correction.
    """
    given = set(reasons)
    if Supersession.RETRACTION.value in given:
        return str(Standing.RETRACTED.value)
    if Supersession.CORRECTION.value in given:
        return str(Standing.CORRECTED.value)
    return str(Standing.STANDING.value)


class Claims(Protocol):
    """Claims, by their ids: their values, links and sources."""

    def values_of(self, claim: str) -> Values:
        """Return the values of a claim."""

    def published_on(self, claim: str) -> object:
        """Return when the source of a claim was published, as EDTF, or None."""

    def linked(self, claim: str, link: str) -> Iterable[str]:
        """Return the claims of the same source that a link leads to, in either direction."""


def date_said(claims: Claims, vocabulary: Vocabulary, claim: str) -> str | None:
    """Return the date on which a claim was said, as EDTF, or None if nothing says so.

    The first path of ``rules.SAID_ON`` that leads to a date decides; of several claims at the end
    of a path, the earliest does.
    """
    node_type = vocabulary.type_of_id(claim)
    for path in rules.SAID_ON.get(node_type.label, ()) if node_type else ():
        *links, name = path.split(".")
        ends = [claim]
        for link in links:
            ends = [end for one in ends for end in claims.linked(one, link)]
        dates = [d for end in ends if isinstance(d := claims.values_of(end).get(name), str)]
        if dates:
            return min(dates, key=lambda edtf: (parse_edtf(edtf).earliest or date.min, edtf))
    published = claims.published_on(claim)
    return published if isinstance(published, str) else None


class _ClaimsOfFacts:
    """The claims of a source as its facts file gives them."""

    def __init__(self, vocabulary: Vocabulary, facts: Facts) -> None:
        self._published = facts.source.values.get(rules.PUBLISHED)
        self._values = {one.id: one.values for one in facts.records}
        self._linked: dict[tuple[str, str], list[str]] = defaultdict(list)
        for record in facts.records:
            for name, references in record.links.items():
                ends = relationship_of(vocabulary.links(record.type)[name]).ends
                backs = {one.back for one in ends if record.type.is_a(one.start)}
                for to in references:
                    if to.id in self._values:
                        self._linked[record.id, name].append(to.id)
                        for back in backs:
                            self._linked[to.id, back].append(record.id)

    def values_of(self, claim: str) -> Values:
        return self._values[claim]

    def published_on(self, claim: str) -> object:  # noqa: ARG002 - all are of one source
        return self._published

    def linked(self, claim: str, link: str) -> Iterable[str]:
        return self._linked.get((claim, link), ())


def date_supersessions(vocabulary: Vocabulary, facts: Facts, relationships: Relationships) -> None:
    """Set the day from which on a claim supersedes another on each such relationship."""
    relationship = supersedes_of(vocabulary)
    found = [key for key in relationships if key.type == relationship.type]
    if not found:
        return
    claims = _ClaimsOfFacts(vocabulary, facts)
    for key in found:
        relationships[key] |= since(relationship, date_said(claims, vocabulary, key.start))


def since(relationship: RelationshipType, said: str | None) -> dict[str, object]:
    """Return the properties of a relationship by which a claim supersedes another since a day."""
    declared = {rules.SUPERSEDED_ON: relationship.properties[rules.SUPERSEDED_ON]}
    return edge_properties(declared, {rules.SUPERSEDED_ON: said})
