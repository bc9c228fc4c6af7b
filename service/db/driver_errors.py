"""Translate errors of the Neo4j driver into Parley's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    DriverError,
    Neo4jError,
)

from service.errors import (
    BadUserInput,
    DatabaseRefused,
    Overloaded,
    ParleyError,
    ServiceUnavailable,
    Timeout,
)


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Raise a ParleyError in place of an error of the driver."""
    try:
        yield
    except (Neo4jError, DriverError, ConfigurationError) as error:
        raise translate_driver_error(error) from error
    except ValueError as error:
        raise BadUserInput(
            "PARLEY_NEO4J_URI is not an address of a Neo4j; an example: neo4j://localhost:7687"
        ) from error


def translate_driver_error(error: Exception) -> ParleyError:
    """Return the ParleyError for an error of the driver, without any text of the driver's."""
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return DatabaseRefused(
            "Neo4j refused the user or the password; check PARLEY_NEO4J_PASSWORD."
        )
    if "DatabaseNotFound" in code:
        return DatabaseRefused("Neo4j has no database of this name; check PARLEY_NEO4J_DATABASE.")
    if "TransactionTimedOut" in code:
        return Timeout("The query took too long and was ended. Ask for less at once.")
    if "MemoryPoolOutOfMemory" in code:
        return Overloaded("The query needs more memory than it may use. Ask for less at once.")
    if "no such fulltext schema index" in str(error):
        return ServiceUnavailable("The graph is still being prepared. Try again shortly.")
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return Overloaded("All connections to the database are in use. Try again shortly.")
    if isinstance(error, DriverError) or getattr(error, "is_retryable", bool)():
        return ServiceUnavailable("The database cannot be reached. Is it up? Try again shortly.")
    return ParleyError("The database could not run the query; its error has been logged.")
