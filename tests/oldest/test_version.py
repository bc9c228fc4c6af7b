"""Tests that ``make test-oldest`` runs the Neo4j of this folder's lock on Java 17."""

from pathlib import Path

import neo4j

from service.db.database import COMPONENTS
from service.managed.jars import neo4j_version, read_lock
from service.settings import Settings
from tests.conftest import DATABASE

LOCK = Path(__file__).parent / "neo4j.lock"


def test_the_lock_is_of_the_oldest_that_is_supported() -> None:
    assert neo4j_version(read_lock(LOCK)) == "5.26.0"


def test_the_server_is_the_one_of_the_lock(driver: neo4j.Driver, settings: Settings) -> None:
    with driver.session(database=DATABASE) as session:
        (found,) = session.run(COMPONENTS).single(strict=True)
    assert found == neo4j_version(read_lock(settings.neo4j_lock))
