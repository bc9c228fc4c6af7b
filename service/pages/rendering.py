"""Make responses of templates and files, with the headers that protect a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version as package_version
from pathlib import Path
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.http.conditional import has_current, make_etag

FOLDER = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The content security policy of pages: no scripts at all."""
IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PROTECTION = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
MUST_CHECK = "no-cache"
"""The Cache-Control of what may change: a browser keeps it, and asks whether it is current."""
HTML = "text/html; charset=utf-8"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": HTML,
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
}
"""Media types by suffix; the machine's own table could miss some."""


def graphiql_link(root: str, query: str, variables: Mapping[str, object] | None = None) -> str:
    """Return the address that opens an operation in GraphiQL; ``root`` leads to ``/``."""
    given = {"query": query}
    if variables:
        given["variables"] = orjson.dumps(variables, option=orjson.OPT_INDENT_2).decode()
    return f"{root}graphql?{urlencode(given, quote_via=quote)}"


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"graphiql_link": graphiql_link, "release": package_version("parley")}
    return found


def render(template: str, values: Mapping[str, object], status: int = 200) -> Response:
    """Return a page made of a template; ``root`` among its values leads to ``/``."""
    text = _environment().get_template(template).render(values)
    headers = {**PROTECTION, "content-security-policy": POLICY, "cache-control": MUST_CHECK}
    return Response(text, status, headers, media_type=HTML)


@dataclass(frozen=True)
class File:
    """A file as it is sent: its content, its media type, and the policy of what it shows."""

    content: bytes
    media_type: str
    policy: str = POLICY
    caching: str = MUST_CHECK

    @cached_property
    def etag(self) -> str:
        """Return the ETag of its content."""
        return make_etag(self.content)

    def respond(self, request: Request) -> Response:
        """Return the file, or status 304 if the client has it."""
        headers = {
            **PROTECTION,
            "content-security-policy": self.policy,
            "cache-control": self.caching,
            "etag": self.etag,
        }
        if has_current(request, self.etag):
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers, media_type=self.media_type)


def file_at(path: Path) -> File:
    """Return a file of a folder that the service ships."""
    policy = IMAGE_POLICY if path.suffix == ".svg" else POLICY
    return File(path.read_bytes(), TYPES[path.suffix], policy)
