"""Loading a source's facts, and taking them out again: one transaction, one version, or nothing.

What a source's file holds is compared with what the graph holds of that source. Only what differs
is written; what is no longer in the file expires; nothing is overwritten.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import neo4j
import orjson
from neo4j.exceptions import DriverError, Neo4jError, TransientError

from graph_seed.check import check
from graph_seed.hints import hints
from graph_seed.prepare import prepare
from graph_seed.problems import FactsError, LoadError, errors
from graph_seed.records import Facts, Record
from graph_seed.report import LoadReport
from graph_seed.rows import (
    Description,
    Node,
    Slot,
    Slots,
    description_properties,
    merged,
    node_of,
    passage_of,
    slots_of,
)
from graph_seed.store import Store, gate, set_gate
from graph_seed.text import text_sha256, verify
from graph_seed.values import parse_edtf
from schema import rules
from schema.domain import DOMAIN
from schema.enumerations import LoadKind, StatementStatus, Supersession
from schema.names import DIGEST, ID, RECORDED_IN
from schema.vocabulary import NodeType, Vocabulary

MOST_ELEMENTS = 100_000
"""Elements (nodes and slots) that one transaction may hold."""
LARGEST_FILE = 1_000_000
"""A facts file up to this many characters is kept in the Load, as it was."""
ATTEMPTS = 5
Progress = Callable[[str], None]
"""Told which stage begins."""


def load(
    driver: neo4j.Driver,
    facts: Facts | Iterable[Facts],
    *,
    database: str = "neo4j",
    vocabulary: Vocabulary = DOMAIN,
    by: str | None = None,
    note: str | None = None,
    dry_run: bool = False,
    texts: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[LoadReport]:
    """Load each source's facts in a transaction of its own, through an open driver.

    Loading what is there already changes nothing and makes no version. Raises LoadError
    (UNKNOWN_ID, WRONG_KIND, IN_USE, TEXT_DIFFERS, TOO_LARGE, LOAD_INTERRUPTED) with every id that
    is concerned; then nothing of that source was written.
    """
    prepare(driver, database, vocabulary)
    reports: list[LoadReport] = []
    for one in [facts] if isinstance(facts, Facts) else facts:
        text = (texts or {}).get(one.source.id)
        if text is not None:
            _verified(one, text)
        work = _Load(vocabulary, one.source.id, one, by, note, dry_run, progress)
        reports.append(_attempted(driver, database, work))
        if text is not None and not dry_run:
            reports[-1].attached = _attach(driver, database, vocabulary, one, text)
    return reports


def load_files(
    driver: neo4j.Driver, paths: Iterable[Path | str], **options: Any
) -> list[LoadReport]:
    """Check facts files and load them; raises FactsError with everything that is wrong."""
    checked = check(paths, options.get("vocabulary", DOMAIN), for_load=True)
    if not checked.valid:
        raise FactsError(errors(checked.problems))
    return load(driver, checked.facts, **options)


def unload(
    driver: neo4j.Driver,
    source: str,
    *,
    database: str = "neo4j",
    vocabulary: Vocabulary = DOMAIN,
    by: str | None = None,
    note: str | None = None,
    dry_run: bool = False,
) -> LoadReport:
    """Expire one source's facts; what other sources say of its entities stays.

    Raises LoadError: UNKNOWN_ID for a source that is not there, IN_USE where another source's facts
    point at something that would be over.
    """
    prepare(driver, database, vocabulary)
    return _attempted(driver, database, _Load(vocabulary, source, None, by, note, dry_run))


def _attempted(driver: neo4j.Driver, database: str, work: "_Load") -> LoadReport:
    """The work done in one transaction, again where it failed for a passing reason."""
    for attempt in range(ATTEMPTS):
        try:
            with driver.session(database=database) as session:
                return work.run(driver, database, session)
        except TransientError as error:
            if attempt + 1 == ATTEMPTS:
                raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED) from error
            time.sleep(0.1 * 2**attempt)
        except (DriverError, Neo4jError) as error:
            raise LoadError("LOAD_INTERRUPTED", _INTERRUPTED) from error
    raise AssertionError("the loop returns or raises")


_INTERRUPTED = (
    "The database went away while loading; nothing was written by halves. Give the command again."
)


@dataclass(slots=True)
class _Wanted:
    """What the graph is to hold of a source: its own nodes, the entities it touches, all slots."""

    nodes: dict[str, Node] = field(default_factory=dict)
    slots: Slots = field(default_factory=dict)


class _Load:
    """One load or unload of one source."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        source: str,
        facts: Facts | None,
        by: str | None,
        note: str | None,
        dry_run: bool,
        progress: Progress | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._source = source
        self._facts = facts
        self._by = by
        self._note = note
        self._dry_run = dry_run
        self._progress = progress or (lambda _: None)
        self._report = LoadReport(source, dry_run=dry_run)

    def run(self, driver: neo4j.Driver, database: str, session: neo4j.Session) -> LoadReport:
        """Do it; gives what was done."""
        self._report = LoadReport(self._source, dry_run=self._dry_run)
        with session.begin_transaction() as transaction:
            store = Store(transaction, self._vocabulary)
            version = store.lock()
            with driver.session(database=database) as other:
                opening, opened = gate(other)
                if opening != opened or opened != version:
                    set_gate(other, opening=version, open=version)
            made = self._write(store)
            if made is None or self._dry_run:
                transaction.rollback()
                self._report.version = version
                return self._report
            self._report.version = made
            self._report.made_version = True
            with self._stage("commit"), driver.session(database=database) as other:
                set_gate(other, opening=made)
                transaction.commit()
                set_gate(other, open=made)
        return self._report

    @contextmanager
    def _stage(self, name: str) -> Any:
        self._progress(name)
        started = time.perf_counter()
        yield
        self._report.seconds[name] = time.perf_counter() - started

    # --- comparing ---

    def _write(self, store: Store) -> int | None:
        """Write what differs; the version that made, or None where nothing differs."""
        with self._stage("read"):
            resolve = self._resolve(store)
            held, old_entities = self._held(store)
            if self._facts is None and self._source not in held.nodes:
                message = f"{self._source} is not loaded"
                raise LoadError("UNKNOWN_ID", message, [self._source])
        with self._stage("compare"):
            wanted = self._wanted(resolve, old_entities)
            self._known_ends(store, wanted)
            created = [n for i, n in wanted.nodes.items() if i not in held.nodes]
            expired = [n for i, n in held.nodes.items() if i not in wanted.nodes]
            changes = self._changes(held, wanted)
            new_slots, old_slots = self._slot_changes(held, wanted)
            self._hint(store, created)
        if not (created or expired or changes or new_slots or old_slots):
            return None
        if len(created) + len(new_slots) > MOST_ELEMENTS:
            message = (
                f"this holds more than {MOST_ELEMENTS} elements; split it into several sources"
            )
            raise LoadError("TOO_LARGE", message)
        with self._stage("write"):
            made = store.next_version(self._load_values())
            store.expire_slots(made, old_slots)
            in_use = store.pointing_at(n.id for n in expired)
            if in_use:
                listed = ", ".join(f"{who} points at {whom}" for who, whom in in_use[:5])
                raise LoadError(
                    "IN_USE",
                    f"facts of other sources still need what would be over: {listed}",
                    [who for who, _ in in_use],
                )
            store.expire(made, expired)
            store.change(made, changes)
            store.create(made, created)
            store.create_slots(made, new_slots)
            fresh = {n.id for n in created} | {row[ID] for _, row in changes}
            self._restate(store, made, [*new_slots, *old_slots], fresh)
            store.note_counts(made, orjson.dumps(self._report.counts).decode())
        return made

    def _load_values(self) -> dict[str, Any]:
        kind = LoadKind.LOAD if self._facts else LoadKind.UNLOAD
        values = {"loadKind": kind.value, "sourceId": self._source}
        text = self._facts.text if self._facts else None
        given = {"by": self._by, "note": self._note}
        if text is not None and len(text) <= LARGEST_FILE:
            given["factsFile"] = text
        values |= {name: value for name, value in given.items() if value is not None}
        return values

    def _resolve(self, store: Store) -> dict[str, str]:
        """What merged ids stand for; the facts' own records are renamed at once."""
        if self._facts is None:
            return {}
        named = {
            r.id for records in self._facts.records for to in records.links.values() for r in to
        }
        return store.merged_into(named | {record.id for record in self._facts.records})

    def _held(self, store: Store) -> tuple[_Wanted, dict[str, list[Description]]]:
        """What the graph holds of the source, and what is said of the entities it touches."""
        own = store.owned(self._source)
        facts = {record.id for record in self._records(entities=False)}
        own |= store.nodes(facts - set(own))
        touched = set(store.described_by(self._source))
        touched |= {record.id for record in self._records(entities=True)}
        descriptions = store.descriptions(touched)
        entities = store.nodes(descriptions)
        slots = store.slots(own)
        for entity, said in descriptions.items():
            slots |= merged(self._vocabulary, entity, said)[1]
            slots |= self._description_slots(entity, said)
        return _Wanted(own | entities, slots), descriptions

    def _description_slots(self, entity: str, said: Iterable[Description]) -> Slots:
        kind = next(r.type for r in self._vocabulary.relationships.values() if r.describes)
        return {Slot(kind, entity, one.source): description_properties(one) for one in said}

    def _records(self, *, entities: bool) -> list[Record]:
        """The file's records: its entities, or its facts."""
        records = self._facts.records if self._facts else []
        return [r for r in records if self._is_entity(r.type) == entities]

    def _is_entity(self, node_type: NodeType) -> bool:
        return node_type.is_a(self._vocabulary.nodes["Entity"])

    def _wanted(self, resolve: Mapping[str, str], old: Mapping[str, list[Description]]) -> _Wanted:
        """What the graph is to hold of the source after this."""
        wanted = _Wanted()
        said = {e: [d for d in ds if d.source != self._source] for e, ds in old.items()}
        if self._facts is not None:
            self._want_facts(wanted, self._facts, resolve)
            published = self._facts.source.values.get(rules.PUBLISHED)
            day = parse_edtf(published).earliest if isinstance(published, str) else None
            for record in self._records(entities=True):
                entity = resolve.get(record.id, record.id)
                record.id = entity
                said.setdefault(entity, []).append(
                    Description(
                        self._source,
                        day,
                        record.type,
                        dict(record.values),
                        slots_of(self._vocabulary, record, resolve),
                        record.digest,
                    )
                )
        for entity, descriptions in said.items():
            if not descriptions:
                continue
            node, slots, differences = merged(self._vocabulary, entity, descriptions)
            wanted.nodes[entity] = node
            wanted.slots |= slots
            wanted.slots |= self._description_slots(entity, descriptions)
            self._report.differences += differences
        return wanted

    def _want_facts(self, wanted: _Wanted, facts: Facts, resolve: Mapping[str, str]) -> None:
        """The source, its passages and its facts."""
        passage = self._vocabulary.by_kind["passage"]
        part_of = self._vocabulary.links(passage)["source"].relationship
        source = node_of(facts.source)
        wanted.nodes[source.id] = source
        for record in facts.records:
            for cited in record.evidence:
                node = passage_of(passage, facts.source.id, cited)
                wanted.nodes[node.id] = node
                if part_of is not None:
                    wanted.slots[Slot(part_of.type, node.id, source.id)] = {}
            if not self._is_entity(record.type):
                wanted.nodes[record.id] = node_of(record)
                wanted.slots |= slots_of(self._vocabulary, record, resolve)

    def _known_ends(self, store: Store, wanted: _Wanted) -> None:
        """Refuse ends that are neither in the file nor in the graph, or of a wrong kind."""
        ends = {slot.end for slot in wanted.slots} | {slot.start for slot in wanted.slots}
        types = store.labels(ends - set(wanted.nodes))
        types |= {i: node.type for i, node in wanted.nodes.items()}
        absent = sorted(ends - set(types))
        if absent:
            listed = ", ".join(absent[:10])
            message = f"these are neither in the file nor in the graph: {listed}; load them first"
            raise LoadError("UNKNOWN_ID", message, absent)
        wrong = [
            slot
            for slot in wanted.slots
            if not any(
                types[slot.start].is_a(ends.start) and types[slot.end].is_a(ends.end)
                for ends in self._vocabulary.relationships[slot.type].ends
            )
        ]
        if wrong:
            listed = ", ".join(f"{s.start} {s.type} {s.end}" for s in wrong[:10])
            raise LoadError(
                "WRONG_KIND", f"these may not be joined so: {listed}", [s.end for s in wrong]
            )

    def _changes(self, held: _Wanted, wanted: _Wanted) -> list[tuple[NodeType, dict[str, Any]]]:
        """Nodes that stay and differ: what to set, None for what is taken out."""
        changes: list[tuple[NodeType, dict[str, Any]]] = []
        for node_id, node in wanted.nodes.items():
            old = held.nodes.get(node_id)
            label = [node.type.label]
            if old is None:
                self._report.count("recorded", label)
                continue
            kept = {p.name for p in node.type.properties.values() if p.attached}
            kept |= {RECORDED_IN, STATUS}
            before = {k: v for k, v in old.properties.items() if k not in kept}
            now = {k: v for k, v in node.properties.items() if k not in kept}
            if before == now:
                self._report.count("unchanged", label)
                continue
            self._report.count("changed", label)
            gone = dict.fromkeys(set(before) - set(now))
            changes.append((node.type, {**now, **gone}))
        for node_id, node in held.nodes.items():
            if node_id not in wanted.nodes:
                self._report.count("expired", [node.type.label])
        return changes

    def _slot_changes(self, held: _Wanted, wanted: _Wanted) -> tuple[Slots, list[Slot]]:
        """Slots to record, and slots that are over; a changed one is both."""
        new: Slots = {}
        over: list[Slot] = []
        for slot, properties in wanted.slots.items():
            old = held.slots.get(slot)
            if old is None:
                self._report.count("recorded", [slot.type])
                new[slot] = properties
            elif _plain(old) != _plain(properties):
                self._report.count("changed", [slot.type])
                new[slot] = properties
                over.append(slot)
            else:
                self._report.count("unchanged", [slot.type])
        for slot in held.slots:
            if slot not in wanted.slots:
                self._report.count("expired", [slot.type])
                over.append(slot)
        return new, over

    # --- what follows ---

    def _restate(self, store: Store, version: int, slots: list[Slot], fresh: set[str]) -> None:
        """Whether statements stand, after claims that supersede them came or went."""
        statement = self._vocabulary.nodes["Statement"]
        supersedes = self._vocabulary.links(statement)["supersedes"].relationship
        affected = {s.end for s in slots if supersedes is not None and s.type == supersedes.type}
        held = {i: n for i, n in store.nodes(affected | fresh).items() if n.type is statement}
        reasons = store.superseded(held)
        changes: list[tuple[NodeType, dict[str, Any]]] = []
        for node_id, node in held.items():
            status = _status(reasons.get(node_id, []))
            if node.properties.get(STATUS) != status:
                changes.append((statement, {ID: node_id, STATUS: status}))
        store.put(row for _, row in changes if row[ID] in fresh)
        store.change(version, [one for one in changes if one[1][ID] not in fresh])

    def _hint(self, store: Store, created: Iterable[Node]) -> None:
        new = [
            (node.type.label, node.id, _names(node.properties))
            for node in created
            if self._is_entity(node.type) and not node.properties.get(rules.ANONYMOUS)
        ]
        if not new:
            return
        held: dict[str, list[tuple[str, list[str]]]] = {}
        for node in store.entities():
            if self._is_entity(node.type) and not node.properties.get(rules.ANONYMOUS):
                held.setdefault(node.type.label, []).append((node.id, _names(node.properties)))
        self._report.hints = hints(new, held, store.different())


STATUS = "statementStatus"


def _names(properties: Mapping[str, Any]) -> list[str]:
    return [properties[rules.NAME], *properties.get("aliases", [])]


def _status(reasons: Iterable[str]) -> str:
    given = set(reasons)
    if Supersession.RETRACTION.value in given:
        return str(StatementStatus.RETRACTED.value)
    if Supersession.CORRECTION.value in given:
        return str(StatementStatus.CORRECTED.value)
    return str(StatementStatus.STANDING.value)


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in properties.items() if k not in {RECORDED_IN, DIGEST}}


# --- attached texts -------------------------------------------------------------------------------


def _verified(facts: Facts, text: str) -> None:
    """Refuse a text that is not the one that was cited; say how many passages hold in it."""
    if facts.source.values.get(rules.SHA256) == text_sha256(text):
        return
    cited = {c for record in facts.records for c in record.evidence}
    passages = [(c.start, c.end, c.sha256) for c in sorted(cited, key=lambda c: (c.start, c.end))]
    found = verify(text, passages)
    raise LoadError(
        "TEXT_DIFFERS",
        f"this text is not the one that {facts.source.id} was cited from: of {len(passages)} "
        f"passages {len(found.holding)} hold, {len(found.moved)} stand elsewhere, "
        f"{len(found.lost)} are not found; `parley cite` follows those that moved",
    )


def _attach(
    driver: neo4j.Driver, database: str, vocabulary: Vocabulary, facts: Facts, text: str
) -> int:
    passage = vocabulary.by_kind["passage"]
    exact = {
        passage_of(passage, facts.source.id, cited).id: text[cited.start : cited.end]
        for record in facts.records
        for cited in record.evidence
    }
    with driver.session(database=database) as session, session.begin_transaction() as transaction:
        Store(transaction, vocabulary).attach(facts.source.id, text, exact)
        transaction.commit()
    return len(exact)
