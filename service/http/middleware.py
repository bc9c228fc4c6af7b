"""Middleware before the application: the request's id, errors as JSON, checks of headers."""

import os
import re
from collections.abc import Sequence
from itertools import count

import structlog
from fastapi import Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BadRequest, ParleyError, PayloadTooLarge, ServiceUnavailable
from service.graphql.outcome import BROKEN
from service.logs import request_id
from service.settings import Settings

log = structlog.get_logger()
RETRY_AFTER = (b"retry-after", b"1")
"""For what cannot be answered now: a second on, the crowd has passed or is known to stay."""
CODES = {PayloadTooLarge.status: PayloadTooLarge.code}
"""Codes of what is refused before the application, by its status; others are BAD_REQUEST."""
REQUEST_ID = b"x-request-id"
CLIENT_ID = re.compile(rb"[A-Za-z0-9._:/+=_-]{1,128}")
"""The request ids that are taken over from a client; any other is replaced."""
_process = os.urandom(6).hex().encode()
_numbers = count(1)
VARY = (b"vary", b"Origin")
"""What CORS adds to every response to a request without an Origin."""
DIGITS = 15
"""Digits of a Content-Length at most that is compared with the limit without further checks."""


def error_response(message: str, code: str, status: int) -> JSONResponse:
    """Return an error as GraphQL shapes it."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(body, status_code=status)


def refusal(message: str, status: int) -> JSONResponse:
    """Return a refusal as JSON, with the code that its status has."""
    return error_response(message, CODES.get(status, BadRequest.code), status)


async def answer_error(_: Request, error: Exception) -> JSONResponse:
    """Answer an error that left a request unanswered."""
    if isinstance(error, ParleyError):
        return error_response(str(error), error.code, error.status)
    if isinstance(error, HTTPException):
        response = refusal(str(error.detail), error.status_code)
        response.headers.update(error.headers or {})
        return response
    return error_response(BROKEN, ParleyError.code, ParleyError.status)


class JsonErrorMiddleware:
    """Give each request an id, and each error a JSON body with a code.

    The words of libraries that refuse a request in plain text go into JSON. An error that nobody
    caught is logged and answered. What cannot be answered now says when to ask again.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own_id = _request_id(scope["headers"])
        token = request_id.set(own_id.decode())
        started = False
        refused: Message | None = None
        words = b""

        async def respond(message: Message) -> None:
            nonlocal started, refused, words
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (REQUEST_ID, own_id)]
                if message["status"] == ServiceUnavailable.status:
                    headers.append(RETRY_AFTER)
                message["headers"] = headers
                if message["status"] >= 400 and _is_text(headers):
                    refused = message
                    return
            elif refused is not None:
                words += message.get("body", b"")
                if not message.get("more_body"):
                    response = refusal(words.decode(errors="replace"), refused["status"])
                    kept = Headers(raw=refused["headers"]).items()
                    response.headers.update({k: v for k, v in kept if not k.startswith("content-")})
                    started = True
                    await response(scope, receive, send)
                return
            started = True
            await send(message)

        try:
            await self.app(scope, receive, respond)
        except ClientDisconnect:
            log.info("a client went away before its request was read")
        except Exception as error:
            log.exception("a request failed", method=scope["method"], path=scope["path"])
            if started:
                raise
            refused = None
            await (await answer_error(Request(scope), error))(scope, receive, respond)
        finally:
            request_id.reset(token)


def _request_id(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the client's id of a request, if it is short and plain, or a new one."""
    for name, value in headers:
        if name == REQUEST_ID and CLIENT_ID.fullmatch(value):
            return value
    return b"%s-%x" % (_process, next(_numbers))


def _is_text(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/") for name, value in headers)


class RequestPolicy:
    """Check each request's host, origin and length of body by Starlette's middleware.

    Most requests hold nothing that these checks could refuse, which their headers tell at once:
    such a request goes straight to ``app``, where all others come to after their checks.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._hosts = frozenset(host.encode() for host in settings.allowed_hosts)
        self._longest = settings.body_limit
        limited = RequestBodyLimitMiddleware(app, max_body_size=settings.body_limit)
        hosted = TrustedHostMiddleware(limited, allowed_hosts=list(settings.allowed_hosts))
        self._checked = CORSMiddleware(
            hosted,
            allow_origin_regex=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["content-type"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or not self.accepts(scope["headers"]):
            await self._checked(scope, receive, send)
            return

        async def vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], VARY]
            await send(message)

        await self.app(scope, receive, vary)

    def accepts(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Return whether every check would let a request through.

        True if each header is there once, no page in a browser asks (``Origin``), the host is one
        of those allowed, and the body has at most the bytes allowed. Other hosts (patterns,
        addresses in brackets) and bodies of unknown length are the checks' to judge.
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
            and len(length) <= DIGITS
            and int(length) <= self._longest
        )
