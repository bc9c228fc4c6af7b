"""What the driver raises, in words and codes of our own."""

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
def translate_errors() -> Iterator[None]:
    """Turn what the driver raises into errors of our own."""
    try:
        yield
    except (Neo4jError, DriverError, ConfigurationError) as error:
        raise translated(error) from error
    except ValueError as error:
        raise BadUserInput(
            "PARLEY_NEO4J_URI is no address of a Neo4j; an example: neo4j://localhost:7687"
        ) from error


def translated(error: Exception) -> ParleyError:
    """The driver's error in our own words, with nothing of the driver's in it."""
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError):
        return DatabaseRefused(
            "Neo4j refused the user or the password; check PARLEY_NEO4J_PASSWORD."
        )
    if "DatabaseNotFound" in code:
        return DatabaseRefused("Neo4j has no database of this name; check PARLEY_NEO4J_DATABASE.")
    if "TransactionTimedOut" in code:
        return Timeout("This took too long and was ended. Ask less of it.")
    if "MemoryPoolOutOfMemory" in code:
        return Overloaded("This needs more memory than one query may have. Ask less of it.")
    if "no such fulltext schema index" in str(error):
        return ServiceUnavailable("The graph is still being made ready. Try again shortly.")
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return Overloaded("All connections to the database are in use. Try again shortly.")
    if isinstance(error, DriverError) or getattr(error, "is_retryable", bool)():
        return ServiceUnavailable("The database cannot be reached. Is it up? Try again shortly.")
    return ParleyError("The database could not answer this; what it said has been logged.")
