"""Entities that more than one source describes: what a batch of new sources makes of them.

What the graph holds of an entity is read when a second source describes it, and remembered for the
batches that follow; the merge is that of small files.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from graph_seed.graph.diff import Difference
from graph_seed.graph.report import LoadReport
from graph_seed.graph.repository import Repository, native
from graph_seed.graph.writer import Change
from graph_seed.loading.bulk.entity_cache import Entity
from graph_seed.loading.bulk.spool import SpooledSource
from graph_seed.state.desired_state import (
    DescriptionsByEntity,
    GraphState,
    description_type,
    symmetric_types,
)
from graph_seed.state.elements import Elements, RelationshipKey, Relationships, elements_of
from graph_seed.state.entity_merge import (
    Description,
    merge_descriptions,
    parse_relationships,
    resolve_ids,
    sort_by_publication,
)
from graph_seed.state.index_limits import refuse_oversized
from schema import rules
from schema.names import DIGEST, EVIDENCE, ID, NODE, RECORDED_IN, SLOTS
from schema.scalars import EARLIEST
from schema.vocabulary import Vocabulary

_DAY = rules.PUBLISHED + EARLIEST
_NOT_SAID = (DIGEST, SLOTS, RECORDED_IN)
"""What a description's relationship has besides what the source says."""


@dataclass(frozen=True, slots=True)
class MergedShared:
    """New sources as they are to be created, and what else changes for their entities."""

    elements: Sequence[Elements]
    changes: list[Change] = field(default_factory=list)
    over: list[RelationshipKey] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Changed and expired, by label and type; those relationships of them that ``elements`` has again are
    taken from what is recorded."""
    entities: dict[str, Entity] = field(default_factory=dict)
    """The shared entities as they are then."""


def shared_entities(sources: Iterable[SpooledSource], there: Container[str]) -> set[str]:
    """The entities that several of these sources describe, or that are there already."""
    times = Counter(entity for one in sources for entity in one.descriptions)
    return {entity for entity, count in times.items() if count > 1 or entity in there}


class SharedEntityMerger:
    """A transaction's view of shared entities."""

    def __init__(self, store: Repository, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._describes = description_type(vocabulary)
        self._links = _links_of_entities(vocabulary)

    def between(
        self, sources: Sequence[SpooledSource], there: Container[str], known: Mapping[str, Entity]
    ) -> MergedShared:
        """What new sources make of the entities they share, with one another or with the graph.

        None of these may be claimed by a symmetric relationship of ``sources``, nor be merged away.
        ``known`` are entities of which the graph need not be asked.
        """
        shared = shared_entities(sources, there)
        if not shared:
            return MergedShared(sources)
        before = {one: known[one] for one in shared if one in known}
        before |= self._read([one for one in shared if one in there and one not in before])
        held, wanted = GraphState(), GraphState()
        for entity, one in before.items():
            held.nodes[entity] = one.node
            held.relationships |= one.relationships
        after: dict[str, Entity] = {}
        for entity, said in self._said(sources, shared, before).items():
            node, relationships, _ = merge_descriptions(self._vocabulary, entity, said)
            after[entity] = Entity(node, relationships, said)
            wanted.nodes[entity] = node
            wanted.relationships |= relationships
        report = LoadReport("")
        difference = Difference(self._vocabulary, held, wanted, report)
        changes = difference.changes()
        created = [node.id for node in difference.created()]
        refuse_oversized(wanted, [*created, *(str(row[ID]) for _, row in changes)])
        new, over = difference.relationship_changes()
        made = elements_of(difference.created(), new)
        rest = [self._without(one, shared) for one in sources]
        return MergedShared([*rest, made], changes, over, self._counts(report), after)

    def _counts(self, report: LoadReport) -> dict[str, Counter[str]]:
        found = {}
        for name, counter in report.counts.items():
            again = counter["changed"] if name in self._links else 0
            found[name] = Counter(
                changed=counter["changed"], expired=counter["expired"], recorded=-again
            )
        return found

    def _read(self, ids: Sequence[str]) -> dict[str, Entity]:
        """Entities as the graph holds them."""
        nodes = self._store.nodes(ids)
        found = {one: Entity(node, {}, []) for one, node in nodes.items()}
        for key, values in self._relationships(ids).items():
            found[key.start].relationships[key] = values
        source = self._vocabulary.by_kind[rules.SOURCE].label
        # Evidence differs from source to source; it is left out before those alike are united.
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (:{NODE} {{{ID}: id}})-[d:{self._describes}]->(s:{source}) "
            f"WITH id, [k IN keys(d) WHERE NOT k IN $besides | [k, d[k]]] AS said, "
            f"CASE WHEN any(link IN $links WHERE d.{SLOTS} CONTAINS link) THEN d.{SLOTS} "
            f"ELSE '[]' END AS relationships, min([coalesce(s.{_DAY}, $last), s.{ID}]) AS first "
            "RETURN id, said, relationships, first",
            ids,
            besides=_NOT_SAID,
            links=[f'["{link}",' for link in self._links],
            last=date.max,
        )
        for row in rows:
            day, source_id = row["first"]
            one = found[row["id"]]
            values = native(dict(row["said"]))
            said = {name: v for name, v in values.items() if name in one.node.type.properties}
            relationships = self._merged_relationships(row["relationships"])
            description = Description(
                source_id, day.to_native(), one.node.type, said, relationships
            )
            one.said.append(description)
        everything = [description for one in found.values() for description in one.said]
        named = {end for each in everything for key in each.relationships for end in key[1:]}
        if resolve := self._store.merged_into(named):
            for each in everything:
                each.relationships = resolve_ids(self._vocabulary, each.relationships, resolve)
        return found

    def _relationships(self, ids: Sequence[str]) -> Relationships:
        """The relationships of entities that are merged; evidence is each source's own."""
        if not self._links:
            return {}
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (a:{NODE} {{{ID}: id}})-[r:{'|'.join(self._links)}]->(b) "
            f"RETURN type(r) AS t, id, b.{ID} AS b, properties(r) AS p",
            ids,
        )
        return {RelationshipKey(row["t"], row["id"], row["b"]): native(row["p"]) for row in rows}

    def _said(
        self, sources: Sequence[SpooledSource], shared: Container[str], before: Mapping[str, Entity]
    ) -> DescriptionsByEntity:
        """What is said of shared entities, before and by these sources: alike things once."""
        found: DescriptionsByEntity = {entity: list(one.said) for entity, one in before.items()}
        for one in sources:
            labels = {str(values[ID]): label for label, values in one.nodes if values[ID] in shared}
            day = cast("date | None", one.nodes[0][1].get(_DAY))
            for kind, entity, _, values in one.relationships:
                if kind == self._describes and entity in labels:
                    node_type = self._vocabulary.nodes[labels[entity]]
                    own = {k: v for k, v in values.items() if k in node_type.properties}
                    relationships = self._merged_relationships(str(values[SLOTS]))
                    said = Description(one.source, day, node_type, own, relationships)
                    _add(found.setdefault(entity, []), said)
        return found

    def _merged_relationships(self, text: str) -> Relationships:
        relationships = parse_relationships(self._vocabulary, text)
        return {key: values for key, values in relationships.items() if key.type in self._links}

    def _without(self, one: SpooledSource, shared: Container[str]) -> Elements:
        """What of a source is its own: all but shared entities and their merged relationships."""
        if not any(entity in shared for entity in one.descriptions):
            return one
        nodes = [(label, values) for label, values in one.nodes if values[ID] not in shared]
        relationships = [
            s for s in one.relationships if s[0] not in self._links or s[1] not in shared
        ]
        return replace(one, nodes=nodes, relationships=relationships)


def _add(said: list[Description], new: Description) -> None:
    """Add what a source says, unless another said it; of the two, the first is kept."""
    for index, one in enumerate(said):
        if one.values == new.values and one.relationships == new.relationships:
            said[index] = sort_by_publication([one, new])[0]
            return
    said.append(new)


def _links_of_entities(vocabulary: Vocabulary) -> list[str]:
    """The types of relationships that an entity has from all its descriptions together."""
    apart = {*symmetric_types(vocabulary), description_type(vocabulary)}
    return sorted(
        {
            link.relationship.type
            for node in vocabulary.concrete
            if node.is_entity
            for link in vocabulary.links(node).values()
            if link.outgoing and link.relationship and link.name != EVIDENCE
        }
        - apart
    )
