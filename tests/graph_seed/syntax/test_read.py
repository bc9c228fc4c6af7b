"""What is written is read with its place: YAML by nodes, JSON Lines line by line."""

import gzip
import json
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed.problems import Problem
from graph_seed.records import Place
from graph_seed.syntax.json_lines import parse_line
from graph_seed.syntax.read import read, read_entries
from graph_seed.syntax.tree import SyntaxNode

LINES = """\
{"source": {"id": "source:made", "type": "x"}}
{"uses": ["country:us"]}

{"person": "ada", "size": 1.50, "name": null, "aliases": ["Á𝔘", "\\ud83d\\udc1f"]}
{"source": {"id": "source:other", "type": "x"}}
{"issue": "toll"}
"""


def nothing(place: Place, code: str, message: str) -> None:
    raise AssertionError(f"{place}: {code} {message}")


def plain(written: SyntaxNode) -> object:
    if isinstance(written.value, dict):
        return {key: plain(value) for key, value in written.value.items()}
    if isinstance(written.value, list):
        return [plain(one) for one in written.value]
    return written.value


def test_lines_are_entries_with_places_and_spans(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(LINES, "utf-8")
    entries = list(read_entries(path, nothing))
    assert [(e.part, e.kind, e.key, e.written.place.line) for e in entries] == [
        ("source", "source", "", 1), ("uses", "uses", "", 2), ("", "person", "ada", 4),
        ("source", "source", "", 5), ("", "issue", "toll", 6),
    ]  # fmt: skip
    ada = entries[2].written
    assert plain(ada) == {"person": "ada", "size": "1.50", "aliases": ["Á𝔘", "🐟"]}
    assert ada.keys["size"] == Place(str(path), 4, 19)
    assert ada.fields["size"].place == Place(str(path), 4, 27)
    assert LINES[slice(*ada.fields["aliases"].span)] == '["Á𝔘", "\\ud83d\\udc1f"]'
    assert LINES[ada.starts["aliases"] :].startswith('"aliases"')
    sections, problems = read(path)
    assert problems == []
    assert [len(one.entries) for one in sections] == [1, 1]
    assert [one.text for one in sections] == [None, None]


def test_yaml_of_several_documents_is_several_sources(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    text = "source: {id: source:a, type: x}\n---\nsource: {id: source:b, type: x}\nfacts:\n"
    path.write_text(text, "utf-8")
    sections, problems = read(path)
    assert problems == []
    assert [(one.source.place.line, one.text) for one in sections] == [(1, text), (3, text)]


def test_every_scalar_of_yaml_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    path.write_bytes(
        b"\xef\xbb\xbf"
        b"source: {id: source:a, a: 2017-11-07, b: 1e3, c: 0x1F, d: NO, e: 1:3, f: 010}\r\n"
    )
    sections, problems = read(path)
    assert problems == []
    values = plain(sections[0].source)
    assert values == {
        "id": "source:a", "a": "2017-11-07", "b": "1e3", "c": "0x1F", "d": "NO", "e": "1:3",
        "f": "010",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "words"),
    [
        ("", 1, 1, "NO_SOURCE", "the file is empty"),
        ('{"person": "ada"}', 1, 1, "NO_SOURCE", "the first line names the source"),
        ('{"person": "ada", "source": {"id": "a"}}', 1, 1, "NO_SOURCE", "the first line"),
        ('{"source": "made"}', 1, 12, "NO_SOURCE", "first line names the source"),
        ('{"source": {"id": "a"}, "x": 1}', 1, 25, "UNKNOWN_PART", "begins with 'source'"),
        ('{"source": {"id": "a"}}\n{"person": }', 2, 12, "JSON", "a value is missing"),
        ('{"source": {"id": "a"}}\n{"a": 1, \'b\': 2}', 2, 10, "JSON", "a key in quotation marks"),
        ('{"source": {"id": "a"}}\n{"a" 1}', 2, 6, "JSON", "a colon"),
        ('{"source": {"id": "a"}}\n{"a": 1 "b": 2}', 2, 9, "JSON", "a comma or }"),
        ('{"source": {"id": "a"}}\n{"a": [1}', 2, 9, "JSON", "a comma or ]"),
        ('{"source": {"id": "a"}}\n{"a": 1} {', 2, 10, "JSON", "behind its end"),
        ('{"source": {"id": "a"}}\n{"a": "b', 2, 7, "JSON", "unterminated string"),
        ('{"source": {"id": "a"}}\n{"a": 01}', 2, 8, "JSON", "a comma or }"),
        ('{"source": {"id": "a"}}\n{"a": "\\ud800"}', 2, 7, "TEXT", "surrogate"),
        ('{"source": {"id": "a"}}\n{"a": 1, "a": 2}', 2, 10, "KEY_TWICE", "twice"),
        ('{"source": {"id": "a"}}\n[1]', 2, 1, "NO_RECORD", "begins with its kind"),
        ('{"source": {"id": "a"}}\n{"a": [1]}', 2, 7, "NO_KEY", "its kind and its key"),
        ('{"source": {"id": "a"}}\n' + '{"a":' * 40, 2, 106, "JSON", "too deeply"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_place(
    tmp_path: Path, text: str, line: int, column: int, code: str, words: str
) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(text, "utf-8")
    (problem,) = read(path)[1]
    assert (problem.place.line, problem.place.column, problem.code) == (line, column, code)
    assert words in problem.message


def test_lines_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "pipe.jsonl"
    os.mkfifo(path)
    told = threading.Event()
    found: list[Problem] = []

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            pipe.write(b'{"source": {"id": "source:made"}}\n{"issue": "toll"}\n')
            assert told.wait(20), "the second line was not read before the third was written"
            pipe.write(b"{\n")

    writer = threading.Thread(target=write)
    writer.start()
    entries = read_entries(path, lambda *said: found.append(Problem(*said)))
    # The reading side fills a buffer of its own; a line that has come is given all the same.
    assert [next(entries).kind, next(entries).kind] == ["source", "issue"]
    told.set()
    assert list(entries) == []
    writer.join()
    assert [one.code for one in found] == ["JSON"]


VALUES = st.recursive(
    st.text() | st.integers().map(str) | st.booleans().map(lambda one: str(one).lower()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_json_writes_is_read_again(value: object, ascii_: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_, indent=indent)
    written = parse_line(text, Place("made", 1), 0, nothing)
    assert written is not None
    assert plain(written) == value
    _spans(written, text)


def _spans(written: SyntaxNode, text: str) -> None:
    assert json.loads(text[slice(*written.span)]) == plain(written)
    for key, value in written.fields.items():
        assert json.JSONDecoder().raw_decode(text, written.starts[key])[0] == key
        _spans(value, text)


@given(st.text(alphabet='{}[]",:\\ntrufalse0123456789.-+eE u', max_size=30))
def test_a_line_is_json_or_not_as_the_standard_says(text: str) -> None:
    found: list[str] = []
    written = parse_line(text, Place("made", 1), 0, lambda _, code, __: found.append(code))
    try:
        json.loads(text, parse_constant=float)
        good = "NaN" not in text and "Infinity" not in text
    except ValueError:
        good = False
    assert (written is not None) == good
    assert good or found[-1:] == ["JSON"]


# --- YAML as YAML 1.2 has it ---

HEAD = "source: {id: source:a, type: x}\n"


def yaml(tmp_path: Path, body: str) -> tuple[list[object], list[Problem]]:
    """Read a YAML file; give its records as plain values, and its problems."""
    path = tmp_path / "made.yaml"
    path.write_text(HEAD + body, "utf-8", newline="")
    found, problems = read(path, kinds={"person"})
    return [plain(entry.written) for one in found for entry in one.entries], problems


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("name:\tAda", "Ada"),
        ("name: Ada\t# c", "Ada"),
        ("name: Ada \t ", "Ada"),
        ("name\t:\tAda", "Ada"),
        ("name: Ada\tMoreno", "Ada\tMoreno"),
        ("name: Ada\t\n    Moreno", "Ada Moreno"),
        ('name:\t"Ada"\t# c', "Ada"),
        ("name: |\t# c\n    Ada", "Ada\n"),
        ("name: Ada # a\u2028b", "Ada"),
        ("name: A\u2028b\u2029c\x85d", "A\u2028b\u2029c\x85d"),
        ('name: "A\u2028b"', "A\u2028b"),
        ('name: "\\ud83d\\ude00 \\uD83D\\uDE00"', "😀 😀"),
        ("name: \U0010fffd\u2028", "\U0010fffd\u2028"),
        ("aliases: null\n  name: Ada", "Ada"),
        ("name: ~\n  name: Ada", "Ada"),
    ],
)
def test_yaml_is_read_as_its_standard_has_it(tmp_path: Path, written: str, name: str) -> None:
    assert yaml(tmp_path, f"entities:\n- person: ada\n  {written}\n") == (
        [{"person": "ada", "name": name}],
        [],
    )


def test_tabs_stand_between_tokens_everywhere(tmp_path: Path) -> None:
    body = "entities:\t\n\t# c\n-\tperson:\tada\n  aliases:\t[ a,\tb\t]\t# c\n\t\n---\t\n# c\n"
    assert yaml(tmp_path, body) == ([{"person": "ada", "aliases": ["a", "b"]}], [])


def test_null_is_left_out_wherever_it_stands(tmp_path: Path) -> None:
    body = (
        "uses: ~\nentities:\n- {aliases: null, person: ada, find: {after: ~, from: a}}\n"
        "- person: eve\n  aliases: [null, Eve, ~]\n  name: Null\nfacts: null\n"
    )
    records = [
        {"person": "ada", "find": {"from": "a"}},
        {"person": "eve", "aliases": ["Eve"]},
    ]
    assert yaml(tmp_path, body) == (records, [])
    path = tmp_path / "made.jsonl"
    path.write_text(
        '{"x": null, "source": {"title": null, "id": "source:a", "type": "x"}}\n'
        '{"uses": null}\n'
        '{"aliases": null, "find": {"after": null, "from": "a"}, "person": "ada", "at": null}\n'
        '{"person": "eve", "aliases": [null, "Eve", null], "aliases": null, "name": null}\n',
        "utf-8",
    )
    found, problems = read(path, kinds={"person"})
    assert problems == []
    assert plain(found[0].source) == {"id": "source:a", "type": "x"}
    assert [plain(entry.written) for entry in found[0].entries] == [
        {"find": {"from": "a"}, "person": "ada"}, records[1],
    ]  # fmt: skip


def test_a_kind_that_is_null_is_a_record_without_a_key(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(
        '{"source": {"id": "source:a"}}\n{"name": null, "person": null, "find": "a"}\n', "utf-8"
    )
    (section,), problems = read(path, kinds={"person"})
    assert problems == []
    assert [(one.kind, one.key) for one in section.entries] == [("person", "")]


def test_a_kind_that_is_null_gives_way_to_one_with_a_key(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text(
        '{"source": {"id": "source:a"}}\n{"group": null, "person": "ada", "find": "a"}\n', "utf-8"
    )
    (section,), problems = read(path, kinds={"person", "group"})
    assert problems == []
    assert [plain(one.written) for one in section.entries] == [{"person": "ada", "find": "a"}]


@pytest.mark.parametrize(
    "text", ["", "# only\n# comments\n", "---\n# c\n---\n...\n", "~\n", "\ufeff"]
)
def test_a_file_that_holds_nothing_has_no_source(tmp_path: Path, text: str) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(text, "utf-8")
    assert [one.code for one in read(path)[1]] == ["NO_SOURCE"]


@pytest.mark.parametrize(
    "nested",
    [
        "[" * 3_000,
        "[" * 3_000 + "]" * 3_000,
        "{a: " * 3_000,
        "\n   " + "- " * 3_000 + "x",
        "\n" + "".join("  " * depth + "-\n" for depth in range(2, 500)),
        "[" * 30 + "]" * 30,
    ],
)
def test_deep_nesting_is_told_at_once(tmp_path: Path, nested: str) -> None:
    started = time.process_time()
    _, (problem,) = yaml(tmp_path, f"entities:\n- person: ada\n  aliases: {nested}\n")
    assert problem.code == "YAML"
    assert "nested" in problem.message
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("name: Ada: Eve", "a colon and a space into quotes"),
        ("\tname: Ada", "indent with spaces"),
        ("name: @ada", "begins with @"),
        ("name: `ada", "begins with `"),
        ("name: %ada", "begins with %"),
        ("name: *ada", "begins with *"),
        ("name: & ada", "begins with &"),
        ("name: !<ada", "begins with !"),
        ("name: ? ada", "a question mark"),
        ('name: "ada', "never closed"),
        ("name: 'ada' b", "nothing follow closed quotation marks"),
        ("aliases: [ada", "in [ ]"),
        ("find: {from: ada", "in { }"),
        ("aliases: [", "ends within"),
        ('name: "\\q"', "no escape"),
        ('name: "\\U00110000"', "no escape"),
        ('name: "\\u12"', "no escape"),
        ("name: |9x", "behind | or >"),
        (" name: x", "indent alike"),
        ("name: - a", "an entry of a list"),
        ("name", "needs a colon"),
    ],
)
def test_what_is_no_yaml_is_said_in_our_words(tmp_path: Path, written: str, words: str) -> None:
    _, (problem, *_) = yaml(tmp_path, f"entities:\n- person: ada\n  {written}\n")
    assert problem.code == "YAML"
    assert words in problem.message
    for foreign in ("expected", "<", "token", "scalar", "mapping values", "could not"):
        assert foreign not in problem.message.replace("an escape", "")


def test_a_packed_file_under_a_plain_name_is_told_as_such(tmp_path: Path) -> None:
    for name in ("a.yaml", "a.jsonl"):
        (tmp_path / name).write_bytes(gzip.compress(HEAD.encode()))
        (problem, *_) = read(tmp_path / name)[1]
        assert (problem.code, problem.place.line) == ("NOT_UTF8", 1)
        assert "packed" in problem.message
