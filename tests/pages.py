"""Run the examples of a page of the documentation, from its first line to its last.

A page is Markdown with fenced blocks. The word behind the fence says what a block is:

- ``graphql``, then ``json``: an operation and its data; between them ``json variables``, and
  ``json errors`` in place of the data, if there are such;
- ``cypher``, then ``csv``: a query and its rows, as ``parley cypher --csv`` prints them;
- ``python`` and ``sh``: run; a ``text output`` block behind is what it prints. ``python pandas`` is
  run where pandas is installed, ``python notebook`` asks a person and is compiled only;
- ``yaml NAME``, ``text NAME``, ``json NAME``: a file of that name, where commands run.

Any other block is shown only: ``console`` for commands that a test cannot run.
"""

import asyncio
import contextlib
import csv
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
import neo4j
import orjson
import pytest

from service.generate import ROOT
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import DATABASE
from tests.serving import client_of

PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks/README.md"))
FENCE = re.compile(r"^( *)```(\w+) ?(.*)\n((?:.*\n)*?)\1```$", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, its language, the rest of its first line, its text."""

    place: str
    language: str
    name: str
    text: str


def read(path: Path) -> str:
    """Return the text of a page."""
    return path.read_text(encoding="utf-8")


def blocks(path: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    text = read(path)
    found = []
    for one in FENCE.finditer(text):
        line = text.count("\n", 0, one.start()) + 1
        place = f"{path.relative_to(ROOT)}:{line}"
        indent = re.compile(rf"^{one[1]}", re.M)
        found.append(Block(place, one[2], one[3], indent.sub("", one[4])))
    return found


class PageRunner:
    """Runs the blocks of a page against one database, in one folder."""

    def __init__(
        self, settings: Settings, driver: neo4j.Driver, folder: Path, client: httpx.AsyncClient
    ) -> None:
        self.driver, self.folder, self.client = driver, folder, client
        self.names: dict[str, object] = {"__name__": "page"}
        self.environment = os.environ | {
            "PARLEY_DATA_DIR": str(settings.data_dir),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "200",
        }

    async def run(self, page: list[Block]) -> int:
        """Run all blocks; return how many were run and compared."""
        done, rest = 0, list(page)
        while rest:
            block = rest.pop(0)
            if block.language == "graphql":
                await self._ask(block, rest)
            elif block.language == "cypher":
                self._query(block, rest)
            elif block.language in {"python", "sh"}:
                await asyncio.to_thread(self._run, block, rest)
            elif block.name and block.language in {"yaml", "text", "json"}:
                (self.folder / block.name).write_text(block.text, "utf-8")
            else:
                continue
            done += 1
        return done

    async def _ask(self, block: Block, rest: list[Block]) -> None:
        body: dict[str, object] = {"query": block.text}
        if rest and rest[0].name == "variables":
            body["variables"] = orjson.loads(rest.pop(0).text)
        response = (await self.client.post("/graphql", json=body)).json()
        answer = answer_of(block, rest, "json")
        expected = orjson.loads(answer.text)
        if answer.name == "errors":
            for error in response["errors"]:
                del error["extensions"]["requestId"]  # which is another each time
            assert response["errors"] == expected["errors"], block.place
        else:
            assert response == {"data": expected} | only(response, "extensions"), block.place

    def _query(self, block: Block, rest: list[Block]) -> None:
        with self.driver.session(
            database=DATABASE,
            default_access_mode=neo4j.READ_ACCESS,
            notifications_min_severity="WARNING",
        ) as session:
            result = session.run(block.text)
            found = [list(result.keys()), *([cell(one) for one in row.values()] for row in result)]
            said = result.consume().gql_status_objects
        assert [one.status_description for one in said if one.is_notification] == [], block.place
        answer = answer_of(block, rest, "csv")
        assert found == list(csv.reader(io.StringIO(answer.text))), block.place

    def _run(self, block: Block, rest: list[Block]) -> None:
        if block.language == "sh":
            done = subprocess.run(
                ["bash", "-euc", block.text],
                cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{block.place}: {done.stderr}"
            printed = done.stdout
        else:
            code = compile(block.text, block.place, "exec")
            if block.name and not (block.name == "pandas" and find_spec("pandas")):
                if is_output(rest):
                    rest.pop(0)
                return
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(code, self.names)  # noqa: S102 - our own pages
            printed = said.getvalue()
        if is_output(rest):
            assert rest.pop(0).text.splitlines() == printed.splitlines(), block.place


def is_output(rest: list[Block]) -> bool:
    """Return whether the next block is what the block before it prints."""
    return bool(rest) and (rest[0].language, rest[0].name) == ("text", "output")


def answer_of(block: Block, rest: list[Block], language: str) -> Block:
    """Take the answer from behind a block."""
    assert rest, f"{block.place}: an answer is missing"
    assert rest[0].language == language, f"{block.place}: an answer is missing"
    return rest.pop(0)


def only(given: dict[str, object], name: str) -> dict[str, object]:
    """Return the entry of one name, if there is one."""
    return {name: given[name]} if name in given else {}


def cell(value: object) -> str:
    """Return a value as a cell of a table."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def run_page(
    path: Path,
    settings: Settings,
    driver: neo4j.Driver,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> int:
    """Run the examples of a page; return how many there are."""
    monkeypatch.setenv("PARLEY_DATA_DIR", str(settings.data_dir))
    monkeypatch.chdir(folder)
    async with client_of(create_app(settings)) as client:
        return await PageRunner(settings, driver, folder, client).run(blocks(path))
