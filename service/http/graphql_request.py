"""Read a GraphQL request from an HTTP request (GraphQL over HTTP, section 5)."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from graphql import GraphQLSyntaxError, OperationDefinitionNode, OperationType, parse

from service.errors import BadRequest
from service.http.documents import Documents
from service.http.request_json import decode_json

PARAMETERS = ("query", "documentId", "operationName", "variables", "extensions")


class GraphQLRequest(NamedTuple):
    """The parameters of a GraphQL request."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, object] | None = None


def parse_body(body: bytes, documents: Documents) -> GraphQLRequest:
    """Return the request of a JSON body; raises BadRequest, and what ``documents`` raises."""
    if not body:
        raise BadRequest("The request has no body.")
    asked = decode_json(body)
    if isinstance(asked, list):
        raise BadRequest("Batches are not accepted. Send each operation as a request of its own.")
    if not isinstance(asked, dict):
        raise BadRequest("The body has to be a JSON object with a query.")
    return _make_request(asked, documents)


def parse_query_string(query_string: bytes, documents: Documents) -> GraphQLRequest:
    """Return the request of a URL's query string; raises what ``parse_body`` raises.

    An empty parameter counts as missing.
    """
    given: dict[str, object] = {}
    for name, value in parse_qsl(query_string.decode(errors="replace")):
        if name not in PARAMETERS:
            continue
        if name in given:
            raise BadRequest(f"The parameter {name} is given twice.")
        given[name] = decode_json(value) if name in {"variables", "extensions"} else value
    return _make_request(given, documents)


def _make_request(given: Mapping[str, object], documents: Documents) -> GraphQLRequest:
    text, name = given.get("query"), given.get("operationName")
    variables, extensions = given.get("variables"), given.get("extensions")
    if not isinstance(text, str | None):
        raise BadRequest("query has to be a text.")
    if not isinstance(name, str | None):
        raise BadRequest("operationName has to be a text or null.")
    if not isinstance(variables, dict | None):
        raise BadRequest("variables has to be an object or null.")
    if not isinstance(extensions, dict | None):
        raise BadRequest("extensions has to be an object or null.")
    document = documents.find(text or None, given.get("documentId"), extensions or {})
    # Many clients send an empty string for no name.
    return GraphQLRequest(document, name or None, variables)


def is_mutation(asked: GraphQLRequest, most_tokens: int) -> bool:
    """Return whether a request names a mutation, which no GET request may execute."""
    if "mutation" not in asked.query:
        return False
    try:
        document = parse(asked.query, no_location=True, max_lexical_tokens=most_tokens)
    except (GraphQLSyntaxError, RecursionError):
        return False
    named = asked.operation_name
    return any(
        isinstance(one, OperationDefinitionNode)
        and one.operation is OperationType.MUTATION
        and (named is None or (one.name is not None and one.name.value == named))
        for one in document.definitions
    )
