"""Bound what a connection may send before a request reaches the application.

uvicorn's protocol reads headers of any size, and waits for a request and for a reader of the
response as long as the client likes. ``BoundedProtocol`` limits these, and answers its refusals as
JSON with a code.
"""

from asyncio import AbstractEventLoop, BaseTransport, TimerHandle, Transport
from dataclasses import dataclass
from typing import cast

import orjson
import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from service.errors import (
    BadRequest,
    HeadersTooLarge,
    Overloaded,
    ParleyError,
    RequestTimeout,
)
from service.http.error_body import error_body
from service.http.observe import make_request_id

log = structlog.get_logger()

REFUSAL_HEADERS = (
    b"x-request-id: %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
    b"connection: close\r\n\r\n"
)
"""The headers of a refusal, given its id and the length of its body."""
LINGER_SECONDS = 5.0
"""Seconds for which what a client still sends after a refusal is read and dropped.

If a connection is closed while unread bytes wait, it is reset and the client may never see the
response (RFC 9112, section 9.6)."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of connections."""

    header_bytes: int = 32_768
    """The most bytes of a request's line and headers."""
    receive_seconds: float = 10.0
    """The most seconds until the headers of a request are complete, and from there until its body
    is; also the most without a byte of a response being read."""
    connections: int = 1000
    """The most connections; one more closes the oldest one that waits for a request."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with limits."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.limits = limits
        self._is_reading_head = False
        self._is_reading_body = False
        self._is_refused = False
        self._head_bytes = 0
        self._timer: TimerHandle | None = None
        """The deadline of what the client has to send next."""
        self._began = 0.0
        """The time at which the connection, or its last request, began."""

    # --- from the transport ---

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a request; refuse the connection if there are too many that are answered."""
        super().connection_made(cast("Transport", transport))
        self._began = self.loop.time()
        self._start_timer()
        if len(self.connections) > self.limits.connections and not self._close_another():
            self._refuse(Overloaded("All connections are in use. Try again shortly."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived; drop it if the request was refused."""
        if self._is_refused:
            return
        if self._is_reading_head:
            # The parser keeps an incomplete header for itself.
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.header_bytes:
                self._refuse_head()
                return
        super().data_received(data)
        if self._is_reading_head or self._is_reading_body or not self._has_request():
            if self._timer is None and not self._is_refused:
                self._start_timer()
        elif self._timer is not None:
            self._stop_timer()

    # --- from the parser ---

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        super().on_message_begin()
        self._began = self.loop.time()
        self._is_reading_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is too large."""
        self._is_reading_head = False
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.limits.header_bytes:
            self._refuse_head()
        if not self._is_refused:
            self._stop_timer()
            self._is_reading_body = True
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Pass the end of the body on."""
        self._is_reading_body = False
        if not self._is_refused:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the client to read the last response."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._abort_if_stalled(self.transport.get_write_buffer_size() + 1)

    # --- refusals ---

    def send_400_response(self, msg: str) -> None:
        """Refuse a malformed request."""
        self._refuse(BadRequest(msg))

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no further request began."""
        super().timeout_keep_alive_handler()
        self._abort_if_stalled(self.transport.get_write_buffer_size() + 1)

    def _has_request(self) -> bool:
        """Return whether a request is being answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _close_another(self) -> bool:
        """Close the oldest connection that waits for a request; return whether there was one."""
        waiting = [
            one
            for one in cast("set[BoundedProtocol]", self.connections)
            if one is not self and (one._timer is not None or not one._has_request())
        ]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda one: one._began)
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.limits.receive_seconds, self._expire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        """Refuse a request that did not arrive; close a connection on which none began."""
        self._timer = None
        if self._is_reading_head or self._is_reading_body:
            self._refuse(RequestTimeout("The request did not arrive in time. Send it again."))
        else:
            self.transport.close()

    def _abort_if_stalled(self, unread: int) -> None:
        """Abort a closed connection unless its client reads what was written."""
        left = self.transport.get_write_buffer_size()
        if left >= unread:
            self.transport.abort()
        elif left:
            self.loop.call_later(self.limits.receive_seconds, self._abort_if_stalled, left)

    def _refuse_head(self) -> None:
        most = self.limits.header_bytes
        self._refuse(HeadersTooLarge(f"A request's line and headers may have {most} bytes."))

    def _refuse(self, error: ParleyError) -> None:
        """Answer an error, then drop what still arrives, and close.

        If an earlier request on this connection, or the beginning of this response, is under way,
        nothing can be written in its place: the connection is closed.
        """
        self._is_refused = True
        self._stop_timer()
        self._unset_keepalive_if_required()
        if self._has_request():
            is_earlier = not self._is_reading_body or bool(self.pipeline)
            if is_earlier or self.cycle.response_started:
                self.transport.close()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        own_id = make_request_id()
        log.info(
            "a request was refused",
            request_id=own_id.decode(),
            status=error.status,
            code=error.code,
        )
        body = orjson.dumps(error_body(str(error), error.code, own_id.decode()))
        head = STATUS_LINE[error.status] + REFUSAL_HEADERS % (own_id, len(body))
        self.transport.write(head + body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)
