"""How an operation ends: with a result whose every error has a code, and an HTTP status."""

from collections.abc import Awaitable

import structlog
from graphql import ExecutionResult, GraphQLError

from service.errors import BadUserInput, ParleyError, QueryTooComplex, Timeout

log = structlog.get_logger()
CODE = "code"
INTERNAL = ParleyError.code
BROKEN = "Something broke on our side; it has been logged."
OK = 200


async def ended(work: Awaitable[ExecutionResult]) -> tuple[ExecutionResult, int]:
    """The result that answering an operation comes to, whatever happens, and its status."""
    try:
        return await work, OK
    except TimeoutError:
        return _failed(Timeout("This took too long and was ended. Ask less."))
    except (UnicodeEncodeError, OverflowError) as error:
        log.info("a value was refused", reason=str(error))
        message = "A value cannot be stored: half a surrogate pair, or too large."
        return _failed(BadUserInput(message))
    except RecursionError:
        return _failed(QueryTooComplex("This is nested too deeply."))
    except ParleyError as error:
        return _failed(error)
    except Exception:
        log.exception("operation failed")
        return _failed(ParleyError(BROKEN))


def _failed(error: ParleyError) -> tuple[ExecutionResult, int]:
    one = GraphQLError(str(error), extensions={CODE: error.code})
    return ExecutionResult(data=None, errors=[one]), error.status


def coded(error: GraphQLError, code: str) -> GraphQLError:
    """The error with a code."""
    error.extensions = {**(error.extensions or {}), CODE: code}
    return error
