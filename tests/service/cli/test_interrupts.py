"""Tests of ending commands by Ctrl-C or SIGTERM at any time, and of wrong arguments."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import ask
from service.cli.app import run_command

INTERRUPTED_AT = """\
import os, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), {number})

sys.meta_path.insert(0, Interrupting())
sys.argv = ["parley", *{arguments!r}]
from service.cli.main import main
main()
"""
MOMENTS = [
    ("typer", ["--help"]),
    ("neo4j", ["load", "none.yaml"]),
    ("strawberry.schema", ["query", "{ __typename }"]),
]


@pytest.mark.parametrize(
    ("number", "status", "line"),
    [(signal.SIGINT, 130, "Interrupted.\n"), (signal.SIGTERM, 143, "Terminated.\n")],
)
@pytest.mark.parametrize(("module", "arguments"), MOMENTS)
def test_a_signal_while_modules_are_imported_is_one_line(
    module: str, arguments: list[str], number: int, status: int, line: str
) -> None:
    code = INTERRUPTED_AT.format(module=module, number=int(number), arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "", line)


RUNNING = """\
import os, sys
from service import logs
from service.cli import app, db
logs.configure = lambda *_: None
sys.argv = ["parley", "db", "status"]

class Open:
    def __enter__(self):
        return self
    def __exit__(self, *_):
        print("closed")
        {failing}

def status(settings):
    with Open():
        os.kill(os.getpid(), {number})
        print("went on")

db.find_running = status
app.run()
"""


@pytest.mark.parametrize(
    ("number", "status", "line"),
    [(signal.SIGINT, 130, "Interrupted.\n"), (signal.SIGTERM, 143, "Terminated.\n")],
)
def test_a_signal_while_a_command_runs_closes_what_is_open(
    number: int, status: int, line: str
) -> None:
    code = RUNNING.format(number=int(number), failing="pass")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "closed\n", line)


def test_an_error_met_while_closing_after_ctrl_c_is_not_told() -> None:
    code = RUNNING.format(number=int(signal.SIGINT), failing="raise RuntimeError")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, "Interrupted.\n")


def test_an_unexpected_error_is_one_line_that_says_where() -> None:
    code = RUNNING.replace("os.kill(os.getpid(), {number})", "raise KeyError('x')")
    done = subprocess.run(
        [sys.executable, "-c", code.format(failing="pass")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error INTERNAL: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("load", "Missing argument"),
        ("load x.yaml --dry", "No such option: --dry"),
        ("loda x.yaml", "No such command 'loda'. Did you mean"),
        ("db lgos", "Did you mean 'logs'? `parley db --help`"),
        ("load x.yaml --by", "'--by' requires an argument"),
        ("up --port many", "Invalid value for '--port'"),
        ("up --workers 0", "greater than or equal to 1"),
        ("up 8000", "unexpected extra argument"),
        ("db logs -n x", "'-n' / '--lines'"),
        ("load x.yaml y.jsonl.gz", "large files"),
        ("load x.yaml --text source:x", "write it as SOURCE=FILE"),
    ],
)
def test_wrong_arguments_are_one_line_with_a_code(
    arguments: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["parley", *arguments.split()])
    assert run_command() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error USAGE: ")
    assert words in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("DEADLINE", "-1"), ("NEO4J_URI", "http://x"), ("FAST_PATH", "perhaps")],
)
def test_a_wrong_setting_is_one_line_with_a_code(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["parley", "db", "status"])
    monkeypatch.setenv(f"PARLEY_{name}", value)
    assert run_command() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error SETTING: PARLEY_{name}: ")
    assert len(err.splitlines()) == 1
    assert "parse" not in err


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [("", 2, "error USAGE: nobody confirmed"), ("no\n", 1, "Nothing was deleted."), ("\n", 1, "")],
)
def test_nothing_is_forgotten_without_a_yes(
    answer: str,
    status: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["parley", "db", "reset"])
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PARLEY_NEO4J_URI", raising=False)
    (tmp_path / "password").write_text("x", encoding="utf-8")
    assert run_command() == status
    assert words in "".join(capsys.readouterr())
    assert (tmp_path / "password").exists()


@pytest.mark.parametrize("given", [["cypher", " ;"], ["cypher", "// x"], ["query", " "]])
def test_an_empty_query_is_one_line(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["parley", *given])
    assert run_command() == 2
    _, err = capsys.readouterr()
    assert err.startswith("error BAD_USER_INPUT: ")
    assert "query is empty" in err


def test_a_whole_number_beyond_64_bits_is_no_other_number() -> None:
    assert ask._read_variables('{"n": 99999999999999999999}') == {"n": 99999999999999999999}
