"""Answer ``/metrics`` for Prometheus."""

import asyncio

from fastapi import FastAPI, Request, Response

from service.db.database import Database
from service.db.last_load import read_last_load
from service.errors import ParleyError
from service.graphql.plan.cache import PlanCache
from service.http.answer_cache import AnswerCache
from service.observe.metrics import GraphGauges, Metrics

PATH = "/metrics"
READ_SECONDS = 2.0
"""Seconds that the database has to say which version the graph has."""


def add_metrics(
    app: FastAPI, metrics: Metrics, database: Database, plans: PlanCache, answers: AnswerCache
) -> None:
    """Add the address, and let ``metrics`` watch the caches and the reads of the database."""
    graph = metrics.add_graph()
    metrics.watch_caches(
        {
            "answers": answers.answers.counters,
            "operations": plans.operations.counters,
            "plans": plans.plans.counters,
        }
    )
    reads = database.reads
    metrics.watch(
        "parley_reads_running", "Reads that run; each uses a connection.", lambda: reads.running
    )
    metrics.watch("parley_reads_waiting", "Reads that wait for others.", lambda: reads.waiting)
    metrics.watch(
        "parley_reads_limit", "The most short reads that run at once.", lambda: reads.limit
    )

    async def respond(request: Request) -> Response:
        """Return the metrics, in the text format of Prometheus or of OpenMetrics."""
        await _read_graph(graph, database)
        body, media_type = metrics.write(request.headers.get("accept", ""))
        return Response(body, headers={"content-type": media_type})

    app.add_api_route(PATH, respond, methods=["GET", "HEAD"])


async def _read_graph(graph: GraphGauges, database: Database) -> None:
    """Set the gauges of the graph, if the database answers soon."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            load = await read_last_load(database.read)
    except (ParleyError, TimeoutError):
        graph.up.set(0)
        return
    graph.up.set(1)
    if load is not None:
        graph.version.set(load.version)
        graph.loaded_at.set(load.at)
