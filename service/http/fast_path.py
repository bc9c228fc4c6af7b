"""Answer cached operations without parsing and validating their documents again.

The operation is found by the document's text, its plan by the shape of the variables. Then one read
and the decoder make the response. Any other request goes to Strawberry, which makes the same bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from graphql import ExecutionResult
from starlette.types import Message, Receive, Scope

from service.errors import BadRequest
from service.graphql.outcome import to_result
from service.graphql.plan.cache import Operation
from service.graphql.run.engine import Engine
from service.http.request_json import decode_json

JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class CachedOperation:
    """A cached operation, and the variables of this request."""

    operation: Operation
    variables: Mapping[str, object] | None

    async def answer(self, engine: Engine) -> tuple[bytes, int]:
        """Return the body of the response, and its status."""
        result, status = await to_result(engine.run(self.operation, self.variables))
        return encode_json(response_body(result)), status


def find_cached(engine: Engine, body: bytes) -> CachedOperation | None:
    """Return the cached operation that a request's body asks for; None if Strawberry has to."""
    try:
        asked = decode_json(body)
    except BadRequest:
        return None
    if not isinstance(asked, dict):
        return None
    text, name = asked.get("query"), asked.get("operationName")
    variables, extensions = asked.get("variables"), asked.get("extensions")
    if not (
        isinstance(text, str)
        and isinstance(name, str | None)
        and isinstance(variables, dict | None)
        and isinstance(extensions, dict | None)
    ):
        return None
    operation = engine.plan_cache.find(text, name or None)
    return None if operation is None else CachedOperation(operation, variables)


def is_json_post(scope: Scope) -> bool:
    """Return whether a request is a POST of JSON."""
    if scope["method"] == "POST":
        for name, value in scope["headers"]:
            if name == b"content-type":
                return bool(value == JSON or value.partition(b";")[0].strip() == JSON)
    return False


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


def encode_json(body: object) -> bytes:
    """Return a body as JSON; lone surrogates, which an error may quote, are escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, separators=(",", ":")).encode()


def response_body(result: ExecutionResult) -> dict[str, object]:
    """Return the body of a response (GraphQL over HTTP, section 7)."""
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body
