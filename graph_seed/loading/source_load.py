"""Load or unload sources as one unit: compare, refuse, write the difference."""

import time
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from graph_seed.graph import versions
from graph_seed.graph.attach import attach
from graph_seed.graph.diff import Difference
from graph_seed.graph.report import LoadReport, NodeChange, Progress, node_changes, total_counts
from graph_seed.graph.repository import Repository
from graph_seed.graph.writer import ChangedStanding, GraphWriter, VersionChanges, prepare_creation
from graph_seed.problems import LoadError
from graph_seed.records import Facts, Place
from graph_seed.state.desired_state import (
    GraphState,
    descriptions_of,
    desired_state,
    symmetric_neighbors,
)
from graph_seed.state.elements import GraphNode, elements_of
from graph_seed.state.entity_merge import SaidBySource
from graph_seed.state.index_limits import refuse_oversized
from graph_seed.values.problem import quote_text
from schema import rules
from schema.enumerations import LoadKind
from schema.names import AS_WRITTEN, COUNTS, ID
from schema.vocabulary import Vocabulary

LARGEST_FILE = 1_000_000
"""A facts file up to this many characters is kept in the Load, as it was."""


@dataclass(slots=True)
class SourceLoad:
    """A source that is to be loaded, or unloaded if it has no ``facts``."""

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
        """Report that a stage begins, and record how long it takes."""
        if self.progress:
            self.progress(name)
        started = time.perf_counter()
        yield
        taken = time.perf_counter() - started
        self.report.seconds[name] = self.report.seconds.get(name, 0.0) + taken

    def has_any(self, ids: Set[str]) -> bool:
        """Return whether it defines any of these ids, as an entity or as a fact of its own."""
        own = self.source.partition(":")[2]
        defined = {record.id for record in self.facts.records} if self.facts else set()
        facts = (one.partition(":")[2].partition("/") for one in ids)
        return not defined.isdisjoint(ids) or any(s and key == own for key, s, _ in facts)

    def begin(self) -> None:
        """Begin, or begin again after a failed attempt."""
        self.report = LoadReport(self.source, dry_run=self.dry_run)


class LoadUnit:
    """Sources that are compared, validated and written as one; they make one version at most.

    Most units have one source. Several are needed if none of them can be loaded before the others.
    """

    def __init__(self, works: Sequence[SourceLoad], store: Repository) -> None:
        self.works = works
        self._store = store
        self._vocabulary = works[0].vocabulary
        self._sources = [work.source for work in works]
        self._given = [work.facts for work in works if work.facts is not None]
        self._reports = {work.source: work.report for work in works}
        self.defined: dict[str, SaidBySource] = {}
        """The entities that these sources define, with the descriptions of all sources."""
        self.created: list[GraphNode] = []
        """The nodes that are new."""
        self.places: dict[str, Place] = {}
        """Where the last of these sources defines an entity."""

    def compare(self) -> None:
        """Compare the current with the desired state of the sources; raises LoadError."""
        with self.works[0].stage("read"):
            self._read()
            for work in self.works:
                if work.facts is None and work.source not in self.current.nodes:
                    message = (
                        f"{quote_text(work.source)} is not loaded{_prefix_advice(work.source)}"
                    )
                    raise LoadError("UNKNOWN_ID", message, [work.source])
        with self.works[0].stage("compare"):
            used, places = self._named_ids()
            self._reports_by_node = self._reports_by_owner()
            self.difference = Difference(
                self._vocabulary,
                self.current,
                self.desired,
                self.works[0].report,
                self._reports_by_node,
            )
            self.difference.refuse(self._store, self._sources, used, places)

    @property
    def dropped(self) -> set[str]:
        """The ids of nodes that would expire."""
        return {node.id for node in self.difference.expired_nodes()}

    def plan(self) -> VersionChanges:
        """Return what is to be written, counted in the reports; raises LoadError (TOO_LONG)."""
        with self.works[0].stage("compare"):
            difference = self.difference
            self._report_changes()
            self.created = difference.new_nodes()
            expired, changed = difference.expired_nodes(), difference.changes()
            links, ended = difference.relationship_changes()
            ids = [*(node.id for node in self.created), *(str(row[ID]) for _, row in changed)]
            refuse_oversized(self.desired, ids, self.places)
            new = prepare_creation(self._vocabulary, [elements_of(self.created, links)])
            return VersionChanges(new, changed, expired, ended)

    def write(self, writer: GraphWriter, changes: VersionChanges) -> tuple[int | None, bool]:
        """Write changes; return the version that makes, if one, and whether a text was attached."""
        difference, first, made = self.difference, self.works[0], None
        if changes.count:
            with first.stage("write"):
                made, standings = writer.write(self._load_values(), changes)
                writer.put(difference.digests())
                writer.put_relationships(difference.relationship_digests())
                difference.count_standings(standings)
                if first.dry_run:
                    self._report_standings(standings)
                counts = orjson.dumps(total_counts(self._reports.values())).decode()
                writer.put([{ID: versions.load_id(self._vocabulary, made), COUNTS: counts}])
                writer.put({ID: one, AS_WRITTEN: None} for one in self._sources_as_written())
        attached = False
        for work in self.works:
            attached |= self._attach(work, writer)
        return made, attached

    def _attach(self, work: SourceLoad, writer: GraphWriter) -> bool:
        if work.facts is None:
            return False
        current = self.current.nodes.get(work.source)
        with work.stage("attach"):
            work.report.attached, attached = attach(
                writer, work.facts, work.text, current.properties if current else {}
            )
        return attached

    def _sources_as_written(self) -> list[str]:
        current = self.current.nodes
        return [
            one for one in self._sources if one in current and AS_WRITTEN in current[one].properties
        ]

    def _named_ids(self) -> tuple[set[str], dict[str, Place]]:
        """Return the ids that the files use, and the place of each id that they name, resolved."""
        places: dict[str, Place] = {}
        used: set[str] = set()
        for facts in self._given:
            for record in reversed(facts.records):
                for ends in record.links.values():
                    places |= {to.id: record.place for to in ends}
            places |= facts.uses
            used |= set(facts.uses)
        resolve = self._resolve
        named = {resolve.get(name, name) for name in used}
        return named, {resolve.get(name, name): place for name, place in places.items()}

    def _read(self) -> None:
        """Read the current state of the sources, and compute the desired one."""
        store, vocabulary, sources = self._store, self._vocabulary, self._sources
        records = [record for facts in self._given for record in facts.records]
        uses = {name for facts in self._given for name in facts.uses}
        named = {to.id for record in records for ends in record.links.values() for to in ends}
        resolve = store.merged_ids({*named, *uses, *(record.id for record in records)})
        own = [
            (entity, one)
            for facts in self._given
            for entity, one in descriptions_of(vocabulary, facts, resolve).items()
        ]
        described = store.entities_described_by(sources)
        touched = {*described, *(entity for entity, _ in own)}
        said = store.descriptions(touched, but=sources)
        nodes = store.own_nodes(sources)
        relationships = store.relationships(sources, nodes, touched)
        beside = (
            symmetric_neighbors(vocabulary, relationships, said, [one for _, one in own]) - touched
        )
        around = store.descriptions(beside, but=sources)
        self.current = GraphState(nodes | store.nodes(touched), relationships)
        self.desired = desired_state(vocabulary, self._given, resolve, said, around)
        self.defined = {}
        for entity, one in own:
            everybody = [*said.get(entity, ()), one]
            current = self.defined.setdefault(entity, {})
            current |= {each.source: (each.type, each.values) for each in everybody}
        self.places = {
            resolve.get(record.id, record.id): record.place
            for facts in self._given
            for record in facts.entities
        }
        self._resolve, self._described = resolve, described

    def _reports_by_owner(self) -> dict[str, LoadReport]:
        """Return the report that counts a node, if there are several: that of its source.

        An entity is counted for the source that defines it first, or did.
        """
        if len(self.works) == 1:
            return {}
        owners = {entity: self._reports[by[0]] for entity, by in self._described.items()}
        for entity, said in self.defined.items():
            owners[entity] = next(self._reports[one] for one in said if one in self._reports)
        keys = {source.partition(":")[2]: report for source, report in self._reports.items()}
        for node_id in {*self.current.nodes, *self.desired.nodes}.difference(owners):
            # The id of a fact or a passage holds the key of its source.
            report = keys.get(node_id.partition(":")[2].partition("/")[0])
            if report is not None:
                owners[node_id] = report
        return owners

    def _report_changes(self) -> None:
        """List in the reports where sources differ, and in those of a dry run what would change."""
        for entity, lines in self.desired.differing.items():
            self._reports_by_node.get(entity, self.works[0].report).differences += lines
        if self.works[0].dry_run:
            for change in node_changes(self._vocabulary, self.current, self.desired):
                self._reports_by_node.get(change.id, self.works[0].report).changes.append(change)

    def _report_standings(self, standings: Sequence[ChangedStanding]) -> None:
        """List in the reports of a dry run the claims that would have another standing."""
        for one in standings:
            report = self._reports_by_node.get(one.id, self.works[0].report)
            change = next((each for each in report.changes if each.id == one.id), None)
            if change is None:
                change = NodeChange("changed", one.id)
                report.changes.append(change)
            change.values[rules.STANDING] = (one.old, one.new)

    def _load_values(self) -> dict[str, object]:
        work = self.works[0]
        kind = LoadKind.LOAD if self._given else LoadKind.UNLOAD
        texts = list(dict.fromkeys(facts.text for facts in self._given))
        text = "---\n".join(one for one in texts if one) if all(texts) else None
        given = {
            "loadKind": kind.value,
            "sourceId": work.source if len(self.works) == 1 else None,
            "by": work.by,
            "note": work.note,
            "factsFile": text if text and len(text) <= LARGEST_FILE else None,
        }
        return {name: value for name, value in given.items() if value is not None}


def _prefix_advice(source: str) -> str:
    """Return what to write for a source's id without its kind."""
    if source.startswith(f"{rules.SOURCE}:"):
        return ""
    return f"; a source's id begins with {rules.SOURCE}:, as in {rules.SOURCE}:river-talks"
