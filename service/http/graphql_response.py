"""Write the result of an operation as an HTTP response (GraphQL over HTTP, section 6)."""

import json
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlencode

import orjson
from graphql import ExecutionResult
from starlette.types import Scope

from service.errors import QueryTooComplex
from service.graphql.options import AS_OF
from service.graphql.outcome import OK, LargeResult, RequestErrors
from service.graphql.types import names
from service.http.error_body import format_errors
from service.http.graphql_request import GraphQLRequest, Headers
from service.http.media_types import GRAPHQL_RESPONSE

REQUEST_ERROR = 400
"""The status of a wrong document or value, if the client knows GraphQL's own media type.

The draft of August 2026 recommends 422 for most of these, and allows any fitting 4xx; the
conformance audits of graphql-http expect 400."""
PARTIAL_SUCCESS = 294
"""The status of a response with data and errors; only for GraphQL's own media type."""


def encode_response(
    result: ExecutionResult, status: int, media_type: bytes, most_bytes: int
) -> tuple[bytes, int]:
    """Return the body of a response and its status, given the status for ``application/json``.

    Raises QueryTooComplex for an answer of more than ``most_bytes``.
    """
    body: dict[str, object] = {}
    has_data = not isinstance(result, RequestErrors)
    if has_data:
        data: object = result.data
        if isinstance(result, LargeResult):
            data = orjson.Fragment(encode_large(data, most_bytes))
        body["data"] = data
    if result.errors:
        body["errors"] = format_errors(result.errors)
    if result.extensions:
        body["extensions"] = result.extensions
    if media_type == GRAPHQL_RESPONSE and status == OK and result.errors:
        status = PARTIAL_SUCCESS if has_data else REQUEST_ERROR
    return encode_json(body), status


def encode_large(data: object, most_bytes: int) -> bytes:
    """Return data as JSON, written in small parts, between which other threads can run.

    Raises QueryTooComplex as soon as it has more than ``most_bytes``.
    """
    parts: list[bytes] = []
    length = 0
    for part in _encode_parts(data):
        parts.append(part)
        length += len(part)
        if length > most_bytes:
            raise QueryTooComplex(
                f"The answer of this operation has more than {most_bytes:,} bytes. Select fewer "
                "fields, shorten the lists, or split the operation."
            )
    return b"".join(parts)


def _encode_parts(value: object) -> Iterator[bytes]:
    """Yield the parts of a value: an object or a list that has no others in it is one part."""
    if isinstance(value, dict) and _has_inner(value.values()):
        opening = b"{"
        for key, one in value.items():
            yield opening + orjson.dumps(key) + b":"
            yield from _encode_parts(one)
            opening = b","
        yield b"}"
    elif isinstance(value, list) and _has_inner(value):
        opening = b"["
        for one in value:
            yield opening
            yield from _encode_parts(one)
            opening = b","
        yield b"]"
    else:
        yield orjson.dumps(value)


def _has_inner(values: Iterable[object]) -> bool:
    return any(isinstance(one, dict | list) for one in values)


def make_link(scope: Scope, asked: GraphQLRequest, result: ExecutionResult) -> Headers:
    """Return the header that links a GET to the same answer at its version, if that is known.

    A document with times of its own has none: it names its version, or cannot be given another.
    """
    extensions = result.extensions or {}
    version = extensions.get(names.VERSION)
    own_times = extensions.keys() & {AS_OF} if not asked.options.times else frozenset()
    if version is None or own_times:
        return ()
    replaced = {names.VERSION, names.SYSTEM_TIME}
    given = parse_qsl(scope["query_string"].decode(errors="replace"), keep_blank_values=True)
    parameters = [(name, text) for name, text in given if name not in replaced]
    if names.VALID_TIME in asked.options.times and names.VALID_TIME not in dict(parameters):
        parameters.append((names.VALID_TIME, asked.options.times[names.VALID_TIME]))
    address = f"{scope['path']}?{urlencode([*parameters, (names.VERSION, version)])}"
    return ((b"link", f'<{address}>; rel="bookmark"'.encode()),)


def encode_json(body: object) -> bytes:
    """Return a body as JSON; lone surrogates, which an error may quote, are escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, separators=(",", ":")).encode()
