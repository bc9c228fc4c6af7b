"""Give each request an id and a record, and its observers the record when it has ended."""

import os
import re
from collections.abc import Sequence
from itertools import count
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.observe.record import MILLISECONDS, Observer, RequestRecord, begin, end

REQUEST_ID = b"x-request-id"
CLIENT_ID = re.compile(rb"[A-Za-z0-9._:/+=_-]{1,128}")
"""The form of a client's request id that is accepted; any other is replaced."""
_process = os.urandom(6).hex().encode()
_numbers = count(1)


class ObserverMiddleware:
    """Middleware that records each request, and tells its client the id and the times.

    It is the outermost one. Its headers are ``X-Request-ID`` and ``Server-Timing`` (W3C Server
    Timing): milliseconds until the response began, by stage.
    """

    def __init__(self, app: ASGIApp, observers: Sequence[Observer] = ()) -> None:
        self.app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with an id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own_id = find_request_id(scope["headers"])
        record = RequestRecord(own_id.decode(), scope)
        token = begin(record)

        async def respond(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                timing = (b"server-timing", write_timing(record))
                message["headers"] = [*message["headers"], (REQUEST_ID, own_id), timing]
            else:
                record.bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, respond)
        finally:
            end(token)
            record.seconds = perf_counter() - record.began
            for observe in self._observers:
                observe(record)


def find_request_id(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the client's id of a request, if it is short and plain, or a new one."""
    for name, value in headers:
        if name == REQUEST_ID and CLIENT_ID.fullmatch(value):
            return value
    return make_request_id()


def make_request_id() -> bytes:
    """Return an id that no other request has."""
    return b"%s-%x" % (_process, next(_numbers))


def write_timing(record: RequestRecord) -> bytes:
    """Return the value of ``Server-Timing``: milliseconds of each stage, and of all so far."""
    total = (perf_counter() - record.began) * MILLISECONDS
    stages = [
        f"{stage.value};dur={seconds * MILLISECONDS:.2f}, "
        for stage, seconds in record.stages.items()
    ]
    kept = "kept, " if record.is_kept else ""
    return f"{kept}{''.join(stages)}total;dur={total:.2f}".encode()
