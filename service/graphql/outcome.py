"""Turn the outcome of an operation into a result whose errors have codes, and an HTTP status."""

from collections.abc import Awaitable, Iterable

import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSyntaxError

from service.errors import BadUserInput, ParleyError, QueryTooComplex, Timeout

log = structlog.get_logger()
CODE = "code"
INTERNAL = ParleyError.code
BROKEN = "The service failed to answer this; the error has been logged."
TOO_DEEP = "The operation is nested too deeply. Split it, or nest less."
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
OK = 200


async def to_result(work: Awaitable[ExecutionResult]) -> tuple[ExecutionResult, int]:
    """Return the result of an operation, and its HTTP status; every error has a code."""
    try:
        return await work, OK
    except TimeoutError:
        return _failure(Timeout("The operation took too long and was ended. Ask for less at once."))
    except (UnicodeEncodeError, OverflowError) as error:
        log.info("a value was refused", reason=str(error))
        message = "A value cannot be stored: half a surrogate pair, or too large."
        return _failure(BadUserInput(message))
    except RecursionError:
        return _failure(QueryTooComplex(TOO_DEEP))
    except ParleyError as error:
        return _failure(error)
    except Exception:
        log.exception("operation failed")
        return _failure(ParleyError(BROKEN))


def _failure(error: ParleyError) -> tuple[ExecutionResult, int]:
    one = GraphQLError(str(error), extensions={CODE: error.code})
    return ExecutionResult(data=None, errors=[one]), error.status


def assign_codes(errors: Iterable[GraphQLError]) -> None:
    """Give a code to each error that has none, and hide the text of unexpected errors."""
    for error in errors:
        if CODE in (error.extensions or {}):
            continue
        if isinstance(error, GraphQLSyntaxError):
            with_code(error, PARSE_FAILED)
        elif error.original_error is None:
            with_code(error, BadUserInput.code)
        elif isinstance(error.original_error, RecursionError):
            with_code(error, QueryTooComplex.code)
            error.message = TOO_DEEP
        else:
            log.error("operation failed", exc_info=error.original_error)
            with_code(error, INTERNAL)
            error.message = BROKEN


def with_code(error: GraphQLError, code: str) -> GraphQLError:
    """Return an error with a code in its extensions."""
    error.extensions = {**(error.extensions or {}), CODE: code}
    return error
