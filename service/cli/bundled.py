"""The bundled facts: checked while the database boots, loaded unless they certainly are.

A note in the data folder has a digest of the facts and of the code that loads them, and the id of
the commit after which they were loaded. While both are the same, nothing has to be compared.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import neo4j

import graph_seed
import schema
from graph_seed import FactsError, check, load
from graph_seed.problems import errors
from service.cli.background import Background
from service.db.last_commit import READ_COMMIT
from service.managed.home import Home
from service.settings import Settings

FOLDER = Path(graph_seed.__file__).parent / "facts"
READ_FROM = tuple(Path(one.__file__ or "").parent for one in (graph_seed, schema))
"""The packages that decide what a load of the facts writes, and the facts themselves."""


class BundledFacts:
    """The bundled facts, for the database of the settings; ``load`` loads them."""

    def __init__(self, settings: Settings) -> None:
        """Begin to check the facts in a thread, unless the note says that they were loaded."""
        self._home = Home(settings) if settings.is_managed else None
        self._digest = digest_files()
        self._noted = self._home.loaded if self._home is not None else None
        self._checking: Background[graph_seed.Checked] | None = None
        if self._noted is None or not self._noted.startswith(self._digest):
            self._checking = Background(check_facts)

    def load(self, driver: neo4j.Driver, database: str) -> None:
        """Load the facts, unless nothing was committed since; raises FactsError and LoadError."""
        if self._noted is not None and self._noted == self._describe(driver, database):
            return
        checked = self._checking.result() if self._checking else check_facts()
        if not checked.valid:
            raise FactsError(errors(checked.problems))
        load(driver, checked.facts, database=database)
        note = self._describe(driver, database)
        if self._home is not None and note is not None:
            self._home.remember_loaded(note)

    def _describe(self, driver: neo4j.Driver, database: str) -> str | None:
        """Return the note for the graph as it is; None while a commit is in progress."""
        with driver.session(database=database) as session:
            record = session.run(READ_COMMIT.text, dict(READ_COMMIT.parameters)).single()
        commit = record.value() if record is not None else None
        return None if commit is None else f"{self._digest} {commit}"


def check_facts() -> graph_seed.Checked:
    """Check the bundled facts."""
    return check(sorted(FOLDER.glob("*.yaml")), for_load=True)


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
