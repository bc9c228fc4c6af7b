"""Tests of printing: pipes get text unchanged, terminals get no control characters."""

import csv
import io
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from service.cli import console
from service.cli.console import Output, one_line, print_csv, print_json, print_table, show_controls

TROUBLES = (
    "[bold]x[/bold]", "[/]", "[sic]", "[link=x]y", "\\[x]", "a:100:3 :smile:", "t.yaml:100:11",
    "https://a.example/b?c=[d]", "'q' \"r\" 12 None True", "%s {} {0}", "=1+1", "-", "",
    "ab" * 500, "wide 日本国 e\u0301 👩\u200d👧", " both ends ", "multi\nline\ttab\rreturn",
    "\x1b[31mred\x1b[0m\x07", "\x9b31m", "\u2028\u202e", "\ud800",
)  # fmt: skip
TEXTS = st.text(st.characters()) | st.sampled_from(TROUBLES)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Stream(io.StringIO):
    """A stream of UTF-8."""

    encoding = "utf-8"


@pytest.fixture(params=[False, True], ids=["pipe", "terminal"])
def terminal(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def print_to(patch: pytest.MonkeyPatch, terminal: bool, width: int = 80) -> Stream:
    """Replace the stream of ``out`` by one in memory, and return it."""
    stream = Stream(newline="")
    made = Console(file=stream, force_terminal=terminal, width=width)
    patch.setattr(console, "out", Output(made))
    return stream


def encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@given(TEXTS)
def test_a_line_reaches_a_pipe_as_it_is(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stream = print_to(patch, terminal=False)
        console.out.print(("styled", "bold red"), " ", text)
        assert stream.getvalue() == f"styled {encodable(text)}\n"


@given(TEXTS.filter(lambda text: "\t" not in text))
def test_a_line_on_a_terminal_is_neither_changed_nor_wrapped(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stream = print_to(patch, terminal=True)
        console.out.print(("styled", "bold red"), " ", text)
        plain = ANSI.sub("", stream.getvalue())
        assert plain == f"styled {encodable(show_controls(text))}\n"


@given(st.lists(st.tuples(TEXTS, TEXTS)))
@example([(one, one) for one in TROUBLES])
def test_a_table_in_a_pipe_is_lines_of_tabs(rows: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stream = print_to(patch, terminal=False)
        print_table(["a", "b"], rows)
        lines = stream.getvalue().split("\n")[:-1]
        assert [line.split("\t") for line in lines] == [
            ["a", "b"],
            *([encodable(one_line(cell)) for cell in row] for row in rows),
        ]


@given(st.lists(st.tuples(TEXTS, TEXTS)), st.integers(20, 400))
@example([(one, one) for one in TROUBLES], 80)
def test_a_table_on_a_terminal_has_every_cell_whole(
    rows: list[tuple[str, str]], width: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stream = print_to(patch, terminal=True, width=width)
        print_table(["first", "second"], rows)
        plain = ANSI.sub("", stream.getvalue())
        place = 0
        for row in rows:
            for cell in row:
                shown = encodable(show_controls(one_line(cell)))
                place = plain.index(shown, place) + len(shown)
        assert show_controls(plain) == plain


def test_a_table_wider_than_the_terminal_is_records(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = print_to(monkeypatch, terminal=True, width=30)
    print_table(["id", "name"], [["person:" + "a" * 40, "Ada"], ["person:b", None]])
    assert ANSI.sub("", stream.getvalue()).split("\n") == [
        "id    person:" + "a" * 40, "name  Ada", "", "id    person:b", "name  ", "", ""
    ]  # fmt: skip


@given(st.lists(TEXTS, min_size=1), st.booleans())
def test_json_and_csv_say_the_same(texts: list[str], on_terminal: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stream = print_to(patch, on_terminal)
        print_json({"texts": texts, "large": 2**70})
        shown = stream.getvalue()
        assert json.loads(shown) == {"texts": texts, "large": 2**70}
        assert not on_terminal or show_controls(shown) == shown
        stream = print_to(patch, terminal=False)
        print_csv(["text", "n"], [(one, 1) for one in texts])
        read = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
        assert read == [["text", "n"], *([encodable(one), "1"] for one in texts)]


def test_a_spinner_and_a_failure_show_text_as_it_is(
    monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    stream = Stream()
    made = Console(file=stream, force_terminal=terminal, width=200)
    monkeypatch.setattr(console, "err", Output(made))
    with console.err.status("[bold]a:100:3[/bold]") as status:
        status.update("[red]b :smile:[/red]\x1b[2J")
        if terminal:
            made.print(status._status.renderable)
    with pytest.raises(SystemExit):
        console.fail("[sic] :100:")
    shown = stream.getvalue()
    assert "error [sic] :100:\n" in ANSI.sub("", shown)
    if terminal:
        assert "[red]b :smile:[/red]\\x1b[2J" in shown
