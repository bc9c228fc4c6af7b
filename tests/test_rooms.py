"""Tests of the structure of the code: folders, and what each may import."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from graph_seed.values.value_types import VALUE_TYPES as IN_FACTS
from schema.domain import DOMAIN
from schema.scalars import SCALARS
from service.graphql.types.scalars import GRAPHQL_TYPES
from service.query.value_types import VALUE_TYPES as IN_QUERIES

ROOT = Path(__file__).parent.parent
ROOMS = ("schema", "graph_seed", "service")
MODULES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
MAY_IMPORT = {"schema": {"schema"}, "graph_seed": {"schema", "graph_seed"}, "service": set(ROOMS)}
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
"""Beside the rooms: they measure the product, which knows nothing of them."""
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
DRIVER = {"service/db/database.py"}
"""Modules that may import the database's driver at all; graph_seed takes one that is open."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def imported_modules(path: Path) -> Iterator[str]:
    """Return the modules that one imports; of ``from a import b``, ``a.b`` if it is a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from below
            if not all((ROOT / f"{name.replace('.', '/')}.py").exists() for name in below):
                yield node.module


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def test_no_modules_import_each_other() -> None:
    names = {module_name(path) for path in MODULES}
    graph = {module_name(path): names & set(imported_modules(path)) for path in MODULES}
    TopologicalSorter(graph).prepare()


def test_nothing_reads_cypher_back() -> None:
    """A regular expression over Cypher would match a text of a user, too."""
    for path in (ROOT / "service/query").glob("*.py"):
        assert path.stem == "snippets" or not {"re", "regex"} & set(imports(path)), path


VALUE_TABLES = {
    "schema/scalars.py",
    "graph_seed/values/value_types.py",
    "service/query/value_types.py",
    "service/graphql/types/scalars.py",
}
"""The modules that hold one row for each scalar: one in each room, and GraphQL's."""


def test_scalars_are_told_apart_in_the_tables_of_value_types() -> None:
    for path in MODULES:
        if str(path.relative_to(ROOT)) in VALUE_TABLES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]) != "None":
                named = [ast.unparse(one) for one in (node.left, *node.comparators)]
                assert not any(one.endswith("scalar") for one in named), f"{path}:{node.lineno}"


def test_each_scalar_has_a_row_in_each_table() -> None:
    for table in (IN_FACTS, IN_QUERIES, GRAPHQL_TYPES):
        assert set(table) == set(SCALARS)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        other = name.partition(".")[0]
        assert other not in {*ROOMS, "benchmarks"} - MAY_IMPORT[room], f"{path} imports {name}"


STAGES = ("values", "text", "syntax", "state", "checking", "citing", "graph", "loading")
"""The folders of graph_seed, in the order in which facts flow through them."""


def test_stages_import_earlier_stages_only() -> None:
    for path in (ROOT / "graph_seed").glob("*/**/*.py"):
        stage = path.relative_to(ROOT / "graph_seed").parts[0]
        later = STAGES[STAGES.index(stage) + 1 :]
        for name in imported_modules(path):
            parts = name.split(".")
            assert parts[0] != "graph_seed" or parts[1] not in later, f"{path} imports {name}"


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    import sys

    allowed = {*sys.stdlib_module_names, "schema"}
    for path in (ROOT / "schema").rglob("*.py"):
        assert {name.partition(".")[0] for name in imports(path)} <= allowed, path


def test_strawberry_is_imported_by_two_folders() -> None:
    for path in MODULES:
        if "strawberry" in {name.partition(".")[0] for name in imports(path)}:
            assert path.relative_to(ROOT).parts[:2] in {("service", "graphql"), ("service", "http")}


def test_any_is_named_in_the_adapter_only() -> None:
    """Where Strawberry's types are made, types are not known when written.

    An import counts whatever it calls what it takes.
    """
    named = {
        str(path.relative_to(ROOT))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.alias) and node.name == "Any")
        or (isinstance(node, ast.Name) and node.id == "Any")
        or (isinstance(node, ast.Attribute) and node.attr == "Any")
    }
    assert named == {"service/graphql/types/registry.py"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p for p in MODULES + BENCHMARKS if p.stem in VAGUE] == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES + BENCHMARKS}
    assert {str(p): n for p, n in lengths.items() if n > 400} == {}


def test_one_module_prints() -> None:
    """Data that passed through rich came out altered: nothing else of the product uses it.

    Only the log is written beside it, which is plain text or JSON.
    """
    developers = {"service/generate.py", "service/managed/lock_jars.py"}
    for path in MODULES:
        name = str(path.relative_to(ROOT))
        if name == "service/cli/console.py" or name in developers:
            continue
        assert "rich" not in {one.partition(".")[0] for one in imports(path)}, path
        if name == "service/log_writer.py":
            continue
        calls = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        }
        written = {"print", "typer.echo", "typer.secho", "sys.stdout.write", "sys.stderr.write"}
        assert calls & written == set(), path


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Return the string constants of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for body in ast.walk(tree)
        if isinstance(body, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in body.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docs:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


def test_labels_and_types_are_named_in_the_vocabulary_only() -> None:
    names = {*DOMAIN.nodes, *DOMAIN.relationships} - {"Node", "Source", "Group", "Event", "Load"}
    found = [
        f"{path}:{line}: {text}"
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "schema"
        for line, text in strings(path)
        if text in names
    ]
    assert found == []
