"""Tests of GraphiQL's archive, and of who gets the page at ``/graphql``; no browser is needed."""

import gzip
import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from service.generate import ROOT
from service.http.app import create_app
from service.pages.archive import ARCHIVE, DIGEST, digest_sources, read_archive
from service.pages.graphiql import prefers_html
from service.settings import Settings
from tests.serving import client_of

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
MOST_BYTES = 2_500_000
FILES = sorted(name for name in read_archive() if name.startswith("graphiql/"))
TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "ttf": "font/ttf",
}


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a service without a database."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("none"), neo4j_uri=None)
    async with client_of(create_app(settings)) as one:
        yield one


def test_the_archive_is_built_of_the_committed_sources() -> None:
    assert read_archive()[DIGEST].content.decode() == digest_sources(), "run `make graphiql`"


def test_the_archive_is_small_and_has_its_licences() -> None:
    assert ARCHIVE.stat().st_size <= MOST_BYTES
    licences = read_archive()["licences.md"].content.decode()
    for name in ("graphiql", "graphql", "monaco-editor", "monaco-graphql", "prettier", "react"):
        assert re.search(rf"^## {name} - \d", licences, re.M), name
    assert "## Third-party notices of monaco-editor" in licences
    pinned = json.loads((ROOT / "graphiql/package.json").read_text("utf-8"))["dependencies"]
    for name, version in pinned.items():
        assert f"## {name} - {version}" in licences or name == "@graphiql/toolkit"


def test_the_archive_is_marked_as_generated() -> None:
    marked = (ROOT / ".gitattributes").read_text("utf-8")
    assert "service/pages/graphiql.zip binary linguist-generated" in marked


def test_packages_are_pinned_without_addresses() -> None:
    text = (ROOT / "graphiql/package-lock.json").read_text("utf-8")
    lock = json.loads(text)
    assert '"resolved"' not in text
    assert all("integrity" in one for path, one in lock["packages"].items() if path)
    named = json.loads((ROOT / "graphiql/package.json").read_text("utf-8"))
    for name, version in (named["dependencies"] | named["devDependencies"]).items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version


def test_nothing_in_it_names_the_machine_that_built_it() -> None:
    for name, entry in read_archive().items():
        assert str(ROOT).encode() not in entry.content, name


async def test_a_browser_gets_the_page(client: httpx.AsyncClient) -> None:
    for address in ("/graphql", "/graphql?query={__typename}&variables={}"):
        response = await client.get(address, headers={"accept": BROWSER})
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert {"Accept", "Accept-Encoding"} <= set(response.headers["vary"].split(", "))
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe-eval" not in policy
        assert re.findall(r'(?:src|href)="(?!\./)', response.text) == []
    head = await client.head("/graphql", headers={"accept": BROWSER})
    assert (head.status_code, head.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML; q=0.5, application/json;q=0.4", True),
        ("text/html;charset=utf-8, application/json;q=0.9", True),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("application/json", False),
        ("application/graphql-response+json, application/json;q=0.9", False),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/graphql-response+json", False),
        ("text/html;q=0, */*", False),
        ("text/html;q=x", False),
    ],
)
async def test_the_page_is_for_those_who_prefer_html(
    client: httpx.AsyncClient, accept: str, expected: bool
) -> None:
    assert prefers_html(accept.encode()) is expected
    asked = {"query": "{ __typename }"}
    response = await client.get("/graphql", params=asked, headers={"accept": accept})
    assert response.headers["content-type"].startswith("text/html") is expected


async def test_a_post_is_never_the_page(client: httpx.AsyncClient) -> None:
    asked = {"query": "{ __typename }"}
    response = await client.post("/graphql", json=asked, headers={"accept": BROWSER})
    assert not response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("name", [*FILES, "graphiql/licences.md"])
async def test_files_come_from_the_archive(client: httpx.AsyncClient, name: str) -> None:
    packed = await client.get(f"/{name}", headers={"accept-encoding": "gzip, br"})
    plain = await client.get(f"/{name}", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) + 20
    assert packed.content == plain.content
    suffix = name.rpartition(".")[2]
    assert plain.headers["content-type"] == TYPES.get(suffix, "text/markdown; charset=utf-8")
    assert ("immutable" in plain.headers["cache-control"]) is (suffix != "md")
    assert packed.headers["etag"] != plain.headers["etag"]
    known = {"if-none-match": packed.headers["etag"], "accept-encoding": "gzip"}
    again = await client.get(f"/{name}", headers=known)
    assert (again.status_code, again.content) == (304, b"")


def test_an_entry_is_a_gzip_file() -> None:
    for name, entry in read_archive().items():
        assert gzip.decompress(entry.gzipped) == entry.content, name


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "sources.sha256", "..%2fapp.py"])
async def test_other_files_are_not_found(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/graphiql/{name}")
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
