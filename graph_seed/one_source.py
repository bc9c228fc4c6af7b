"""One load or unload of one source: compare, refuse, write what differs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from graph_seed import clock
from graph_seed.attach import attach
from graph_seed.difference import Difference
from graph_seed.hints import hints_of
from graph_seed.problems import LoadError
from graph_seed.records import Facts, Place
from graph_seed.report import LoadReport, Progress
from graph_seed.standing import recompute_standing
from graph_seed.wanted import State, across, descriptions_of, wanted
from graph_seed.writes import Writes
from schema.enumerations import LoadKind
from schema.names import AS_WRITTEN, COUNTS, ID
from schema.vocabulary import Vocabulary

MOST_ELEMENTS = 100_000
"""Elements (nodes and slots) that one transaction may record, change and expire."""
LARGEST_FILE = 1_000_000
"""A facts file up to this many characters is kept in the Load, as it was."""


@dataclass(slots=True)
class OneSource:
    """What is to be done with one source; no ``facts`` means that they are to be unloaded."""

    vocabulary: Vocabulary
    source: str
    facts: Facts | None
    by: str | None = None
    note: str | None = None
    dry_run: bool = False
    text: str | None = None
    """The source's text, verified."""
    progress: Progress | None = None
    report: LoadReport = field(init=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell that a stage begins, and note how long it took."""
        if self.progress:
            self.progress(name)
        started = time.perf_counter()
        yield
        self.report.seconds[name] = time.perf_counter() - started

    def begin(self) -> None:
        """Begin, or begin again after an attempt that failed."""
        self.report = LoadReport(self.source, dry_run=self.dry_run)

    def write(self, store: Writes) -> tuple[int | None, bool]:
        """Write what differs; the version that makes, and whether a text was attached."""
        with self.stage("read"):
            held, after, resolve = self._states(store)
            if self.facts is None and self.source not in held.nodes:
                raise LoadError("UNKNOWN_ID", f"{self.source} is not loaded", [self.source])
        with self.stage("compare"):
            self.report.differences = after.differing
            difference = Difference(self.vocabulary, held, after, self.report)
            used, places = self._named(resolve)
            difference.refuse(store, self.source, used, places)
            created, expired = difference.created(), difference.expired()
            changes = difference.changes()
            new, over = difference.slot_changes()
        with self.stage("hints"):
            self.report.hints = hints_of(store, self.vocabulary, created, after.slots)
        made = None
        if created or expired or changes or new or over:
            store.elements += len(created) + len(expired) + len(changes) + len(new) + len(over)
            if store.elements > MOST_ELEMENTS:
                raise LoadError("TOO_LARGE", _TOO_LARGE, [self.source])
            with self.stage("write"):
                made = clock.next_version(store.run, self.vocabulary, self._load_values())
                store.expire_slots(made, over)
                store.expire(made, expired)
                store.change(made, changes)
                store.create(made, created)
                store.create_slots(made, new)
                fresh = {n.id for n in created} | {str(row[ID]) for _, row in changes}
                store.put(difference.digests())
                store.put_slots(difference.slot_digests())
                slots = [*new, *over]
                difference.count_restated(
                    recompute_standing(store, self.vocabulary, made, slots, fresh)
                )
                counts = orjson.dumps(self.report.counts).decode()
                store.put([{ID: clock.load_id(self.vocabulary, made), COUNTS: counts}])
                if self.source in held.nodes and AS_WRITTEN in held.nodes[self.source].properties:
                    store.put([{ID: self.source, AS_WRITTEN: None}])
        attached = False
        if self.facts is not None:
            before = held.nodes[self.source].properties if self.source in held.nodes else {}
            with self.stage("attach"):
                self.report.attached, attached = attach(store, self.facts, self.text, before)
        return made, attached

    def _named(self, resolve: Mapping[str, str]) -> tuple[set[str], dict[str, Place]]:
        """What the file says others define, and where it names what; merged ids are resolved."""
        if self.facts is None:
            return set(), {}
        places = {
            to.id: record.place
            for record in reversed(self.facts.records)
            for ends in record.links.values()
            for to in ends
        }
        places |= self.facts.uses
        used = {resolve.get(name, name) for name in self.facts.uses}
        return used, {resolve.get(name, name): place for name, place in places.items()}

    def _states(self, store: Writes) -> tuple[State, State, dict[str, str]]:
        """What is held of the source, what is wanted, and what merged ids stand for."""
        records = self.facts.records if self.facts else []
        uses = self.facts.uses if self.facts else {}
        named = {to.id for record in records for ends in record.links.values() for to in ends}
        resolve = store.merged_into({*named, *uses, *(record.id for record in records)})
        own = descriptions_of(self.vocabulary, self.facts, resolve)
        touched = {*store.described_by(self.source), *own}
        said = store.descriptions(touched, but=self.source)
        nodes = store.owned(self.source)
        slots = store.slots(self.source, nodes, touched)
        beside = across(self.vocabulary, slots, said, own) - touched
        around = store.descriptions(beside, but=self.source)
        held = State(nodes | store.nodes(touched), slots)
        after = wanted(self.vocabulary, self.facts, resolve, said, around)
        return held, after, resolve

    def _load_values(self) -> dict[str, object]:
        kind = LoadKind.LOAD if self.facts else LoadKind.UNLOAD
        text = self.facts.text if self.facts else None
        given = {
            "loadKind": kind.value,
            "sourceId": self.source,
            "by": self.by,
            "note": self.note,
            "factsFile": text if text is not None and len(text) <= LARGEST_FILE else None,
        }
        return {name: value for name, value in given.items() if value is not None}


_TOO_LARGE = f"this changes more than {MOST_ELEMENTS} elements; split it into several files"
