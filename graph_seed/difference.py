"""What differs between what is held of a source and what is wanted, and what may not be so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_seed.problems import LoadError
from graph_seed.report import LoadReport
from graph_seed.rows import Node, Slot, Slots
from graph_seed.store import Store
from graph_seed.wanted import State
from schema import rules
from schema.names import DIGEST, RECORDED_IN
from schema.vocabulary import NodeType, Vocabulary

Change = tuple[NodeType, dict[str, Any]]
"""A node's type, and what to set of it: None takes a value out."""


@dataclass(slots=True)
class Difference:
    """Compares, and counts what it finds in the report."""

    vocabulary: Vocabulary
    held: State
    wanted: State
    report: LoadReport

    def created(self) -> list[Node]:
        """Nodes that are new."""
        return [n for i, n in self.wanted.nodes.items() if i not in self.held.nodes]

    def expired(self) -> list[Node]:
        """Nodes that are over."""
        return [n for i, n in self.held.nodes.items() if i not in self.wanted.nodes]

    def known_ends(self, store: Store) -> None:
        """Refuse ends that are neither in the file nor in the graph, or of a wrong kind."""
        ends = {slot.end for slot in self.wanted.slots} | {slot.start for slot in self.wanted.slots}
        types = store.labels(ends - set(self.wanted.nodes))
        types |= {i: node.type for i, node in self.wanted.nodes.items()}
        gone = {node.id for node in self.expired()}
        absent = sorted((ends - set(types)) | (ends & gone))
        if absent:
            listed = ", ".join(absent[:10])
            message = f"these are neither in the file nor in the graph: {listed}; load them first"
            raise LoadError("UNKNOWN_ID", message, absent)
        wrong = [
            slot
            for slot in self.wanted.slots
            if not any(
                types[slot.start].is_a(ends.start) and types[slot.end].is_a(ends.end)
                for ends in self.vocabulary.relationships[slot.type].ends
            )
        ]
        if wrong:
            listed = ", ".join(f"{s.start} {s.type} {s.end}" for s in wrong[:10])
            raise LoadError(
                "WRONG_KIND", f"these may not be joined so: {listed}", [s.end for s in wrong]
            )

    def changes(self) -> list[Change]:
        """Nodes that stay and differ: what to set, None for what is taken out."""
        changes: list[Change] = []
        for node_id, node in self.wanted.nodes.items():
            old = self.held.nodes.get(node_id)
            label = [node.type.label]
            if old is None:
                self.report.count("recorded", label)
                continue
            kept = {p.name for p in node.type.properties.values() if p.attached}
            kept |= {RECORDED_IN, rules.STATUS}
            before = {k: v for k, v in old.properties.items() if k not in kept}
            now = {k: v for k, v in node.properties.items() if k not in kept}
            if before == now:
                self.report.count("unchanged", label)
                continue
            self.report.count("changed", label)
            gone = dict.fromkeys(set(before) - set(now))
            changes.append((node.type, {**now, **gone}))
        for node_id, node in self.held.nodes.items():
            if node_id not in self.wanted.nodes:
                self.report.count("expired", [node.type.label])
        return changes

    def slot_changes(self) -> tuple[Slots, list[Slot]]:
        """Slots to record, and slots that are over; a changed one is both."""
        new: Slots = {}
        over: list[Slot] = []
        for slot, properties in self.wanted.slots.items():
            old = self.held.slots.get(slot)
            if old is None:
                self.report.count("recorded", [slot.type])
                new[slot] = properties
            elif _plain(old) != _plain(properties):
                self.report.count("changed", [slot.type])
                new[slot] = properties
                over.append(slot)
            else:
                self.report.count("unchanged", [slot.type])
        for slot in self.held.slots:
            if slot not in self.wanted.slots:
                self.report.count("expired", [slot.type])
                over.append(slot)
        return new, over


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in properties.items() if k not in {RECORDED_IN, DIGEST}}
