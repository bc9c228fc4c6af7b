"""The application: GraphQL at ``/graphql``, health at ``/healthz`` and ``/readyz``."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from neo4j.exceptions import Neo4jError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from graph_seed import LoadError, prepare
from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service.database import Database, opened
from service.edge import RefusalsAsJson, Router, answer_error
from service.errors import ParleyError
from service.fast_path import Admitted, FastPath
from service.graphql.execution import Compiled
from service.graphql.types import make_schema
from service.runtime import make_engine
from service.serving import end_with_parent
from service.settings import Settings

log = structlog.get_logger()
GRAPHQL = "/graphql"
RETRY_SECONDS = 2.0
"""How long to wait before a database that is down is tried again."""


def create_app(settings: Settings | None = None, vocabulary: Vocabulary = DOMAIN) -> FastAPI:
    """The application; it starts whether or not the database can be reached yet."""
    settings = settings or Settings()
    database = Database(settings)
    engine = make_engine(settings, database, vocabulary)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        end_with_parent()
        # The schema is 166,000 objects; to look through them at every full collection took 70 ms.
        gc.collect()
        gc.freeze()
        preparing = asyncio.create_task(prepared(settings, vocabulary))
        try:
            yield
        finally:
            preparing.cancel()
            await database.close()

    async def context(response: Response) -> dict[str, object]:
        return {"engine": engine, "response": response}

    app = FastAPI(
        title="Parley",
        lifespan=lifespan,
        openapi_url=None,
    )
    schema = make_schema(vocabulary, extensions=[Compiled])
    app.include_router(
        Router(schema, path=GRAPHQL, context_getter=context, subscription_protocols=())
    )
    app.add_exception_handler(ParleyError, answer_error)
    app.add_exception_handler(HTTPException, answer_error)

    @app.get("/healthz")
    async def healthz() -> dict[str, object]:
        """Whether the process lives; what it keeps of operations, and how often that helped."""
        kept = engine.preparer
        counters = {"operations": kept.operations.counters(), "plans": kept.plans.counters()}
        return {"status": "ok", "kept": counters}

    @app.get("/readyz")
    async def readyz() -> Response:
        """Whether questions can be answered now."""
        server = await database.check()
        return JSONResponse({"status": "ok", "neo4j": server.version})

    # The last one added is the first that a request meets; a page may read what refused it.
    # Most requests have nothing to be checked, which their headers tell at once.
    hosts = frozenset(host.encode() for host in settings.allowed_hosts)
    admits = Admitted(hosts, settings.body_limit)
    if settings.fast_path:
        app.add_middleware(
            FastPath, engine=engine, path=GRAPHQL, admits=lambda headers: not admits(headers)
        )
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.body_limit)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["content-type"],
    )
    if settings.fast_path:
        adds = [(b"vary", b"Origin")]
        app.add_middleware(FastPath, engine=engine, path=GRAPHQL, admits=admits, adds=adds)
    app.add_middleware(RefusalsAsJson)
    return app


async def prepared(settings: Settings, vocabulary: Vocabulary) -> None:
    """Make the graph ready as soon as it can be reached: searches need their index."""

    def once() -> None:
        with opened(settings) as (driver, name):
            prepare(driver, name, vocabulary)

    said = ""
    while True:
        try:
            await asyncio.to_thread(once)
            return
        except LoadError as error:
            log.error("the graph could not be made ready", code=error.code, said=str(error))
            return
        except (ParleyError, Neo4jError) as error:
            # A wrong password can be put right in the database, while the service runs.
            if said != str(error):
                log.warning("the graph cannot be made ready yet", said=str(error))
            said = str(error)
            await asyncio.sleep(RETRY_SECONDS)
