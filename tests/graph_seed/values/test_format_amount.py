"""No message has words of Python or of a library: they are translated, or never shown."""

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed import check
from graph_seed.loading.bulk.scan import check_large

ROOT = Path(__file__).parents[3]
MODULES = [
    *sorted((ROOT / "graph_seed").rglob("*.py")),
    *sorted((ROOT / "service").glob("cli*.py")),
    ROOT / "service/cli/console.py",
]
OURS = {
    "ArchiveError", "FactsError", "LoadError", "ParleyError", "TextProblem", "UnreadableAmount",
    "UnreadableFile", "ValueProblem", "_NotJson",
}  # fmt: skip
"""Errors whose text we write ourselves."""
FOREIGN = re.compile(
    r"isoformat|set_int_max_str_digits|Expecting|codec|<[a-z ]+>|expected|Traceback|recursion"
    r"|NoneType|could not|invalid literal|object has no|unhashable|not supported between"
    r"|mapping values|start any token|while (?:scanning|parsing)|surrogates not allowed",
)


def shown(path: Path) -> Iterator[tuple[int, str]]:
    """Where the text of a caught error becomes part of a text, with the classes of the error."""
    for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None:
            continue
        kinds = {n.id for n in ast.walk(handler.type or handler) if isinstance(n, ast.Name)}
        kinds |= {n.attr for n in ast.walk(handler.type or handler) if isinstance(n, ast.Attribute)}
        compared = {
            id(part)
            for n in ast.walk(handler)
            if isinstance(n, ast.Compare)
            for part in ast.walk(n)
        }
        for node in ast.walk(handler):
            of = (
                node.value
                if isinstance(node, ast.FormattedValue)
                else node.args[0]
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"str", "repr"}
                and node.args
                else None
            )
            # To look for a word in it is not to show it.
            if not isinstance(of, ast.Name) or of.id != handler.name or id(node) in compared:
                continue
            if not kinds <= OURS:
                yield of.lineno, ", ".join(sorted(kinds))


def test_no_text_of_a_foreign_error_is_shown() -> None:
    found = [f"{path}:{line}: {kinds}" for path in MODULES for line, kinds in shown(path)]
    assert found == []


WORDS = [
    "source: ", "{id: source:a, type: x}", "\n", "entities:", "facts:", "- ", "person: ", "ada",
    "find: ", "[", "]", "{", "}", ",", "\t", "#", "&a", "*a", "!t", "|", ">", '"', "'", "\\",
    "?", "%YAML 1.1", "---", "...", "null", "~", "1e9", "2031-13", "is: 5 USD", "\\ud83d",
    "\x85", '{"source": {"id": "source:a", "type": "x"}}\n', '{"person": "ada", ', '"find": ',
    "1" * 30, "at: ", "like: ", "saidOn: ", "size: ", "quote: ", "statement: s", "figure: f",
    "\ufeff",
]  # fmt: skip
PIECES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(WORDS)


@given(st.lists(PIECES, max_size=25), st.sampled_from(["a.yaml", "a.jsonl"]))
def test_whatever_a_file_holds_is_told_in_our_words(pieces: list[str], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text("".join(pieces), "utf-8", newline="")
        for problem in check([path]).problems:
            given_back = re.sub(r"'(?:\\.|[^'\\])*'|\"[^\"]*\"", "", problem.message)
            assert not FOREIGN.search(given_back), problem
            assert len(problem.message) < 1_000
            str(problem).encode()


@given(st.binary(max_size=80), st.sampled_from(["a.yaml", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst"]))
def test_whatever_bytes_a_file_has_are_told_in_our_words(raw: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        large = name.endswith((".gz", ".zst"))
        problems = check_large([path]).problems if large else check([path]).problems
        assert problems
        assert not any(FOREIGN.search(one.message) for one in problems)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "entities: " + "[" * 100_000),
        ("a.yaml", "entities: " + "- " * 100_000),
        ("a.yaml", "entities:\n- size: " + "9" * 100_000),
        ("a.jsonl", '{"source": ' + "[" * 100_000),
        ("a.jsonl", '{"source": ' + '{"a":' * 100_000),
        ("a.jsonl", '{"source": {"id": "source:a", "type": "x", "length": ' + "9" * 100_000 + "}}"),
        ("a.jsonl", '{"source": {"id": "source:a", "type": "x", "publishedOn": "' + "2" * 100_000),
    ],
    ids=["brackets", "dashes", "digits", "lists", "objects", "number", "text"],
)
def test_what_is_deep_or_long_is_told_in_a_short_message(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    problems = check([path]).problems
    assert problems
    assert all(len(one.message) < 500 and not FOREIGN.search(one.message) for one in problems)
