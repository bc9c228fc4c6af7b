"""What the graph is to hold of a source, computed from its facts and from what others say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_seed.records import Facts, Record
from graph_seed.rows import (
    Description,
    Node,
    Slot,
    Slots,
    description_properties,
    merged,
    node_of,
    passage_of,
    slots_of,
)
from graph_seed.values import parse_edtf
from schema import rules
from schema.vocabulary import NodeType, Vocabulary


@dataclass(slots=True)
class State:
    """Nodes by id, and slots: what is held of a source, or what is wanted."""

    nodes: dict[str, Node] = field(default_factory=dict)
    slots: Slots = field(default_factory=dict)


def is_entity(vocabulary: Vocabulary, node_type: NodeType) -> bool:
    """Whether it keeps its identity across sources."""
    return node_type.is_a(vocabulary.nodes[rules.ENTITY])


def description_slots(vocabulary: Vocabulary, entity: str, said: Iterable[Description]) -> Slots:
    """The slots that hold what each source says of an entity."""
    kind = next(r.type for r in vocabulary.relationships.values() if r.describes)
    return {Slot(kind, entity, one.source): description_properties(one) for one in said}


def described(
    vocabulary: Vocabulary, said: Mapping[str, list[Description]]
) -> tuple[State, list[str]]:
    """Entities as all their descriptions have them, and where those differ, in words."""
    state = State()
    differing: list[str] = []
    for entity, descriptions in said.items():
        if not descriptions:
            continue
        node, slots, differences = merged(vocabulary, entity, descriptions)
        state.nodes[entity] = node
        state.slots |= slots
        state.slots |= description_slots(vocabulary, entity, descriptions)
        differing += differences
    return state, differing


def wanted(
    vocabulary: Vocabulary,
    facts: Facts | None,
    resolve: Mapping[str, str],
    said: Mapping[str, list[Description]],
) -> tuple[State, list[str]]:
    """What the graph is to hold after a load, or after an unload where there are no facts.

    ``resolve`` maps ids that were merged; ``said`` is what other sources say of the entities.
    """
    state = State()
    everything = {entity: list(descriptions) for entity, descriptions in said.items()}
    if facts is not None:
        state = _of_facts(vocabulary, facts, resolve)
        published = facts.source.values.get(rules.PUBLISHED)
        day = parse_edtf(published).earliest if isinstance(published, str) else None
        for record in facts.records:
            if not is_entity(vocabulary, record.type):
                continue
            entity = resolve.get(record.id, record.id)
            slots = slots_of(vocabulary, record, resolve, entity)
            description = Description(
                facts.source.id, day, record.type, dict(record.values), slots, record.digest
            )
            everything.setdefault(entity, []).append(description)
    entities, differing = described(vocabulary, everything)
    return State(state.nodes | entities.nodes, state.slots | entities.slots), differing


def _of_facts(vocabulary: Vocabulary, facts: Facts, resolve: Mapping[str, str]) -> State:
    """The source, its passages and its facts."""
    state = State()
    passage = vocabulary.by_kind[rules.PASSAGE]
    part_of = vocabulary.links(passage)[rules.SOURCE].relationship
    source = node_of(facts.source)
    state.nodes[source.id] = source
    for record in facts.records:
        for cited in record.evidence:
            node = passage_of(passage, facts.source.id, cited)
            state.nodes[node.id] = node
            if part_of is not None:
                state.slots[Slot(part_of.type, node.id, source.id)] = {}
        if not is_entity(vocabulary, record.type):
            state.nodes[record.id] = node_of(record)
            state.slots |= slots_of(vocabulary, record, resolve, record.id)
    return state


def facts_of(vocabulary: Vocabulary, facts: Facts | None) -> list[Record]:
    """The records that belong to the source alone."""
    return [r for r in facts.records if not is_entity(vocabulary, r.type)] if facts else []


def entities_of(vocabulary: Vocabulary, facts: Facts | None) -> list[Record]:
    """The records of entities."""
    return [r for r in facts.records if is_entity(vocabulary, r.type)] if facts else []
