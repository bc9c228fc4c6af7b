"""The bundled facts: checked while the database boots, loaded unless they certainly are.

A note in the data folder has a digest of the facts and of the code that loads them, the id of the
commit after which they were loaded, and how many nodes there were. While digest and commit are the
same, nothing has to be migrated, compared or counted.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import neo4j
import orjson

import graph_seed
import schema
from graph_seed import FactsError, check, load
from graph_seed.problems import errors
from service.background import Background
from service.db.last_commit import READ_COMMIT
from service.managed.home import Home
from service.settings import Settings

FOLDER = Path(graph_seed.__file__).parent / "facts"
READ_FROM = tuple(Path(one.__file__ or "").parent for one in (graph_seed, schema))
"""The packages that decide what a load of the facts writes, and the facts themselves."""
COUNT = """\
CYPHER 5 MATCH (n:Node) UNWIND labels(n) AS label WITH label, count(*) AS n
RETURN label, n ORDER BY n DESC"""


@dataclass(frozen=True, slots=True)
class Note:
    """The state of a graph after a load of the facts, by which a later start recognizes it."""

    digest: str
    commit: str | None
    counts: Mapping[str, int]
    """The number of nodes of each label."""


class BundledFacts:
    """The bundled facts, for the database of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Begin to check the facts in a thread, unless a note says that they were loaded."""
        self._home = Home(settings) if settings.is_managed else None
        self._digest = digest_files()
        self._note = _read_note(self._home)
        if self._note is not None and self._note.digest != self._digest:
            self._note = None
        self._checking = Background(check_facts) if self._note is None else None

    def find_note(self, driver: neo4j.Driver, database: str) -> Note | None:
        """Return the note if nothing was committed since it was written; else None."""
        is_current = self._note is not None and self._note.commit == _commit(driver, database)
        return self._note if is_current else None

    def load(self, driver: neo4j.Driver, database: str) -> Mapping[str, int]:
        """Load the facts; return the number of nodes. Raises FactsError and LoadError."""
        checked = self._checking.result() if self._checking else check_facts()
        if not checked.valid:
            raise FactsError(errors(checked.problems))
        load(driver, checked.facts, database=database)
        # Where a commit comes between these two reads, the note does not fit and is not used.
        note = Note(self._digest, _commit(driver, database), count_nodes(driver, database))
        if self._home is not None and note.commit is not None:
            self._home.remember_loaded(orjson.dumps(asdict(note)).decode())
        return note.counts


def check_facts() -> graph_seed.Checked:
    """Check the bundled facts."""
    return check(sorted(FOLDER.glob("*.yaml")), for_load=True)


def count_nodes(driver: neo4j.Driver, database: str) -> Mapping[str, int]:
    """Return the number of nodes of each label, the greatest first."""
    with driver.session(database=database) as session:
        return {row["label"]: row["n"] for row in session.run(COUNT)}


def digest_files() -> str:
    """Return a digest of the facts and of the code that reads and loads them."""
    digest = hashlib.sha256()
    for path in _files():
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for folder in READ_FROM:
        yield from (one for one in sorted(folder.rglob("*")) if one.suffix in {".py", ".yaml"})


def _commit(driver: neo4j.Driver, database: str) -> str | None:
    """Return the id of the last commit; None while one is in progress, and without a graph."""
    with driver.session(database=database) as session:
        record = session.run(READ_COMMIT.text, dict(READ_COMMIT.parameters)).single()
    return None if record is None or record.value() is None else str(record.value())


def _read_note(home: Home | None) -> Note | None:
    try:
        text = home.loaded if home is not None else None
        return None if text is None else Note(**orjson.loads(text))
    except (ValueError, TypeError):
        return None  # of another release
