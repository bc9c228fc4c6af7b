"""Errors that reach users, each with a stable code, an HTTP status and an exit status.

A message says what is wrong and what to do. It never holds text of the driver, a traceback or an
address; these go to the log, through ``__cause__``.
"""

from typing import ClassVar


class ParleyError(Exception):
    """An error with a stable ``code``; subclasses name the HTTP and the exit status."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1


class BadUserInput(ParleyError):
    """A request is wrong: an argument, a cursor, an option."""

    code = "BAD_USER_INPUT"
    status = 400
    exit_status = 2


class AsOfConflict(BadUserInput):
    """A document is to be answered as of one time, and its request as of another."""

    code = "AS_OF_CONFLICT"


class NotARead(BadUserInput):
    """A person's Cypher does more than read the graph."""

    code = "NOT_A_READ"


class ServiceUnavailable(ParleyError):
    """The database cannot be reached or does not answer; retrying later may help."""

    code = "SERVICE_UNAVAILABLE"
    status = 503


class Timeout(ParleyError):
    """An operation took longer than its deadline and was ended."""

    code = "TIMEOUT"
    status = 504


class DatabaseRefused(ParleyError):
    """The database refuses Parley: wrong password, too old, unknown database."""

    code = "DATABASE_REFUSED"
    status = 503


class DatabaseInUse(ParleyError):
    """Another process owns the managed database's data folder."""

    code = "DATABASE_IN_USE"
    status = 503


class AddressRefused(ParleyError):
    """The service cannot listen on its address."""

    code = "ADDRESS_REFUSED"
    status = 503


class NotOpen(ParleyError):
    """Other machines could reach the service, which nobody allowed."""

    code = "NOT_OPEN"
    status = 503
    exit_status = 2


class MigrationNeeded(ParleyError):
    """The graph was built by another vocabulary than the service's."""

    code = "MIGRATION_NEEDED"
    status = 503


class SetUpFailed(ParleyError):
    """The managed database could not be set up: a download, a hash, a boot."""

    code = "SET_UP_FAILED"
    status = 503


class StorageUnavailable(ParleyError):
    """A folder of Parley's cannot be written: read-only, full, not permitted."""

    code = "STORAGE_UNAVAILABLE"
    status = 503


class QueryTooComplex(ParleyError):
    """An operation is deeper or wider than its limits."""

    code = "QUERY_TOO_COMPLEX"
    status = 400


class Overloaded(ParleyError):
    """The service or the database is overloaded; retrying later may help."""

    code = "OVERLOADED"
    status = 503


class PayloadTooLarge(ParleyError):
    """A request's body is larger than is allowed."""

    code = "PAYLOAD_TOO_LARGE"
    status = 413


class HeadersTooLarge(ParleyError):
    """The line and headers of a request are larger than is allowed."""

    code = "HEADERS_TOO_LARGE"
    status = 431


class RateLimited(ParleyError):
    """A client sends more requests than it may."""

    code = "RATE_LIMITED"
    status = 429


class RequestTimeout(ParleyError):
    """A request did not arrive in time."""

    code = "REQUEST_TIMEOUT"
    status = 408


class BadRequest(ParleyError):
    """A request violates HTTP or GraphQL over HTTP."""

    code = "BAD_REQUEST"
    status = 400


class DocumentNotFound(ParleyError):
    """A request names a document that the service does not have."""

    code = "DOCUMENT_NOT_FOUND"
    status = 404


class DocumentNotTrusted(ParleyError):
    """A request sends a document to a service that answers only its own."""

    code = "DOCUMENT_NOT_TRUSTED"
    status = 403


class PersistedQueryNotFound(ParleyError):
    """A hash is not known yet; by Apollo's protocol the client sends the document with it."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    status = 200

    def __str__(self) -> str:
        return "PersistedQueryNotFound"


class PersistedQueryNotSupported(ParleyError):
    """No hash will be known; by Apollo's protocol the client sends documents without one."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
    status = 200

    def __str__(self) -> str:
        return "PersistedQueryNotSupported"


class OriginRefused(ParleyError):
    """A page of an origin that is not allowed sent a request."""

    code = "ORIGIN_NOT_ALLOWED"
    status = 403


class NotFound(ParleyError):
    """A request is for a path that the service does not have."""

    code = "NOT_FOUND"
    status = 404


class MethodNotAllowed(ParleyError):
    """A request has a method that its path does not have."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class NotAcceptable(ParleyError):
    """A request accepts no media type that the service can answer in."""

    code = "NOT_ACCEPTABLE"
    status = 406


class UnsupportedMediaType(ParleyError):
    """The body of a request is not JSON."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415
