"""Tests that a folder that cannot be written gives one line with a code."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import StorageUnavailable
from service.managed import control
from service.managed.home import Home
from service.managed.jars import download_jars
from service.managed.owner import Owner
from service.managed.storage import describe_storage_error, translate_storage_errors
from service.settings import Settings

COMMANDS = (["up", "--port", "0"], ["db", "start"])


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """Return a folder that cannot be written, also by root where that may mount."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    if not mounted:
        folder.chmod(0o500)
    yield folder
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)
    else:
        folder.chmod(0o700)


def parley(*given: str, **options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *given],
        env=os.environ | options, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_data_folder_that_cannot_be_written_is_one_line(
    read_only: Path, command: list[str]
) -> None:
    for data in (read_only, read_only / "parley"):
        done = parley(*command, PARLEY_DATA_DIR=str(data))
        assert done.returncode == 1
        assert done.stderr.startswith(f"error STORAGE_UNAVAILABLE: {read_only}")
        assert "PARLEY_DATA_DIR" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_data_folder_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    for folder in (file, file / "below", tmp_path / ("x" * 300)):
        settings = Settings(data_dir=folder, neo4j_uri=None)
        with pytest.raises(StorageUnavailable) as caught:
            Home(settings).read_state()
        assert str(caught.value).startswith(f"{folder}: ")
        assert str(caught.value).endswith("Set PARLEY_DATA_DIR to another folder.")


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_DATA_DIR", raising=False)
    default = Settings().data_dir
    monkeypatch.setenv("PARLEY_DATA_DIR", "")
    assert Settings().data_dir == default


def test_a_cache_that_cannot_be_written_is_one_line(read_only: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", cache_dir=read_only)
    with pytest.raises(StorageUnavailable, match="PARLEY_CACHE_DIR") as caught, Owner(settings):
        pass
    assert len(str(caught.value).splitlines()) == 1
    assert not (tmp_path / "data" / "state.json").exists()


@pytest.mark.parametrize("name", ["make", "prepare", "write_state", "remember_port"])
def test_a_disk_that_fills_up_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whatever is written first when the disk is full: no start leaves anything behind."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "data"))

    settings = Settings(data_dir=tmp_path / "data")
    monkeypatch.setattr(Home, name, full)
    with pytest.raises(StorageUnavailable, match="the disk is full") as caught, Owner(settings):
        pass
    assert str(tmp_path / "data") in str(caught.value)
    monkeypatch.undo()
    assert Home(settings).read_state() is None or name == "write_state"
    assert control.stop(settings) is False


def test_neo4j_is_not_started_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def free(_: object) -> object:
        return type("Usage", (), {"free": 5_000_000})

    monkeypatch.setattr("service.managed.storage.shutil.disk_usage", free)
    with (
        pytest.raises(StorageUnavailable, match="the disk is full"),
        Owner(Settings(data_dir=tmp_path)),
    ):
        pass
    assert not (tmp_path / "neo4j.log").exists()


def test_a_download_that_fills_the_disk_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("service.managed.jars.download", full)
    with pytest.raises(StorageUnavailable, match=r"the disk is full\..*PARLEY_CACHE_DIR"):
        download_jars(Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache"))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full. Free some space"),
        (errno.EDQUOT, "the disk quota is used up. Free some space"),
        (errno.EROFS, "the file system is read-only. Make it writable"),
        (errno.EACCES, "this user may not write there. Make it writable"),
        (errno.EIO, "Input/output error. Make it writable"),
    ],
)
def test_each_reason_is_told_with_what_to_do(tmp_path: Path, number: int, reason: str) -> None:
    error = OSError(number, os.strerror(number), str(tmp_path / "file"))
    told = f"{tmp_path}/file: {reason}, or set PARLEY_X to another folder."
    assert describe_storage_error(error, tmp_path, "PARLEY_X") == told
    with (
        pytest.raises(StorageUnavailable) as caught,
        translate_storage_errors(tmp_path, "PARLEY_X"),
    ):
        raise error
    assert str(caught.value) == told
