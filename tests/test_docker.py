"""Tests of the Dockerfile: it is linted, its script is run; the image is not built."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from service.generate import ROOT


def test_the_dockerfile_is_clean() -> None:
    hadolint = shutil.which("hadolint", path=f"{ROOT / '.venv/bin'}:{os.environ['PATH']}")
    assert hadolint, "hadolint is among the development requirements"
    done = subprocess.run(
        [hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_it_serves_as_another_user_and_says_whether_it_is_well() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    for word in (
        "USER 10001",
        "HEALTHCHECK",
        "/healthz",
        'CMD ["parley", "up"]',
        "docker/install.sh",
    ):
        assert word in text


@pytest.mark.slow
def test_its_steps_install_a_parley_that_runs(tmp_path: Path) -> None:
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if name and path.is_file() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, source / name)
    prefix = tmp_path / "prefix"
    done = subprocess.run(
        ["sh", str(source / "docker/install.sh"), str(prefix), str(source)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("parley ")
    parley = prefix / "opt/parley/venv/bin/parley"
    facts = subprocess.run(
        [parley, "check", str(ROOT / "tests/facts/river-talks.yaml")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert facts.returncode == 0, facts.stderr
    host = re.search(r"PARLEY_HOST=(\S+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert host
    refused = subprocess.run(
        [parley, "up"], env={"PARLEY_HOST": host[1], "HOME": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "NOT_OPEN" in refused.stderr
    python = prefix / "opt/parley/venv/bin/python"
    asked = (
        "from service.pages.documentation import documentation; "
        "from service.pages.archive import read_archive; "
        "read_archive()['index.html']; print(*sorted(documentation().files))"
    )
    shown = subprocess.run(
        [python, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    docs = (path for path in (ROOT / "docs").rglob("*.*") if path.is_file())
    assert shown.stdout.split() == sorted(
        path.relative_to(ROOT / "docs").as_posix() for path in docs
    )
