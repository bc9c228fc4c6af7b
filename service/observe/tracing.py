"""Send a span for each request and its reads to an OpenTelemetry collector.

The standard environment variables turn it on and configure it: ``OTEL_EXPORTER_OTLP_ENDPOINT``,
``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER`` and so on. Spans are made of the record of a request
when that has ended. Their attributes follow the semantic conventions for HTTP, GraphQL and
databases (https://opentelemetry.io/docs/specs/semconv/).
"""

import os
import time
from collections.abc import Callable, Sequence
from time import perf_counter
from urllib.parse import urlsplit

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TracerProvider

from service.errors import SetUpFailed
from service.observe.record import Read, RequestRecord

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NANOSECONDS = 1_000_000_000
SERVER_ERROR = 500
Attributes = dict[str, str | int | bool]


class Tracing:
    """Makes spans of requests."""

    def __init__(
        self, provider: TracerProvider, database: str, address: str, close: Callable[[], None]
    ) -> None:
        """Make spans by a provider, which ``close`` ends; reads are of a database at a URI."""
        self._tracer = provider.get_tracer("parley")
        self.close = close
        self._database: Attributes = {"db.system.name": "neo4j", "db.namespace": database}
        place = urlsplit(address)
        if place.hostname:
            self._database["server.address"] = place.hostname
        if place.port:
            self._database["server.port"] = place.port
        # A record has no date: it is placed by both clocks, read at the same moment.
        self._origin = time.time_ns() - int(perf_counter() * NANOSECONDS)

    def observe(self, record: RequestRecord) -> None:
        """Make the spans of a request that has ended."""
        parent = propagate.extract(_to_texts(record.scope["headers"]))
        route: str | None = getattr(record.scope.get("route"), "path", None)
        method: str = record.scope["method"]
        name = f"{method} {route}" if route else method
        attributes = _describe_request(record, route)
        began, ended = record.began, record.began + record.seconds
        span = self._start(name, parent, SpanKind.SERVER, attributes, began)
        if record.status >= SERVER_ERROR:
            span.set_status(Status(StatusCode.ERROR))
        if span.is_recording():
            self._make_inner(record, trace.set_span_in_context(span, parent))
        span.end(self._time_of(ended))

    def _make_inner(self, record: RequestRecord, context: Context) -> None:
        """Make the spans of the operation and of its reads."""
        operation = None
        if record.describe_shape is not None:
            attributes: Attributes = {"graphql.operation.type": "query"}
            if record.operation_name is not None:
                attributes["graphql.operation.name"] = record.operation_name
            operation = self._start("query", context, SpanKind.INTERNAL, attributes, record.began)
            if record.code is not None:
                operation.set_status(Status(StatusCode.ERROR))
            context = trace.set_span_in_context(operation, context)
        for read in record.reads:
            self._make_read(read, context)
        if operation is not None:
            operation.end(self._time_of(record.began + record.seconds))

    def _make_read(self, read: Read, context: Context) -> None:
        attributes = dict(self._database)
        if read.queries > 1:
            attributes["db.operation.batch.size"] = read.queries
        if read.error is not None:
            attributes["error.type"] = read.error
        span = self._start("neo4j", context, SpanKind.CLIENT, attributes, read.began)
        if read.error is not None:
            span.set_status(Status(StatusCode.ERROR))
        span.end(self._time_of(read.began + read.seconds))

    def _start(
        self, name: str, context: Context, kind: SpanKind, attributes: Attributes, began: float
    ) -> Span:
        at = self._time_of(began)
        return self._tracer.start_span(name, context, kind, attributes, start_time=at)

    def _time_of(self, moment: float) -> int:
        """Return a moment of ``perf_counter`` in nanoseconds since 1970."""
        return self._origin + int(moment * NANOSECONDS)


def make_tracing(database: str, address: str) -> Tracing | None:
    """Return what makes spans, as the environment says; None if it names no collector.

    Raises SetUpFailed if OpenTelemetry is not installed.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    try:
        from service.observe.otlp import make_provider  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SetUpFailed(
            f"{ENDPOINTS[0]} is set, but OpenTelemetry is not installed. Install the extra "
            "`telemetry` of Parley, or unset the variable."
        ) from error
    provider = make_provider()
    return Tracing(provider, database, address, provider.shutdown)


def _describe_request(record: RequestRecord, route: str | None) -> Attributes:
    """Return the attributes of the span of a request."""
    scope = record.scope
    attributes: Attributes = {
        "http.request.method": scope["method"],
        "http.response.status_code": record.status,
        "url.path": scope["path"],
        "url.scheme": scope["scheme"],
        "parley.request_id": record.id,
        "parley.kept": record.is_kept,
    }
    if route is not None:
        attributes["http.route"] = route
    if record.code is not None:
        attributes["error.type"] = record.code
    return attributes


def _to_texts(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
