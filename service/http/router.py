"""The GraphQL route: one endpoint for GET and POST, and a shorter way for cached operations.

Both ways obey the same policy. Middleware runs before the route. FastAPI solves dependencies before
an operation is looked up; only a route without dependencies answers cached operations directly.
"""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.routing import APIRoute
from graphql import GraphQLSchema
from starlette.types import Receive, Scope, Send
from strawberry import Schema

from service.errors import (
    MethodNotAllowed,
    NotAcceptable,
    ParleyError,
    UnsupportedMediaType,
    error_body,
)
from service.graphql.outcome import RequestErrors
from service.graphql.run.engine import Engine
from service.http.compression import ENCODING
from service.http.disconnect import EndOnDisconnect
from service.http.documents import Documents
from service.http.fast_path import (
    CachedOperations,
    Reply,
    find_response_type,
    read_body,
    replay,
)
from service.http.graphql_request import (
    GraphQLRequest,
    is_mutation,
    parse_body,
    parse_query_string,
)
from service.http.graphql_response import encode_json, encode_response
from service.http.media_types import JSON, choose_response_type, find_header, is_json

METHODS = ["GET", "HEAD", "POST"]
PARSED = "parley.request"
"""The key in the scope of a request that was parsed, and whose operation is not cached."""


class Router(APIRouter):
    """A router with one GraphQL endpoint, which answers cached operations without parsing them."""

    def __init__(
        self,
        schema: Schema,
        engine: Engine,
        path: str,
        *,
        dependencies: Sequence[params.Depends] = (),
        use_cache: bool = True,
        documents: Documents | None = None,
    ) -> None:
        super().__init__(dependencies=dependencies)
        self.documents = documents or Documents()
        self.engine = engine
        self.cached = CachedOperations(engine) if use_cache else None
        self._schema: GraphQLSchema = schema._schema
        self.add_api_route(path, self._respond, methods=METHODS)

    def add_to(self, app: FastAPI) -> None:
        """Add the route to an application, so that it can answer cached operations directly.

        ``app.include_router(router)`` works too, but then FastAPI solves dependencies each time.
        """
        for route in list(self.routes):
            if isinstance(route, APIRoute):
                app.router.add_api_route(
                    route.path,
                    route.endpoint,
                    methods=METHODS,
                    dependencies=route.dependencies,
                    route_class_override=DirectRoute,
                )
                direct = app.router.routes[-1]
                if isinstance(direct, DirectRoute) and self.cached is not None:
                    direct.enable_direct_answers(self.cached, self.documents, app)

    async def _respond(self, request: Request, response: Response) -> Response:
        """Answer a GraphQL request; ``response`` has the headers that dependencies set."""
        media_type = JSON
        headers: dict[str, str] = {}
        try:
            media_type = _choose_response_type(request)
            asked = request.scope.get(PARSED) or await _read_request(request, self.documents)
            reply = await self._answer(request, asked, media_type)
        except ParleyError as error:
            reply = Reply(encode_json(error_body(str(error), error.code)), error.status)
            if isinstance(error, MethodNotAllowed):
                headers["allow"] = "POST"
        if reply.coding is not None:
            headers["content-encoding"] = reply.coding.decode()
        found = Response(reply.body, reply.status, headers, media_type.decode())
        found.headers.raw.extend(response.headers.raw)
        return found

    async def _answer(self, request: Request, asked: GraphQLRequest, media_type: bytes) -> Reply:
        """Return the response to a request."""
        engine, cached = self.engine, self.cached
        async with EndOnDisconnect(request.receive):
            if cached is not None and PARSED not in request.scope and request.method == "POST":
                operation = cached.find(asked)
                if operation is not None:
                    coding = request.scope.get(ENCODING)
                    return await cached.run(operation, asked, media_type, coding)
            result, status = await engine.execute(
                self._schema, asked.query, asked.operation_name, asked.variables
            )
        is_refused = request.method != "POST" and isinstance(result, RequestErrors)
        if is_refused and is_mutation(asked, engine.plan_cache.limits.tokens):
            raise MethodNotAllowed("Send a mutation by POST; GET may only read.")
        return Reply(*encode_response(result, status, media_type))


class DirectRoute(APIRoute):
    """A route that answers cached operations before FastAPI makes a request of them.

    It does so only while the endpoint has no dependencies.
    """

    _cached: CachedOperations | None = None
    _documents: Documents
    _app: FastAPI | None = None

    def enable_direct_answers(
        self, cached: CachedOperations, documents: Documents, app: FastAPI
    ) -> None:
        """Answer cached operations directly, for requests of ``app``."""
        self._cached, self._documents, self._app = cached, documents, app

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a cached operation, or pass the request with its body on to FastAPI."""
        cached = self._cached
        if cached is None or not self._has_no_dependencies(scope):
            await super().handle(scope, receive, send)
            return
        media_type = find_response_type(scope)
        if media_type is None:
            await super().handle(scope, receive, send)
            return
        messages, body = await read_body(receive)
        operation = None
        try:
            asked = parse_body(body, self._documents)
        except ParleyError:
            pass  # the endpoint says what is wrong
        else:
            operation = cached.find(asked)
            scope[PARSED] = asked
        if operation is None:
            await super().handle(scope, replay(messages, receive), send)
            return
        async with EndOnDisconnect(receive):
            reply = await cached.run(operation, asked, media_type, scope.get(ENCODING))
        headers = [(b"content-length", b"%d" % len(reply.body)), (b"content-type", media_type)]
        if reply.coding is not None:
            headers.append((b"content-encoding", reply.coding))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    def _has_no_dependencies(self, scope: Scope) -> bool:
        """Return whether the route has no dependencies, in its own application."""
        return (
            self._app is not None
            and scope["app"] is self._app
            and not self._app.dependency_overrides
            and not self.dependencies
            and not self.dependant.dependencies
        )


def _choose_response_type(request: Request) -> bytes:
    """Return the media type of the response; raises NotAcceptable."""
    found = choose_response_type(find_header(request.scope["headers"], b"accept"))
    if found is None:
        raise NotAcceptable("Accept application/graphql-response+json, or application/json.")
    return found


async def _read_request(request: Request, documents: Documents) -> GraphQLRequest:
    """Return the GraphQL request; raises UnsupportedMediaType, and what ``parse_body`` raises."""
    if request.method != "POST":
        return parse_query_string(request.scope["query_string"], documents)
    content_type = find_header(request.scope["headers"], b"content-type")
    if content_type is None or not is_json(content_type):
        # A page of any other origin may send forms and plain text unasked, but no JSON.
        raise UnsupportedMediaType("Send the body as application/json in UTF-8.")
    return parse_body(await request.body(), documents)
