"""Read plain requests and send their responses without FastAPI.

Any other request goes on to the endpoint, which makes the same bytes.
"""

from typing import NamedTuple

from starlette.types import Message, Receive, Scope, Send

from service.http.compression import ACCEPT_ENCODING, choose_encoding
from service.http.graphql_request import TIME_HEADERS, Headers
from service.http.media_types import choose_response_type, is_json

CONSIDERED = frozenset(
    {*TIME_HEADERS, b"accept", b"content-type", b"if-none-match", ACCEPT_ENCODING}
)
READING = frozenset({"GET", "HEAD"})


class Reply(NamedTuple):
    """The body of a response, its status, and further headers."""

    body: bytes
    status: int
    headers: Headers = ()


class Head(NamedTuple):
    """What the headers of a plain request say."""

    media_type: bytes
    """That of the response."""
    coding: bytes | None = None
    """The content coding that the client prefers."""
    if_none_match: bytes | None = None
    times: tuple[bytes, ...] = ()
    """The headers that say as of when to answer, each name with its value."""


def is_path(scope: Scope, path: str) -> bool:
    """Return whether a request is for a path of the application, wherever that is mounted."""
    given: str = scope["path"]
    return given == path or given.removeprefix(scope.get("root_path", "")) == path


def read_head(scope: Scope) -> Head | None:
    """Return what the headers of a GET or HEAD, or of a POST of JSON, say.

    None for any other request, for one whose headers are repeated, and for a browser's.
    """
    found: dict[bytes, bytes] = {}
    times: tuple[bytes, ...] = ()
    for name, value in scope["headers"]:
        if name in CONSIDERED:
            if name in found:
                return None
            found[name] = value
            if name in TIME_HEADERS:
                times = (*times, name, value)
    method = scope["method"]
    accept = found.get(b"accept")
    if method == "POST":
        content_type = found.get(b"content-type")
        if content_type is None or not is_json(content_type):
            return None
    elif method not in READING or (accept is not None and b"text/html" in accept):
        return None
    media_type = choose_response_type(accept)
    if media_type is None:
        return None
    encodings = found.get(ACCEPT_ENCODING)
    coding = None if encodings is None else choose_encoding(encodings)
    return Head(media_type, coding, found.get(b"if-none-match"), times)


async def read_body(receive: Receive) -> tuple[list[Message], bytes]:
    """Return the messages of a request, and the body of all of them."""
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if not message.get("more_body"):
            return messages, b"".join(one.get("body", b"") for one in messages)


def replay(messages: list[Message], receive: Receive) -> Receive:
    """Return a receive channel that first repeats messages which were received already."""
    repeated = iter(messages)

    async def receive_again() -> Message:
        message = next(repeated, None)
        return await receive() if message is None else message

    return receive_again


async def send_reply(send: Send, reply: Reply, media_type: bytes) -> None:
    """Send a response."""
    length = (b"content-length", b"%d" % len(reply.body))
    headers = [length, (b"content-type", media_type), *reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
