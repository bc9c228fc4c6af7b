"""The application: GraphQL at ``/graphql``, health at ``/healthz`` and ``/readyz``, pages."""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Response, params
from fastapi.responses import JSONResponse
from limits import parse as parse_rate_limit
from starlette.exceptions import HTTPException

from graph_seed import ensure_schema
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service import logs
from service.composition import make_engine
from service.db.database import Database, connect
from service.db.finish import finish
from service.errors import NotFound, ParleyError
from service.graphql.types.schema import make_schema
from service.http.answer_cache import AnswerCache
from service.http.answer_middleware import AnswerCacheMiddleware
from service.http.compression import CompressionMiddleware
from service.http.documents import Documents, read_documents
from service.http.metrics import add_metrics
from service.http.middleware import JsonErrorMiddleware, RequestPolicy, answer_error
from service.http.observe import ObserverMiddleware
from service.http.rate_limit import RateLimiter
from service.http.router import Router
from service.http.schema_files import add_schema_files
from service.http.server import end_with_parent
from service.observe.metrics import Metrics
from service.observe.record import Observer
from service.observe.request_log import RequestLog
from service.observe.tracing import make_tracing
from service.pages.graphiql import GraphiQLMiddleware
from service.pages.routes import add_pages, answer_not_found
from service.questions.answer import Asker
from service.questions.folder import read_questions
from service.questions.routes import add_questions
from service.settings import Settings

log = structlog.get_logger()
GRAPHQL = "/graphql"
RETRY_SECONDS = 2.0
"""Seconds before preparing the graph is retried, doubled for each further attempt."""
LONGEST_RETRY_SECONDS = 10.0


def create_app(
    settings: Settings | None = None,
    vocabulary: Vocabulary = DOMAIN,
    *,
    dependencies: Sequence[params.Depends] = (),
) -> FastAPI:
    """Return the application; it starts even if the database cannot be reached yet.

    ``dependencies`` are solved for every GraphQL request, as those of a FastAPI router are.
    """
    logs.configure()
    settings = settings or Settings()
    database = Database(settings, vocabulary)
    engine = make_engine(settings, database, vocabulary)
    metrics = Metrics()
    observers: list[Observer] = [
        RequestLog(settings.request_log, settings.slow_seconds), metrics.observe,
    ]  # fmt: skip
    tracing = make_tracing(settings.neo4j_database, settings.neo4j_uri or "")
    if tracing is not None:
        observers.append(tracing.observe)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        end_with_parent()
        logs.writer.start()
        # The schema has 166,000 objects; each full collection took 70 ms to traverse them.
        gc.collect()
        gc.freeze()
        asyncio.get_running_loop().set_exception_handler(logs.log_task_error)
        preparing = asyncio.create_task(prepare_graph(settings, vocabulary))
        watching = asyncio.create_task(database.vocabulary.run())
        sampling = asyncio.create_task(metrics.sample_for_others())
        try:
            yield
        finally:
            sampling.cancel()
            preparing.cancel()
            database.vocabulary.stop()
            await finish(watching)
            await database.close()
            if tracing is not None:
                await asyncio.to_thread(tracing.close)
            logs.writer.stop()

    app = FastAPI(
        title="Parley",
        lifespan=lifespan,
        openapi_url=None,
        # FastAPI's telemetry reads the environment at each request, and records errors unbounded.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    schema = make_schema(vocabulary)
    questions = read_questions(schema._schema, engine.plan_cache.limits, settings.questions)
    named = {one.name: one.text for one in questions.values()} | read_documents(settings.documents)
    documents = Documents(named, trusted_only=settings.trusted_documents_only)
    answers = AnswerCache(database.commits, settings.answer_bytes)
    router = Router(
        schema,
        engine,
        GRAPHQL,
        dependencies=dependencies,
        use_cache=settings.fast_path,
        answers=answers,
        documents=documents,
        most_bytes=settings.answer_limit,
    )
    router.add_to(app)
    add_pages(app, engine, schema._schema, vocabulary, dependencies, list(questions.values()))
    asker = Asker(engine, schema._schema)
    add_questions(app, questions, asker, answers, settings.question_rows, dependencies)
    add_schema_files(app, schema, engine)
    add_metrics(app, metrics, database, engine.plan_cache, answers)
    app.add_exception_handler(ParleyError, answer_error)
    app.add_exception_handler(HTTPException, answer_error)
    app.add_exception_handler(NotFound, answer_not_found)
    app.add_exception_handler(NotFound.status, answer_not_found)

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> dict[str, object]:
        """Return that the process is alive, with the counters of its caches."""
        cache = engine.plan_cache
        counters = {
            "operations": cache.operations.counters(),
            "plans": cache.plans.counters(),
            "answers": {**answers.answers.counters(), "checks": database.commits.reads},
        }
        return {"status": "ok", "kept": counters}

    @app.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz() -> Response:
        """Return the version of Neo4j if the service can answer; else an error."""
        return JSONResponse({"status": "ok", "neo4j": await database.check()})

    # Middleware that is added last runs first.
    app.add_middleware(GraphiQLMiddleware, path=GRAPHQL)
    app.add_middleware(CompressionMiddleware)
    if settings.fast_path:
        app.add_middleware(
            AnswerCacheMiddleware,
            path=GRAPHQL,
            answers=answers,
            is_direct=router.is_direct,
            inner=[CompressionMiddleware, GraphiQLMiddleware],
        )
    if settings.rate_limit != "off":
        app.add_middleware(RateLimiter, limit=parse_rate_limit(settings.rate_limit))
    app.add_middleware(RequestPolicy, settings=settings)
    app.add_middleware(JsonErrorMiddleware)
    app.add_middleware(ObserverMiddleware, observers=observers)
    return app


async def prepare_graph(settings: Settings, vocabulary: Vocabulary) -> None:
    """Prepare the graph, with its full-text indexes, as soon as it can be reached."""

    def once() -> None:
        with connect(settings) as (driver, name):
            ensure_schema(driver, name, vocabulary, migrate=False)

    pause = RETRY_SECONDS
    last = ""
    while True:
        try:
            await asyncio.to_thread(once)
            return
        except Exception as error:  # noqa: BLE001 - any error may be transient
            # The same reason is logged once.
            if last != (last := logs.describe(error)):
                log.warning("the graph cannot be prepared yet", reason=last)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_RETRY_SECONDS)
