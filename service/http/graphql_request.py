"""Read a GraphQL request from an HTTP request (GraphQL over HTTP, section 5)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

from graphql import GraphQLSyntaxError, OperationDefinitionNode, OperationType, parse
from starlette.types import Scope

from service.errors import AsOfConflict, BadRequest, BadUserInput
from service.graphql.options import INCLUDABLE, NO_OPTIONS, Options
from service.graphql.types import names
from service.http.documents import Documents
from service.http.request_json import decode_json

PARAMETERS = ("query", "documentId", "operationName", "variables", "extensions", "include")
TIME_PARAMETERS = frozenset({names.VERSION, names.SYSTEM_TIME, names.VALID_TIME})
"""The parameters of an address that say as of when to answer: the arguments of ``@asOf``."""
TIME_HEADERS = {
    b"parley-version": names.VERSION,
    b"parley-system-time": names.SYSTEM_TIME,
    b"parley-valid-time": names.VALID_TIME,
}
"""The headers that say the same."""
NO_TIMES: Mapping[str, str] = {}
Headers = Sequence[tuple[bytes, bytes]]


class GraphQLRequest(NamedTuple):
    """The parameters of a GraphQL request."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, object] | None = None
    options: Options = NO_OPTIONS


def parse_body(
    body: bytes, documents: Documents, times: Mapping[str, str] = NO_TIMES
) -> GraphQLRequest:
    """Return the request of a JSON body, to be answered as of ``times``.

    Raises BadRequest, BadUserInput, and what ``documents`` raises.
    """
    if not body:
        raise BadRequest("The request has no body.")
    asked = decode_json(body)
    if isinstance(asked, list):
        raise BadRequest("Batches are not accepted. Send each operation as a request of its own.")
    if not isinstance(asked, dict):
        raise BadRequest("The body has to be a JSON object with a query.")
    return _make_request(asked, documents, times)


def parse_query_string(
    query_string: bytes, documents: Documents, times: Mapping[str, str] = NO_TIMES
) -> GraphQLRequest:
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
    included = str(given["include"]).split(",") if "include" in given else []
    return _make_request(given, documents, times, included)


def parse_times(scope: Scope) -> dict[str, str]:
    """Return the times that a request is to be answered as of, by the arguments of ``@asOf``.

    They are in its address or its headers. Raises BadRequest for one that is given twice, and
    AsOfConflict if address and headers differ.
    """
    found: dict[str, str] = {}
    for name, text in parse_qsl(scope["query_string"].decode(errors="replace")):
        if name in TIME_PARAMETERS:
            if name in found:
                raise BadRequest(f"The parameter {name} is given twice.")
            found[name] = text
    from_headers: dict[str, str] = {}
    for header, value in scope["headers"]:
        argument = TIME_HEADERS.get(header)
        if argument is not None:
            if argument in from_headers:
                raise BadRequest(f"The header {header.decode()} is given twice.")
            from_headers[argument] = value.decode("latin-1").strip()
    if found and from_headers and found != from_headers:
        raise AsOfConflict("The address and the headers have different times. Leave out one.")
    return found or from_headers


def _parse_include(extensions: Mapping[str, object]) -> list[object]:
    """Return the extensions that a request asks for, in ``extensions.parley.include``."""
    own = extensions.get("parley")
    asked = own.get("include", []) if isinstance(own, dict) else [] if own is None else None
    if not isinstance(asked, list):
        raise BadRequest('extensions.parley has to be an object, as in {"include": ["version"]}.')
    return asked


def _make_request(
    given: Mapping[str, object],
    documents: Documents,
    times: Mapping[str, str],
    included: Sequence[str] = (),
) -> GraphQLRequest:
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
    include = [*included, *_parse_include(extensions or {})]
    if unknown := [one for one in include if one not in INCLUDABLE]:
        known = " and ".join(INCLUDABLE)
        raise BadUserInput(f"include: there is no {str(unknown[0])[:100]!r}; there are {known}.")
    options = Options(times, frozenset(map(str, include))) if times or include else NO_OPTIONS
    # Many clients send an empty string for no name.
    return GraphQLRequest(document, name or None, variables, options)


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
