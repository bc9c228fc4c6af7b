"""A bare FastAPI endpoint with handwritten Cypher for each operation: the limit of speed.

It has no GraphQL: ``POST /point`` with the variables as JSON is answered by
``operations/point/bare.cypher``, whose one row holds the data as the client gets it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from fastapi import FastAPI, Request, Response
from neo4j import READ_ACCESS

from benchmarks.rivals.serving import open_driver, serve_on_argument
from service.settings import Settings

OPERATIONS = Path(__file__).parent.parent / "operations"


def create_app(settings: Settings) -> FastAPI:
    """Return the application, which reads from the database of the settings."""
    queries = {path.parent.name: path.read_text() for path in OPERATIONS.glob("*/bare.cypher")}
    driver = open_driver(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await driver.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None)

    @app.post("/{operation}")
    async def answer(operation: str, request: Request) -> Response:
        variables = orjson.loads(await request.body())
        async with driver.session(
            database=settings.neo4j_database, default_access_mode=READ_ACCESS
        ) as session:
            result = await session.run(queries[operation], variables)
            record = await result.single(strict=True)
        return Response(orjson.dumps({"data": record[0]}), media_type="application/json")

    return app


if __name__ == "__main__":
    serve_on_argument(create_app(Settings()))
