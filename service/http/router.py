"""The GraphQL route: kept operations by the short way, all others by Strawberry.

There is one policy for both. Middleware stands before the route. Dependencies are solved by FastAPI
before an operation is looked up; only a route without any answers kept operations directly.
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

if TYPE_CHECKING:
    from cross_web import AsyncHTTPRequestAdapter

from service.errors import BadRequest
from service.graphql.run.engine import Engine
from service.http.fast_path import JSON, encoded, find_kept, has_json, read_body, replay
from service.http.request_json import decode_json

Context = dict[str, object]
METHODS = ["GET", "HEAD", "POST"]
LOOKED_FOR = "parley.looked_for"
"""In the scope of a request that asks for no kept operation."""


class Router(GraphQLRouter[Context, None]):
    """Strawberry's router with one endpoint for GET and POST, and with kept operations."""

    def __init__(
        self,
        schema: Schema,
        engine: Engine,
        path: str,
        *,
        dependencies: Sequence[params.Depends] = (),
        use_kept: bool = True,
    ) -> None:
        async def engine_context() -> Context:
            return {"engine": engine}

        super().__init__(
            schema, context_getter=engine_context, dependencies=dependencies,
            subscription_protocols=(),
        )  # fmt: skip
        self.engine = engine
        self.use_kept = use_kept
        self.own_calls: set[object] = {engine_context, self.context_getter, self.root_value_getter}
        """What the endpoint itself depends on."""

        async def answer(
            request: Request,
            response: Response,
            context: Context = Depends(self.context_getter),  # noqa: B008 - as FastAPI has it
            root_value: None = Depends(self.root_value_getter),
        ) -> Response:
            if self.use_kept and LOOKED_FOR not in request.scope and has_json(request.scope):
                kept = find_kept(engine, await request.body())
                if kept is not None:
                    raw, status = await kept.answer(engine)
                    found = Response(raw, status, media_type=JSON.decode())
                    found.headers.raw.extend(response.headers.raw)
                    return found
            if request.method == "HEAD":
                # Answered as GET; the server leaves out the body.
                request = Request({**request.scope, "method": "GET"}, request.receive)
            self.temporal_response = response
            try:
                return await self.run(request=request, context=context, root_value=root_value)
            except RefusedRequest as refused:
                return PlainTextResponse(refused.reason, refused.status_code)

        self.routes.clear()
        self.add_api_route(path, answer, methods=METHODS)

    def add_to(self, app: FastAPI) -> None:
        """Add the route to an application directly, where it can answer kept operations fastest.

        ``app.include_router(router)`` works too: then FastAPI solves dependencies each time.
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
                if isinstance(direct, DirectRoute) and self.use_kept:
                    direct.answer_directly(self.engine, self.own_calls, app)

    async def parse_http_body(
        self, request: "AsyncHTTPRequestAdapter"
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Return the request; raises BadRequest for one that is no GraphQL request."""
        try:
            asked = await super().parse_http_body(request)
        except (AttributeError, TypeError, ValueError) as error:
            raise BadRequest("The body has to be a JSON object with a query.") from error
        if isinstance(asked, list):
            return asked
        name = cast("object", asked.operation_name)
        if not isinstance(name, str | None):
            raise BadRequest("operationName has to be a text or null.")
        # An empty form field is how many clients send no name.
        return replace(asked, operation_name=name or None)

    def decode_json(self, data: bytes | str) -> object:
        """Decode JSON as the short way does."""
        return decode_json(data)

    def encode_json(self, data: object) -> bytes:
        """Encode JSON as the short way does."""
        return encoded(data)


class DirectRoute(APIRoute):
    """A route that answers kept operations before FastAPI makes a request of them.

    It does so only while nothing but the endpoint's own dependencies would be solved.
    """

    _engine: Engine | None = None
    _app: FastAPI | None = None
    _own = 0

    def answer_directly(self, engine: Engine, own_calls: set[object], app: FastAPI) -> None:
        """Answer what the engine keeps, for requests that come through ``app``."""
        if _calls(self.dependant) <= own_calls:
            self._engine, self._app = engine, app
            self._own = len(self.dependant.dependencies)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a kept operation, or let FastAPI handle the request with its body."""
        engine = self._engine
        if engine is None or not self._is_bare(scope) or not has_json(scope):
            await super().handle(scope, receive, send)
            return
        messages, body = await read_body(receive)
        kept = find_kept(engine, body)
        if kept is None:
            scope[LOOKED_FOR] = True
            await super().handle(scope, replay(messages, receive), send)
            return
        raw, status = await kept.answer(engine)
        headers = [(b"content-length", b"%d" % len(raw)), (b"content-type", JSON)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": raw})

    def _is_bare(self, scope: Scope) -> bool:
        """Return whether nothing was put on this route, and it is in no other application."""
        return (
            self._app is not None
            and scope["app"] is self._app
            and not self._app.dependency_overrides
            and not self.dependencies
            and len(self.dependant.dependencies) == self._own
        )


def _calls(dependant: Dependant) -> set[object]:
    """Return every function that solving a dependant would call, but the endpoint."""
    found: set[object] = set()
    for one in dependant.dependencies:
        found |= {one.call} | _calls(one)
    return found
