"""Fixtures for all tests.

Each worker of a run (``make test`` has two) has a real managed Neo4j: `settings` names its folders
(data in a temporary one, Neo4j's files in the user's cache), `owner` runs it, `driver` connects to
it. A test that writes takes `empty`, which deletes all nodes; a module that only reads the bundled
facts takes `article`, which loads them once. Nothing is faked, unless a fault cannot be caused in
another way.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import neo4j
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import graph_seed
from service.managed.connection import ConnectionInfo, find_running
from service.managed.jars import download_jars
from service.managed.owner import Owner
from service.managed.startup_cache import make_startup_cache
from service.settings import Settings
from tests.reaper import reaping

FACTS = Path(graph_seed.__file__).parent / "facts"
DATABASE = "neo4j"
LONGEST = {"test_oracle.py", "test_owner.py", "test_commands.py", "test_docs.py", "test_as_of.py"}
JAVA_OPTIONS = "JDK_JAVA_OPTIONS"
"""The environment variable with further options for Java."""

hypothesis_settings.register_profile(
    "parley", deadline=None, suppress_health_check=list(HealthCheck), database=None
)
hypothesis_settings.load_profile("parley")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-cases", action="store_true", help="write the golden cases again")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: last, one worker would wait for the other."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session", autouse=True)
def reaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kill the databases of a run that is killed."""
    with reaping(tmp_path_factory.getbasetemp()):
        yield


@pytest.fixture(scope="session", autouse=True)
def short_lived_java() -> Iterator[None]:
    """Compile less in databases that tests start for themselves: most live for seconds."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(JAVA_OPTIONS, "-XX:TieredStopAtLevel=1")
        yield


@pytest.fixture(scope="session", autouse=True)
def short_log() -> Iterator[None]:
    """Do not log each request: a run of the tests has hundreds of thousands."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PARLEY_REQUEST_LOG", "0")
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), neo4j_uri=None, port=0)


@pytest.fixture(scope="session")
def owner(settings: Settings) -> Iterator[Owner]:
    download_jars(settings)
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            environment.delenv(JAVA_OPTIONS, raising=False)
            make_startup_cache(settings)
            held = stack.enter_context(Owner(settings))
        yield held


@pytest.fixture(scope="session")
def connection(settings: Settings, owner: Owner) -> ConnectionInfo:
    found = find_running(settings)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def driver(connection: ConnectionInfo) -> Iterator[neo4j.Driver]:
    auth = (connection.user, connection.password.get_secret_value())
    with neo4j.GraphDatabase.driver(
        connection.uri, auth=auth, notifications_min_severity="OFF"
    ) as driver:
        yield driver


def clear(driver: neo4j.Driver) -> None:
    """Delete every node; constraints and indexes stay."""
    with driver.session(database=DATABASE) as session:
        session.run("MATCH (n) DETACH DELETE n").consume()


@pytest.fixture
def empty(driver: neo4j.Driver) -> neo4j.Driver:
    clear(driver)
    graph_seed.ensure_schema(driver, DATABASE)
    return driver


@pytest.fixture(scope="module")
def article(driver: neo4j.Driver) -> neo4j.Driver:
    clear(driver)
    graph_seed.load_files(driver, sorted(FACTS.glob("*.yaml")), database=DATABASE)
    return driver
