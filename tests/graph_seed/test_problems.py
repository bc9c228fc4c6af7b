"""Every code that a check or a citation may give is documented, and has a test."""

import ast
import re
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORT = ("syntax/*", "checking/*", "citing/*", "state/entity_merge", "values/value_types",
          "loading/bulk/check_lines", "loading/bulk/scan")  # fmt: skip
"""Modules of graph_seed that report problems."""
CODE = re.compile(r"[A-Z]{2,}[A-Z_0-9]*")


def codes() -> set[str]:
    found: set[str] = set()
    paths = {name: list((ROOT / "graph_seed").glob(f"{name}.py")) for name in REPORT}
    assert all(paths.values()), "a module was renamed"
    for path in chain.from_iterable(paths.values()):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if CODE.fullmatch(node.value) else set()
    return found - {"NULL", "LOAD_INTERRUPTED"}  # the latter refuses a load


def test_every_code_is_documented() -> None:
    document = (ROOT / "docs/editor/codes.md").read_text("utf-8")
    table = document.partition("## Refusals of a load")[0]
    assert set(re.findall(r"`([A-Z_0-9]+)`", table)) - {"CODE"} == codes()


def test_every_code_has_a_test() -> None:
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.rglob("test_*.py"))
    assert sorted(one for one in codes() if f'"{one}"' not in tests) == []
