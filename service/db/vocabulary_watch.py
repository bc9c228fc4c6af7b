"""Notice when the graph was built by another vocabulary than the service's own.

A load or a service of another release may migrate the graph while this service runs. It then
refuses to answer, because what it would read has another shape.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from schema.names import BUILT_BY, CLOCK, GRAPH, ID
from schema.storage import fingerprint
from schema.vocabulary import Vocabulary
from service.errors import MigrationNeeded, ParleyError

log = structlog.get_logger()
CHECK_SECONDS = 5.0
"""Seconds between two checks of the graph. A failed read causes one at once."""
FINGERPRINT_QUERY = f"CYPHER 5 MATCH (c:{CLOCK} {{{ID}: '{GRAPH}'}}) RETURN c.{BUILT_BY}"


class VocabularyWatch:
    """A watch over the vocabulary that built the graph; it is checked now and then."""

    def __init__(
        self, vocabulary: Vocabulary, read_fingerprint: Callable[[], Awaitable[str | None]]
    ) -> None:
        self._fingerprint = fingerprint(vocabulary)
        self._read_fingerprint = read_fingerprint
        self._differs = False
        self._stopping = asyncio.Event()

    def raise_if_changed(self) -> None:
        """Raise MigrationNeeded if the last check found another vocabulary."""
        if self._differs:
            raise MigrationNeeded(
                "Another version of Parley built this graph, or migrated it; this service cannot "
                "read it. Start the service of that version, or migrate the graph to this one with "
                "`parley load … --yes` or `parley up --yes`."
            )

    async def check(self) -> None:
        """Read which vocabulary built the graph; raise MigrationNeeded if it is another one."""
        read_fingerprint = await self._read_fingerprint()
        differs = read_fingerprint is not None and read_fingerprint != self._fingerprint
        if differs != self._differs:
            log.warning("the graph's vocabulary changed", ours=not differs)
        self._differs = differs
        self.raise_if_changed()

    async def explain_failure(self) -> None:
        """Raise MigrationNeeded if another vocabulary explains why a read failed."""
        try:
            await self.check()
        except MigrationNeeded:
            raise
        except ParleyError as error:
            log.debug("the graph's vocabulary could not be checked", said=str(error))

    async def run(self) -> None:
        """Check every ``CHECK_SECONDS`` until ``stop`` is called."""
        while not self._stopping.is_set():
            # The next request raises it.
            with suppress(MigrationNeeded):
                await self.explain_failure()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), CHECK_SECONDS)

    def stop(self) -> None:
        """Let ``run`` end after the check that it makes."""
        self._stopping.set()
