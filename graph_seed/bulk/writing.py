"""Writing many new sources at once: relationships find their ends by position, not by id.

Each id that is referred to is looked up once, and what is created never.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson

from graph_seed import clock
from graph_seed.bulk.spool import Spooled, Values
from graph_seed.standing import status_of
from graph_seed.wanted import describes
from graph_seed.writes import Writes
from schema import rules
from schema.enumerations import LoadKind
from schema.names import COUNTS, DIGEST, EVIDENCE, ID, NODE, RECORDED_IN
from schema.vocabulary import Vocabulary


class Unfit(Exception):
    """Sources that have to be written one by one: something they name is not there."""


class Bulk:
    """Looks at sources and writes new ones, in one transaction."""

    def __init__(self, store: Writes, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._statement = vocabulary.by_kind[rules.STATEMENT].label
        self._supersedes = store.type_of(rules.STATEMENT, rules.SUPERSEDES)

    # --- what is there already ---

    def there(self, sources: Sequence[Spooled]) -> dict[str, int | None]:
        """The digests of those ids that the graph holds, none for what has no digest."""
        ids = [one for s in sources for one in (*s.digests, *s.descriptions)]
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) RETURN id, n.{DIGEST} AS digest", ids
        )
        return {row["id"]: row["digest"] for row in rows}

    def unchanged(self, sources: Sequence[Spooled], there: Mapping[str, int | None]) -> set[str]:
        """The sources of which the graph holds just what they say, and nothing else."""
        same = [
            s
            for s in sources
            if all(there.get(id_, 0) == digest for id_, digest in s.digests.items())
        ]
        source = self._vocabulary.by_kind[rules.SOURCE]
        part_of = self._store.type_of(rules.PASSAGE, rules.SOURCE)
        evidence = self._store.type_of(rules.STATEMENT, EVIDENCE)
        fact = self._vocabulary.nodes[rules.FACT].label
        rows = self._store.run_each(
            f"UNWIND $rows AS id MATCH (s:{source.label} {{{ID}: id}}) RETURN id, "
            f"COUNT {{ MATCH (s)<-[:{part_of}]-()<-[:{evidence}]-(f:{fact}) RETURN DISTINCT f }} "
            f"AS facts, [(s)<-[d:{describes(self._vocabulary)}]-(e) | "
            f"[e.{ID}, d.{DIGEST}]] AS said",
            [s.source for s in same],
        )
        held = {row["id"]: (row["facts"], dict(row["said"])) for row in rows}
        return {
            s.source for s in same if held.get(s.source) == (len(s.digests) - 1, s.descriptions)
        }

    def is_new(self, one: Spooled, there: Mapping[str, int | None], before: set[str]) -> bool:
        """Whether nothing of a source is in the graph, nor entities of it in sources ``before``."""
        ids = (*one.digests, *one.descriptions)
        # What stood before may stand no more.
        outside = any(
            kind == self._supersedes and end not in one.digests for kind, _, end, _ in one.slots
        )
        return not outside and not any(id_ in there or id_ in before for id_ in ids)

    # --- writing ---

    def create(self, sources: Sequence[Spooled], values: Mapping[str, object]) -> Counter[str]:
        """Write new sources as one version; how many were recorded, by label and type.

        Raises Unfit where an id that they name is not there: then nothing may be committed.
        """
        counts: Counter[str] = Counter()
        by_label: dict[str, list[Values]] = defaultdict(list)
        by_type: dict[str, list[tuple[str, str, Values]]] = defaultdict(list)
        for one in sources:
            self._stand(one)
            for label, properties in one.nodes:
                by_label[label].append(properties)
            for kind, start, end, properties in one.slots:
                by_type[kind].append((start, end, properties))
        for label, rows in by_label.items():
            counts.update({name: len(rows) for name in self._vocabulary.nodes[label].labels})
        counts.update({kind: len(slots) for kind, slots in by_type.items()})
        told = {
            **values,
            "loadKind": LoadKind.LOAD.value,
            COUNTS: orjson.dumps({k: {"recorded": v} for k, v in counts.items()}).decode(),
        }
        version = clock.next_version(self._store.run, self._vocabulary, told)
        self._write(version, by_label, by_type)
        return counts

    def _stand(self, one: Spooled) -> None:
        """Say of each statement whether it stands, as ``standing.restate`` does."""
        reasons: dict[str, list[str]] = defaultdict(list)
        for kind, _, end, properties in one.slots:
            if kind == self._supersedes:
                reasons[end].append(str(properties[rules.SUPERSESSION]))
        for label, properties in one.nodes:
            if label == self._statement:
                properties[rules.STATUS] = status_of(reasons.get(str(properties[ID]), ()))

    def _write(
        self,
        version: int,
        by_label: Mapping[str, Sequence[Values]],
        by_type: Mapping[str, Iterable[tuple[str, str, Values]]],
    ) -> None:
        position: dict[str, int] = {}
        created = [properties for rows in by_label.values() for properties in rows]
        named = {end for slots in by_type.values() for slot in slots for end in slot[:2]}
        outside = sorted(named - {str(properties[ID]) for properties in created})
        for id_ in outside:
            position[id_] = len(position)
        for properties in created:
            position[str(properties[ID])] = len(position)
        parts = [
            f"UNWIND $outside AS id OPTIONAL MATCH (n:{NODE} {{{ID}: id}}) "
            "WITH collect(n) AS x WHERE size(x) = size($outside) "
            f"AND all(i IN range(0, size(x) - 1) WHERE x[i].{ID} = $outside[i])"
            if outside
            else "WITH [] AS x"
        ]
        parameters: dict[str, object] = {"v": version, "outside": outside}
        for index, (label, rows) in enumerate(by_label.items()):
            labels = ":".join(self._vocabulary.nodes[label].labels)
            parts.append(
                f"CALL () {{ UNWIND $n{index} AS row CREATE (n:{labels}) SET n = row, "
                f"n.{RECORDED_IN} = $v RETURN collect(n) AS x{index} }} WITH x + x{index} AS x"
            )
            parameters[f"n{index}"] = rows
        for index, (kind, slots) in enumerate(by_type.items()):
            parts.append(
                f"CALL (x) {{ UNWIND $s{index} AS row WITH x[row[0]] AS a, x[row[1]] AS b, row[2] "
                f"AS p CREATE (a)-[r:{kind}]->(b) SET r = p, r.{RECORDED_IN} = $v }}"
            )
            parameters[f"s{index}"] = [
                (position[start], position[end], properties) for start, end, properties in slots
            ]
        if not self._store.run(f"{' '.join(parts)} RETURN size(x) AS n", **parameters):
            # Positions behind an id that is not there would all be wrong by one.
            raise Unfit(outside)
