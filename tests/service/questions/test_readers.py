"""Tests that other programs open the answers: pandas, feedparser, LibreOffice, caches."""

import asyncio
import io
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import neo4j
import pytest

from graph_seed import load, unload
from service.http.app import create_app
from service.settings import Settings
from tests.builders import facts, record, statement
from tests.conftest import DATABASE
from tests.serving import client_of

FORMULA = '=HYPERLINK("http://invented.example"; "Łódź, 水")'
OFFICE = shutil.which("soffice")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
KEYS = ("one", "two")


def text_of(number: int) -> str:
    """Return an invented text that needs quotes, or that a spreadsheet would take for a formula."""
    return FORMULA if number == 0 else f'"Toll {number}",\nsaid the mill'


@pytest.fixture
async def client(empty: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a graph with 230 invented statements: more than two pages."""
    said = [
        statement(f"statement:one/{number:03}", {"about": ["issue:toll"]}, text=text_of(number))
        for number in range(230)
    ]
    load(empty, facts("one", record("issue:toll", name="Zölle"), *said), database=DATABASE)
    async with client_of(create_app(settings)) as one:
        yield one


async def fetch_table(client: httpx.AsyncClient) -> bytes:
    response = await client.get("/q/issue-statements.csv", params={"issue": "issue:toll"})
    assert response.status_code == 200
    return response.content


async def test_pandas_reads_all_pages_of_a_table(client: httpx.AsyncClient) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(io.BytesIO(await fetch_table(client)))
    assert len(table) == 230
    assert table["id"].is_unique
    assert table["text"].tolist() == [f"'{FORMULA}", *map(text_of, range(1, 230))]
    assert table["evidence.locator"].tolist() == ["sentence 1 of 6"] * 230
    assert table["saidOn.edtf"].isna().all()
    assert table["recordedIn"].sum() == 230


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
async def test_a_spreadsheet_shows_the_same_texts_and_runs_none(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    assert OFFICE is not None
    (tmp_path / "answer.csv").write_bytes(await fetch_table(client))
    command = [
        OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
        "--infilter=Text - txt - csv (StarCalc):44,34,76,1", "--convert-to", "fods",
        "--outdir", str(tmp_path), str(tmp_path / "answer.csv"),
    ]  # fmt: skip
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, check=False, timeout=120
    )
    assert (tmp_path / "answer.fods").exists(), done.stderr
    root = ET.fromstring((tmp_path / "answer.fods").read_text("utf-8"))  # noqa: S314 - our own
    cells = [
        ["\n".join("".join(line.itertext()) for line in cell) for cell in row]
        for row in root.iter(f"{TABLE}table-row")
    ]
    head = cells[0]
    texts = [row[head.index("text")] for row in cells[1:] if len(row) > 1]
    assert texts == [f"'{FORMULA}", *map(text_of, range(1, 230))]
    assert not [one for one in root.iter() if f"{TABLE}formula" in one.attrib]


def parse_feed(text: str) -> Any:
    """Return a feed as feedparser reads it; it has to be well-formed."""
    found = pytest.importorskip("feedparser").parse(text)
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


async def test_feedparser_reads_a_feed(client: httpx.AsyncClient) -> None:
    response = await client.get("/q/issue-news.atom", params={"issue": "issue:toll", "first": "3"})
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = parse_feed(response.text)
    assert found.feed.title == "What is new about an issue"
    first = found.entries[0]
    assert FORMULA in first.summary
    assert "evidence.locator: sentence 1 of 6" in first.summary
    assert first.id.startswith("urn:uuid:")
    assert first.link.startswith("http://localhost/graphql?query=")
    assert first.updated_parsed.tm_year >= 2026
    links = {one.rel: one.href for one in found.feed.links}
    assert links["self"] == "http://localhost/q/issue-news.atom?issue=issue%3Atoll&first=3"
    assert links["alternate"] == "http://localhost/q/issue-news?issue=issue%3Atoll&first=3"
    following = parse_feed((await client.get(links["next"])).text)
    ids = [one.id for one in (*found.entries, *following.entries)]
    assert len(set(ids)) == 6


async def test_a_feed_has_what_was_recorded_last_first_whatever_its_day(
    empty: neo4j.Driver, settings: Settings
) -> None:
    about = {"about": ["issue:toll"]}
    late = statement("statement:one/late", about, text="Late.", saidOn="2031-05-01")
    early = statement("statement:two/early", about, text="Early.", saidOn="2029-05-01")
    address = "/q/issue-statements.atom?issue=issue:toll&first=1"
    load(empty, facts("one", record("issue:toll"), late), database=DATABASE)
    async with client_of(create_app(settings)) as client:
        (before,) = parse_feed((await client.get(address)).text).entries
        load(empty, facts("two", early, uses=["issue:toll"]), database=DATABASE)
        newest = parse_feed((await client.get(address)).text)
        following = {one.rel: one.href for one in newest.feed.links}["next"]
        older = parse_feed((await client.get(following)).text)
        table = (await client.get(address.replace("atom", "csv").removesuffix("&first=1"))).text
        late.values["text"] = "Later."
        load(empty, facts("one", record("issue:toll"), late), database=DATABASE)
        (changed,) = parse_feed((await client.get(address)).text).entries
    assert "Early." in newest.entries[0].summary
    assert [one.id for one in older.entries] == [before.id]
    assert table.index("Late.") < table.index("Early.")
    assert "Later." in changed.summary
    assert changed.id not in {before.id, newest.entries[0].id}


async def test_a_feed_reader_misses_and_repeats_nothing_beside_loads(
    empty: neo4j.Driver, settings: Settings
) -> None:
    """It reads the newest page, and the pages before it until it meets an entry that it has."""
    done = asyncio.Event()

    def write() -> None:
        for number in range(1, 10):
            for key in KEYS:
                issues = [record(f"issue:{key}-{i}", name=f"{i} {number}") for i in range(number)]
                said = statement(f"statement:{key}/s", {"about": [one.id for one in issues]})
                load(empty, facts(key, *issues, said), database=DATABASE)
        unload(empty, "source:one", database=DATABASE)

    async def load_all() -> None:
        await asyncio.to_thread(write)
        done.set()

    entries: list[str] = []
    async with client_of(create_app(settings)) as client:
        loading = asyncio.create_task(load_all())
        is_last = False
        try:
            while True:
                is_last = done.is_set()
                known = set(entries)
                new: list[str] = []
                address: str | None = "/q/changes.atom?last=20"
                while address:
                    response = await client.get(address)
                    assert response.status_code == 200, response.text
                    feed = parse_feed(response.text)
                    found = [one.id for one in feed.entries]
                    new += [one for one in found if one not in known]
                    links = {one.rel: one.href for one in feed.feed.links}
                    address = None if known & set(found) else links.get("next")
                entries += new
                if is_last:
                    break
        finally:
            await loading  # a failure leaves no load behind
        table = await client.get("/q/changes.csv")
    changes = table.text.count("\r\n") - 1
    assert len(entries) == len(set(entries)) == changes
    assert changes > 200


async def test_a_client_that_has_the_answer_gets_no_body_until_a_load(
    empty: neo4j.Driver, settings: Settings
) -> None:
    load(empty, facts("one", record("issue:toll")), database=DATABASE)
    async with client_of(create_app(settings)) as one:
        for form in ("json", "csv"):
            first = await one.get(f"/q/issues.{form}")
            assert first.headers["cache-control"] == "no-cache"
            known = {"if-none-match": first.headers["etag"]}
            again = await one.get(f"/q/issues.{form}")
            assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
            assert again.headers["link"] == first.headers["link"]
            same = await one.get(f"/q/issues.{form}", headers=known)
            assert (same.status_code, same.content) == (304, b"")
            key = f"two-{form}"
            load(empty, facts(key, record(f"issue:fish-{form}")), database=DATABASE)
            changed = await one.get(f"/q/issues.{form}", headers=known)
            assert changed.status_code == 200
            assert f"issue:fish-{form}" in changed.text
        kept = (await one.head("/q/issues.csv")).headers
        assert kept["content-type"].startswith("text/csv")
