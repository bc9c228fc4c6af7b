"""What stands before the application: requests that are not what they should be, errors as JSON."""

from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLRequestData

if TYPE_CHECKING:
    from cross_web import AsyncHTTPRequestAdapter

from service.errors import BadRequest, ParleyError, PayloadTooLarge, ServiceUnavailable
from service.fast_path import encoded

RETRY_AFTER = (b"retry-after", b"1")
"""For what cannot be answered now: a second on, the crowd has passed or is known to stay."""
CODES = {PayloadTooLarge.status: PayloadTooLarge.code}
"""Codes of what is refused before the application, by its status; others are BAD_REQUEST."""


class Router(GraphQLRouter[dict[str, object], None]):
    """Strawberry's router, which takes what is no request for a mistake of its own."""

    async def parse_http_body(
        self, request: "AsyncHTTPRequestAdapter"
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The request's body, or 400 for one that is no GraphQL request."""
        try:
            return await super().parse_http_body(request)
        except (AttributeError, TypeError, ValueError, RecursionError) as error:
            raise HTTPException(400, "The body has to be a JSON object with a query.") from error

    def encode_json(self, data: object) -> bytes:
        """JSON, as the fast path writes it."""
        return encoded(data)


def error_response(message: str, code: str, status: int) -> JSONResponse:
    """An error as GraphQL shapes it."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(body, status_code=status)


def refusal(message: str, status: int) -> JSONResponse:
    """A refusal as JSON, with the code that its status has."""
    return error_response(message, CODES.get(status, BadRequest.code), status)


class RefusalsAsJson:
    """Lets no library refuse a request in plain text: its words go into JSON, with a code.

    What cannot be answered now says when to ask again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no refusal in plain text; gather what is."""
        status = 0
        words = b""
        headers: dict[str, str] = {}

        async def gather(message: Message) -> None:
            nonlocal status, words
            if message["type"] == "http.response.start" and message["status"] >= 400:
                if message["status"] == ServiceUnavailable.status:
                    message["headers"] = [*message["headers"], RETRY_AFTER]
                given = Headers(raw=message["headers"])
                headers.update((k, v) for k, v in given.items() if not k.startswith("content-"))
                if given.get("content-type", "").startswith("text/"):
                    status = message["status"]
            elif status:
                words += message.get("body", b"")
                if not message.get("more_body"):
                    response = refusal(words.decode(errors="replace"), status)
                    response.headers.update(headers)
                    await response(scope, receive, send)
                return
            if not status:
                await send(message)

        await self.app(scope, receive, gather if scope["type"] == "http" else send)


async def answer_error(_: Request, error: Exception) -> JSONResponse:
    """The handler of errors that left a request unanswered."""
    if isinstance(error, ParleyError):
        return error_response(str(error), error.code, error.status)
    if isinstance(error, HTTPException):
        return refusal(str(error.detail), error.status_code)
    return error_response("Something broke on our side.", ParleyError.code, ParleyError.status)
