"""Describe the machine and the versions of the software that is measured."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import neo4j
import orjson
import psutil

from benchmarks.servers import NODE
from service.db.database import COMPONENTS

ROOT = Path(__file__).parent.parent


def describe_machine(driver: neo4j.Driver, database: str) -> dict[str, str]:
    """Return the machine and the versions of the software, by name."""
    with driver.session(database=database) as session:
        found = session.run(COMPONENTS).single(strict=True)
    packages = orjson.loads((NODE / "package.json").read_bytes())["dependencies"]
    return {
        "CPU": _cpu(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Neo4j": str(found[0]),
        "Python": platform.python_version(),
        "Python packages": ", ".join(
            f"{name} {version(name)}"
            for name in ("neo4j", "fastapi", "uvicorn", "strawberry-graphql", "orjson")
        ),
        "Node": subprocess.run(
            ["node", "--version"], capture_output=True, text=True, check=True
        ).stdout.strip(),
        "Node packages": ", ".join(f"{name} {one}" for name, one in packages.items()),
    }


def current_commit() -> str:
    """Return the commit of the working tree, marked if files differ from it."""
    asked = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor()
