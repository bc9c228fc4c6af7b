"""Loading a source's facts, and taking them out again: one transaction, one version, or nothing.

What a source's file holds is compared with what the graph holds of that source. Only what differs
is written; what is no longer in the file expires; nothing is overwritten.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j
import orjson
from neo4j.exceptions import DriverError, Neo4jError, TransientError

from graph_seed.attach import attach, verified
from graph_seed.check import check
from graph_seed.difference import Difference
from graph_seed.hints import hints
from graph_seed.prepare import prepare
from graph_seed.problems import FactsError, LoadError, errors
from graph_seed.records import Facts, Record
from graph_seed.report import LoadReport
from graph_seed.rows import Description, Node, slots_of
from graph_seed.standing import restate
from graph_seed.store import gate, set_gate
from graph_seed.wanted import State, described, entities_of, facts_of, is_entity, wanted
from graph_seed.writes import Writes
from schema import rules
from schema.domain import DOMAIN
from schema.enumerations import LoadKind
from schema.names import ID
from schema.vocabulary import Vocabulary

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
            verified(one, text)
        work = _Load(vocabulary, one.source.id, one, by, note, dry_run, progress)
        reports.append(_attempted(driver, database, work))
        if text is not None and not dry_run:
            reports[-1].attached = attach(driver, database, vocabulary, one, text)
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
            store = Writes(transaction, self._vocabulary)
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

    def _write(self, store: Writes) -> int | None:
        """Write what differs; the version that made, or None where nothing differs."""
        with self._stage("read"):
            resolve = self._resolve(store)
            held, said = self._held(store, resolve)
            if self._facts is None and self._source not in held.nodes:
                message = f"{self._source} is not loaded"
                raise LoadError("UNKNOWN_ID", message, [self._source])
        with self._stage("compare"):
            others = {e: [d for d in ds if d.source != self._source] for e, ds in said.items()}
            after, differing = wanted(self._vocabulary, self._facts, resolve, others)
            self._report.differences = differing
            difference = Difference(self._vocabulary, held, after, self._report)
            difference.known_ends(store)
            created, expired = difference.created(), difference.expired()
            changes = difference.changes()
            new_slots, old_slots = difference.slot_changes()
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
            restate(store, self._vocabulary, made, [*new_slots, *old_slots], fresh)
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

    def _resolve(self, store: Writes) -> dict[str, str]:
        """What merged ids stand for; the facts' own records are renamed at once."""
        if self._facts is None:
            return {}
        named = {
            r.id for records in self._facts.records for to in records.links.values() for r in to
        }
        return store.merged_into(named | {record.id for record in self._facts.records})

    def _held(
        self, store: Writes, resolve: Mapping[str, str]
    ) -> tuple[State, dict[str, list[Description]]]:
        """What the graph holds of the source, and what is said of the entities it touches."""
        own = store.owned(self._source)
        facts = {record.id for record in facts_of(self._vocabulary, self._facts)}
        own |= store.nodes(facts - set(own))
        touched = set(store.described_by(self._source))
        entities_here = entities_of(self._vocabulary, self._facts)
        touched |= {resolve.get(record.id, record.id) for record in entities_here}
        touched |= self._across(store.descriptions(touched), entities_here, resolve)
        descriptions = store.descriptions(touched)
        entities = store.nodes(descriptions)
        slots = store.slots(own) | described(self._vocabulary, descriptions)[0].slots
        return State(own | entities, slots), descriptions

    # --- what follows ---

    def _across(
        self,
        said: Mapping[str, list[Description]],
        records: Iterable[Record],
        resolve: Mapping[str, str],
    ) -> set[str]:
        """The other ends of symmetric slots, which either end's descriptions may claim."""
        symmetric = {r.type for r in self._vocabulary.relationships.values() if r.symmetric}
        slots = [one.slots for descriptions in said.values() for one in descriptions]
        for record in records:
            entity = resolve.get(record.id, record.id)
            slots.append(slots_of(self._vocabulary, record, resolve, entity))
        found = [slot for some in slots for slot in some if slot.type in symmetric]
        return {end for slot in found for end in (slot.start, slot.end)}

    def _hint(self, store: Writes, created: Iterable[Node]) -> None:
        new = [
            (node.type.label, node.id, _names(node.properties))
            for node in created
            if is_entity(self._vocabulary, node.type) and not node.properties.get(rules.ANONYMOUS)
        ]
        if not new:
            return
        held: dict[str, list[tuple[str, list[str]]]] = {}
        for node in store.entities():
            if is_entity(self._vocabulary, node.type) and not node.properties.get(rules.ANONYMOUS):
                held.setdefault(node.type.label, []).append((node.id, _names(node.properties)))
        self._report.hints = hints(new, held, store.different())


def _names(properties: Mapping[str, Any]) -> list[str]:
    return [properties[rules.NAME], *properties.get(rules.ALIASES, [])]
