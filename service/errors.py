"""Every error a person can meet, with a stable code, an HTTP status and an exit status.

An error's message says what is wrong and what to do. It never holds a driver's text, a stack or an
address: what a client may not see goes to the log through ``__cause__``.
"""

from typing import ClassVar


class ParleyError(Exception):
    """An error with a stable ``code``; subclasses name the HTTP and the exit status."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1


class BadUserInput(ParleyError):
    """What was asked cannot be answered as it was asked: an argument, a cursor, an option."""

    code = "BAD_USER_INPUT"
    status = 400
    exit_status = 2


class NotARead(BadUserInput):
    """A query that a person wrote in Cypher does something else than read the graph."""

    code = "NOT_A_READ"


class ServiceUnavailable(ParleyError):
    """The database cannot be reached or does not answer; asking again later may help."""

    code = "SERVICE_UNAVAILABLE"
    status = 503


class Timeout(ParleyError):
    """An operation took longer than its deadline and was ended."""

    code = "TIMEOUT"
    status = 504


class DatabaseRefused(ParleyError):
    """The database was reached and said no: wrong password, too old, unknown database."""

    code = "DATABASE_REFUSED"
    status = 503


class DatabaseInUse(ParleyError):
    """Another process owns the managed database's data folder."""

    code = "DATABASE_IN_USE"
    status = 503


class AddressRefused(ParleyError):
    """The address to listen on cannot be had."""

    code = "ADDRESS_REFUSED"
    status = 503


class MigrationNeeded(ParleyError):
    """Another vocabulary built the graph than the one that would read it."""

    code = "MIGRATION_NEEDED"
    status = 503


class SetUpFailed(ParleyError):
    """The managed database could not be set up: a download, a hash, a boot."""

    code = "SET_UP_FAILED"
    status = 503


class StorageUnavailable(ParleyError):
    """A folder that Parley keeps its files in cannot be written: read-only, full, not permitted."""

    code = "STORAGE_UNAVAILABLE"
    status = 503


class QueryTooComplex(ParleyError):
    """An operation is deeper or wider than is allowed."""

    code = "QUERY_TOO_COMPLEX"
    status = 400


class Overloaded(ParleyError):
    """There is more to do than can be done now; asking again later may help."""

    code = "OVERLOADED"
    status = 503


class PayloadTooLarge(ParleyError):
    """A request's body is larger than is allowed."""

    code = "PAYLOAD_TOO_LARGE"
    status = 413


class BadRequest(ParleyError):
    """A request that is not what its protocol says."""

    code = "BAD_REQUEST"
    status = 400
