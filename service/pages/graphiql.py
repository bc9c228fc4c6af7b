"""GraphiQL at ``/graphql`` for browsers, and its files below ``/graphiql/``.

A browser that opens an address asks for ``text/html``. Any other request for ``/graphql`` goes on
to the GraphQL endpoint.
"""

from collections.abc import Awaitable

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.conditional import has_current
from service.http.fast_path import is_path
from service.http.media_types import GRAPHQL_RESPONSE, JSON, find_header, parse_qualities
from service.pages.archive import Entry, read_archive
from service.pages.rendering import MUST_CHECK, PROTECTION, TYPES

METHODS = frozenset({"GET", "HEAD"})
PAGE, LICENCES = "index.html", "licences.md"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy. The editor writes styles into its page; scripts come from here."""
FOREVER = "public, max-age=31536000, immutable"
"""The Cache-Control of files whose names have a hash of their content."""
HASHED = "graphiql/"


class GraphiQLMiddleware:
    """Middleware that answers with the page what a browser sends that opens ``path``."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer a GET or HEAD that prefers HTML, or pass the request on."""
        if scope["type"] == "http" and scope["method"] in METHODS and self._is_asked(scope):
            return answer_page(Request(scope))(scope, receive, send)
        return self.app(scope, receive, send)

    def _is_asked(self, scope: Scope) -> bool:
        return is_path(scope, self.path) and prefers_html(
            find_header(scope["headers"], b"accept") or b""
        )


def prefers_html(accept: bytes) -> bool:
    """Return whether an Accept header names HTML, with a higher quality than JSON.

    ``*/*`` alone is no wish for HTML: it is what most programs send (RFC 9110, section 12.5.1).
    """
    qualities = dict(parse_qualities(accept))
    html = qualities.get(b"text/html", 0.0)
    return html > max(qualities.get(one, 0.0) for one in (JSON, GRAPHQL_RESPONSE))


def answer_page(request: Request) -> Response:
    """Return the page."""
    return _respond(request, PAGE, read_archive()[PAGE], MUST_CHECK)


def answer_file(request: Request, name: str) -> Response:
    """Return a script, a style sheet or a font of the page, or the licences."""
    files = read_archive()
    if (found := files.get(HASHED + name)) is not None:
        return _respond(request, name, found, FOREVER)
    if name == LICENCES:
        return _respond(request, name, files[name], MUST_CHECK)
    return Response("GraphiQL has no such file.", 404, PROTECTION, "text/plain")


def _respond(request: Request, name: str, entry: Entry, caching: str) -> Response:
    """Return a file, compressed if the client takes gzip, or status 304 if it has the file."""
    accepted = find_header(request.scope["headers"], b"accept-encoding") or b""
    takes_gzip = dict(parse_qualities(accepted)).get(b"gzip", 0.0) > 0
    etag = f'"{entry.etag}{"-gzip" if takes_gzip else ""}"'
    headers = {
        **PROTECTION,
        "content-security-policy": POLICY,
        "cache-control": caching,
        "etag": etag,
    }
    if has_current(request, etag):
        return Response(status_code=304, headers=headers)
    suffix = name[name.rindex(".") :]
    if takes_gzip:
        headers["content-encoding"] = "gzip"
        return Response(entry.gzipped, headers=headers, media_type=TYPES[suffix])
    return Response(entry.content, headers=headers, media_type=TYPES[suffix])
