"""Write the result of an operation as an HTTP response (GraphQL over HTTP, section 6)."""

import json

import orjson
from graphql import ExecutionResult

from service.graphql.outcome import OK, RequestErrors
from service.http.media_types import GRAPHQL_RESPONSE

REQUEST_ERROR = 400
"""The status of a wrong document or value, if the client knows GraphQL's own media type.

The draft of August 2026 recommends 422 for most of these, and allows any fitting 4xx; the
conformance audits of graphql-http expect 400."""
PARTIAL_SUCCESS = 294
"""The status of a response with data and errors; only for GraphQL's own media type."""


def encode_response(result: ExecutionResult, status: int, media_type: bytes) -> tuple[bytes, int]:
    """Return the body of a response and its status, given the status for ``application/json``."""
    body: dict[str, object] = {}
    has_data = not isinstance(result, RequestErrors)
    if has_data:
        body["data"] = result.data
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    if media_type == GRAPHQL_RESPONSE and status == OK and result.errors:
        status = PARTIAL_SUCCESS if has_data else REQUEST_ERROR
    return encode_json(body), status


def encode_json(body: object) -> bytes:
    """Return a body as JSON; lone surrogates, which an error may quote, are escaped."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, separators=(",", ":")).encode()
