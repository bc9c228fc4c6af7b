"""A packed file is read whole or refused: nothing that was cut off passes for the end."""

import gzip
import os
import sqlite3
from collections.abc import Callable, Sequence
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile

import neo4j
import orjson
import pytest
import zstandard

from benchmarks.generate import generate_records
from graph_seed import check
from graph_seed.loading.bulk import check_lines
from graph_seed.loading.bulk.load import load_large
from graph_seed.loading.bulk.scan import check_large
from graph_seed.loading.bulk.spool import Spool
from graph_seed.problems import FactsError, LoadError
from graph_seed.syntax import sections
from graph_seed.syntax.archives import ArchiveError, unpack
from graph_seed.syntax.sections import UnreadableFile, read_sections
from tests.conftest import DATABASE, clear

RAW = b"".join(b'{"line": %d}\n' % number for number in range(3_000))
SKIPPED = b"\x50\x2a\x4d\x18\x05\x00\x00\x00hello"
"""A frame of zstd that holds nothing to read."""


def zst(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(raw)


def flipped(packed: bytes, at: int) -> bytes:
    return packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]


def read(folder: Path, name: str, packed: bytes) -> bytes:
    path = folder / name
    path.write_bytes(packed)
    with path.open("rb") as file:
        assert isinstance(file, BufferedReader)
        return unpack(path, file).read()


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.zst", zst(RAW)),
        ("a.zst", zst(RAW[:999]) + zst(RAW[999:])),
        ("a.zst", SKIPPED + zst(b"") + zst(RAW[:999]) + SKIPPED + zst(RAW[999:])),
        ("a.gz", gzip.compress(RAW)),
        ("a.gz", gzip.compress(RAW[:999]) + gzip.compress(RAW[999:]) + b"\0\0\0"),
        ("a.jsonl", RAW),
    ],
)
def test_whole_archives_are_read(tmp_path: Path, name: str, packed: bytes) -> None:
    assert read(tmp_path, name, packed) == RAW


@pytest.mark.parametrize("parts", [1, 2, 3])
@pytest.mark.parametrize(("name", "pack"), [("a.zst", zst), ("a.gz", gzip.compress)])
def test_no_beginning_of_an_archive_passes_for_it(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes], parts: int
) -> None:
    whole = b"".join(pack(RAW[part::parts]) for part in range(parts))
    ends = {len(b"".join(pack(RAW[part::parts]) for part in range(n))) for n in range(parts + 1)}
    for length in {*range(0, len(whole), 41), *range(len(whole) - 30, len(whole))} - ends | {0}:
        with pytest.raises(ArchiveError, match=r"ends in the middle|is empty"):
            read(tmp_path, name, whole[:length])


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.zst", zst(RAW) + b"garbage"),
        ("a.zst", zst(RAW) + b"\0"),
        ("a.zst", flipped(zst(RAW), -1)),
        ("a.zst", zst(RAW) + flipped(zst(RAW), -2)),
        ("a.zst", RAW),
        ("a.zst", gzip.compress(RAW)),
        ("a.gz", gzip.compress(RAW) + b"garbage"),
        ("a.gz", gzip.compress(RAW) + b"x"),
        ("a.gz", flipped(gzip.compress(RAW), -6)),
        ("a.gz", flipped(gzip.compress(RAW), 200)),
        ("a.gz", RAW),
        ("a.gz", zst(RAW)),
    ],
)
def test_what_is_damaged_is_refused(tmp_path: Path, name: str, packed: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"damaged|ends in the middle"):
        read(tmp_path, name, packed)


# --- through the check and the load ---


def lines(given: Sequence[object]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in given)


def cut(path: Path) -> tuple[Path, int]:
    """Write two frames, the second of them cut; give the path, and the last whole line."""
    given = [dict(one) for one in generate_records(60, 1)]
    begins = [index for index, one in enumerate(given) if "source" in one]
    whole, second = zst(lines(given[: begins[2]])), zst(lines(given[begins[2] :]))
    path.write_bytes(whole + second[: len(second) // 2])
    return path, begins[2]


def test_a_cut_archive_is_one_coded_error(tmp_path: Path) -> None:
    path, _ = cut(tmp_path / "all.jsonl.zst")
    (problem,) = check_large([path]).problems
    assert (problem.code, problem.severity) == ("ARCHIVE", "error")
    assert problem.place.file == str(path)
    assert problem.place.line > 1


def test_small_packed_files_are_read_whole_too(tmp_path: Path) -> None:
    path, _ = cut(tmp_path / "all.jsonl.zst")
    assert [one.code for one in check([path]).problems if one.code == "ARCHIVE"] == ["ARCHIVE"]
    path.write_bytes(zst(lines([dict(one) for one in generate_records(60, 1)])))
    assert check([path]).valid


def test_nothing_is_written_of_a_cut_archive_and_nothing_expires(
    driver: neo4j.Driver, tmp_path: Path
) -> None:
    clear(driver)
    given = [dict(one) for one in generate_records(60, 1)]
    path = tmp_path / "all.jsonl.zst"
    path.write_bytes(zst(lines(given)))
    load_large(driver, [path], database=DATABASE)

    def nodes() -> list[list[object]]:
        with driver.session(database=DATABASE) as session:
            return session.run("MATCH (n) RETURN labels(n), count(*) ORDER BY labels(n)").values()

    before = nodes()
    cut(path)
    with pytest.raises(FactsError) as refused:
        load_large(driver, [path], database=DATABASE)
    assert [one.code for one in refused.value.problems] == ["ARCHIVE"]
    assert nodes() == before


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    given = [dict(one) for one in generate_records(60, 1)]
    path.write_bytes(lines(given))
    found = read_sections(path)
    next(found)
    os.truncate(path, path.stat().st_size - 10)
    with pytest.raises(UnreadableFile) as refused:
        list(found)
    assert refused.value.code == "CHANGED"


def test_a_missing_file_is_said_without_words_of_the_language(tmp_path: Path) -> None:
    (problem,) = check_large([tmp_path / "none.jsonl.gz"]).problems
    assert (problem.code, problem.message) == ("NO_FILE", "there is no such file")
    (tmp_path / "folder.jsonl.zst").mkdir()
    (problem,) = check_large([tmp_path / "folder.jsonl.zst"]).problems
    assert problem.code == "NO_FILE"


def end_the_process(_: object) -> None:
    """Stand for a check that its system ends; sent to the other process by its name."""
    os._exit(9)


def test_a_process_that_dies_while_it_checks_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_lines, "_check", end_the_process)
    path = tmp_path / "all.jsonl.zst"
    path.write_bytes(zst(lines([dict(one) for one in generate_records(60, 1)])))
    with pytest.raises(LoadError) as refused:
        check_large([path], processes=2)
    assert refused.value.code == "LOAD_INTERRUPTED"


def test_temporary_files_that_fail_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "all.jsonl.zst"
    path.write_bytes(zst(lines([dict(one) for one in generate_records(60, 1)])))
    with TemporaryFile() as file:
        spool = Spool(file)
        spool.add(b"packed", 1)
        spool.end()
        file.truncate(3)
        with pytest.raises(LoadError) as refused:
            list(spool)
        assert refused.value.code == "TEMPORARY_FILES"

    def full(*_: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr("graph_seed.loading.bulk.id_index.IdIndex.add", full)
    with pytest.raises(LoadError) as refused:
        check_large([path])
    assert refused.value.code == "TEMPORARY_FILES"


def test_a_file_whose_size_cannot_be_asked_for_is_no_large_one(tmp_path: Path) -> None:
    assert not sections.is_large(tmp_path / ("a" * 300 + ".jsonl"))
