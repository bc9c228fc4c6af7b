"""Log in bounded size and time: as JSON lines, or as short lines on a terminal.

Entries of structlog and of the standard library's logging take the same way. An entry has at most a
few thousand bytes: messages are cut, a traceback names modules, lines and functions but no source
text or values, and only the first errors of a chain of causes are logged.
"""

import asyncio
import logging
import reprlib
import sys
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

import orjson
import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from service.log_writer import LogWriter
from service.observe.record import current_record

VALUE_LENGTH = 500
"""The most characters of a logged value."""
OUTER_FRAMES, INNER_FRAMES = 4, 8
"""The outermost and the innermost frames of an exception that are logged."""
CHAIN_LENGTH = 4
"""The most exceptions of a chain of causes that are logged."""
GROUP_LENGTH = 3
"""The most exceptions of an exception group that are logged."""
TRACEBACK_BYTES = 6000
"""The most bytes of a logged traceback."""
writer = LogWriter()
"""Writes all entries; a service starts its thread."""
_bounded_repr = reprlib.Repr()
_bounded_repr.maxstring = _bounded_repr.maxother = _bounded_repr.maxlong = VALUE_LENGTH


def configure(level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error; a second call only changes the level."""
    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        structlog.processors.ExceptionRenderer(format_traceback),
        _bound_values,
        _render,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _ToStructlog) for handler in root.handlers):
        root.addHandler(_ToStructlog(logging.WARNING))
    # The driver's errors are translated and logged where they are caught.
    logging.getLogger("neo4j").propagate = False


def write_request(level: str, event: str, fields: dict[str, object]) -> None:
    """Write the entry of a request that has ended, whose values are short already.

    It has the form of other entries, without structlog's work for each of their values.
    """
    entry = {**fields, "level": level, "timestamp": _now(), "event": event}
    writer.write(_render(None, level, entry))


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def log_task_error(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Log an error that asyncio reports of a task; its own handler would print it unbounded."""
    error = context.get("exception")
    log = structlog.get_logger()
    log.error(
        "a background task failed",
        reason=context.get("message"),
        exc_info=error if isinstance(error, BaseException) else None,
    )


def format_traceback(exc_info: ExcInfo) -> str:
    """Return an exception with its traceback and causes, in bounded size and time."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if len(seen) == CHAIN_LENGTH:
            lines.append("… further causes are left out")
            break
        seen.add(id(error))
        lines.append(describe(error))
        lines.extend(f"  {line}" for line in _frames(error.__traceback__))
        if isinstance(error, BaseExceptionGroup):
            lines.extend(f"  holds {describe(one)}" for one in error.exceptions[:GROUP_LENGTH])
        implicit = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or implicit
        if error is not None:
            lines.append("caused by")
    return "\n".join(lines).encode()[:TRACEBACK_BYTES].decode(errors="ignore")


def describe(error: BaseException) -> str:
    """Return the type of an exception and its message, cut."""
    kind = type(error)
    message = getattr(error, "message", None)
    try:
        # The text of a GraphQL error quotes the document once for each location.
        if not isinstance(message, str):
            plain = kind.__str__ is BaseException.__str__ and error.args
            message = _bounded_args(error.args) if plain else str(error)
    except Exception:  # noqa: BLE001 - an error whose str() fails
        message = "(it has no readable message)"
    return f"{kind.__module__}.{kind.__qualname__}: {bounded_text(message)}"


def bounded_text(text: str) -> str:
    """Return a text cut to ``VALUE_LENGTH``, with unprintable characters escaped."""
    short = text[:VALUE_LENGTH]
    if not short.isprintable():
        signs = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)
        short = "".join(signs)[:VALUE_LENGTH]
    return short if len(text) <= VALUE_LENGTH else f"{short}… ({len(text)} characters)"


def _bounded_args(args: tuple[object, ...]) -> str:
    if len(args) == 1 and isinstance(args[0], str):
        return args[0]
    return ", ".join(_bounded_repr.repr(one) for one in args[:GROUP_LENGTH])


def _frames(trace: TracebackType | None) -> Iterator[str]:
    """Yield the outermost and the innermost frames of a traceback, without reading files."""
    inner: deque[str] = deque(maxlen=INNER_FRAMES)
    number = 0
    while trace is not None:
        code = trace.tb_frame.f_code
        module = bounded_text(str(trace.tb_frame.f_globals.get("__name__", "?")))
        line = f"{module}:{trace.tb_lineno} {bounded_text(code.co_qualname)}"
        if number < OUTER_FRAMES:
            yield line
        else:
            inner.append(line)
        number += 1
        trace = trace.tb_next
    if (left_out := number - OUTER_FRAMES - len(inner)) > 0:
        yield f"… {left_out} frames are left out"
    yield from inner


def _add_request_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the id of the request that is being answered to an entry."""
    if (record := current_record()) is not None:
        event.setdefault("request_id", record.id)
    return event


def _bound_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Cut every value of an entry but the traceback, which is cut already."""
    return {key: one if key == "exception" else _bound_value(one) for key, one in event.items()}


def _bound_value(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, str):
        return bounded_text(value)
    if isinstance(value, BaseException):
        return describe(value)
    try:
        return bounded_text(_bounded_repr.repr(value))
    except Exception:  # noqa: BLE001 - as a whole number of very many digits
        return f"({type(value).__name__} that cannot be written)"


_on_terminal = structlog.dev.ConsoleRenderer(
    exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
)


def _render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """Return an entry as a line of JSON, or on a terminal as a readable line."""
    if sys.stderr is not None and sys.stderr.isatty():
        return _on_terminal(logger, name, event)
    return orjson.dumps(event).decode()


class _StandardError:
    """A logger that writes entries to standard error."""

    def msg(self, entry: str) -> None:
        """Write an entry."""
        writer.write(entry)

    debug = info = warning = error = critical = msg


class _ToStructlog(logging.Handler):
    """A handler that passes the log records of libraries on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record under the name of its logger."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a library's malformed record must not fail a request
            message = str(record.msg)
        log = structlog.get_logger()
        level = min(record.levelno // 10 * 10, logging.CRITICAL)
        log.log(level, message, logger=record.name, exc_info=record.exc_info)
