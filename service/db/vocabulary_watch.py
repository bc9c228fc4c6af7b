"""Noticing that another vocabulary built the graph than the one this service was made for.

A load or a service of another release may migrate the graph while this one serves it. What this one
would read then is of another shape, so it refuses to answer instead of answering wrongly.
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
SECONDS = 5.0
"""How often the graph is looked at. A read that fails looks at once."""
BUILT_BY_TEXT = f"CYPHER 5 MATCH (c:{CLOCK} {{{ID}: '{GRAPH}'}}) RETURN c.{BUILT_BY}"


class VocabularyWatch:
    """Knows whether the service's vocabulary is the graph's; nothing is asked for each request."""

    def __init__(
        self, vocabulary: Vocabulary, built_by: Callable[[], Awaitable[str | None]]
    ) -> None:
        self._fingerprint = fingerprint(vocabulary)
        self._built_by = built_by
        self._differs = False

    def refuse(self) -> None:
        """Raise MigrationNeeded if another vocabulary built the graph when last looked at."""
        if self._differs:
            raise MigrationNeeded(
                "Another version of Parley built this graph, or migrated it; this service cannot "
                "read it. Start the service of that version, or migrate the graph to this one with "
                "`parley load … --yes` or `parley up --yes`."
            )

    async def look(self) -> None:
        """Ask the graph which vocabulary built it; raise MigrationNeeded if it is another one."""
        built_by = await self._built_by()
        differs = built_by is not None and built_by != self._fingerprint
        if differs != self._differs:
            log.warning("the graph's vocabulary changed", ours=not differs)
        self._differs = differs
        self.refuse()

    async def explain(self) -> None:
        """Raise MigrationNeeded if that explains why a read failed; else leave it unexplained."""
        try:
            await self.look()
        except MigrationNeeded:
            raise
        except ParleyError as error:
            log.debug("the graph could not be looked at", said=str(error))

    async def run(self) -> None:
        """Look now and then, for as long as the service runs."""
        while True:
            # Whoever asks is told.
            with suppress(MigrationNeeded):
                await self.explain()
            await asyncio.sleep(SECONDS)
