"""Tests that the documentation is true: examples run, tables match, generated files are current."""

import re
import subprocess
from pathlib import Path

import neo4j
import orjson
import pytest
from pydantic import SecretStr

from graph_seed import cite, load_files
from service.generate import ROOT, generate_files
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import DATABASE
from tests.querying import execute

README = (ROOT / "README.md").read_text("utf-8")
ASKED = r"```graphql\n(.*?)```\n```json\n(.*?)```"
QUESTIONS = re.findall(ASKED, README, re.S)
EXAMPLES = re.findall(ASKED, (ROOT / "docs/graphql.md").read_text("utf-8"), re.S)
CYPHER = re.findall(r"```cypher\n(.*?)```", (ROOT / "docs/cypher.md").read_text("utf-8"), re.S)


def test_there_are_five_questions() -> None:
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize("index", range(len(QUESTIONS + EXAMPLES)))
async def test_a_question_of_the_documents_has_its_answer(
    index: int, article: neo4j.Driver, settings: Settings
) -> None:
    import httpx

    query, answer = (QUESTIONS + EXAMPLES)[index]
    transport = httpx.ASGITransport(app=create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.post("/graphql", json={"query": query})
    assert response.json()["data"] == orjson.loads(answer)
    assert "errors" not in response.json()


def test_the_example_of_corrections_holds(empty: neo4j.Driver, tmp_path: Path) -> None:
    page = (ROOT / "docs/corrections.md").read_text("utf-8")
    paths = [tmp_path / name for name in ("bulletin.yaml", "correction.yaml")]
    written = re.findall(r"```text\n(.*?)```.*?```yaml\n(.*?)```", page, re.S)
    for path, (text, yaml) in zip(paths, written, strict=True):
        path.write_text(yaml, "utf-8")
        assert cite(path, text).problems == []
    load_files(empty, paths, database=DATABASE)
    asked = re.findall(ASKED, page, re.S)
    assert len(asked) == 4
    for query, answer in asked:
        assert execute(empty, query).data == orjson.loads(answer)
    ((cypher, table),) = re.findall(r"```cypher\n(.*?)```\n```csv\n(.*?)```", page, re.S)
    with empty.session(database=DATABASE) as session:
        found = session.run(cypher)
        lines = [found.keys(), *(record.values() for record in found)]
    assert "".join(f"{','.join(line)}\n" for line in lines) == table


@pytest.mark.parametrize("text", CYPHER)
def test_the_cypher_of_the_docs_runs(article: neo4j.Driver, text: str) -> None:
    with article.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session:
        session.run(text).consume()


def settings_rows() -> list[str]:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        if field.default_factory is not None:
            default = {
                "data_dir": "the user's data folder",
                "cache_dir": "the user's cache folder",
            }[name]
        elif isinstance(default, SecretStr) or default is None:
            default = ""
        elif isinstance(default, tuple):
            default = orjson.dumps(default).decode()
        shown = f"`{default}`" if default != "" and "folder" not in str(default) else str(default)
        rows.append(
            f"| `PARLEY_{name.upper()}` | {shown} | {field.description} |".replace("|)", "\\|)")
        )
    return rows


def test_the_table_of_settings_is_whole() -> None:
    held = [line for line in README.splitlines() if line.startswith("| `PARLEY_")]
    assert held == [row.replace("(localhost|127", "(localhost\\|127").replace("1|\\[", "1\\|\\[")
                    for row in settings_rows()]  # fmt: skip


@pytest.mark.parametrize("path", list(generate_files()), ids=str)
def test_a_generated_file_is_current(path: Path) -> None:
    assert (ROOT / path).read_text("utf-8") == generate_files()[path], "run `make generate`"


def test_the_seed_script_of_the_readme_runs(
    empty: neo4j.Driver, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from graph_seed import check

    (yaml,) = re.findall(r"```yaml\n(.*?)```", README, re.S)
    (script,) = re.findall(r"```python\n(.*?)```", README, re.S)
    (tmp_path / "my-talks.yaml").write_text(yaml, "utf-8")
    (text,) = re.findall(r"```text\n(.*?)```", README, re.S)
    assert cite(tmp_path / "my-talks.yaml", text).problems == []
    assert check([tmp_path / "my-talks.yaml"], for_load=True).problems == []
    monkeypatch.setenv("PARLEY_DATA_DIR", str(settings.data_dir))
    exec(compile(script, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert "source:my-script version 1" in capsys.readouterr().out


def test_make_alone_lists_the_targets() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("serve", "test", "lint", "generate", "lock", "lock-neo4j"):
        assert f"make {target}" in said


def test_nothing_names_a_machine_or_a_registry() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    strange = re.compile(r"/(root|home)/|pypi\.org|files\.pythonhosted|maven\.org|/maven[2]")
    for name in tracked:
        if not (ROOT / name).is_file():
            continue
        text = (ROOT / name).read_text("utf-8", errors="ignore")
        assert not strange.search(text), name
