"""Keep what a release promises to later ones: its schema, a small store, and answers about it.

``python -m tests.releases.keep`` writes the folder of the current version, once, when it is
released: from then on its files never change. ``facts/`` and ``questions.graphql`` are written by
hand before.
"""

import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import neo4j
import orjson
from graphql import OperationDefinitionNode, parse, print_ast

import graph_seed
from service.managed.connection import find_running
from service.managed.owner import Owner
from service.settings import Settings
from tests.conftest import DATABASE
from tests.querying import SCHEMA, answer
from tests.releases.store import read_store

HERE = Path(__file__).parent
ORDER = ("bulletin", "river-talks", "correction")


def questions(folder: Path) -> dict[str, str]:
    """Return the operations of a release by their names."""
    document = parse((folder / "questions.graphql").read_text("utf-8"))
    return {
        one.name.value: print_ast(one)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode) and one.name
    }


def fill(driver: neo4j.Driver, folder: Path) -> None:
    """Load the facts of a release in several versions; unload one source and load it again."""
    for name in ORDER:
        path = folder / "facts" / f"{name}.yaml"
        graph_seed.load_files(driver, [path], database=DATABASE, by="the release")
    graph_seed.unload(driver, "source:river-talks", database=DATABASE, note="taken back")
    path = folder / "facts" / "river-talks.yaml"
    graph_seed.load_files(driver, [path], database=DATABASE, note="brought back")


def keep(folder: Path) -> None:
    """Write the files of a release."""
    with TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), neo4j_uri=None, port=0)
        with Owner(settings):
            found = find_running(settings)
            assert found is not None
            auth = (found.user, found.password.get_secret_value())
            with neo4j.GraphDatabase.driver(found.uri, auth=auth) as driver:
                graph_seed.ensure_schema(driver, DATABASE)
                fill(driver, folder)
                with driver.session(database=DATABASE) as session:
                    store = read_store(session)
                answers = {name: answer(driver, text) for name, text in questions(folder).items()}
    (folder / "schema.graphql").write_text(SCHEMA.as_str() + "\n", "utf-8")
    (folder / "store.jsonl").write_text(store, "utf-8")
    written = orjson.dumps(answers, option=orjson.OPT_INDENT_2)
    (folder / "answers.json").write_bytes(written + b"\n")


if __name__ == "__main__":
    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    target = HERE / project["version"]
    if (target / "schema.graphql").exists():
        sys.exit(f"{target.name} is kept already; a release never changes.")
    keep(target)
