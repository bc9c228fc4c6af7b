"""The record of one request: each part of the service adds to it what it knows.

The parts find it by a context variable, so that none has to pass it on. When the request has ended,
the record is complete, and the observers read it: the log, the metrics, the spans.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from enum import StrEnum
from time import perf_counter

from starlette.types import Scope

MILLISECONDS = 1000.0
"""Milliseconds of a second."""
CLIENT_GONE = 499
"""The status of a request whose client went away before it was answered; nginx uses it too."""


class Stage(StrEnum):
    """A stage of a request; time outside of all stages is HTTP and waiting for the event loop."""

    CHECK = "check"
    """Waiting for a read of the last commit, which decides whether a kept answer is right."""
    PLAN = "plan"
    """Parsing, validating, planning, compiling; binding variables."""
    QUEUE = "queue"
    """Waiting for other reads."""
    DATABASE = "db"
    """Running queries, their transport included."""
    DECODE = "decode"
    """Decoding rows into the answer."""
    ENCODE = "encode"
    """Writing the answer as JSON."""


@dataclass(slots=True)
class Read:
    """A read of the database."""

    began: float
    """As ``perf_counter`` has it."""
    seconds: float
    queries: int
    error: str | None = None
    """The code of the error of Neo4j, or its type, if it failed."""


@dataclass(slots=True)
class RequestRecord:
    """The measurements of one request; times are in seconds."""

    id: str
    scope: Scope
    began: float = field(default_factory=perf_counter)
    seconds: float = 0.0
    """From the end of the request's head to the end of its response."""
    status: int = CLIENT_GONE
    bytes: int = 0
    """The bytes of the response's body."""
    code: str | None = None
    """The code of the first error of the response."""
    operation_name: str | None = None
    cost: float | None = None
    """The nodes that the answer could have; None if it was not computed."""
    rows: int = 0
    """The rows of all lists of the answer."""
    is_kept: bool = False
    """Whether the response is a kept answer, or status 304."""
    stages: dict[Stage, float] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    describe_shape: Callable[[], str] | None = None
    """Returns the operation without its values."""


Observer = Callable[[RequestRecord], None]
"""Reads the record of a request that has ended."""
_current: ContextVar[RequestRecord | None] = ContextVar("request", default=None)


def current_record() -> RequestRecord | None:
    """Return the record of the request that is being answered; None outside of a request."""
    return _current.get()


def begin(record: RequestRecord) -> Token[RequestRecord | None]:
    """Make a record the current one, until ``end`` is called with what this returns."""
    return _current.set(record)


def end(token: Token[RequestRecord | None]) -> None:
    """Make the record current again that was so before ``begin``."""
    _current.reset(token)


def add_time(stage: Stage, since: float) -> float:
    """Add the time from ``since`` until now to a stage; return the time now."""
    now = perf_counter()
    record = _current.get()
    if record is not None:
        record.stages[stage] = record.stages.get(stage, 0.0) + now - since
    return now


@contextmanager
def recorded_read(queries: int) -> Iterator[None]:
    """Add the read of the database that the body does."""
    read = Read(perf_counter(), 0.0, queries)
    try:
        yield
    except BaseException as error:
        read.error = getattr(error, "code", None) or type(error).__name__
        raise
    finally:
        read.seconds = add_time(Stage.DATABASE, read.began) - read.began
        record = _current.get()
        if record is not None:
            record.reads.append(read)


def note_code(code: str) -> None:
    """Note the code of an error of the response, unless there is an earlier one."""
    record = _current.get()
    if record is not None and record.code is None:
        record.code = code


def note_kept(operation_name: str | None) -> None:
    """Note that a kept answer is sent again, or that the client has it."""
    record = _current.get()
    if record is not None:
        record.is_kept = True
        record.operation_name = operation_name


def note_operation(name: str | None, describe_shape: Callable[[], str]) -> None:
    """Note which operation the request asks for; of several, the last one counts."""
    record = _current.get()
    if record is not None:
        record.operation_name = name
        record.describe_shape = describe_shape


def note_answer(cost: float, rows: int) -> None:
    """Add the cost of an operation and the rows of its answer to those of the request."""
    record = _current.get()
    if record is not None:
        record.cost = cost + (record.cost or 0)
        record.rows += rows
