"""The fast path: an operation that was asked before is answered without parsing and validating.

Bytes come in, the document is looked up by its text, its plan by the shape of the variables; one
read, the shaped answer, bytes go out. What is not found here, or is no plain JSON by POST, goes
on to Strawberry, which gives the same bytes (``tests/service/test_fast_path.py``).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson
from graphql import ExecutionResult
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.graphql.engine import Engine
from service.graphql.outcome import ended
from service.graphql.prepared import Operation

JSON = b"application/json"
DIGITS = 15
"""A longer number of bytes is not looked at."""
Headers = Sequence[tuple[bytes, bytes]]


def encoded(body: object) -> bytes:
    """A body as JSON; half a surrogate pair, which an error may repeat, is escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, separators=(",", ":")).encode()


def body_of(result: ExecutionResult) -> dict[str, object]:
    """What an answer's body holds, as GraphQL over HTTP has it."""
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whether every check before the application lets a request through, by its headers alone.

    So it does if each header is there once, no page in a browser asks (``Origin``), the host is one
    of ``hosts`` (``*``: any), and the body has at most ``most`` bytes. Others are the checks' to
    judge: patterns of hosts, addresses in brackets, bodies of unknown length.
    """

    hosts: frozenset[bytes]
    most: int

    def __call__(self, headers: Headers) -> bool:
        """Whether nothing is left to be checked."""
        given = dict(headers)
        host, colon, port = given.get(b"host", b"").partition(b":")
        length = given.get(b"content-length", b"")
        return (
            len(given) == len(headers)
            and b"origin" not in given
            and (host in self.hosts or b"*" in self.hosts)
            and port.isdigit() == bool(colon)
            and length.isdigit()
            and len(length) <= DIGITS
            and int(length) <= self.most
        )


@dataclass(frozen=True, slots=True)
class FastPath:
    """Answers at ``path`` what the engine has kept and ``admits`` lets in; ``app`` all else.

    One stands before the checks of requests, for what these are sure to let through; it ``adds``
    the headers that they give every answer. Another stands behind them, for what they judged.
    """

    app: ASGIApp
    engine: Engine
    path: str
    admits: Callable[[Headers], bool]
    adds: Headers = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on with its body."""
        if not self._is_plain(scope):
            await self.app(scope, receive, send)
            return
        messages, body = await _read(receive)
        found = self._asked(body)
        if found is None:
            await self.app(scope, _again(messages, receive), send)
            return
        operation, variables = found
        result, status = await ended(self.engine.run(operation, variables))
        raw = encoded(body_of(result))
        length = str(len(raw)).encode()
        headers = [(b"content-length", length), (b"content-type", JSON), *self.adds]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": raw})

    def _is_plain(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["path"] == self.path
            and scope["method"] == "POST"
            and any(
                name == b"content-type" and value.partition(b";")[0].strip() == JSON
                for name, value in scope["headers"]
            )
            and self.admits(scope["headers"])
        )

    def _asked(self, body: bytes) -> tuple[Operation, dict[str, object] | None] | None:
        """The operation and the variables of a body, if it asks for what was asked before."""
        try:
            # The standard library's, as Strawberry reads it: orjson makes floats of long numbers.
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(asked, dict):
            return None
        text, name = asked.get("query"), asked.get("operationName")
        variables = asked.get("variables")
        if not (
            isinstance(text, str)
            and isinstance(name, str | None)
            and isinstance(variables, dict | None)
        ):
            return None
        operation = self.engine.preparer.kept(text, name)
        return None if operation is None else (operation, variables)


async def _read(receive: Receive) -> tuple[list[Message], bytes]:
    """The messages of a request, and the body that they hold together."""
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if not message.get("more_body"):
            return messages, b"".join(one.get("body", b"") for one in messages)


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Gives what was received already, then whatever comes."""
    held = iter(messages)

    async def again() -> Message:
        message = next(held, None)
        return await receive() if message is None else message

    return again
