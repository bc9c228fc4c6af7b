"""Name the content of a response by an ETag, and recognise what a client has (RFC 9110, 8.8.3)."""

import hashlib

from fastapi import Request


def make_etag(content: bytes) -> str:
    """Return the strong ETag of a content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def has_current(request: Request, etag: str) -> bool:
    """Return whether a client has what an ETag names (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return known == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}
