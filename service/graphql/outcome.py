"""Turn the outcome of an operation into a result whose errors have codes, and an HTTP status."""

from collections.abc import Awaitable

import structlog
from graphql import ExecutionResult, GraphQLError

from service.errors import BadUserInput, ParleyError, QueryTooComplex, Timeout

log = structlog.get_logger()
CODE = "code"
INTERNAL = ParleyError.code
BROKEN = "The service failed to answer this; the error has been logged."
TOO_DEEP = "The operation is nested too deeply. Split it, or nest less."
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
OK = 200


class RequestErrors(ExecutionResult):
    """The result of an operation that was not answered: it has errors and no data.

    GraphQL calls these request errors (section 7.1.2).
    """

    __slots__ = ()


class LargeResult(ExecutionResult):
    """The result of an operation whose answer could have many nodes."""

    __slots__ = ()


class ConstantResult(ExecutionResult):
    """The result of an operation that reads nothing of the graph, so that no commit changes it."""

    __slots__ = ()


class OperationRejected(Exception):
    """An operation that cannot be answered, with an error for each reason."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


async def to_result(work: Awaitable[ExecutionResult]) -> tuple[ExecutionResult, int]:
    """Return the result of an operation, and its HTTP status; every error has a code.

    The status is that of a response of type ``application/json``: 200 if the document or a value
    is wrong.
    """
    try:
        result = await work
        is_refused = isinstance(result, RequestErrors)
        return result, QueryTooComplex.status if is_refused and _is_too_complex(result) else OK
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


def _is_too_complex(result: ExecutionResult) -> bool:
    codes = [(one.extensions or {}).get(CODE) for one in result.errors or ()]
    return QueryTooComplex.code in codes


def _failure(error: ParleyError) -> tuple[ExecutionResult, int]:
    one = GraphQLError(str(error), extensions={CODE: error.code})
    return RequestErrors(data=None, errors=[one]), error.status


def with_code(error: GraphQLError, code: str) -> GraphQLError:
    """Return an error with a code in its extensions."""
    error.extensions = {**(error.extensions or {}), CODE: code}
    return error
