"""Tests of spans, as a collector receives them by OTLP."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import neo4j
import pytest
import strawberry
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from service.errors import SetUpFailed
from service.http.app import create_app
from service.observe import tracing
from service.settings import Settings
from tests.serving import client_of

ASKED = {"query": "query Some { people(first: 3) { nodes { name } } }"}
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@contextmanager
def collecting() -> Iterator[tuple[str, list[tuple[dict[str, str], Span]]]]:
    """Run a collector; yield its address, and the spans that it receives with their resource."""
    received: list[tuple[dict[str, str], Span]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            for one in ExportTraceServiceRequest.FromString(body).resource_spans:
                of = {pair.key: pair.value.string_value for pair in one.resource.attributes}
                received.extend((of, span) for scope in one.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def attributes(span: Span) -> dict[str, object]:
    return {
        one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in span.attributes
    }


async def test_a_request_has_spans_of_its_operation_and_its_reads(
    settings: Settings,
    article: neo4j.Driver,
    one_schema: strawberry.Schema,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with collecting() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        app = create_app(settings)
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
        async with app.router.lifespan_context(app), client_of(app) as client:
            response = await client.post("/graphql", json=ASKED, headers=headers)
            refused = await client.post("/graphql", json={"query": "{ nope }"}, headers=headers)
            assert (await client.get("/nothing")).status_code == 404
    assert {resource["service.name"] for resource, _ in received} == {"parley"}
    by_id = {attributes(one).get("parley.request_id"): one for _, one in received}
    request = by_id[response.headers["x-request-id"]]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, PARENT)
    assert request.name == "POST /graphql"
    found = attributes(request)
    assert (found["http.route"], found["http.response.status_code"]) == ("/graphql", 200)
    (operation,) = (one for _, one in received if one.parent_span_id == request.span_id)
    assert attributes(operation) == {
        "graphql.operation.type": "query", "graphql.operation.name": "Some",
    }  # fmt: skip
    (read,) = (one for _, one in received if one.parent_span_id == operation.span_id)
    assert attributes(read) == {"db.system.name": "neo4j", "db.namespace": "neo4j"}
    assert (
        request.start_time_unix_nano
        <= read.start_time_unix_nano
        < read.end_time_unix_nano
        <= request.end_time_unix_nano
    )
    wrong = by_id[refused.headers["x-request-id"]]
    assert attributes(wrong)["error.type"] == "GRAPHQL_VALIDATION_FAILED"
    assert wrong.status.code == wrong.status.STATUS_CODE_UNSET  # the client's fault


def test_without_a_collector_there_are_no_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    assert tracing.make_tracing("neo4j", "") is None


def test_a_collector_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tracing.ENDPOINTS[0], "http://localhost:4318")
    monkeypatch.setitem(sys.modules, "service.observe.otlp", None)
    with pytest.raises(SetUpFailed, match="extra `telemetry`"):
        tracing.make_tracing("neo4j", "")
