"""Write errors in GraphQL's shape, each with its code and the id of the request."""

from collections.abc import Mapping, Sequence

from graphql import GraphQLError

from service.graphql.outcome import CODE
from service.observe.record import current_record, note_code

REQUEST_ID = "requestId"


def error_body(message: str, code: str, request_id: str | None = None) -> dict[str, object]:
    """Return the body of an error's response, with an id if no request is recorded."""
    note_code(code)
    extensions = _with_id({CODE: code} | ({REQUEST_ID: request_id} if request_id else {}))
    return {"errors": [{"message": message, "extensions": extensions}]}


def format_errors(errors: Sequence[GraphQLError]) -> list[dict[str, object]]:
    """Return the errors of a result as GraphQL formats them (specification, section 7.1.2)."""
    formatted: list[dict[str, object]] = []
    for error in errors:
        note_code(str((error.extensions or {}).get(CODE)))
        extensions = _with_id(error.extensions or {})
        formatted.append({**error.formatted, "extensions": extensions})
    return formatted


def _with_id(extensions: Mapping[str, object]) -> dict[str, object]:
    """Return the extensions of an error with the id of the request, which the log has too."""
    record = current_record()
    return dict(extensions) if record is None else {**extensions, REQUEST_ID: record.id}
