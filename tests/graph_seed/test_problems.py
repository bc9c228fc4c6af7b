"""Every code that a check or a citation may give is documented, and has a test."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SAYS = (
    "check", "check_source", "circles", "citations", "cite", "cite_source", "expand", "left",
    "quotes", "read", "reading", "references", "shared", "valid", "written", "written_json",
    "written_values", "written_yaml", "bulk/checking", "bulk/files", "bulk/first_pass",
    "values/value_types",
)  # fmt: skip
CODE = re.compile(r"[A-Z]{2,}[A-Z_0-9]*")


def codes() -> set[str]:
    found: set[str] = set()
    for name in SAYS:
        tree = ast.parse((ROOT / f"graph_seed/{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if CODE.fullmatch(node.value) else set()
    return found - {"NULL"}


def test_every_code_is_documented() -> None:
    document = (ROOT / "docs/facts-file.md").read_text("utf-8")
    table = document.partition("## What is wrong")[2]
    assert set(re.findall(r"`([A-Z_0-9]+)`", table)) - {"CODE"} == codes()


def test_every_code_has_a_test() -> None:
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.rglob("test_*.py"))
    assert sorted(one for one in codes() if f'"{one}"' not in tests) == []
