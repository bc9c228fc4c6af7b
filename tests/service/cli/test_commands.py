"""Tests of the command line as a process: answers, files, pipes, exit statuses."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import neo4j
import psutil
import pytest

from service.cli import db
from service.managed.connection import ConnectionInfo
from service.settings import Settings

FACTS = Path(__file__).parents[2] / "facts"
Parley = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def parley(settings: Settings) -> Parley:
    """Runs ``parley`` against the run's own database."""
    environment = os.environ | {"PARLEY_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}

    def run(*given: str, **options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service", *given],
            env=environment | options, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    "command",
    ["", "up", "check", "cite", "load", "unload", "query", "explain", "cypher", "schema", "db"],
)
def test_help_teaches(parley: Parley, command: str) -> None:
    done = parley(*command.split(), "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout
    if command not in {"", "schema"}:
        examples = [one for one in done.stdout.splitlines() if one.startswith("  parley ")]
        assert any(one.startswith(f"  parley {command}") for one in examples), "an example"
        assert all(one.count("parley ") == 1 for one in examples if " db " not in one), (
            "each a line"
        )


def test_check_says_all_and_exits_with_2(parley: Parley, tmp_path: Path) -> None:
    path = tmp_path / ("[sic] :smile: [bold]" + "long" * 40 + ".yaml")
    lines = "\n" * 97
    path.write_text(
        f"source: {{id: source:made, type: x}}\nentities:{lines}\n- persn: a\n- person: B\n",
        "utf-8",
    )
    done = parley("check", str(path))
    assert done.returncode == 2
    assert f"{path}:100:3: error UNKNOWN_KIND" in done.stderr
    assert f"{path}:101:11: error KEY" in done.stderr
    found = json.loads(parley("check", "--json", str(path)).stdout)
    assert {one["code"] for one in found} >= {"UNKNOWN_KIND", "KEY"}
    assert parley("check", str(FACTS / "river-talks.yaml")).returncode == 0


def test_from_words_to_an_answer(parley: Parley, empty: neo4j.Driver, tmp_path: Path) -> None:
    path = tmp_path / "river.yaml"
    path.write_bytes((FACTS / "river-talks.draft.yaml").read_bytes())
    refused = parley("load", str(path))
    assert refused.returncode == 2
    assert "NOT_CITED" in refused.stderr
    text = str(FACTS / "river-talks.txt")
    assert "34 passages cited" in parley("cite", str(path), "--text", text).stdout
    dry = parley("load", str(path), "--dry-run")
    assert "nothing written" in dry.stdout
    loaded = parley("load", str(path), "--by", "me", "--text", f"source:river-talks={text}")
    assert "version 1" in loaded.stdout, loaded.stderr
    assert "are attached" in loaded.stdout
    assert "nothing new" in parley("load", str(path)).stdout
    asked = parley("query", "{ people { nodes { name } } }")
    assert json.loads(asked.stdout)["data"]["people"]["nodes"][0]["name"] == "Ada Moreno"
    assert parley("query", "{ people(first: 1000) { totalCount } }").returncode == 2
    rows = parley("cypher", "MATCH (p:Person) RETURN p.name AS name ORDER BY name", "--csv")
    assert rows.stdout.split("\n")[:2] == ["name", "Ada Moreno"]
    given = parley("cypher", "RETURN $n AS n", "--parameters", '{"n": 5}', "--json")
    assert json.loads(given.stdout) == [{"n": 5}]
    written = parley("cypher", "CREATE (n:X) RETURN n")
    assert written.returncode == 2
    assert "NOT_A_READ" in written.stderr
    (again,) = json.loads(parley("load", str(path), "--json").stdout)
    assert (again["made_version"], again["counts"]["Person"]) == (False, {"unchanged": 2})
    (dry_unload,) = json.loads(parley("unload", "source:river-talks", "--dry-run", "--json").stdout)
    assert dry_unload["counts"]["Person"] == {"expired": 2}
    unknown = parley("unload", "source:none", "--json")
    assert (unknown.returncode, json.loads(unknown.stdout)["code"]) == (1, "UNKNOWN_ID")
    assert "expired" in parley("unload", "source:river-talks").stdout
    assert parley("unload", "source:river-talks").returncode == 1


def test_output_that_nobody_takes_is_no_traceback() -> None:
    command = [sys.executable, "-m", "service", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:
        assert reading.stdout
        assert reading.stderr
        reading.stdout.readline()
        reading.stdout.close()
        assert reading.stderr.read() == b""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith("error STORAGE_UNAVAILABLE: the disk is full")


def test_info_gives_the_password_as_no_argument(
    connection: ConnectionInfo,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PARLEY_DATA_DIR", str(settings.data_dir))
    password = connection.password.get_secret_value()
    db.info(as_json_=False)
    shown = capsys.readouterr().out
    assert [line.split() for line in shown.splitlines() if password in line] == [
        ["password", password]
    ]
    assert (
        f"cypher-shell -a {connection.uri} -u {connection.user} -d {connection.database}" in shown
    )
    db.info(as_json_=True)
    assert json.loads(capsys.readouterr().out)["password"] == password


def test_one_line_and_status_1_for_a_database_that_cannot_be_used(
    parley: Parley, connection: object
) -> None:
    for given, words in (
        ({"PARLEY_NEO4J_URI": "bolt://127.0.0.1:9"}, "cannot be reached"),
        ({"PARLEY_NEO4J_URI": connection.uri, "PARLEY_NEO4J_PASSWORD": "wrong"}, "password"),  # type: ignore[attr-defined]
        ({"PARLEY_DATA_DIR": "/tmp/parley-none"}, "does not run"),  # noqa: S108
    ):
        for asked in (("cypher", "RETURN 1"), ("query", "{ people { totalCount } }")):
            done = parley(*asked, PARLEY_CONNECTION_TIMEOUT="2", **given)
            assert (done.returncode, done.stdout) == (1, ""), done.stderr
            assert words in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1
    wrong = parley("query", "{ __typename }", PARLEY_NEO4J_URI="http://127.0.0.1:9")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error SETTING: PARLEY_NEO4J_URI: ")
    assert len(wrong.stderr.strip().splitlines()) == 1


def test_up_gives_the_first_answer_and_goes_when_told(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PARLEY_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "service", "up", "--port", str(port)]
    service = psutil.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        body = json.dumps({"query": "{ statements { totalCount } }"}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql", body, {"content-type": "application/json"}
        )
        answer = None
        end = time.monotonic() + 240
        while answer is None and time.monotonic() < end:
            try:
                with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
                    answer = json.load(response)
            except OSError:
                time.sleep(0.2)
        assert answer is not None
        assert answer["data"]["statements"]["totalCount"] > 40
        for port_of_second, said in (("0", str(service.pid)), (str(port), "--port")):
            second = subprocess.run(
                [*command[:-1], port_of_second],
                env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert second.returncode == 1
            assert said in second.stderr
        database = [c.pid for c in service.children(recursive=True) if "java" in c.name()]
        assert len(database) == 1
        service.send_signal(signal.SIGTERM)
        out, _ = service.communicate(timeout=30)
        assert 0 < out.index(f"http://127.0.0.1:{port}/\n".encode()) < out.index(b"GraphQL")
        assert b" statements, " in out
        assert not psutil.pid_exists(database[0])
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in [*service.children(recursive=True), service]:
                process.kill()
