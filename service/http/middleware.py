"""Middleware: errors as JSON, checks of host, origin and length."""

from collections.abc import Sequence

import structlog
from fastapi import Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    OriginRefused,
    ParleyError,
    PayloadTooLarge,
    ServiceUnavailable,
)
from service.graphql.outcome import BROKEN
from service.http.cors import CrossOriginMiddleware
from service.http.error_body import error_body
from service.settings import Settings

log = structlog.get_logger()
RETRY_AFTER = (b"retry-after", b"1")
"""The header of responses with status 503."""
CODES = {
    one.status: one.code for one in (OriginRefused, NotFound, MethodNotAllowed, PayloadTooLarge)
}
"""Codes of requests that libraries refuse, by status; others are BAD_REQUEST."""
VARY = (
    b"vary",
    b"Accept, Accept-Encoding, Origin, Parley-System-Time, Parley-Valid-Time, Parley-Version",
)
"""The request's headers that decide what a response is; CORS names Origin once more."""
MAX_LENGTH_DIGITS = 15
"""The most digits of a Content-Length that is compared with the limit here."""


def error_response(message: str, code: str, status: int) -> JSONResponse:
    """Return an error as a GraphQL response."""
    return JSONResponse(error_body(message, code), status_code=status)


def refusal(message: str, status: int) -> JSONResponse:
    """Return the response to a refused request, with the code of its status."""
    return error_response(message, CODES.get(status, BadRequest.code), status)


async def answer_error(_: Request, error: Exception) -> JSONResponse:
    """Return the response to a request that raised an error."""
    if isinstance(error, ParleyError):
        return error_response(str(error), error.code, error.status)
    if isinstance(error, HTTPException):
        response = refusal(str(error.detail), error.status_code)
        response.headers.update(error.headers or {})
        return response
    return error_response(BROKEN, ParleyError.code, ParleyError.status)


class JsonErrorMiddleware:
    """Middleware that gives each error a JSON body with a code.

    A refusal that a library answers in plain text becomes JSON. An uncaught error is logged and
    answered. A response with status 503 says when to retry.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        refused: Message | None = None
        words = b""

        async def respond(message: Message) -> None:
            nonlocal started, refused, words
            if message["type"] == "http.response.start":
                if message["status"] == ServiceUnavailable.status:
                    message["headers"] = [*message["headers"], RETRY_AFTER]
                if message["status"] >= 400 and _is_text(message["headers"]):
                    refused = message
                    return
            elif refused is not None:
                words += message.get("body", b"")
                if not message.get("more_body"):
                    response = refusal(words.decode(errors="replace"), refused["status"])
                    kept = refused["headers"]
                    response.raw_headers += [o for o in kept if not o[0].startswith(b"content-")]
                    started = True
                    await response(scope, receive, send)
                return
            started = True
            await send(message)

        try:
            await self.app(scope, receive, respond)
        except ClientDisconnect:
            log.info("a client went away before it was answered")
        except Exception as error:
            log.exception("a request failed", method=scope["method"], path=scope["path"])
            if started:
                raise
            refused = None
            await (await answer_error(Request(scope), error))(scope, receive, respond)


def _is_text(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/plain") for name, value in headers
    )


class RequestPolicy:
    """Middleware that checks each request's host, origin and length by Starlette's middleware.

    The headers of most requests show at once that every check would pass. Such a request goes
    straight to ``app``, all others through the checks.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._hosts = frozenset(host.encode() for host in settings.allowed_hosts)
        self._longest = settings.body_limit
        limited = RequestBodyLimitMiddleware(app, max_body_size=settings.body_limit)
        hosted = TrustedHostMiddleware(limited, allowed_hosts=list(settings.allowed_hosts))
        self._checked = CrossOriginMiddleware(hosted, settings.cors_origins, settings.cors_headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], VARY]
            await send(message)

        if self.accepts(scope["headers"]):
            await self.app(scope, receive, vary)
        elif _has_one_host(scope):
            await self._checked(scope, receive, vary)
        else:
            refused = refusal("Give one Host header.", BadRequest.status)
            await refused(scope, receive, vary)

    def accepts(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Return whether a request certainly passes every check (host, origin, length).

        True if no header is repeated, there is no ``Origin``, the host is an allowed one, and the
        body is short enough. Other hosts (patterns, addresses in brackets) and bodies of unknown
        length are left to the checks.
        """
        given = dict(headers)
        host, colon, port = given.get(b"host", b"").partition(b":")
        length = given.get(b"content-length", b"")
        return (
            len(given) == len(headers)
            and b"origin" not in given
            and (host in self._hosts or b"*" in self._hosts)
            and port.isdigit() == bool(colon)
            and length.isdigit()
            and len(length) <= MAX_LENGTH_DIGITS
            and int(length) <= self._longest
        )


def _has_one_host(scope: Scope) -> bool:
    """Return whether a request names one host; HTTP/1.0 may leave it out.

    Of several, servers and proxies choose different ones (RFC 9112, section 3.2).
    """
    hosts = [name for name, _ in scope["headers"] if name == b"host"]
    return len(hosts) == 1 or bool(not hosts and scope["http_version"] == "1.0")
