"""Find entities that more than one source describes, and merge them for a batch of new sources.

An entity is read from the graph when a second source describes it, and cached for the batches that
follow; the merge is the same as for small files.
"""

from collections import Counter, OrderedDict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

import neo4j
import orjson

from graph_seed.graph.diff import Difference
from graph_seed.graph.report import LoadReport
from graph_seed.graph.repository import Repository, to_native
from graph_seed.graph.writer import Change
from graph_seed.loading.bulk.check_lines import CheckedSource
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.loading.bulk.spool import SpooledSource
from graph_seed.records import Place
from graph_seed.state.desired_state import (
    DescriptionsByEntity,
    GraphState,
    description_type,
    symmetric_types,
)
from graph_seed.state.elements import (
    Elements,
    GraphNode,
    RelationshipKey,
    Relationships,
    elements_of,
)
from graph_seed.state.entity_merge import (
    Description,
    SharedEntity,
    merge_descriptions,
    parse_relationships,
    resolve_ids,
    shown_values,
    sort_by_publication,
)
from graph_seed.state.index_limits import refuse_oversized
from schema import rules
from schema.names import DIGEST, EVIDENCE, ID, RECORDED_IN, SLOTS
from schema.scalars import EARLIEST
from schema.storage import match_id
from schema.vocabulary import Vocabulary

MOST = 20_000
"""Descriptions that are kept in memory, about."""


@dataclass(frozen=True, slots=True)
class MergedEntity:
    """An entity in the graph, with its different descriptions."""

    node: GraphNode
    relationships: Relationships
    said: list[Description]


class EntityCache:
    """Entities of one version of the graph; the least recently used are dropped."""

    def __init__(self) -> None:
        self._version = 0
        self._entities: OrderedDict[str, MergedEntity] = OrderedDict()
        self._descriptions = 0

    def at(self, version: int) -> Mapping[str, MergedEntity]:
        """Return the entities known at a version: none if another load wrote since."""
        return self._entities if version == self._version else {}

    def put(self, version: int, entities: Mapping[str, MergedEntity]) -> None:
        """Keep the entities that a batch wrote, and the version that it made."""
        if version != self._version + 1:
            self._entities.clear()
            self._descriptions = 0
        self._version = version
        for name, one in entities.items():
            if (old := self._entities.pop(name, None)) is not None:
                self._descriptions -= len(old.said)
            self._entities[name] = one
            self._descriptions += len(one.said)
        while self._descriptions > MOST:
            _, old = self._entities.popitem(last=False)
            self._descriptions -= len(old.said)


_DAY = rules.PUBLISHED + EARLIEST
_NOT_SAID = (DIGEST, SLOTS, RECORDED_IN)
"""Bookkeeping properties of a description's relationship."""


@dataclass(frozen=True, slots=True)
class MergedShared:
    """The elements of new sources, and the changes of entities that they share."""

    elements: Sequence[Elements]
    changes: list[Change] = field(default_factory=list)
    over: list[RelationshipKey] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Changed and expired elements, by label and type. Relationships that end and are created
    again count as changed: they are subtracted from the recorded ones."""
    entities: dict[str, MergedEntity] = field(default_factory=dict)
    """The shared entities after the batch."""


def shared_entities(sources: Iterable[SpooledSource], existing: Container[str]) -> set[str]:
    """Return the ids of entities of several sources, or of one and in the graph already."""
    times = Counter(entity for one in sources for entity in one.descriptions)
    return {entity for entity, count in times.items() if count > 1 or entity in existing}


class SharedEntityMerger:
    """Merges shared entities in the transaction of a batch."""

    def __init__(self, store: Repository, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._describes = description_type(vocabulary)
        self._links = _links_of_entities(vocabulary)

    def merge(
        self,
        sources: Sequence[SpooledSource],
        existing: Container[str],
        known: Mapping[str, MergedEntity],
    ) -> MergedShared:
        """Merge the entities that new sources share, with one another or with the graph.

        No symmetric relationship of ``sources`` may lead to or from one, and none may be a merged
        id. ``known`` are entities that need not be read from the graph.
        """
        shared = shared_entities(sources, existing)
        if not shared:
            return MergedShared(sources)
        before = {one: known[one] for one in shared if one in known}
        before |= self._read_entities(
            [one for one in shared if one in existing and one not in before]
        )
        held, wanted = GraphState(), GraphState()
        for entity, one in before.items():
            held.nodes[entity] = one.node
            held.relationships |= one.relationships
        after: dict[str, MergedEntity] = {}
        for entity, said in self._descriptions(sources, shared, before).items():
            node, relationships, _ = merge_descriptions(self._vocabulary, entity, said)
            after[entity] = MergedEntity(node, relationships, said)
            wanted.nodes[entity] = node
            wanted.relationships |= relationships
        report = LoadReport("")
        difference = Difference(self._vocabulary, held, wanted, report)
        changes = difference.changes()
        created = [node.id for node in difference.new_nodes()]
        refuse_oversized(wanted, [*created, *(str(row[ID]) for _, row in changes)])
        new, over = difference.relationship_changes()
        made = elements_of(difference.new_nodes(), new)
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

    def _read_entities(self, ids: Sequence[str]) -> dict[str, MergedEntity]:
        """Read entities from the graph, by id; ids that do not exist are left out."""
        nodes = self._store.nodes(ids)
        found = {one: MergedEntity(node, {}, []) for one, node in nodes.items()}
        for key, values in self._relationships(ids).items():
            found[key.start].relationships[key] = values
        source = self._vocabulary.by_kind[rules.SOURCE].label
        # Evidence differs from source to source: without it, equal descriptions become one row.
        rows = self._store.run_each(
            f"UNWIND $rows AS id {match_id('e', 'id')} "
            f"MATCH (e)-[d:{self._describes}]->(s:{source}) "
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
            values = to_native(dict(row["said"]))
            said = {name: v for name, v in values.items() if name in one.node.type.properties}
            relationships = self._merged_relationships(row["relationships"])
            description = Description(
                source_id, day.to_native(), one.node.type, said, relationships
            )
            one.said.append(description)
        everything = [description for one in found.values() for description in one.said]
        named = {end for each in everything for key in each.relationships for end in key[1:]}
        if resolve := self._store.merged_ids(named):
            for each in everything:
                each.relationships = resolve_ids(self._vocabulary, each.relationships, resolve)
        return found

    def _relationships(self, ids: Sequence[str]) -> Relationships:
        """Return the merged relationships of entities; evidence belongs to each source."""
        if not self._links:
            return {}
        rows = self._store.run_each(
            f"UNWIND $rows AS id {match_id('a', 'id')} MATCH (a)-[r:{'|'.join(self._links)}]->(b) "
            f"RETURN type(r) AS t, id, b.{ID} AS b, properties(r) AS p",
            ids,
        )
        return {RelationshipKey(row["t"], row["id"], row["b"]): to_native(row["p"]) for row in rows}

    def _descriptions(
        self,
        sources: Sequence[SpooledSource],
        shared: Container[str],
        before: Mapping[str, MergedEntity],
    ) -> DescriptionsByEntity:
        """Return the different descriptions of shared entities, in graph and sources."""
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
        """Return a source's elements without shared entities and their merged relationships."""
        if not any(entity in shared for entity in one.descriptions):
            return one
        nodes = [(label, values) for label, values in one.nodes if values[ID] not in shared]
        relationships = [
            s for s in one.relationships if s[0] not in self._links or s[1] not in shared
        ]
        return replace(one, nodes=nodes, relationships=relationships)


def _add(said: list[Description], new: Description) -> None:
    """Add a description; of two equal ones, that of the source published first is kept."""
    for index, one in enumerate(said):
        if one.values == new.values and one.relationships == new.relationships:
            said[index] = sort_by_publication([one, new])[0]
            return
    said.append(new)


def _links_of_entities(vocabulary: Vocabulary) -> list[str]:
    """Return the types of relationships that are merged from all descriptions of an entity."""
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


MOST_SHARED = 100
"""Shared entities that a report lists; a file with more shares them on purpose or is wrong."""
MOST_SOURCES = 5
"""Sources of one shared entity whose words a report lists."""
AT_ONCE = 2_000
"""Entities that the graph is asked for at once."""


@dataclass(slots=True)
class SharedFinder:
    """Finds shared entities while sources are checked; stops once it has found enough."""

    ids: IdIndex
    vocabulary: Vocabulary
    session: neo4j.Session | None
    """None where the graph holds nothing, or is not asked."""
    places: dict[str, Place] = field(default_factory=dict)
    """Where the files define an entity last."""
    _said: dict[str, dict[str, Mapping[str, object]]] = field(default_factory=dict)
    _waiting: list[tuple[str, str, Place, bytes]] = field(default_factory=list)

    @property
    def found(self) -> list[SharedEntity]:
        """The entities found so far."""
        return [SharedEntity(entity, said) for entity, said in self._said.items()]

    @property
    def full(self) -> bool:
        """Return whether there may be more than the report lists."""
        return len(self._said) >= MOST_SHARED

    def add(self, source: CheckedSource) -> None:
        """Look at the entities that one more source defines."""
        if self.full:
            return
        places = {one.id: one.place for one in source.entities}
        given = {one.id: one.said for one in source.entities}
        for entity, first, said in self.ids.defined_before(source.id, given):
            self._add(entity, places[entity], {first: said, source.id: given[entity]})
        if self.session is not None:
            self._waiting += [(one.id, source.id, one.place, one.said) for one in source.entities]
            if len(self._waiting) >= AT_ONCE:
                self.end()

    def end(self) -> None:
        """Ask the graph for what waits to be asked."""
        waiting, self._waiting = self._waiting, []
        if self.session is None or not waiting:
            return
        own = {(entity, source): (place, said) for entity, source, place, said in waiting}
        rows = self.session.run(
            f"CYPHER 5 UNWIND $rows AS row CALL (row) {{ "
            f"{match_id('e', 'row[0]')} MATCH (e)-[d:{description_type(self.vocabulary)}]->(s) "
            f"WHERE s.{ID} <> row[1] RETURN s.{ID} AS other, properties(d) AS said "
            f"LIMIT {MOST_SOURCES} }} RETURN row[0] AS id, row[1] AS source, other, said "
            f"LIMIT {MOST_SHARED * MOST_SOURCES}",
            rows=[one[:2] for one in waiting],
        )
        for row in rows:
            node_type = self.vocabulary.type_of_id(row["id"])
            place, said = own[row["id"], row["source"]]
            if node_type is not None:
                others = shown_values(node_type, to_native(row["said"]))
                each = {row["other"]: orjson.dumps(others, default=str), row["source"]: said}
                self._add(row["id"], place, each)

    def _add(self, entity: str, place: Place, said: Mapping[str, bytes]) -> None:
        if self.full and entity not in self._said:
            return
        self.places[entity] = place
        held = self._said.setdefault(entity, {})
        for source, one in said.items():
            if source not in held and len(held) < MOST_SOURCES:
                held[source] = orjson.loads(one)
