"""The GraphQL route: one endpoint for GET and POST, and a shorter way for cached operations.

FastAPI solves dependencies before an operation is looked up; only a route without dependencies
answers cached operations directly, without parsing and validating their documents.
"""

from collections.abc import Sequence
from time import perf_counter

from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.routing import APIRoute
from graphql import ExecutionResult, GraphQLSchema
from starlette.types import Receive, Scope, Send
from strawberry import Schema

from service.errors import (
    MethodNotAllowed,
    NotAcceptable,
    ParleyError,
    UnsupportedMediaType,
)
from service.graphql.outcome import LargeResult, RequestErrors, to_result
from service.graphql.plan.cache import Operation
from service.graphql.run.engine import Engine
from service.http.answer_cache import AnswerCache
from service.http.answer_middleware import KEY, make_validators
from service.http.disconnect import EndOnDisconnect
from service.http.documents import Documents
from service.http.error_body import error_body
from service.http.fast_path import Reply, read_body, read_head, replay, send_reply
from service.http.graphql_request import (
    NO_TIMES,
    GraphQLRequest,
    is_mutation,
    parse_body,
    parse_query_string,
    parse_times,
)
from service.http.graphql_response import encode_json, encode_response, make_link
from service.http.media_types import JSON, choose_response_type, find_header, is_json
from service.observe.record import Stage, add_time

METHODS = ["GET", "HEAD", "POST"]
PARSED = "parley.request"
"""The key in the scope of a request that was parsed, and whose operation is not cached."""


class Router(APIRouter):
    """A router with one GraphQL endpoint."""

    def __init__(
        self,
        schema: Schema,
        engine: Engine,
        path: str,
        *,
        dependencies: Sequence[params.Depends] = (),
        use_cache: bool = True,
        answers: AnswerCache | None = None,
        documents: Documents | None = None,
        most_bytes: int = 20_000_000,
    ) -> None:
        super().__init__(dependencies=dependencies)
        self.documents = documents or Documents()
        self.engine = engine
        self.use_cache = use_cache
        self.answers = answers if use_cache else None
        self._direct: DirectRoute | None = None
        self._most_bytes = most_bytes
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
                if isinstance(direct, DirectRoute) and self.use_cache:
                    direct.enable_direct_answers(self, app)
                    self._direct = direct

    def find_operation(self, asked: GraphQLRequest) -> Operation | None:
        """Return the cached operation of a request, or None."""
        cache = self.engine.plan_cache
        added = asked.options.added_times
        return cache.find(asked.query, asked.operation_name, added) if self.use_cache else None

    def is_direct(self, scope: Scope) -> bool:
        """Return whether a request may be answered before FastAPI makes a request of it."""
        return self._direct is not None and self._direct.has_no_dependencies(scope)

    async def answer(
        self, scope: Scope, asked: GraphQLRequest, operation: Operation | None, media_type: bytes
    ) -> Reply:
        """Return the response to a request, of a cached operation if there is one; keep it."""
        answers, key = self.answers, scope.get(KEY)
        commit = None if answers is None else answers.last_commit()
        if operation is not None:
            result, status = await to_result(
                self.engine.run(operation, asked.variables, asked.options)
            )
        else:
            result, status = await self.engine.execute(
                self._schema, asked.query, asked.operation_name, asked.variables, asked.options
            )
        self._check_method(scope, asked, result)
        body, status = await self._encode(result, status, media_type)
        headers = make_link(scope, asked, result) if scope["method"] != "POST" else ()
        if answers is None or key is None or result.errors:
            return Reply(body, status, headers)
        answers.put(key, result, body, commit, headers)
        return Reply(body, status, (*headers, *make_validators(scope, key, commit)))

    async def _encode(
        self, result: ExecutionResult, status: int, media_type: bytes
    ) -> tuple[bytes, int]:
        """Return the body of a response and its status; a large one is written in the lane."""
        began = perf_counter()
        work = encode_response
        if isinstance(result, LargeResult):
            found = await self.engine.aside(work, result, status, media_type, self._most_bytes)
        else:
            found = work(result, status, media_type, self._most_bytes)
        add_time(Stage.ENCODE, began)
        return found

    def _check_method(self, scope: Scope, asked: GraphQLRequest, result: ExecutionResult) -> None:
        """Raise MethodNotAllowed if a mutation was refused because GET asked for it."""
        is_refused = scope["method"] != "POST" and isinstance(result, RequestErrors)
        if is_refused and is_mutation(asked, self.engine.plan_cache.limits.tokens):
            raise MethodNotAllowed("Send a mutation by POST; GET may only read.")

    async def _respond(self, request: Request, response: Response) -> Response:
        """Answer a GraphQL request; ``response`` has the headers that dependencies set."""
        media_type = JSON
        headers: dict[str, str] = {}
        try:
            media_type = _choose_response_type(request)
            operation = None
            asked = request.scope.get(PARSED)
            if asked is None:
                asked = await _read_request(request, self.documents)
                operation = self.find_operation(asked)
            async with EndOnDisconnect(request.receive):
                reply = await self.answer(request.scope, asked, operation, media_type)
        except ParleyError as error:
            reply = Reply(encode_json(error_body(str(error), error.code)), error.status)
            if isinstance(error, MethodNotAllowed):
                headers["allow"] = "POST"
        found = Response(reply.body, reply.status, headers, media_type.decode())
        found.headers.raw.extend([*reply.headers, *response.headers.raw])
        return found


class DirectRoute(APIRoute):
    """A route that answers cached operations before FastAPI makes a request of them.

    It does so only while the endpoint has no dependencies.
    """

    _endpoint: Router | None = None
    _app: FastAPI | None = None

    def enable_direct_answers(self, endpoint: Router, app: FastAPI) -> None:
        """Answer cached operations directly, for requests of ``app``."""
        self._endpoint, self._app = endpoint, app

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a cached operation, or pass the request with its body on to FastAPI."""
        endpoint = self._endpoint
        is_direct = endpoint is not None and scope["method"] == "POST"
        head = read_head(scope) if is_direct and self.has_no_dependencies(scope) else None
        if endpoint is None or head is None:
            await super().handle(scope, receive, send)
            return
        messages, body = await read_body(receive)
        operation = None
        try:
            has_times = head.times or scope["query_string"]
            times = parse_times(scope) if has_times else NO_TIMES
            asked = parse_body(body, endpoint.documents, times)
        except ParleyError:
            pass  # the endpoint says what is wrong
        else:
            operation = endpoint.find_operation(asked)
            scope[PARSED] = asked
        if operation is None:
            await super().handle(scope, replay(messages, receive), send)
            return
        async with EndOnDisconnect(receive):
            reply = await endpoint.answer(scope, asked, operation, head.media_type)
        await send_reply(send, reply, head.media_type)

    def has_no_dependencies(self, scope: Scope) -> bool:
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
    times = parse_times(request.scope)
    if request.method != "POST":
        return parse_query_string(request.scope["query_string"], documents, times)
    content_type = find_header(request.scope["headers"], b"content-type")
    if content_type is None or not is_json(content_type):
        # A page of any other origin may send forms and plain text unasked, but no JSON.
        raise UnsupportedMediaType("Send the body as application/json in UTF-8.")
    return parse_body(await request.body(), documents, times)
