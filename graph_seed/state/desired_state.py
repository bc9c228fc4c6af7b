"""What the graph is to hold of sources, computed from their facts and from what others say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph_seed.records import Facts
from graph_seed.state.elements import (
    Node,
    Slot,
    Slots,
    ends_that_name,
    node_of,
    passage_of,
    slots_of,
    with_names,
)
from graph_seed.state.entity_merge import (
    Description,
    as_one,
    description_properties,
    merged,
    renamed,
)
from graph_seed.state.supersession import date_supersessions, standing_for
from graph_seed.values import parse_edtf
from schema import rules
from schema.vocabulary import Vocabulary

Said = dict[str, list[Description]]
"""What sources say of entities, by the entity's id."""


@dataclass(slots=True)
class State:
    """Nodes by id, and slots: what is held of some sources, or what is wanted.

    ``given`` are the slots that the sources' own files ask for, ``differing`` says in words where
    sources differ, by the entity's id.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    slots: Slots = field(default_factory=dict)
    given: set[Slot] = field(default_factory=set)
    differing: dict[str, list[str]] = field(default_factory=dict)


def describes(vocabulary: Vocabulary) -> str:
    """The type of the slot that holds what a source says of an entity."""
    return next(r.type for r in vocabulary.relationships.values() if r.describes)


def symmetric(vocabulary: Vocabulary) -> list[str]:
    """The types of slots that either end's descriptions may claim."""
    return [r.type for r in vocabulary.relationships.values() if r.symmetric]


def published_day(facts: Facts) -> date | None:
    """Return the first day on which a source may have been published."""
    published = facts.source.values.get(rules.PUBLISHED)
    return parse_edtf(published).earliest if isinstance(published, str) else None


def descriptions_of(
    vocabulary: Vocabulary, facts: Facts | None, resolve: Mapping[str, str]
) -> dict[str, Description]:
    """What a source's facts say of each entity; ``resolve`` maps ids that were merged."""
    found: Said = {}
    if facts is None:
        return {}
    day = published_day(facts)
    for record in sorted(facts.entities, key=lambda one: one.id):
        entity = resolve.get(record.id, record.id)
        written = slots_of(vocabulary, record)
        slots = renamed(vocabulary, written, resolve)
        values: dict[str, object] = {**record.values}
        said = Description(facts.source.id, day, record.type, values, slots, record.digest, written)
        found.setdefault(entity, []).append(said)
    return {entity: as_one(vocabulary, entity, some) for entity, some in found.items()}


def wanted(
    vocabulary: Vocabulary,
    facts: Facts | Sequence[Facts] | None,
    resolve: Mapping[str, str],
    said: Said,
    around: Said,
) -> State:
    """Return what the graph is to hold of some sources once their facts are loaded.

    A source without facts is to be unloaded. ``said`` is what other sources say of the entities
    that these describe or described; ``around`` what sources say of entities that share symmetric
    slots with those.
    """
    given = [facts] if isinstance(facts, Facts) else facts or []
    state = State()
    everything = {entity: list(others) for entity, others in said.items()}
    for one in given:
        _add_facts(state, vocabulary, one, resolve)
        for entity, own in descriptions_of(vocabulary, one, resolve).items():
            everything.setdefault(entity, []).append(own)
            state.given |= set(own.slots)
            slot = Slot(describes(vocabulary), entity, own.source)
            state.slots[slot] = description_properties(vocabulary, own)
    for entity, descriptions in everything.items():
        if descriptions:
            node, slots, differing = merged(vocabulary, entity, descriptions)
            state.nodes[entity] = node
            state.slots |= slots
            if differing:
                state.differing[entity] = differing
    types = symmetric(vocabulary)
    for slot, properties in _slots_said(around).items():
        if slot.type in types and not {slot.start, slot.end}.isdisjoint(everything):
            state.slots.setdefault(slot, properties)
    return state


def _slots_said(said: Said) -> Slots:
    return {s: p for some in said.values() for one in some for s, p in one.slots.items()}


def across(
    vocabulary: Vocabulary, held: Slots, said: Said, own: Collection[Description]
) -> set[str]:
    """The other ends of symmetric slots that are held or that some descriptions ask for."""
    types = symmetric(vocabulary)
    asked = _slots_said(said) | _slots_said({"": list(own)})
    return {end for s in (*held, *asked) if s.type in types for end in (s.start, s.end)}


def _add_facts(
    state: State, vocabulary: Vocabulary, facts: Facts, resolve: Mapping[str, str]
) -> None:
    """Add a source, its passages and its facts."""
    slots: Slots = {}
    passage = vocabulary.by_kind[rules.PASSAGE]
    part_of = vocabulary.links(passage)[rules.SOURCE].relationship
    source = node_of(facts.source)
    state.nodes[source.id] = source
    for record in facts.records:
        for cited in record.evidence:
            node = passage_of(passage, facts.source.id, cited)
            state.nodes[node.id] = node
            if part_of is not None:
                slots[Slot(part_of.type, node.id, source.id)] = {}
        if not record.type.is_entity:
            own = renamed(vocabulary, slots_of(vocabulary, record), resolve)
            node = with_names(node_of(record), ends_that_name(vocabulary, record, own))
            node.properties[rules.STANDING] = standing_for(())
            state.nodes[node.id] = node
            slots |= own
    date_supersessions(vocabulary, facts, slots)
    state.slots |= slots
    state.given |= set(slots)
