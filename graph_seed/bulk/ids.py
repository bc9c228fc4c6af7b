"""Which ids files define, use and lead to, and which came first: kept on disk, within memory."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from graph_seed.circles import Step
from graph_seed.records import Place

CACHE = 8_000
"""KiB of it that are held in memory."""
DEEPEST = 100
"""Steps, one after another, up to which what leads in no circle is told so on disk."""
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{CACHE};
CREATE TABLE source (id TEXT PRIMARY KEY, file TEXT, line INTEGER, position INTEGER) WITHOUT ROWID;
CREATE TABLE defined (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE entity (id TEXT PRIMARY KEY, source TEXT, said BLOB) WITHOUT ROWID;
CREATE TABLE used (id TEXT PRIMARY KEY, file TEXT, line INTEGER, position INTEGER) WITHOUT ROWID;
CREATE TABLE step (
    link TEXT, start TEXT, end TEXT, file TEXT, line INTEGER, position INTEGER,
    PRIMARY KEY (link, start, end)
) WITHOUT ROWID;
BEGIN;
"""
_DEAD_ENDS = """
DELETE FROM step WHERE NOT EXISTS (
    SELECT 1 FROM step AS onward WHERE onward.link = step.link AND onward.start = step.end
)
"""


class Ids:
    """The ids of a load, in a temporary database that goes when it is closed."""

    def __init__(self) -> None:
        # No name: SQLite keeps it in a file of its own and takes that away.
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.executescript(_SCHEMA)

    def close(self) -> None:
        """Forget them."""
        self._rows.close()

    def first(self, source: str, place: Place) -> Place:
        """Where a source was given first; that is here, if it was not before."""
        given = (source, place.file, place.line, place.column)
        self._rows.execute("INSERT OR IGNORE INTO source VALUES (?, ?, ?, ?)", given)
        found = self._rows.execute(
            "SELECT file, line, position FROM source WHERE id = ?", (source,)
        )
        return Place(*found.fetchone())

    def add(self, defined: Iterable[str], uses: Mapping[str, Place]) -> None:
        """Note what a source uses of what others define, and then what it defines."""
        self._rows.executemany(
            "INSERT OR IGNORE INTO used SELECT ?1, ?2, ?3, ?4 "
            "WHERE NOT EXISTS (SELECT 1 FROM defined WHERE id = ?1)",
            ((name, place.file, place.line, place.column) for name, place in uses.items()),
        )
        self._rows.executemany(
            "INSERT OR IGNORE INTO defined VALUES (?)", ((name,) for name in defined)
        )

    def defined_before(
        self, source: str, entities: Mapping[str, bytes]
    ) -> Iterator[tuple[str, str, bytes]]:
        """Note what a source says of the entities that it defines; yield those defined before it.

        Each comes with the source that defined it first and with what that says.
        """
        before = self._rows.total_changes
        self._rows.executemany(
            "INSERT OR IGNORE INTO entity VALUES (?, ?, ?)",
            ((entity, source, said) for entity, said in entities.items()),
        )
        if self._rows.total_changes - before == len(entities):
            return
        for entity in entities:
            yield from self._rows.execute(
                "SELECT id, source, said FROM entity WHERE id = ? AND source <> ?", (entity, source)
            )

    def add_steps(self, steps: Iterable[Step]) -> None:
        """Note where links lead that may not lead in a circle."""
        self._rows.executemany(
            "INSERT OR IGNORE INTO step VALUES (?, ?, ?, ?, ?, ?)",
            (
                (one.link, one.start, one.end, one.place.file, one.place.line, one.place.column)
                for one in steps
            ),
        )

    def circling(self) -> Iterator[Step]:
        """The steps that may lead in a circle: those that come to no end, within ``DEEPEST``."""
        for _ in range(DEEPEST):
            if not self._rows.execute(_DEAD_ENDS).rowcount:
                break
        rows = self._rows.execute("SELECT * FROM step ORDER BY file, line, position")
        for link, start, end, *place in rows:
            yield Step(link, start, end, Place(*place))

    def too_early(self) -> Iterator[tuple[str, Place]]:
        """What is used before it is defined, and where first."""
        yield from self._used("WHERE EXISTS (SELECT 1 FROM defined d WHERE d.id = used.id)")

    def elsewhere(self) -> Iterator[tuple[str, Place]]:
        """What is used and nowhere defined, and where first."""
        yield from self._used("WHERE NOT EXISTS (SELECT 1 FROM defined d WHERE d.id = used.id)")

    def _used(self, where: str) -> Iterator[tuple[str, Place]]:
        for name, *place in self._rows.execute(
            f"SELECT id, file, line, position FROM used {where} ORDER BY file, line, position"
        ):
            yield name, Place(*place)
