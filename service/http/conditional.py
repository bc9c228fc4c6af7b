"""Name the content of a response by an ETag, and recognise what a client has (RFC 9110, 8.8.3)."""

import hashlib

from fastapi import Request


def make_etag(*content: bytes) -> str:
    """Return the strong ETag of a content, or of what decides it."""
    digest = hashlib.sha256()
    for part in content:
        digest.update(part)
    return f'"{digest.hexdigest()[:32]}"'


def has_current(request: Request, etag: str) -> bool:
    """Return whether a client has what an ETag names (RFC 9110, section 13.1.2)."""
    return matches_etag(request.headers.get("if-none-match", ""), etag)


def matches_etag(known: str, etag: str) -> bool:
    """Return whether the ETags of an ``If-None-Match`` header contain one."""
    return known == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}
