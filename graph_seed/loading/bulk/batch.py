"""Compare many sources with the graph and write the new ones, in one transaction."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

import orjson

from graph_seed.graph.cycles import cycle_error, find_cycles
from graph_seed.graph.repository import Repository
from graph_seed.graph.writer import Creation, GraphWriter, VersionChanges, count_created
from graph_seed.loading.bulk.merge_shared import MergedShared, shared_entities
from graph_seed.loading.bulk.spool import SpooledSource
from graph_seed.state.desired_state import description_type, supersedes_of, symmetric_types
from schema import rules
from schema.enumerations import LoadKind
from schema.names import COUNTS, DIGEST, EVIDENCE, FACT, ID
from schema.storage import match_id
from schema.vocabulary import Vocabulary


class BatchWriter:
    """Looks up the sources of a batch, and writes those that are new."""

    def __init__(self, store: Repository, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._supersedes = supersedes_of(vocabulary).type
        self._symmetric = symmetric_types(vocabulary)

    # --- comparing ---

    def existing(self, sources: Sequence[SpooledSource]) -> dict[str, int | None]:
        """Return the digests of ids that the graph contains, None for nodes without a digest.

        A fact's id contains its source's: facts of a source that is not there are not looked up.
        """
        found = self._digests([one for s in sources for one in (s.source, *s.descriptions)])
        return found | self._digests(
            [one for s in sources if s.source in found for one in s.digests]
        )

    def _digests(self, ids: Sequence[str]) -> dict[str, int | None]:
        rows = self._store.run_each(
            f"UNWIND $rows AS id {match_id('n', 'id')} RETURN id, n.{DIGEST} AS digest", ids
        )
        return {row["id"]: row["digest"] for row in rows}

    def find_unchanged(
        self, sources: Sequence[SpooledSource], existing: Mapping[str, int | None]
    ) -> set[str]:
        """Return the sources whose facts and descriptions are exactly those of the graph."""
        same = [
            s
            for s in sources
            if all(existing.get(id_, 0) == digest for id_, digest in s.digests.items())
        ]
        source = self._vocabulary.by_kind[rules.SOURCE]
        part_of = self._store.type_of(rules.PASSAGE, rules.SOURCE)
        evidence = self._store.type_of(rules.STATEMENT, EVIDENCE)
        fact = self._vocabulary.nodes[FACT].label
        rows = self._store.run_each(
            f"UNWIND $rows AS id {match_id('s', 'id', source.label)} RETURN id, "
            f"COUNT {{ MATCH (s)<-[:{part_of}]-()<-[:{evidence}]-(f:{fact}) RETURN DISTINCT f }} "
            f"AS facts, [(s)<-[d:{description_type(self._vocabulary)}]-(e) | "
            f"[e.{ID}, d.{DIGEST}]] AS said",
            [s.source for s in same],
        )
        held = {row["id"]: (row["facts"], dict(row["said"])) for row in rows}
        return {
            s.source for s in same if held.get(s.source) == (len(s.digests) - 1, s.descriptions)
        }

    def split(
        self, sources: Sequence[SpooledSource], existing: Mapping[str, int | None]
    ) -> tuple[list[SpooledSource], list[SpooledSource]]:
        """Split sources into those that are new and those that have to be compared one by one.

        Entities of new sources may be in the graph already, or in several of them.
        """
        described = {entity for one in sources for entity in one.descriptions}
        shared = shared_entities(sources, existing)
        apart = self._store.merged_ids(described.difference(existing))
        new: list[SpooledSource] = []
        deferred: list[SpooledSource] = []
        missing: set[str] = set()
        """Ids that only deferred sources define: sources that refer to them are deferred too."""
        for one in sources:
            own = {*one.digests, *one.descriptions}
            alone = not (self._is_new(one, existing, shared) and own.isdisjoint(apart))
            if alone or (missing and not missing.isdisjoint(_ends(one) - own)):
                deferred.append(one)
                missing |= own.difference(existing)
            else:
                new.append(one)
                missing -= own
        return new, deferred

    def _is_new(
        self, one: SpooledSource, existing: Mapping[str, int | None], shared: Container[str]
    ) -> bool:
        """Return whether a source is new and its shared entities can be merged at once."""
        if not existing.keys().isdisjoint(one.digests):
            return False
        return not any(
            # The standing of claims that are there would change.
            (kind == self._supersedes and end not in one.digests)
            # Descriptions of either end may give it.
            or (kind in self._symmetric and (start in shared or end in shared))
            for kind, start, end, _ in one.relationships
        )

    # --- writing ---

    def create(
        self,
        writer: GraphWriter,
        new: Creation,
        shared: MergedShared,
        values: Mapping[str, object],
        before: int,
    ) -> Counter[str]:
        """Write new sources as one version; return what was recorded, by label and type.

        ``before`` is the version before it. Raises LoadError: UNKNOWN_ID where an id that they
        refer to is not there, CIRCLE where links would lead in a cycle; then nothing may be
        committed.
        """
        created = count_created(self._vocabulary, new)
        counts = {name: Counter(recorded=number) for name, number in created.items()}
        for name, counter in shared.counts.items():
            counts.setdefault(name, Counter()).update(counter)
        kept = {name: dict(some) for name, one in counts.items() if (some := +one)}
        load = {
            **values,
            "loadKind": LoadKind.LOAD.value,
            COUNTS: orjson.dumps(kept).decode(),
        }
        writer.write(load, VersionChanges(new, shared.changes, (), shared.over))
        if cycles := find_cycles(self._store, self._vocabulary, new.keys, before):
            raise cycle_error(cycles, {})
        return Counter({name: one["recorded"] for name, one in counts.items()})


def _ends(one: SpooledSource) -> set[str]:
    """Return the ids at the ends of a source's relationships."""
    return {end for key in one.relationships for end in key[1:3]}
