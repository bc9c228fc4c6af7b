"""Answer pages of other origins (CORS), and refuse requests that they send without asking.

Specification: the CORS protocol and Fetch Metadata (https://fetch.spec.whatwg.org,
https://www.w3.org/TR/fetch-metadata/).
"""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import BadRequest, OriginRefused

METHODS = ("GET", "HEAD", "POST")
READS = frozenset({"GET", "HEAD"})
EXPOSED = (
    "ETag", "Link", "Parley-Version", "RateLimit", "RateLimit-Policy", "Retry-After",
    "Server-Timing", "X-Request-ID",
)  # fmt: skip
"""Headers of responses that pages may read, beside those that they always may."""
MAX_AGE = 7200
"""Seconds for which a browser remembers the answer to a preflight; Chromium takes no more."""
MOST_NAMED = 5
"""The most headers that a refusal names."""


class CrossOriginMiddleware(CORSMiddleware):
    """Starlette's CORS middleware, with two more refusals.

    The refusal of a preflight names the origin, the method or the headers that are not allowed. A
    simple request, which browsers send without a preflight, is refused if its origin is not
    allowed: CORS alone would only hide the response from the page.
    """

    def __init__(self, app: ASGIApp, origins: str, headers: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origin_regex=origins,
            allow_methods=METHODS,
            allow_headers=headers,
            expose_headers=EXPOSED,
            allow_private_network=True,
            max_age=MAX_AGE,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, refuse a request of a foreign page, or pass a request on."""
        if scope["type"] == "http" and self.is_foreign(scope["method"], Headers(scope=scope)):
            message = "The origin of this request is not allowed; see PARLEY_CORS_ORIGINS."
            await PlainTextResponse(message, OriginRefused.status)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def is_foreign(self, method: str, headers: Headers) -> bool:
        """Return whether a page of an origin that is not allowed sent a request unasked.

        Links from other pages are followed. A request that is not simple, such as a POST of JSON,
        was preceded by a preflight, which is refused.
        """
        origin, mode = headers.get("origin"), headers.get("sec-fetch-mode")
        if origin is not None:
            is_own = origin.partition("://")[2] == headers.get("host")
            if is_own or self.is_allowed_origin(origin):
                return False
            return method in READS or mode == "no-cors"
        is_link = mode == "navigate" and headers.get("sec-fetch-dest") == "document"
        return headers.get("sec-fetch-site") == "cross-site" and not (is_link and method in READS)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the response to a preflight; a refusal names the origin, method or headers."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        origin = request_headers["origin"]
        method = request_headers["access-control-request-method"]
        if not self.is_allowed_origin(origin):
            message = (
                f"The origin {origin} is not allowed; PARLEY_CORS_ORIGINS names those that are."
            )
            status = OriginRefused.status
        elif method not in self.allow_methods:
            message = f"The method {method} is not allowed; use {', '.join(METHODS)}."
            status = BadRequest.status
        else:
            asked = request_headers.get("access-control-request-headers", "").lower().split(",")
            names = [one.strip() for one in asked if one.strip() not in self.allow_headers]
            named = ", ".join(names[:MOST_NAMED])
            message = f"These headers are not allowed: {named}; see PARLEY_CORS_HEADERS."
            status = BadRequest.status
        kept = {k: v for k, v in answer.headers.items() if not k.startswith("content-")}
        return PlainTextResponse(message, status, kept)
