"""A startup cache is made in the background, read by later starts, and never in the way."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from service.managed import startup_cache
from service.managed.home import managed_environment
from service.managed.owner import Owner
from service.managed.startup_cache import make_startup_cache, startup_option
from service.settings import Settings

AT_ONCE = "from service.managed import startup_cache as s; s.DELAY_SECONDS = 0; s.main()"


@pytest.fixture
def apart(tmp_path: Path, settings: Settings, owner: Owner) -> Settings:
    """Return settings with a cache that has the jars and no startup cache."""
    folder = tmp_path / "cache" / "neo4j"
    folder.mkdir(parents=True)
    for jar in (settings.cache_dir.expanduser() / "neo4j").glob("*.jar"):
        os.link(jar, folder / jar.name)
    return settings.model_copy(
        update={"data_dir": tmp_path / "data", "cache_dir": tmp_path / "cache"}
    )


def wait_for_java(apart_from: list[psutil.Process]) -> list[psutil.Process]:
    """Return the new Java processes below this one as soon as there is one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        children = psutil.Process().children(recursive=True)
        found = [one for one in children if one not in apart_from and "java" in one.name()]
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("no second database was started")


def list_files(settings: Settings) -> list[str]:
    return sorted(one.name for one in (settings.cache_dir / "neo4j").glob("*startup*"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_database_reads_the_startup_cache(settings: Settings, owner: Owner) -> None:
    (option,) = startup_option(settings)
    path = option.partition("=")[2]
    assert make_startup_cache(settings), "what is there is not made again"
    assert path in Path(f"/proc/{owner.pid}/maps").read_text()


def test_a_stopped_owner_leaves_no_half_made_file_or_process(apart: Settings) -> None:
    with Owner(apart):
        running = wait_for_java(psutil.Process().children(recursive=True))
        assert startup_option(apart) == []
    assert not any(one.is_running() for one in running)
    assert [one for one in list_files(apart) if one != ".startup.lock"] == []


def test_a_killed_owner_leaves_no_half_made_file_or_process(apart: Settings) -> None:
    others = psutil.Process().children(recursive=True)
    maker = subprocess.Popen(
        [sys.executable, "-c", AT_ONCE],
        stdin=subprocess.PIPE,
        env=managed_environment(apart),
    )
    running = wait_for_java(others)
    # The system closes the pipes of a process that is killed.
    maker.communicate(timeout=60)
    assert maker.returncode == 0
    assert not any(one.is_running() for one in running)
    assert [one for one in list_files(apart) if one != ".startup.lock"] == []


def test_a_file_that_java_crashes_on_is_deleted(
    apart: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = startup_cache._cache_path(apart)
    assert path is not None
    path.write_bytes(b"not what Java wrote")
    # An unknown option ends Java as a damaged file does.
    monkeypatch.setattr(
        "service.managed.owner.startup_option", lambda _: ["-XX:Damaged"] * path.is_file()
    )
    with Owner(apart) as held:
        assert held.pid
    assert not path.exists()


@pytest.mark.parametrize("change", ["setting", "jar"])
def test_a_file_is_read_only_with_what_it_was_made_with(apart: Settings, change: str) -> None:
    path = startup_cache._cache_path(apart)
    assert path is not None
    path.write_bytes(b"not what Java wrote")
    assert startup_option(apart) == [f"-XX:AOTCache={path}"]
    if change == "setting":
        assert startup_option(apart.model_copy(update={"neo4j_startup_cache": False})) == []
    else:
        jar = next((apart.cache_dir / "neo4j").glob("neo4j-2*.jar"))
        content = jar.read_bytes()
        jar.unlink()
        jar.write_bytes(content)
        assert startup_option(apart) == []
