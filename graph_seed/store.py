"""The graph as a load sees it: the clock, and what the graph holds.

Names come from the vocabulary, values are parameters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import neo4j

from graph_seed.rows import Description, Node, Slot, Slots, read_slots
from schema import rules
from schema.names import (
    CLOCK,
    DIGEST,
    EVIDENCE,
    GATE,
    ID,
    NODE,
    PAST_NODE,
    RECORDED_IN,
    SLOTS,
)
from schema.scalars import EARLIEST
from schema.vocabulary import NodeType, Vocabulary

GRAPH = "graph"
Rows = Sequence[Mapping[str, Any]]


class Store:
    """One write transaction on the graph."""

    def __init__(self, transaction: neo4j.Transaction, vocabulary: Vocabulary) -> None:
        self._transaction = transaction
        self._vocabulary = vocabulary
        relationships = vocabulary.relationships.values()
        self._described = next(r.type for r in relationships if r.describes)
        self._merged = next(r.type for r in relationships if r.hidden)
        self._live = "|".join(r.type for r in relationships if not r.describes and not r.hidden)

    def run(self, text: str, **parameters: Any) -> list[neo4j.Record]:
        """The rows of a query."""
        return list(self._transaction.run(f"CYPHER 5 {text}", parameters))

    # --- the clock ---

    def lock(self) -> int:
        """Take the clock's lock, which orders all writes; gives the version there is."""
        rows = self.run(
            f"MATCH (c:{CLOCK} {{{ID}: $id}}) SET c.lock = true RETURN c.version AS v", id=GRAPH
        )
        return int(rows[0]["v"])

    def next_version(self, values: Mapping[str, Any]) -> int:
        """Move the clock on and record the load; its time is never before the last one's."""
        load = self._vocabulary.by_kind[rules.LOAD]
        rows = self.run(
            f"MATCH (c:{CLOCK} {{{ID}: $id}}) "
            f"OPTIONAL MATCH (p:{load.label} {{version: c.version}}) "
            "SET c.version = c.version + 1 "
            f"CREATE (l:{':'.join(load.labels)}) "
            "SET l = $values, l.id = 'load:' + c.version, l.version = c.version, "
            f"l.{RECORDED_IN} = c.version, "
            "l.at = CASE WHEN p IS NULL OR datetime.realtime() > p.at "
            "THEN datetime.realtime() ELSE p.at END "
            "RETURN c.version AS v",
            id=GRAPH,
            values=dict(values),
        )
        return int(rows[0]["v"])

    def note_counts(self, version: int, counts: str) -> None:
        """Write into the load what it did."""
        load = self._vocabulary.by_kind[rules.LOAD]
        self.run(
            f"MATCH (l:{load.label} {{{ID}: $id}}) SET l.counts = $counts",
            id=f"load:{version}",
            counts=counts,
        )

    # --- what there is ---

    def merged_into(self, ids: Iterable[str]) -> dict[str, str]:
        """What ids that were merged away stand for now."""
        rows = self.run(
            f"UNWIND $ids AS id MATCH (p:{PAST_NODE} {{{ID}: id}})-[:{self._merged}*1..20]->"
            f"(n:{NODE}) RETURN id, n.{ID} AS now",
            ids=list(ids),
        )
        return {row["id"]: row["now"] for row in rows}

    def labels(self, ids: Iterable[str]) -> dict[str, NodeType]:
        """The types of those of these ids that are live."""
        rows = self.run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}}) RETURN id, labels(n) AS labels",
            ids=list(ids),
        )
        return {row["id"]: self._type(row["labels"]) for row in rows}

    def _type(self, labels: Iterable[str]) -> NodeType:
        held = set(labels)
        return next(one for one in self._vocabulary.concrete if one.label in held)

    def owned(self, source: str) -> dict[str, Node]:
        """The nodes that belong to a source alone: itself, its passages, its facts."""
        labels = {one.kind: one.label for one in self._vocabulary.concrete}
        part_of, evidence = (
            self._named(rules.PASSAGE, rules.SOURCE),
            self._named(rules.STATEMENT, EVIDENCE),
        )
        found: dict[str, Node] = {}
        fact = self._vocabulary.nodes[rules.FACT].label
        source_node = f"(:{labels[rules.SOURCE]} {{{ID}: $id}})"
        passages = f"{source_node}<-[:{part_of}]-"
        for pattern in (
            f"(n:{labels[rules.SOURCE]} {{{ID}: $id}})",
            f"{passages}(n:{labels[rules.PASSAGE]})",
            f"{passages}(:{labels[rules.PASSAGE]})<-[:{evidence}]-(n:{fact})",
        ):
            rows = self.run(
                f"MATCH {pattern} WITH DISTINCT n RETURN labels(n) AS l, properties(n) AS p",
                id=source,
            )
            for row in rows:
                node = Node(self._type(row["l"]), native(row["p"]))
                found[node.id] = node
        return found

    def _named(self, kind: str, link: str) -> str:
        found = self._vocabulary.links(self._vocabulary.by_kind[kind])[link].relationship
        return found.type if found else ""

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The live nodes of these ids."""
        rows = self.run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}}) "
            "RETURN labels(n) AS l, properties(n) AS p",
            ids=list(ids),
        )
        return {row["p"][ID]: Node(self._type(row["l"]), native(row["p"])) for row in rows}

    def slots(self, starts: Iterable[str]) -> Slots:
        """The live slots that go out from these nodes, descriptions excepted."""
        rows = self.run(
            f"UNWIND $ids AS id MATCH (a:{NODE} {{{ID}: id}})-[r:{self._live}]->(b) "
            f"RETURN type(r) AS t, id AS a, b.{ID} AS b, properties(r) AS p",
            ids=list(starts),
        )
        return {Slot(r["t"], r["a"], r["b"]): _without_stamps(r["p"]) for r in rows}

    def described_by(self, source: str) -> list[str]:
        """The entities that a source describes."""
        rows = self.run(
            f"MATCH (:{NODE} {{{ID}: $id}})<-[:{self._described}]-(e) RETURN e.{ID} AS id",
            id=source,
        )
        return [row["id"] for row in rows]

    def descriptions(self, ids: Iterable[str]) -> dict[str, list[Description]]:
        """What sources say of these entities, by entity."""
        source = self._vocabulary.by_kind[rules.SOURCE]
        rows = self.run(
            f"UNWIND $ids AS id MATCH (e:{NODE} {{{ID}: id}})-[d:{self._described}]->"
            f"(s:{source.label}) RETURN id, labels(e) AS l, s.{ID} AS source, "
            f"s.{rules.PUBLISHED}{EARLIEST} AS published, properties(d) AS p",
            ids=list(ids),
        )
        found: dict[str, list[Description]] = defaultdict(list)
        for row in rows:
            values = native(row["p"])
            values.pop(RECORDED_IN, None)
            slots = read_slots(values.pop(SLOTS, "[]"))
            digest = values.pop(DIGEST, 0)
            published = row["published"]
            day = published.to_native() if published is not None else None
            node_type = self._type(row["l"])
            said = {name: one for name, one in values.items() if name in node_type.properties}
            found[row["id"]].append(Description(row["source"], day, node_type, said, slots, digest))
        return found

    def pointing_at(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Who else still holds on to nodes that are to be over, and to which.

        Either way, for a symmetric slot may be stored from the node that goes.
        """
        gone = list(ids)
        rows = self.run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}})-[r:{self._live}]-(m:{NODE}) "
            f"WHERE NOT m.{ID} IN $ids RETURN m.{ID} AS m, id ORDER BY id, m LIMIT 50",
            ids=gone,
        )
        return [(row["m"], row["id"]) for row in rows]

    def superseded(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Why, of each of these, newer claims stand in its place."""
        kind = self._named(rules.STATEMENT, rules.SUPERSEDES)
        rows = self.run(
            f"UNWIND $ids AS id MATCH (n:{NODE} {{{ID}: id}}) "
            f"RETURN id, [(n)<-[r:{kind}]-() | r.{rules.SUPERSESSION}] AS why",
            ids=list(ids),
        )
        return {row["id"]: row["why"] for row in rows}

    def entities(self) -> list[Node]:
        """Every live entity."""
        rows = self.run(f"MATCH (n:{rules.ENTITY}) RETURN labels(n) AS l, properties(n) AS p")
        return [Node(self._type(row["l"]), native(row["p"])) for row in rows]

    def different(self) -> set[frozenset[str]]:
        """The pairs of entities that are said not to be the same."""
        kinds = [r.type for r in self._vocabulary.relationships.values() if r.symmetric]
        rows = self.run(
            f"MATCH (a:{NODE})-[:{'|'.join(kinds)}]->(b:{NODE}) RETURN a.{ID} AS a, b.{ID} AS b"
        )
        return {frozenset((row["a"], row["b"])) for row in rows}


def set_gate(session: neo4j.Session, **values: int) -> None:
    """Write to the Gate, in a small transaction of its own."""
    text = f"CYPHER 5 MATCH (g:{GATE} {{{ID}: $id}}) SET g += $values"
    session.run(text, id=GRAPH, values=values).consume()


def gate(session: neo4j.Session) -> tuple[int, int]:
    """The Gate: the last version that began to be committed, and the last that was."""
    text = f"CYPHER 5 MATCH (g:{GATE} {{{ID}: $id}}) RETURN g.opening AS p, g.open AS o"
    row = session.run(text, id=GRAPH).single(strict=True)
    return int(row["p"]), int(row["o"])


def native(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties with Python's own dates in place of the driver's."""
    return {k: v.to_native() if hasattr(v, "to_native") else v for k, v in properties.items()}


def _without_stamps(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in native(properties).items() if k != RECORDED_IN}
