"""Tests that the documentation is true: examples run, links lead somewhere, files are current."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from graph_seed import check
from service.generate import ROOT, generate_files
from service.settings import Settings
from tests.pages import PAGES, Block, blocks, read, run_page

RUN = {"graphql", "cypher", "python", "sh"}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def has_examples(path: Path) -> bool:
    return any(block.language in RUN for block in blocks(path))


def has_files(path: Path) -> bool:
    """Return whether a page loads files or records of its own, on an empty graph."""
    return any(
        (block.language == "yaml" and block.name) or "from graph_seed import load" in block.text
        for block in blocks(path)
    )


GENERATED = generate_files()
ELSEWHERE = {"docs/developer/architecture.md"}
"""Pages whose examples have a test of their own: tests/test_architecture.py."""
RUNNABLE = [path for path in PAGES if has_examples(path) and name(path) not in ELSEWHERE]


@pytest.mark.parametrize("path", [one for one in RUNNABLE if not has_files(one)], ids=name)
async def test_examples_about_the_bundled_facts(
    path: Path, article: neo4j.Driver, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert await run_page(path, settings, article, tmp_path, monkeypatch) > 0


@pytest.mark.parametrize("path", [one for one in RUNNABLE if has_files(one)], ids=name)
async def test_examples_with_files_of_their_own(
    path: Path, empty: neo4j.Driver, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert await run_page(path, settings, empty, tmp_path, monkeypatch) > 0


def test_there_are_three_questions_in_the_readme_and_fifteen_for_researchers() -> None:
    def count(path: str, language: str) -> int:
        return sum(block.language == language for block in blocks(ROOT / path))

    assert count("README.md", "graphql") == 3
    assert count("docs/researcher/questions.md", "cypher") == 15
    assert len(read(ROOT / "README.md").splitlines()) < 200


def records() -> Iterator[Block]:
    """Yield the examples of facts files and of records that no page loads."""
    for path in PAGES:
        for block in blocks(path):
            if block.language == "yaml" and block.text.startswith(("source:", "- ")):
                yield block


@pytest.mark.parametrize("block", list(records()), ids=lambda block: block.place)
def test_a_record_is_right_but_for_its_evidence(block: Block, tmp_path: Path) -> None:
    text = block.text
    if text.startswith("- "):
        part = "entities" if text.startswith("- event") else "facts"
        uses = "uses: [country:us]\n" if "country:us" in text else ""
        text = f"source: {{id: source:made, type: x}}\n{uses}{part}:\n{text}"
    path = tmp_path / "record.yaml"
    path.write_text(text, "utf-8")
    found = {problem.code for problem in check([path]).problems}
    assert found <= {"NOT_CITED"}


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives to headings."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    titles = re.findall(r"^#+ (.*)$", prose, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_each_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    for found in LINK.finditer(read(path)):
        target = found[1] or found[2]
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        assert other.exists(), f"{name(path)}: {target}"
        if anchor:
            assert anchor in anchors(read(other)), f"{name(path)}: {target}"


@pytest.mark.parametrize("path", [p for p in PAGES if "benchmarks" not in p.parts], ids=name)
def test_each_file_that_a_page_names_exists(path: Path) -> None:
    named = re.findall(r"`((?:schema|graph_seed|service|tests|benchmarks)/[\w/.-]+)`", read(path))
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_each_page_can_be_reached_from_the_readme() -> None:
    reached, left = set[Path](), [ROOT / "README.md"]
    while left:
        path = left.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        targets = [found[1] or "" for found in LINK.finditer(read(path))]
        left += [(path.parent / one.partition("#")[0]).resolve() for one in targets
                 if one and not one.startswith("http")]  # fmt: skip
    assert [name(path) for path in PAGES if path not in reached] == []


def test_each_refusal_of_a_load_is_documented() -> None:
    raised = {
        code
        for path in (ROOT / "graph_seed").rglob("*.py")
        for code in re.findall(r'LoadError\(\s*"([A-Z_]+)"', read(path))
    }
    table = read(ROOT / "docs/editor/codes.md").partition("## Refusals of a load")[2]
    assert sorted(raised - set(re.findall(r"`([A-Z_]+)`", table))) == []


def test_each_error_code_of_graphql_is_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", read(ROOT / "docs/frontend/errors.md"), re.M))
    known = set(re.findall(r'code = "([A-Z_]+)"', read(ROOT / "service/errors.py")))
    elsewhere = {"NOT_A_READ", "NOT_OPEN", "ADDRESS_REFUSED", "DATABASE_IN_USE", "SET_UP_FAILED", "STORAGE_UNAVAILABLE"}  # fmt: skip
    assert known - elsewhere <= documented


@pytest.mark.parametrize("path", list(GENERATED), ids=str)
def test_a_generated_file_is_current(path: Path) -> None:
    assert read(ROOT / path) == GENERATED[path], "run `make generate`"


def test_make_alone_lists_the_targets() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("serve", "test", "lint", "generate", "lock", "lock-neo4j"):
        assert f"make {target}" in said


def test_nothing_names_a_machine_or_a_registry() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    strange = re.compile(r"/(root|home)/|pypi\.org|files\.pythonhosted|maven\.org|/maven[2]")
    for one in tracked:
        if not (ROOT / one).is_file():
            continue
        text = (ROOT / one).read_text("utf-8", errors="ignore")
        assert not strange.search(text), one
