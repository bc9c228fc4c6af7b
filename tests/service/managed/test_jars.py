"""Tests of downloads from a repository on loopback: verified, resumed, every failure named."""

import hashlib
import http.server
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.errors import SetUpFailed
from service.managed.jars import (
    LOCK,
    Jar,
    download,
    download_jars,
    find_damaged,
    find_missing,
    neo4j_version,
    read_lock,
    write_lock,
)
from service.managed.lock_jars import is_left_out
from service.settings import Settings

CONTENT = {f"a{i}": f"content {i}".encode() * 50 for i in range(20)}


def jar(name: str, content: bytes, sha256: str = "") -> Jar:
    digest = sha256 or hashlib.sha256(content).hexdigest()
    return Jar("org.example", name, "1.0", "", digest, len(content))


class Repository(http.server.BaseHTTPRequestHandler):
    failing: dict[str, int] = {}  # noqa: RUF012 - set by tests
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        name = self.path.split("/")[3] if self.path.startswith("/org/example/") else ""
        type(self).asked.append(name)
        if type(self).failing.get(name, 0) > 0:
            type(self).failing[name] -= 1
            self.send_response(503)
            self.end_headers()
            return
        content = CONTENT.get(name)
        self.send_response(200 if content else 404)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def base() -> Iterator[str]:
    Repository.failing, Repository.asked = {}, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Repository)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_all_are_brought_and_progress_is_told(base: str, tmp_path: Path) -> None:
    jars = [jar(name, content) for name, content in CONTENT.items()]
    told: list[tuple[int, int]] = []
    download(jars, tmp_path, base, lambda done, total: told.append((done, total)))
    assert {p.read_bytes() for p in tmp_path.glob("*.jar")} == set(CONTENT.values())
    total = sum(one.size for one in jars)
    assert told[-1] == (total, total)
    assert find_missing(jars, tmp_path) == []


def test_an_interrupted_download_goes_on_where_it_was(base: str, tmp_path: Path) -> None:
    jars = [jar(name, content) for name, content in CONTENT.items()]
    (tmp_path / jars[0].name).write_bytes(CONTENT["a0"])
    (tmp_path / jars[1].name).write_bytes(CONTENT["a1"][:10])
    download(jars, tmp_path, base)
    assert "a0" not in Repository.asked
    assert "a1" in Repository.asked
    assert list(tmp_path.glob(".*")) == []


def test_a_passing_failure_is_tried_again(base: str, tmp_path: Path) -> None:
    Repository.failing = {"a3": 2}
    download([jar("a3", CONTENT["a3"])], tmp_path, base)
    assert Repository.asked.count("a3") == 3


def test_a_wrong_hash_is_an_error_and_is_not_kept(base: str, tmp_path: Path) -> None:
    wrong = jar("a0", CONTENT["a0"], sha256="0" * 64)
    with pytest.raises(SetUpFailed, match=r"org\.example:a0:1\.0: its SHA-256 is not the lock's"):
        download([wrong, jar("a1", CONTENT["a1"])], tmp_path, base)
    assert [p.name for p in tmp_path.glob("*.jar")] == ["a1-1.0.jar"], "what was right stays"


def test_what_is_not_there_is_named(base: str, tmp_path: Path) -> None:
    with pytest.raises(
        SetUpFailed, match=r"org\.example:nothing:1\.0: the repository answered 404"
    ):
        download([jar("nothing", b"x")], tmp_path, base)


def test_no_repository_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SetUpFailed, match="check the network"):
        download([jar("a0", CONTENT["a0"])], tmp_path, "http://127.0.0.1:9/")


def test_the_lock_is_read_as_it_is_written(tmp_path: Path) -> None:
    jars = read_lock(LOCK)
    assert neo4j_version(jars).startswith("2026.")
    assert len(jars) == len({one.name for one in jars})
    write_lock(tmp_path / "lock", jars, "head")
    assert read_lock(tmp_path / "lock") == sorted(jars, key=lambda one: one.coordinate)


def test_nothing_that_is_left_out_is_in_the_lock() -> None:
    assert [one for one in read_lock(LOCK) if is_left_out(one.group)] == []
    assert "://" not in LOCK.read_text("utf-8")


def write_all(folder: Path) -> list[Jar]:
    jars = [jar(name, content) for name, content in CONTENT.items()]
    for one in jars:
        (folder / one.name).write_bytes(CONTENT[one.artifact])
    return jars


def change_bytes(path: Path, *, keep_time: bool = False) -> None:
    """Change bytes of a file and keep its size."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[10:20] = bytes(byte ^ 255 for byte in content[10:20])
    path.write_bytes(content)
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("keep_time", [False, True])
def test_a_file_that_changed_is_damaged(tmp_path: Path, keep_time: bool) -> None:
    jars = write_all(tmp_path)
    assert find_damaged(jars, tmp_path) == []
    change_bytes(tmp_path / jars[3].name, keep_time=keep_time)
    assert find_missing(jars, tmp_path) == []
    assert find_damaged(jars, tmp_path) == [jars[3]]
    assert find_damaged(jars, tmp_path) == [jars[3]], "it is found as often as one looks"


def test_a_file_that_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = write_all(tmp_path)
    read: list[Jar] = []

    def reads(one: Jar, _: Path) -> bool:
        read.append(one)
        return True

    monkeypatch.setattr("service.managed.jars._has_its_hash", reads)
    assert find_damaged(jars, tmp_path) == []
    assert read == jars
    assert find_damaged(jars, tmp_path) == []
    assert read == jars
    assert find_damaged(jars, tmp_path, trust_stamps=False) == []
    assert read == jars * 2
    assert find_damaged([replace(jars[0], sha256="0" * 64)], tmp_path) == []
    assert len(read) == 2 * len(jars) + 1, "of another lock, it is another file"


def settings_of(tmp_path: Path, base: str, jars: list[Jar]) -> Settings:
    write_lock(tmp_path / "lock", jars, "head")
    return Settings(
        cache_dir=tmp_path, data_dir=tmp_path, neo4j_lock=tmp_path / "lock", maven_repository=base
    )


def test_a_damaged_file_is_downloaded_again(base: str, tmp_path: Path) -> None:
    folder = tmp_path / "neo4j"
    folder.mkdir()
    jars = write_all(folder)
    change_bytes(folder / jars[3].name)
    (folder / jars[5].name).unlink()
    settings = settings_of(tmp_path, base, jars)
    assert download_jars(settings) == [jars[3]]
    assert sorted(Repository.asked) == ["a3", "a5"]
    assert {p.read_bytes() for p in folder.glob("*.jar")} == set(CONTENT.values())
    assert download_jars(settings) == []


def test_a_damaged_file_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "neo4j"
    folder.mkdir()
    jars = write_all(folder)
    change_bytes(folder / jars[3].name)
    with pytest.raises(SetUpFailed, match=r"damaged: a3-1\.0\.jar\. .*check the network"):
        download_jars(settings_of(tmp_path, "http://127.0.0.1:9/", jars))
    assert (folder / jars[3].name).exists()
    with pytest.raises(SetUpFailed, match="damaged: a3"):
        download_jars(settings_of(tmp_path, "http://127.0.0.1:9/", jars))
