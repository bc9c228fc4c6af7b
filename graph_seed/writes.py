"""The writes by which nothing is ever overwritten.

Each is a query over many rows. What is over is relabelled or copied under past names, with the
version that ended it; intervals are half-open, recorded ≤ v < expired.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import neo4j

from graph_seed.problems import LoadError
from graph_seed.rows import Node, Slot, Slots
from graph_seed.store import Store
from schema import rules
from schema.names import EXPIRED_IN, ID, NODE, RECORDED_IN, WAS, was
from schema.terms import NodeType
from schema.vocabulary import Vocabulary


class Writes(Store):
    """A write transaction on the graph, with what it can write.

    ``recorded`` holds the slots that it recorded of types that must not lead in a cycle.
    """

    def __init__(self, transaction: neo4j.Transaction, vocabulary: Vocabulary) -> None:
        super().__init__(transaction, vocabulary)
        self.recorded: list[Slot] = []
        self._acyclic = {r.type for r in vocabulary.relationships.values() if r.acyclic}

    def create(self, version: int, nodes: Iterable[Node]) -> None:
        """Record nodes."""
        for node_type, rows in _by_type(nodes).items():
            self.run_each(
                f"UNWIND $rows AS row CREATE (n:{':'.join(node_type.labels)}) "
                f"SET n = row, n.{RECORDED_IN} = $v",
                rows,
                v=version,
            )

    def change(self, version: int, changes: Iterable[tuple[NodeType, dict[str, object]]]) -> None:
        """Change nodes in place; a past copy keeps what they were. A None takes out a value."""
        grouped: dict[NodeType, list[dict[str, object]]] = defaultdict(list)
        for node_type, row in changes:
            grouped[node_type].append(row)
        for node_type, rows in grouped.items():
            self.run_each(
                f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row.{ID}}}) "
                f"CREATE (n)-[:{WAS}]->(c:{':'.join(node_type.past_labels)}) "
                f"SET c = properties(n), c.{EXPIRED_IN} = $v "
                f"{_without_texts('c', node_type)}"
                f"SET n += row, n.{RECORDED_IN} = $v",
                rows,
                v=version,
            )

    def expire(self, version: int, nodes: Iterable[Node]) -> None:
        """Nodes are over; they keep their properties, but for attached texts."""
        for node_type, rows in _by_type(nodes).items():
            self.run_each(
                f"UNWIND $rows AS id MATCH (n:{NODE} {{{ID}: id}}) "
                f"SET n:{':'.join(node_type.past_labels)}, n.{EXPIRED_IN} = $v "
                f"{_without_texts('n', node_type)}"
                f"REMOVE n:{':'.join(node_type.labels)}",
                [row[ID] for row in rows],
                v=version,
            )

    def create_slots(self, version: int, slots: Slots) -> None:
        """Record slots; both ends have to be there."""
        self.recorded += [slot for slot in slots if slot.type in self._acyclic]
        for kind, rows in _by_kind(slots).items():
            made = self.run_each(
                f"UNWIND $rows AS row MATCH (a:{NODE} {{{ID}: row.a}}) "
                f"MATCH (b:{NODE} {{{ID}: row.b}}) "
                f"CREATE (a)-[r:{kind}]->(b) SET r = row.p, r.{RECORDED_IN} = $v "
                "RETURN count(r) AS made",
                rows,
                v=version,
            )
            if sum(one["made"] for one in made) != len(rows):
                raise LoadError("UNKNOWN_ID", f"an end of a {kind} is not in the graph")

    def expire_slots(self, version: int, slots: Iterable[Slot]) -> None:
        """Slots are over; they are recorded anew under their past names."""
        for kind, rows in _by_kind({slot: {} for slot in slots}).items():
            self.run_each(
                f"UNWIND $rows AS row MATCH (a:{NODE} {{{ID}: row.a}})-[r:{kind}]->"
                f"(b:{NODE} {{{ID}: row.b}}) "
                f"CREATE (a)-[w:{was(kind)}]->(b) SET w = properties(r), w.{EXPIRED_IN} = $v "
                "DELETE r",
                rows,
                v=version,
            )

    def put(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Set values of nodes that are there, outside of history."""
        self.run_each(
            f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row.{ID}}}) SET n += row",
            [dict(row) for row in rows],
        )

    def put_slots(self, slots: Slots) -> None:
        """Set properties of relationships that are there, outside of history."""
        for kind, rows in _by_kind(slots).items():
            self.run_each(
                f"UNWIND $rows AS row MATCH (:{NODE} {{{ID}: row.a}})-[r:{kind}]->"
                f"(:{NODE} {{{ID}: row.b}}) SET r += row.p",
                rows,
            )

    def attach(self, source: str, text: str | None, exact: Mapping[str, str | None]) -> bool:
        """Attach a source's text and its passages' words, or take them away; whether any differ."""
        differs = "coalesce(n.%s, '') <> coalesce(%s, '')"
        written = self.run(
            f"MATCH (n:{NODE} {{{ID}: $id}}) WHERE {differs % (rules.FULL_TEXT, '$words')} "
            f"SET n.{rules.FULL_TEXT} = $words RETURN count(n) AS n",
            id=source,
            words=text,
        )
        written += self.run_each(
            f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row[0]}}) "
            f"WHERE {differs % (rules.EXACT, 'row[1]')} "
            f"SET n.{rules.EXACT} = row[1] RETURN count(n) AS n",
            [list(item) for item in exact.items()],
        )
        return any(one["n"] for one in written)


def _without_texts(variable: str, node_type: NodeType) -> str:
    """What takes attached texts away, which are outside history."""
    names = [prop.name for prop in node_type.properties.values() if prop.attached]
    return f"REMOVE {', '.join(f'{variable}.{name}' for name in names)} " if names else ""


def _by_type(nodes: Iterable[Node]) -> dict[NodeType, list[dict[str, object]]]:
    grouped: dict[NodeType, list[dict[str, object]]] = defaultdict(list)
    for node in nodes:
        grouped[node.type].append(node.properties)
    return grouped


def _by_kind(slots: Slots) -> dict[str, list[dict[str, object]]]:
    grouped: dict[str, list[dict[str, object]]] = defaultdict(list)
    for slot, properties in slots.items():
        grouped[slot.type].append({"a": slot.start, "b": slot.end, "p": properties})
    return grouped
