"""Count the round trips between a server and the database, by a relay between them.

A round trip begins when the client sends after the database did, whatever the driver pipelines.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

UNENCRYPTED = {"bolt", "neo4j"}


class Relay:
    """A TCP relay between clients and a database that counts round trips."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self.trips = 0
        self.port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        database_reader, database_writer = await asyncio.open_connection(*self._to)
        waiting = False

        async def forward() -> None:
            nonlocal waiting
            while data := await reader.read(65_536):
                self.trips += not waiting
                waiting = True
                database_writer.write(data)
            database_writer.close()

        async def forward_back() -> None:
            nonlocal waiting
            while data := await database_reader.read(65_536):
                waiting = False
                writer.write(data)
            writer.close()

        with contextlib.suppress(ConnectionError):
            try:
                await asyncio.gather(forward(), forward_back())
            finally:
                for one in (writer, database_writer):
                    one.transport.abort()
                    with contextlib.suppress(ConnectionError):
                        await one.wait_closed()

    async def run(self, ready: threading.Event) -> None:
        """Relay on a port of loopback until ``stop`` is called."""
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._ended.wait()
        server.close()

    def stop(self) -> None:
        """Stop; may be called from another thread."""
        self._loop.call_soon_threadsafe(self._ended.set)


@contextmanager
def start_relay(uri: str) -> Iterator[tuple[Relay, str]]:
    """Start a relay to a database, and yield it and its address.

    Raises ValueError if the connection is encrypted.
    """
    parts = urlsplit(uri)
    if parts.scheme not in UNENCRYPTED:
        raise ValueError("round trips are counted on an unencrypted connection only")
    made = Relay(parts.hostname or "127.0.0.1", parts.port or 7687)
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(made.run(ready)), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield made, f"bolt://127.0.0.1:{made.port}"
    finally:
        made.stop()
        thread.join()
