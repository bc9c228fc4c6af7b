"""Tests of the packages for Node: pinned, locked, and without the address of a registry."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = subprocess.run(
    ["git", "ls-files", "*package-lock.json"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()


@pytest.mark.parametrize("path", LOCKS)
def test_packages_are_locked(path: str) -> None:
    lock = json.loads((ROOT / path).read_text("utf-8"))
    named = json.loads((ROOT / path).with_name("package.json").read_text("utf-8"))
    for kind in ("dependencies", "devDependencies"):
        packages = named.get(kind, {})
        assert lock["packages"][""].get(kind, {}) == packages
        for name, version in packages.items():
            assert re.fullmatch(r"[0-9.]+", version), name
            assert lock["packages"][f"node_modules/{name}"]["version"] == version
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity"), name
