"""Looking at many sources and writing new ones, in one transaction."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

import orjson

from graph_seed.graph.creation import Creation, count_created
from graph_seed.graph.cycles import cycle_error, find_cycles
from graph_seed.graph.repository import Repository
from graph_seed.graph.writer import GraphWriter, VersionChanges
from graph_seed.loading.bulk.merge_shared import MergedShared, shared_entities
from graph_seed.loading.bulk.spool import SpooledSource
from graph_seed.state.desired_state import description_type, symmetric_types
from graph_seed.state.supersession import supersedes_of
from schema import rules
from schema.enumerations import LoadKind
from schema.names import COUNTS, DIGEST, EVIDENCE, FACT, ID, NODE
from schema.vocabulary import Vocabulary


class BatchWriter:
    """A transaction, and what is known of what it sees."""

    def __init__(self, store: Repository, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._supersedes = supersedes_of(vocabulary).type
        self._symmetric = symmetric_types(vocabulary)

    # --- what is there already ---

    def there(self, sources: Sequence[SpooledSource]) -> dict[str, int | None]:
        """The digests of those ids that the graph holds, none for what has no digest.

        A fact's id holds its source's: of a source that is not there, no fact is looked for.
        """
        found = self._digests([one for s in sources for one in (s.source, *s.descriptions)])
        return found | self._digests(
            [one for s in sources if s.source in found for one in s.digests]
        )

    def _digests(self, ids: Sequence[str]) -> dict[str, int | None]:
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) RETURN id, n.{DIGEST} AS digest", ids
        )
        return {row["id"]: row["digest"] for row in rows}

    def unchanged(
        self, sources: Sequence[SpooledSource], there: Mapping[str, int | None]
    ) -> set[str]:
        """The sources of which the graph holds just what they say, and nothing else."""
        same = [
            s
            for s in sources
            if all(there.get(id_, 0) == digest for id_, digest in s.digests.items())
        ]
        source = self._vocabulary.by_kind[rules.SOURCE]
        part_of = self._store.type_of(rules.PASSAGE, rules.SOURCE)
        evidence = self._store.type_of(rules.STATEMENT, EVIDENCE)
        fact = self._vocabulary.nodes[FACT].label
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (s:{source.label} {{{ID}: id}}) RETURN id, "
            f"COUNT {{ MATCH (s)<-[:{part_of}]-()<-[:{evidence}]-(f:{fact}) RETURN DISTINCT f }} "
            f"AS facts, [(s)<-[d:{description_type(self._vocabulary)}]-(e) | "
            f"[e.{ID}, d.{DIGEST}]] AS said",
            [s.source for s in same],
        )
        held = {row["id"]: (row["facts"], dict(row["said"])) for row in rows}
        return {
            s.source for s in same if held.get(s.source) == (len(s.digests) - 1, s.descriptions)
        }

    def together(
        self, sources: Sequence[SpooledSource], there: Mapping[str, int | None]
    ) -> tuple[list[SpooledSource], list[SpooledSource]]:
        """Those that are new and can be written together, and those that have to be compared.

        Entities of new sources may be there, or in several of them.
        """
        described = {entity for one in sources for entity in one.descriptions}
        shared = shared_entities(sources, there)
        apart = self._store.merged_into(described.difference(there))
        new: list[SpooledSource] = []
        left: list[SpooledSource] = []
        missing: set[str] = set()
        """What only sources that are left define: others that need it are left too."""
        for one in sources:
            own = {*one.digests, *one.descriptions}
            alone = not (self._is_new(one, there, shared) and own.isdisjoint(apart))
            if alone or (missing and not missing.isdisjoint(_ends(one) - own)):
                left.append(one)
                missing |= own.difference(there)
            else:
                new.append(one)
                missing -= own
        return new, left

    def _is_new(
        self, one: SpooledSource, there: Mapping[str, int | None], shared: Container[str]
    ) -> bool:
        """Whether a source is new, and what it says of shared entities can be merged for many."""
        if not there.keys().isdisjoint(one.digests):
            return False
        return not any(
            # What stood before may stand no more.
            (kind == self._supersedes and end not in one.digests)
            # Either end's descriptions may claim it.
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
    """The ids at the ends of a source's relationships."""
    return {end for key in one.relationships for end in key[1:3]}
