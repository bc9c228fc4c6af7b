"""Kept operations: a document that was asked before is answered without parsing and validating.

The document is found by its text, its plan by the shape of the variables; one read, the shaped
answer, bytes go out. What is not found goes on to Strawberry, which gives the same bytes.
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
class KeptOperation:
    """An operation that was asked before, and the variables of this request."""

    operation: Operation
    variables: Mapping[str, object] | None

    async def answer(self, engine: Engine) -> tuple[bytes, int]:
        """Return the body of the response, and its status."""
        result, status = await to_result(engine.run(self.operation, self.variables))
        return encoded(body_of(result)), status


def find_kept(engine: Engine, body: bytes) -> KeptOperation | None:
    """Return the kept operation that a request's body asks for; None if Strawberry has to look."""
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
    return None if operation is None else KeptOperation(operation, variables)


def has_json(scope: Scope) -> bool:
    """Return whether a request is a POST of JSON."""
    if scope["method"] == "POST":
        for name, value in scope["headers"]:
            if name == b"content-type":
                return bool(value == JSON or value.partition(b";")[0].strip() == JSON)
    return False


async def read_body(receive: Receive) -> tuple[list[Message], bytes]:
    """Return the messages of a request, and the body that they hold together."""
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if not message.get("more_body"):
            return messages, b"".join(one.get("body", b"") for one in messages)


def replay(messages: list[Message], receive: Receive) -> Receive:
    """Return a channel that gives what was received already, then whatever comes."""
    held = iter(messages)

    async def again() -> Message:
        message = next(held, None)
        return await receive() if message is None else message

    return again


def encoded(body: object) -> bytes:
    """Return a body as JSON; a lone surrogate, which an error may repeat, is escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, separators=(",", ":")).encode()


def body_of(result: ExecutionResult) -> dict[str, object]:
    """Return the body of a response (GraphQL over HTTP, section 7)."""
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body
