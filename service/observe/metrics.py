"""Count requests, and what they spend their time on, for Prometheus.

With several worker processes, each writes its values to files in a folder that all share, and any
of them answers for all (``PROMETHEUS_MULTIPROC_DIR``, the multiprocess mode of the client library).
"""

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    exposition,
    multiprocess,
)

from service.observe.record import RequestRecord, Stage

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder; the client library reads it when it is imported."""
ROUTES = ("/graphql", "/q", "/metrics", "/healthz", "/readyz", "/docs", "/schema.graphql")
"""The paths that are counted apart, each with those below it; clients choose any path."""
OTHER = "other"
NO_CODE = ""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""The upper bounds of histograms of seconds."""
SAMPLE_SECONDS = 1.0
NODES = (1, 10, 100, 1000, 10_000, 50_000)
GAUGE_FILE = re.compile(r"gauge_live\w+_(\d+)\.db")


class Metrics:
    """The metrics of one process; ``observe`` counts a request, ``write`` returns all as text."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._folder = os.environ.get(FOLDER_VARIABLE)
        if self._folder is None:
            ProcessCollector(namespace="parley", registry=registry)
        self._requests = Counter(
            "parley_requests", "Requests, by path, status and code of the first error.",
            ("path", "status", "code"), registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "parley_request_seconds",
            "Seconds from the head of a request to the end of its response.",
            ("path", "kept"), buckets=SECONDS, registry=registry,
        )  # fmt: skip
        stages = Histogram(
            "parley_stage_seconds", "Seconds of a request by stage.",
            ("stage",), buckets=SECONDS, registry=registry,
        )  # fmt: skip
        self._stages = {stage: stages.labels(stage.value) for stage in Stage}
        self._bytes = Counter(
            "parley_response_bytes", "Bytes of the bodies of responses.", registry=registry
        )
        self._rows = Counter(
            "parley_answer_rows", "Rows of all lists of answers that were read.", registry=registry
        )
        self._cost = Histogram(
            "parley_operation_cost", "Nodes that the answer of an operation could have.",
            buckets=NODES, registry=registry,
        )  # fmt: skip
        self._counted: dict[tuple[str, int, str], Counter] = {}
        self._timed: dict[tuple[str, bool], Histogram] = {}
        self._samplers: list[Callable[[], None]] = []

    def observe(self, record: RequestRecord) -> None:
        """Count a request that has ended."""
        path = find_route(record.scope["path"])
        key = (path, record.status, record.code or NO_CODE)
        counter = self._counted.get(key)
        if counter is None:
            counter = self._counted[key] = self._requests.labels(*key)
        counter.inc()
        timed = self._timed.get((path, record.is_kept))
        if timed is None:
            kept = "yes" if record.is_kept else "no"
            timed = self._timed[path, record.is_kept] = self._seconds.labels(path, kept)
        timed.observe(record.seconds)
        for stage, seconds in record.stages.items():
            self._stages[stage].observe(seconds)
        self._bytes.inc(record.bytes)
        if record.rows:
            self._rows.inc(record.rows)
        if record.cost is not None:
            self._cost.observe(record.cost)

    def watch(self, name: str, doc: str, read: Callable[[], float]) -> None:
        """Show a value that rises and falls, as ``read`` returns it; processes add up."""
        gauge = Gauge(name, doc, registry=self._registry, multiprocess_mode="livesum")
        self._samplers.append(lambda: gauge.set(read()))

    def watch_caches(self, caches: Mapping[str, Callable[[], Mapping[str, int]]]) -> None:
        """Show the counters of caches, by their names."""
        labels, registry = ("cache",), self._registry
        hits = Counter(
            "parley_cache_hits", "Lookups that found a value.", labels, registry=registry
        )
        misses = Counter(
            "parley_cache_misses", "Lookups that found none.", labels, registry=registry
        )
        entries = Gauge(
            "parley_cache_entries", "Values that a cache holds.", labels,
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        weight = Gauge(
            "parley_cache_bytes", "Approximate bytes that a cache holds.", labels,
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        for name, count in caches.items():
            sampler = _CacheSampler(
                count, hits.labels(name), misses.labels(name), entries.labels(name),
                weight.labels(name),
            )  # fmt: skip
            self._samplers.append(sampler.sample)

    def add_graph(self) -> "GraphGauges":
        """Return the gauges of what a read of the graph finds; all processes find the same."""
        up, version, loaded_at = (
            Gauge(name, doc, registry=self._registry, multiprocess_mode="livemostrecent")
            for name, doc in (
                ("parley_database_up", "1 if the database answered, else 0."),
                ("parley_graph_version", "The version of the graph."),
                (
                    "parley_graph_version_timestamp_seconds",
                    "When that version was loaded, in seconds since 1970.",
                ),
            )
        )
        return GraphGauges(up, version, loaded_at)

    def sample(self) -> None:
        """Read the values that are watched."""
        for sample in self._samplers:
            sample()

    def write(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics as text, and its media type, which ``accept`` chooses."""
        self.sample()
        encode, media_type = exposition.choose_encoder(accept)
        registry = self._registry
        if self._folder is not None:
            _forget_ended_processes(Path(self._folder))
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry, self._folder)  # type: ignore[no-untyped-call]
        return encode(registry), media_type

    async def sample_for_others(self) -> None:
        """Sample each second, if another process may answer for this one."""
        while self._folder is not None:
            self.sample()
            await asyncio.sleep(SAMPLE_SECONDS)


@dataclass(frozen=True, slots=True)
class GraphGauges:
    """The gauges of the graph."""

    up: Gauge
    version: Gauge
    loaded_at: Gauge


@dataclass(slots=True)
class _CacheSampler:
    """Adds what a cache counted since the last sample."""

    count: Callable[[], Mapping[str, int]]
    hits: Counter
    misses: Counter
    entries: Gauge
    weight: Gauge
    counted_hits: int = 0
    counted_misses: int = 0

    def sample(self) -> None:
        """Read the counters of the cache."""
        now = self.count()
        self.hits.inc(now["hits"] - self.counted_hits)
        self.misses.inc(now["misses"] - self.counted_misses)
        self.counted_hits, self.counted_misses = now["hits"], now["misses"]
        self.entries.set(now["held"])
        self.weight.set(now["weight"])


def find_route(path: str) -> str:
    """Return the path under which a request is counted."""
    for route in ROUTES:
        if path == route or path.startswith((f"{route}/", f"{route}.")):
            return route
    return OTHER


def _forget_ended_processes(folder: Path) -> None:
    """Delete the gauges of processes that have ended, however they did."""
    for path in folder.glob("gauge_live*.db"):
        found = GAUGE_FILE.fullmatch(path.name)
        if found and not psutil.pid_exists(int(found[1])):
            path.unlink(missing_ok=True)
