"""Compress responses for clients that ask for it (RFC 9110, sections 8.4 and 12.5.3)."""

import asyncio
import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from zstandard import ZstdCompressor

from graph_seed.values.short_cache import cache_short
from service.http.media_types import LONGEST_CHOICE, MOST_CHOICES, find_header, parse_qualities

Compress = Callable[[bytes], bytes]
SMALLEST = 1000
"""Shorter bodies are sent as they are: they fit into one packet anyway."""
LARGE = 100_000
"""Longer bodies are compressed in a thread, beside the event loop."""
ACCEPT_ENCODING = b"accept-encoding"
ENCODING = "parley.encoding"
"""The key in the scope of the content coding that the client prefers."""


def _brotli(quality: int) -> Compress:
    return lambda body: bytes(brotli.compress(body, quality=quality))


CODINGS: Mapping[bytes, Compress] = {
    b"zstd": lambda body: ZstdCompressor(level=3).compress(body),
    b"br": _brotli(4),
    b"gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The content codings, by preference; each takes some ten microseconds for a kilobyte."""
THOROUGH: Mapping[bytes, Compress] = {
    b"zstd": lambda body: ZstdCompressor(level=12).compress(body),
    b"br": _brotli(9),
    b"gzip": lambda body: gzip.compress(body, 9, mtime=0),
}
"""The same, for bodies that are compressed once and sent often: 30 ms for a megabyte."""


@cache_short(MOST_CHOICES, LONGEST_CHOICE)
def choose_encoding(accept: bytes) -> bytes | None:
    """Return the content coding of the highest quality; None for the body as it is."""
    qualities = dict(parse_qualities(accept))
    any_other = qualities.get(b"*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, any_other))
    quality = qualities.get(best, any_other)
    is_refused = quality <= 0 or quality < qualities.get(b"identity", 0.0)
    return None if is_refused else best


@dataclass(slots=True)
class EncodedBody:
    """A body that does not change, and its compressed forms, each made when it is first sent."""

    plain: bytes
    _compressed: dict[bytes, asyncio.Task[bytes]] = field(default_factory=dict)

    async def encode(self, coding: bytes | None) -> bytes:
        """Return the body in a content coding."""
        if coding is None:
            return self.plain
        making = self._compressed.get(coding)
        if making is None:
            making = asyncio.create_task(asyncio.to_thread(THOROUGH[coding], self.plain))
            self._compressed[coding] = making
        return await asyncio.shield(making)


class CompressionMiddleware:
    """Middleware that compresses bodies that are sent whole, and not compressed already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; compress its response if the client asks for it."""
        coding: bytes | None = None
        if scope["type"] == "http":
            given = find_header(scope["headers"], ACCEPT_ENCODING)
            coding = None if given is None else choose_encoding(given)
        if coding is None:
            await self.app(scope, receive, send)
            return
        scope[ENCODING] = coding
        start: Message | None = None

        async def respond(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                body: bytes = message.get("body", b"")
                is_whole = len(body) >= SMALLEST and not message.get("more_body")
                if is_whole and is_compressible(start["status"], start["headers"]):
                    message["body"] = body = await compress(coding, body)
                    start["headers"] = encoded_headers(start["headers"], coding, len(body))
                await send(start)
                start = None
            await send(message)

        await self.app(scope, receive, respond)


async def compress(coding: bytes, body: bytes) -> bytes:
    """Return a body in a content coding; a long one is compressed beside the event loop."""
    if len(body) > LARGE:
        return await asyncio.to_thread(CODINGS[coding], body)
    return CODINGS[coding](body)


def is_compressible(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Return whether a response's body may be compressed, and gets smaller."""
    if status in {204, 206, 304}:
        return False
    is_text = False
    for name, value in headers:
        if name == b"content-encoding":
            return False
        if name == b"content-type":
            kind = value.partition(b";")[0].strip().lower()
            is_text = kind.startswith(b"text/") or kind.endswith(
                (b"json", b"xml", b"javascript", b"graphql")
            )
    return is_text


def encoded_headers(
    headers: Sequence[tuple[bytes, bytes]], coding: bytes, length: int
) -> list[tuple[bytes, bytes]]:
    """Return the headers of a compressed response.

    A strong ETag becomes a weak one: it names the bytes of another form.
    """
    kept = [
        (name, b"W/" + value if name == b"etag" and not value.startswith(b"W/") else value)
        for name, value in headers
        if name != b"content-length"
    ]
    return [*kept, (b"content-encoding", coding), (b"content-length", b"%d" % length)]
