"""Tests of the limits of connections, against a server on a real socket."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from service.http.protocol import BoundedProtocol, ConnectionLimits
from tests.serving import run_in_thread

LIMITS = ConnectionLimits(header_bytes=4096, receive_seconds=0.6, connections=20)
LONG = 64 * 2**20
"""The bytes of the long response: more than the buffers of a socket hold."""


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def long(_: Request) -> Response:
    return Response(b"x" * LONG)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve a small application in a thread; yield the port."""
    routes = [Route("/", echo, methods=["GET", "POST"]), Route("/long", long)]
    config = uvicorn.Config(
        Starlette(routes=routes), lifespan="off", log_config=None,
        http=partial(BoundedProtocol, limits=LIMITS),  # type: ignore[arg-type]
        timeout_keep_alive=1, timeout_graceful_shutdown=1,
    )  # fmt: skip
    with run_in_thread(config) as one:
        yield one


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def read_all(connection: socket.socket) -> bytes:
    """Return what the server sends until it closes the connection."""
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def refusal(raw: bytes) -> tuple[int, str]:
    """Return the status and the code of a refusal, which is JSON."""
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head
    (error,) = json.loads(body)["errors"]
    assert error["message"]
    return int(head.split()[1]), error["extensions"]["code"]


def exchange(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send a request in parts; return all that the server answers until it closes."""
    with connect(port) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        return read_all(connection)


CLOSING = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
REFUSED = (431, "HEADERS_TOO_LARGE")


def test_a_request_is_answered(port: int) -> None:
    assert exchange(port, CLOSING + b"\r\n").endswith(b"\r\n\r\n0")
    head = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 300000\r\n\r\n"
    assert exchange(port, head, b"x" * 300_000).endswith(b"\r\n\r\n300000")


@pytest.mark.parametrize(
    "head",
    [
        b"x: " + b"y" * 5000,
        b"x" * 5000 + b": y",
        b"\r\n".join(b"x%d: y" % number for number in range(1000)),
    ],
    ids=["value", "name", "many"],
)
def test_large_headers_are_refused(port: int, head: bytes) -> None:
    assert refusal(exchange(port, CLOSING + head + b"\r\n\r\n")) == REFUSED
    # In parts, and without an end.
    parts = [head[at : at + 1000] for at in range(0, len(head), 1000)]
    assert refusal(exchange(port, CLOSING, *parts, *parts, pause=0.01)) == REFUSED


def test_a_long_address_is_refused(port: int) -> None:
    line = b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nhost: a\r\n\r\n"
    assert refusal(exchange(port, line)) == REFUSED


def test_a_header_without_end_is_refused_while_it_arrives(port: int) -> None:
    began = time.monotonic()
    assert refusal(exchange(port, CLOSING + b"x: ", *[b"y" * 65536] * 800)) == REFUSED
    assert time.monotonic() - began < 10


def test_large_headers_of_a_later_request_are_refused(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        assert connection.recv(65536).endswith(b"\r\n\r\n0")
        connection.sendall(CLOSING + b"x: " + b"y" * 5000 + b"\r\n\r\n")
        assert refusal(read_all(connection)) == REFUSED


def test_a_body_before_a_head_does_not_count_as_head(port: int) -> None:
    body = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n\r\n" + b"x" * 60_000
    raw = exchange(port, body + CLOSING[:20], CLOSING[20:] + b"\r\n")
    assert raw.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("raw", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n"])
def test_what_is_not_http_is_refused(port: int, raw: bytes) -> None:
    assert refusal(exchange(port, raw)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HT",
        CLOSING,
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
    ],
    ids=["line", "headers", "body", "chunk"],
)
def test_a_request_that_does_not_arrive_is_refused(port: int, begun: bytes) -> None:
    assert refusal(exchange(port, begun)) == (408, "REQUEST_TIMEOUT")


def test_a_request_that_trickles_is_refused(port: int) -> None:
    parts = [CLOSING, *[b"x: y\r\n"] * 100]
    began = time.monotonic()
    assert refusal(exchange(port, *parts, pause=0.05))[0] == 408
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("sent", [b"", b"\r\n" * 3], ids=["nothing", "line-feeds"])
def test_a_silent_connection_is_closed(port: int, sent: bytes) -> None:
    assert exchange(port, sent) == b""
    with connect(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n" + sent)
        assert read_all(connection).count(b"HTTP/1.1 200") == 1


def test_half_open_requests_keep_nobody_out(port: int) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(port)) for _ in range(3 * LIMITS.connections)]
        for one in opened:
            one.sendall(b"POST / HT")
        assert exchange(port, CLOSING + b"\r\n").endswith(b"\r\n\r\n0")


def test_a_connection_whose_client_does_not_read_is_ended(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        time.sleep(6 * LIMITS.receive_seconds)
        assert len(read_all(connection)) < LONG


def test_a_slow_reader_gets_all(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        found = 0
        for _ in range(8):
            time.sleep(LIMITS.receive_seconds / 2)
            left = LONG // 10
            while left > 0:
                left -= (got := len(connection.recv(65536)))
                found += got
        assert found + len(read_all(connection)) > LONG
