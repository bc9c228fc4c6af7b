"""The GraphQL route: it answers cached operations itself, and others by Strawberry.

Both ways obey the same policy. Middleware runs before the route. FastAPI solves dependencies before
an operation is looked up; only a route without dependencies answers cached operations directly.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from cross_web import HTTPException as RefusedRequest
from fastapi import Depends, FastAPI, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send
from strawberry import Schema
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLRequestData
from strawberry.types import ExecutionResult

if TYPE_CHECKING:
    from cross_web import AsyncHTTPRequestAdapter

from service.errors import BadRequest
from service.graphql.outcome import OK
from service.graphql.run.engine import Engine
from service.http.disconnect import EndOnDisconnect
from service.http.fast_path import JSON, encode_json, find_cached, is_json_post, read_body, replay
from service.http.request_json import decode_json

Context = dict[str, object]
METHODS = ["GET", "HEAD", "POST"]
NOT_CACHED = "parley.not_cached"
"""The key in the scope of a request whose operation is not cached."""


class Router(GraphQLRouter[Context, None]):
    """A Strawberry router with one endpoint for GET and POST, which answers cached operations."""

    def __init__(
        self,
        schema: Schema,
        engine: Engine,
        path: str,
        *,
        dependencies: Sequence[params.Depends] = (),
        use_cache: bool = True,
    ) -> None:
        async def engine_context() -> Context:
            return {"engine": engine}

        super().__init__(
            schema, context_getter=engine_context, dependencies=dependencies,
            subscription_protocols=(),
        )  # fmt: skip
        self.engine = engine
        self._graphql_schema = schema._schema
        self.use_cache = use_cache
        self.own_calls: set[object] = {engine_context, self.context_getter, self.root_value_getter}
        """The dependencies of the endpoint itself."""

        async def answer(
            request: Request,
            response: Response,
            context: Context = Depends(self.context_getter),  # noqa: B008 - as FastAPI has it
            root_value: None = Depends(self.root_value_getter),
        ) -> Response:
            body = await request.body()
            if self.use_cache and NOT_CACHED not in request.scope and is_json_post(request.scope):
                cached = find_cached(engine, body)
                if cached is not None:
                    async with EndOnDisconnect(request.receive):
                        raw, status = await cached.answer(engine)
                    found = Response(raw, status, media_type=JSON.decode())
                    found.headers.raw.extend(response.headers.raw)
                    return found
            if request.method == "HEAD":
                # HEAD is answered as GET; the server leaves out the body.
                request = Request({**request.scope, "method": "GET"}, request.receive)
            self.temporal_response = response
            try:
                async with EndOnDisconnect(request.receive):
                    return await self.run(request=request, context=context, root_value=root_value)
            except RefusedRequest as refused:
                return PlainTextResponse(refused.reason, refused.status_code)

        self.routes.clear()
        self.add_api_route(path, answer, methods=METHODS)

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
                if isinstance(direct, DirectRoute) and self.use_cache:
                    direct.enable_direct_answers(self.engine, self.own_calls, app)

    async def execute_single(
        self,
        request: Request,  # noqa: ARG002 - Strawberry names the parameters
        request_adapter: "AsyncHTTPRequestAdapter",  # noqa: ARG002
        sub_response: Response,
        context: Context,  # noqa: ARG002
        root_value: None,  # noqa: ARG002
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Return the result of an operation by the engine."""
        text = request_data.query
        if not text:
            raise BadRequest("The request has no query.")
        result, status = await self.engine.execute(
            self._graphql_schema, text, request_data.operation_name, request_data.variables
        )
        if status != OK:
            sub_response.status_code = status
        return ExecutionResult(result.data, result.errors, result.extensions)

    async def parse_http_body(
        self, request: "AsyncHTTPRequestAdapter"
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Return the parsed body; raises BadRequest if it is no GraphQL request."""
        try:
            asked = await super().parse_http_body(request)
        except (AttributeError, TypeError, ValueError) as error:
            raise BadRequest("The body has to be a JSON object with a query.") from error
        if isinstance(asked, list):
            return asked
        name = cast("object", asked.operation_name)
        if not isinstance(name, str | None):
            raise BadRequest("operationName has to be a text or null.")
        # Many clients send an empty string for no name.
        return replace(asked, operation_name=name or None)

    def decode_json(self, data: bytes | str) -> object:
        """Decode JSON as the fast path does."""
        return decode_json(data)

    def encode_json(self, data: object) -> bytes:
        """Encode JSON as the fast path does."""
        return encode_json(data)


class DirectRoute(APIRoute):
    """A route that answers cached operations before FastAPI makes a request of them.

    It does so only while the endpoint has no other dependencies than its own.
    """

    _engine: Engine | None = None
    _app: FastAPI | None = None
    _own = 0

    def enable_direct_answers(self, engine: Engine, own_calls: set[object], app: FastAPI) -> None:
        """Answer the engine's cached operations directly, for requests of ``app``."""
        if _dependency_calls(self.dependant) <= own_calls:
            self._engine, self._app = engine, app
            self._own = len(self.dependant.dependencies)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a cached operation, or pass the request with its body on to FastAPI."""
        engine = self._engine
        if engine is None or not self._has_no_dependencies(scope) or not is_json_post(scope):
            await super().handle(scope, receive, send)
            return
        messages, body = await read_body(receive)
        cached = find_cached(engine, body)
        if cached is None:
            scope[NOT_CACHED] = True
            await super().handle(scope, replay(messages, receive), send)
            return
        async with EndOnDisconnect(receive):
            raw, status = await cached.answer(engine)
        headers = [(b"content-length", b"%d" % len(raw)), (b"content-type", JSON)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": raw})

    def _has_no_dependencies(self, scope: Scope) -> bool:
        """Return whether the route has only its own dependencies, in its own application."""
        return (
            self._app is not None
            and scope["app"] is self._app
            and not self._app.dependency_overrides
            and not self.dependencies
            and len(self.dependant.dependencies) == self._own
        )


def _dependency_calls(dependant: Dependant) -> set[object]:
    """Return the functions that solving a dependant calls, except for the endpoint."""
    found: set[object] = set()
    for one in dependant.dependencies:
        found |= {one.call} | _dependency_calls(one)
    return found
