"""Find the first entities of large files that several sources define, files or graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import neo4j
import orjson

from graph_seed.graph.repository import to_native
from graph_seed.loading.bulk.check_lines import CheckedSource
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.records import Place
from graph_seed.state.desired_state import description_type
from graph_seed.state.shared_entities import SharedEntity, shown_values
from schema.names import ID
from schema.storage import match_id
from schema.vocabulary import Vocabulary

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
