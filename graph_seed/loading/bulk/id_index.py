"""Index the ids that files define, use and link to, on disk: memory stays bounded."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from graph_seed.checking.references import Step
from graph_seed.loading.bulk.check_lines import CheckedSource, DefinedEntity
from graph_seed.records import Place

CACHE = 8_000
"""KiB of it that are held in memory."""
DEEPEST = 100
"""Steps, one after another, up to which what leads in no circle is told so on disk."""
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{CACHE};
CREATE TABLE source (
    id TEXT PRIMARY KEY, published TEXT, file TEXT, line INTEGER, position INTEGER
) WITHOUT ROWID;
CREATE TABLE defined (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE entity (id TEXT PRIMARY KEY, source TEXT, said BLOB) WITHOUT ROWID;
CREATE TABLE names (
    entity TEXT, names BLOB, length INTEGER, file TEXT, line INTEGER, position INTEGER,
    PRIMARY KEY (entity, names)
) WITHOUT ROWID;
CREATE TABLE dropped (id TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TABLE used (id TEXT PRIMARY KEY, file TEXT, line INTEGER, position INTEGER) WITHOUT ROWID;
CREATE TABLE step (
    link TEXT, start TEXT, end TEXT, source TEXT, file TEXT, line INTEGER, position INTEGER,
    PRIMARY KEY (link, start, end)
) WITHOUT ROWID;
BEGIN;
"""
_DEAD_ENDS = """
DELETE FROM {0} WHERE NOT EXISTS (
    SELECT 1 FROM {0} AS further WHERE further.link = {0}.link AND further.start = {0}.end
)
"""


class IdIndex:
    """The ids of a load, in a temporary database that goes when it is closed."""

    def __init__(self) -> None:
        # No name: SQLite keeps it in a file of its own and takes that away.
        self.rows = sqlite3.connect("", isolation_level=None)
        self.rows.executescript(_SCHEMA)

    def close(self) -> None:
        """Forget them."""
        self.rows.close()

    def first(self, source: CheckedSource) -> Place:
        """Return where a source was given first; that is here, if it was not before."""
        place = source.place
        given = (source.id, source.published, place.file, place.line, place.column)
        self.rows.execute("INSERT OR IGNORE INTO source VALUES (?, ?, ?, ?, ?)", given)
        found = self.rows.execute(
            "SELECT file, line, position FROM source WHERE id = ?", (source.id,)
        )
        return Place(*found.fetchone())

    def has_source(self, source: str) -> bool:
        """Return whether a source was given."""
        return self._has("source", source)

    def defines(self, node_id: str) -> bool:
        """Return whether a source that was given defines an id."""
        return self._has("defined", node_id)

    def _has(self, table: Literal["source", "defined", "dropped"], node_id: str) -> bool:
        rows = self.rows.execute(f"SELECT 1 FROM {table} WHERE id = ?", (node_id,))
        return rows.fetchone() is not None

    def add(self, defined: Iterable[str], uses: Mapping[str, Place]) -> None:
        """Note what a source uses of what others define, and then what it defines."""
        self.rows.executemany(
            "INSERT OR IGNORE INTO used SELECT ?1, ?2, ?3, ?4 "
            "WHERE NOT EXISTS (SELECT 1 FROM defined WHERE id = ?1)",
            ((name, place.file, place.line, place.column) for name, place in uses.items()),
        )
        self.rows.executemany(
            "INSERT OR IGNORE INTO defined VALUES (?)", ((name,) for name in defined)
        )

    def defined_before(
        self, source: str, entities: Mapping[str, bytes]
    ) -> Iterator[tuple[str, str, bytes]]:
        """Note what a source says of the entities that it defines; yield those defined before it.

        Each comes with the source that defined it first and with what that says.
        """
        before = self.rows.total_changes
        self.rows.executemany(
            "INSERT OR IGNORE INTO entity VALUES (?, ?, ?)",
            ((entity, source, said) for entity, said in entities.items()),
        )
        if self.rows.total_changes - before == len(entities):
            return
        for entity in entities:
            yield from self.rows.execute(
                "SELECT id, source, said FROM entity WHERE id = ? AND source <> ?", (entity, source)
            )

    def add_names(self, entities: Iterable[DefinedEntity]) -> None:
        """Note by what different names sources call their entities."""
        self.rows.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?, ?, ?)",
            (
                (one.id, one.names, one.length, one.place.file, one.place.line, one.place.column)
                for one in entities
            ),
        )

    def place_of_entity(self, entity: str) -> Place:
        """Return where the files define an entity first."""
        rows = self.rows.execute(
            "SELECT file, line, position FROM names WHERE entity = ? "
            "ORDER BY file, line, position LIMIT 1",
            (entity,),
        )
        return Place(*rows.fetchone())

    def add_steps(self, steps: Iterable[Step]) -> None:
        """Note where links lead that may not lead in a circle."""
        self.rows.executemany(
            "INSERT OR IGNORE INTO step VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (s.link, s.start, s.end, s.source, s.place.file, s.place.line, s.place.column)
                for s in steps
            ),
        )

    def circling(self, table: Literal["step", "onward"] = "step") -> Iterator[Step]:
        """Yield the steps that may lead in a circle: that come to no end, within ``DEEPEST``.

        The others are dropped from the table.
        """
        for _ in range(DEEPEST):
            if not self.rows.execute(_DEAD_ENDS.format(table)).rowcount:
                break
        rows = self.rows.execute(
            f"SELECT link, start, end, file, line, position, source FROM {table} "
            "ORDER BY file, line, position"
        )
        for link, start, end, file, line, position, source in rows:
            yield Step(link, start, end, Place(file, line, position), source)

    def drop(self, held: Iterable[tuple[str, str]]) -> None:
        """Note ids that a source held and that no source defines any more, each with its source."""
        self.rows.executemany(
            "INSERT OR IGNORE INTO dropped SELECT ?1, ?2 "
            "WHERE NOT EXISTS (SELECT 1 FROM defined WHERE id = ?1)",
            held,
        )

    def keep(self, ids: Iterable[str]) -> None:
        """Note that ids stay that were to be dropped."""
        self.rows.executemany("DELETE FROM dropped WHERE id = ?", ((one,) for one in ids))

    def drops(self, node_id: str) -> bool:
        """Return whether an id is dropped."""
        return self._has("dropped", node_id)

    def dropped(self) -> Iterator[tuple[str, Place]]:
        """Yield the ids that are dropped, each with where the source begins that held it."""
        for name, *place in self.rows.execute(
            "SELECT d.id, file, line, position FROM dropped d JOIN source s ON s.id = d.source"
        ):
            yield name, Place(*place)

    def used_though_dropped(self) -> Iterator[tuple[str, Place]]:
        """Yield what is used and dropped, and where it is used first."""
        yield from self._select_used("WHERE EXISTS (SELECT 1 FROM dropped d WHERE d.id = used.id)")

    def used_too_early(self) -> Iterator[tuple[str, Place]]:
        """Yield ids that are used before they are defined, with the first place."""
        yield from self._select_used("WHERE EXISTS (SELECT 1 FROM defined d WHERE d.id = used.id)")

    def used_elsewhere(self) -> Iterator[tuple[str, Place]]:
        """Yield ids that are used and nowhere defined, with the first place."""
        yield from self._select_used(
            "WHERE NOT EXISTS (SELECT 1 FROM defined d WHERE d.id = used.id)"
        )

    def _select_used(self, where: str) -> Iterator[tuple[str, Place]]:
        for name, *place in self.rows.execute(
            f"SELECT id, file, line, position FROM used {where} ORDER BY file, line, position"
        ):
            yield name, Place(*place)
