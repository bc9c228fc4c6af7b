"""Answer cached operations without parsing and validating their documents again.

The operation is found by the document's text, its plan by the shape of the variables. Then one read
and the decoder make the response. Any other request goes on to the endpoint, which makes the same
bytes.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import FieldNode
from starlette.types import Message, Receive, Scope

from service.graphql.outcome import OK, to_result
from service.graphql.plan.cache import Key, Operation
from service.graphql.plan.introspection import META_TYPES
from service.graphql.run.engine import Engine
from service.http.compression import EncodedBody
from service.http.graphql_request import GraphQLRequest
from service.http.graphql_response import encode_response
from service.http.media_types import choose_response_type, is_json
from service.weighted_lru import WeightedLRU

KEPT_BYTES = 8_000_000
"""The most bytes of kept introspection; that of the whole schema has one million."""
COMPRESSED_SHARE = 0.15
"""The bytes of all compressed forms of a body, as a share of its own."""


class Reply(NamedTuple):
    """The body of a response, its status, and its content coding if it is compressed."""

    body: bytes
    status: int
    coding: bytes | None = None


@dataclass(frozen=True, slots=True)
class CachedOperations:
    """Runs cached operations, and keeps the introspection of the schema, which never changes."""

    engine: Engine
    introspection: WeightedLRU[Key, EncodedBody] = field(
        default_factory=lambda: WeightedLRU(KEPT_BYTES)
    )

    def find(self, asked: GraphQLRequest) -> Operation | None:
        """Return the cached operation of a request, or None."""
        return self.engine.plan_cache.find(asked.query, asked.operation_name)

    async def run(
        self, operation: Operation, asked: GraphQLRequest, media_type: bytes, coding: bytes | None
    ) -> Reply:
        """Return the response to a request whose operation is cached.

        ``coding`` is the content coding that the client prefers.
        """
        is_kept = "__schema" in asked.query and _is_constant(operation)
        key = (asked.query, asked.operation_name)
        if is_kept:
            kept = self.introspection.get(key)
            if kept is not None:
                return Reply(await kept.encode(coding), OK, coding)
        result, status = await to_result(self.engine.run(operation, asked.variables))
        body, status = encode_response(result, status, media_type)
        if is_kept and not result.errors:
            weight = int(len(body) * (1 + COMPRESSED_SHARE))
            self.introspection.put(key, EncodedBody(body), weight)
        return Reply(body, status)


def _is_constant(operation: Operation) -> bool:
    """Return whether an operation asks for the schema only, and has no variables."""
    definition = operation.definition
    return not definition.variable_definitions and all(
        isinstance(one, FieldNode) and one.name.value in META_TYPES
        for one in definition.selection_set.selections
    )


def find_response_type(scope: Scope) -> bytes | None:
    """Return the media type of the response to a plain POST of JSON; None for any other request."""
    if scope["method"] != "POST":
        return None
    content_type: bytes | None = None
    accept: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            if content_type is not None:
                return None
            content_type = value
        elif name == b"accept":
            if accept is not None:
                return None
            accept = value
    if content_type is None or not is_json(content_type):
        return None
    return choose_response_type(accept)


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
