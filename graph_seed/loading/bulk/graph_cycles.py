"""Find cycles of links of large files with links of the graph, before anything is written.

The graph is walked from the ends of the files' links on, many ids at a time. What only sources of
these files say does not count: the load replaces it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import neo4j

from graph_seed.checking.references import AcyclicLink, Step, acyclic_links, find_step_cycles
from graph_seed.graph.repository import AT_ONCE, Repository
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.state.desired_state import description_type
from graph_seed.state.entity_merge import parse_relationships
from schema import rules
from schema.names import ID, SLOTS
from schema.scalars import EARLIEST
from schema.storage import match_id
from schema.vocabulary import Vocabulary

DEEPEST = 1_000
"""Links, one after another, that one query follows at most; each follows more than the last."""
_LAST = "9999-12-31"
"""Stands for the day of a source that has none: of single values, those of others show."""
_SCHEMA = """
CREATE TABLE reached (
    link TEXT, id TEXT, asked INTEGER, PRIMARY KEY (link, id)
) WITHOUT ROWID;
CREATE INDEX waiting ON reached (link) WHERE asked = 0;
CREATE TABLE renamed (id TEXT PRIMARY KEY, now TEXT) WITHOUT ROWID;
CREATE TABLE onward (
    link TEXT, start TEXT, end TEXT, published TEXT, source TEXT, file TEXT, line INTEGER,
    position INTEGER, PRIMARY KEY (link, start, end)
) WITHOUT ROWID;
"""
_FILES_STEPS = f"""
INSERT OR REPLACE INTO onward
SELECT link, coalesce(a.now, start), coalesce(b.now, end), coalesce(published, '{_LAST}'),
    source, step.file, step.line, step.position
FROM step JOIN source ON source.id = step.source
LEFT JOIN renamed AS a ON a.id = start LEFT JOIN renamed AS b ON b.id = end
"""
_NOT_SHOWN = """
DELETE FROM onward WHERE link = ? AND EXISTS (
    SELECT 1 FROM onward AS shown WHERE shown.link = onward.link AND shown.start = onward.start
    AND (shown.published, shown.source) < (onward.published, onward.source)
)
"""


def find_cycles_with_graph(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, *, merged: bool
) -> Iterator[list[Step]]:
    """Yield cycles that lead through links of the files and through links that the graph keeps.

    Steps of the graph have a place without a file. ``merged`` says whether the graph has ids that
    were merged away.
    """
    used = {name for (name,) in ids.rows.execute("SELECT DISTINCT link FROM step")}
    links = [one for name, one in acyclic_links(vocabulary).items() if name in used]
    links = [one for one in links if _has_any(store, one)]
    if not links:
        return
    ids.rows.executescript(_SCHEMA)
    for link in links:
        _Walk(store, vocabulary, ids, link, merged=merged).run()
    ids.rows.execute(_FILES_STEPS)
    for link in links:
        if link.one:
            ids.rows.execute(_NOT_SHOWN, (link.name,))
    for way in find_step_cycles(ids.circling("onward")):
        from_files = {bool(step.place.file) for step in way}
        if len(from_files) > 1:
            yield way


def _has_any(store: Repository, link: AcyclicLink) -> bool:
    """Return whether the graph holds any such link; the database counts them without looking."""
    (row,) = store.run(f"MATCH (:{link.label})-[r:{link.type}]->() RETURN count(r) AS n")
    return bool(row["n"])


class _Walk:
    """Notes every link of one type that the graph keeps and that the files' links lead on to."""

    def __init__(
        self,
        store: Repository,
        vocabulary: Vocabulary,
        ids: IdIndex,
        link: AcyclicLink,
        *,
        merged: bool,
    ) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._rows = ids.rows
        self._link = link
        self._merged = merged

    def run(self) -> None:
        """Read the links of nodes that were reached, until no new node is."""
        name = self._link.name
        for column in ("start", "end"):
            found = self._rows.execute(
                f"SELECT DISTINCT {column} FROM step WHERE link = ?", (name,)
            )
            while some := [one for (one,) in found.fetchmany(AT_ONCE)]:
                self._reach(self._resolve(some).values())
        depth = 0
        while some := self._waiting():
            rows = self._store.run_each(_query(self._vocabulary, self._link, depth), some)
            asked = dict.fromkeys([*some, *(row["id"] for row in rows)])
            self._rows.executemany(
                "INSERT INTO reached VALUES (?, ?, 1) "
                "ON CONFLICT (link, id) DO UPDATE SET asked = 1",
                ((name, one) for one in asked),
            )
            claims = list(self._claims(rows))
            self._rows.executemany(
                "INSERT OR IGNORE INTO onward SELECT ?1, ?2, ?3, ?4, ?5, '', 0, 0 "
                "WHERE NOT EXISTS (SELECT 1 FROM source WHERE id = ?5)",
                ((name, *one) for one in claims),
            )
            self._reach(end for _, end, _, _ in claims)
            depth = min(2 * depth + 1, DEEPEST)

    def _waiting(self) -> list[str]:
        found = self._rows.execute(
            "SELECT id FROM reached WHERE link = ? AND asked = 0 LIMIT ?",
            (self._link.name, AT_ONCE),
        )
        return [one for (one,) in found]

    def _reach(self, ids: Iterable[str]) -> None:
        self._rows.executemany(
            "INSERT OR IGNORE INTO reached VALUES (?, ?, 0)",
            ((self._link.name, one) for one in ids),
        )

    def _resolve(self, ids: Sequence[str]) -> dict[str, str]:
        """Return what ids stand for; note those that were merged into others."""
        now = self._store.merged_ids(ids) if self._merged else {}
        self._rows.executemany("INSERT OR IGNORE INTO renamed VALUES (?, ?)", now.items())
        return {one: now.get(one, one) for one in ids}

    def _claims(self, rows: Iterable[neo4j.Record]) -> Iterator[tuple[str, str, str, str]]:
        """Yield who says what of the nodes: start, end, the day and the id of the source.

        The links of an entity are those of all its descriptions, shown or not: those that the load
        leaves decide which of them show.
        """
        said: list[tuple[str, str, str, str]] = []
        for row in rows:
            node_type = self._vocabulary.type_of_id(row["id"])
            if node_type is None or not node_type.is_entity:
                # The id of a fact holds the key of its source.
                source = f"{rules.SOURCE}:{row['id'].partition(':')[2].partition('/')[0]}"
                yield from ((row["id"], end, _LAST, source) for end in row["ends"])
                continue
            for source, day, text in row["said"]:
                for key in parse_relationships(self._vocabulary, text):
                    if key.type == self._link.type:
                        published = str(day.to_native()) if day is not None else _LAST
                        said.append((row["id"], key.end, published, source))
        now: Mapping[str, str] = self._resolve([end for _, end, _, _ in said])
        yield from ((start, now[end], day, source) for start, end, day, source in said)


def _query(vocabulary: Vocabulary, link: AcyclicLink, depth: int) -> str:
    """Return a query for the links of nodes that ids lead to within so many steps."""
    source = vocabulary.by_kind[rules.SOURCE].label
    return (
        f"UNWIND $rows AS id {match_id('n', 'id')} "
        f"MATCH (n)-[:{link.type}*0..{depth}]->(m) WITH DISTINCT m "
        f"WHERE EXISTS {{ (m)-[:{link.type}]->() }} "
        f"RETURN m.{ID} AS id, [(m)-[:{link.type}]->(o) | o.{ID}] AS ends, "
        f"[(m)-[d:{description_type(vocabulary)}]->(s:{source}) "
        f"WHERE d.{SLOTS} CONTAINS '[\"{link.type}\",' | "
        f"[s.{ID}, s.{rules.PUBLISHED}{EARLIEST}, d.{SLOTS}]] AS said"
    )
