"""Tests of ``/docs``: each page is rendered, its links lead somewhere, its examples are found."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from posixpath import join, normpath
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest

from service.generate import ROOT
from service.http.app import create_app
from service.pages.documentation import Documentation, address_of, documentation
from service.settings import Settings
from tests.pages import blocks
from tests.service.pages.test_home import PageParser
from tests.serving import client_of
from tests.test_docs import anchors

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a service without a database."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None)
    async with client_of(create_app(settings)) as one:
        yield one


async def get(client: httpx.AsyncClient, address: str) -> PageParser:
    response = await client.get(address)
    assert response.status_code == 200, address
    assert response.headers["content-type"].startswith("text/html")
    return PageParser(response.text)


def test_all_pages_are_there() -> None:
    assert set(documentation().pages) == {address_of(path) for path in PAGES}
    assert "" in documentation().pages


@pytest.mark.parametrize("path", PAGES)
async def test_each_link_leads_to_a_page_and_a_heading(
    client: httpx.AsyncClient, path: str
) -> None:
    address = f"/docs/{address_of(path)}"
    page = await get(client, address)
    targets = page.links + [str(one["src"]) for one in page.all("img")]
    identifiers = {str(one["id"]) for _, one in page.elements if "id" in one}
    assert anchors((DOCS / path).read_text("utf-8")) <= identifiers
    for target in targets:
        parts = urlsplit(target)
        if parts.scheme or not parts.path:
            assert parts.scheme or parts.fragment in identifiers, target
            continue
        absolute = normpath(join(address, "..", parts.path))
        assert absolute.startswith("/"), target
        if absolute in {"/", "/graphql", "/schema.graphql"}:
            continue
        absolute += "/" if parts.path.endswith("/") else ""
        response = await client.get(absolute)
        assert response.status_code == 200, target
        if parts.fragment:
            assert f'id="{parts.fragment}"' in response.text, target


@pytest.mark.parametrize("path", PAGES)
async def test_each_operation_opens_in_graphiql(client: httpx.AsyncClient, path: str) -> None:
    page = await get(client, f"/docs/{address_of(path)}")
    opened = [parse_qs(urlsplit(one).query) for one in page.links if "graphql?" in one]
    shown = blocks(DOCS / path)
    operations = [index for index, one in enumerate(shown) if one.language == "graphql"]
    assert [one["query"][0] for one in opened] == [shown[index].text for index in operations]
    for index, one in zip(operations, opened, strict=True):
        behind = shown[index + 1] if index + 1 < len(shown) else None
        has_variables = behind is not None and behind.name == "variables"
        assert ("variables" in one) is has_variables
        if behind is not None and has_variables:
            assert orjson.loads(one["variables"][0]) == orjson.loads(behind.text)


async def test_tables_code_and_pictures(client: httpx.AsyncClient) -> None:
    page = await get(client, "/docs/operator/settings")
    assert page.all("table")
    assert "<th></th>" not in (await client.get("/docs/operator/settings")).text
    assert "PARLEY_PORT" in page.words
    response = await client.get("/docs/pictures/model.svg")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.content == (DOCS / "pictures/model.svg").read_bytes()
    source = await client.get("/docs/concepts.md")
    assert source.headers["content-type"] == "text/markdown; charset=utf-8"
    assert source.text == (DOCS / "concepts.md").read_text("utf-8")


async def test_docs_without_a_slash_leads_to_the_index(client: httpx.AsyncClient) -> None:
    response = await client.get("/docs")
    assert (response.status_code, response.headers["location"]) == (308, "docs/")


@pytest.mark.parametrize(
    "address", ["nothing", "frontend", "frontend/", "..%2Fpyproject.toml", "%2e%2e/README", "a/b/c"]
)
async def test_another_address_is_a_page_that_says_so(
    client: httpx.AsyncClient, address: str
) -> None:
    response = await client.get(f"/docs/{address}")
    assert response.status_code == 404
    page = PageParser(response.text)
    assert "There is no such page" in page.words
    for one in page.links:
        if one.endswith("docs/"):
            assert normpath(join(f"/docs/{address}", "..", one)) == "/docs"


def test_html_in_a_page_is_text_and_other_links_are_dropped(tmp_path: Path) -> None:
    written = (
        "# <b>Bold</b>\n\n<script>1</script> [x](../outside.md) [y](javascript:1) [z](#bold)\n"
    )
    (tmp_path / "README.md").write_text(written, "utf-8")
    html = Documentation(tmp_path).pages[""].html
    assert "<script" not in html
    assert "<b>" not in html
    assert set(re.findall('href="([^"]*)"', html)) == {"#bold"}


def test_examples_for_graphiql_begin_with_the_ten_questions() -> None:
    groups = orjson.loads(documentation().examples)
    assert groups[0]["title"] == "Ten questions"
    assert len(groups[0]["examples"]) == 10
    assert any("@asOf" in one["query"] for one in groups[0]["examples"])
    pages = [path for path in PAGES if path.startswith("frontend/")]
    shown = sum(block.language == "graphql" for path in pages for block in blocks(DOCS / path))
    assert sum(len(group["examples"]) for group in groups) == shown
