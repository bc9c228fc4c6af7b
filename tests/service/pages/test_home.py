"""Tests of the page at ``/``: it says what is loaded, searches, escapes, and tells of failures."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import neo4j
import orjson
import pytest
from graphql import OperationDefinitionNode, parse, validate

from schema.domain import DOMAIN
from service.graphql.types.schema import make_schema
from service.http.app import create_app
from service.settings import Settings
from tests.serving import client_of

VOID = {"meta", "link", "input", "img", "br", "hr"}


class PageParser(HTMLParser):
    """Collects the elements of a page, and checks that each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        return [str(one["href"]) for one in self.all("a") if "href" in one]


def serving(settings: Settings) -> httpx.AsyncClient:
    return client_of(create_app(settings))


@pytest.fixture(scope="module")
async def client(article: neo4j.Driver, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(settings) as one:
        yield one


async def get(client: httpx.AsyncClient, text: str | None = None) -> PageParser:
    response = await client.get("/", params={"search": text} if text is not None else {})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return PageParser(response.text)


async def test_it_says_what_is_loaded(client: httpx.AsyncClient) -> None:
    page = await get(client)
    words = " ".join(page.words.split())
    assert "Version 2, loaded " in words
    assert "Country codes of ISO 3166-1, Parley" in words
    assert "news article, November 2017" in words
    assert "published some day within 12–15 November 2017" in words
    for counted in ("2 sources", "statements 53", "people 14", "trade figures 17", "loads 2"):
        assert counted in words
    assert all(node.plural[0] in words for node in DOMAIN.concrete)


async def test_its_counts_are_those_of_the_endpoint(client: httpx.AsyncClient) -> None:
    page = await get(client)
    words = " ".join(page.words.split())
    for node in DOMAIN.concrete:
        asked = {"query": f"{{ {node.plural} {{ totalCount }} }}"}
        counted = (await client.post("/graphql", json=asked)).json()["data"][node.plural]
        assert f" {counted['totalCount']} " in words


async def test_search_shows_captions_snippets_and_passages(client: httpx.AsyncClient) -> None:
    response = await client.get("/", params={"search": "sunset claus"})
    assert "<mark>sunset</mark> <mark>clause</mark>" in response.text
    page = PageParser(response.text)
    words = " ".join(page.words.split())
    assert "Found for “sunset claus”" in words
    assert "1 issue," in words
    assert "Issue · issue:sunset-clause · news article, November 2017, sentence 5 of 45" in words
    assert page.all("input")[0]["value"] == "sunset claus"
    assert "Nothing found for “qqqqqqqq”" in (await get(client, "qqqqqqqq")).words


async def test_a_long_search_shows_the_best_hits(client: httpx.AsyncClient) -> None:
    assert "These are the best 20." in (await get(client, "nafta")).words


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><b>', "{{ 7 * 7 }}", "'", "&amp;", "\u0000", "\u202e", " "],
)
async def test_what_a_person_types_is_escaped(client: httpx.AsyncClient, text: str) -> None:
    page = await get(client, text)
    assert not page.all("script")
    assert not page.all("b")
    assert page.all("input")[0]["value"] == text.strip()
    assert "“49”" not in page.words


async def test_a_text_that_is_too_long_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/", params={"search": "a" * 11_000})
    assert response.status_code == 400
    words = PageParser(response.text).words
    assert "QUERY_TOO_COMPLEX" in words
    assert "This search has no answer" in words
    assert "Search for fewer words." in words
    assert "Version 2" in words


async def test_each_operation_that_it_opens_is_valid(client: httpx.AsyncClient) -> None:
    page = await get(client, "dairy")
    questions = page.words.partition("Ten questions")[2].partition("Ask it yourself")[0]
    assert len(page.all("summary")) == 10
    assert "Who speaks most often?" in questions
    opened = [parse_qs(urlsplit(one).query) for one in page.links if one.startswith("./graphql?")]
    assert len(opened) > 10 + len(DOMAIN.concrete)
    schema = make_schema(DOMAIN)._schema
    for one in opened:
        document = parse(one["query"][0])
        assert validate(schema, document) == []
        definition = document.definitions[0]
        assert isinstance(definition, OperationDefinitionNode)
        assert bool(definition.variable_definitions) is ("variables" in one)
    hit = next(one for one in opened if "issue:dairy" in one.get("variables", [""])[0])
    body = {"query": hit["query"][0], "variables": orjson.loads(hit["variables"][0])}
    answer = (await client.post("/graphql", json=body)).json()
    assert answer["data"]["node"]["caption"] == "dairy"


async def test_links_lead_somewhere(client: httpx.AsyncClient) -> None:
    page = await get(client, "dairy")
    styles = [str(one["href"]) for one in page.all("link")]
    for one in {*page.links, *styles}:
        if one.startswith("#") or "graphql?" in one:
            continue
        address = f"/{one.removeprefix('./')}"
        response = await client.get(address, headers={"accept": "text/html, */*;q=0.8"})
        assert response.status_code == 200, one


async def test_it_needs_no_script_and_is_accessible(client: httpx.AsyncClient) -> None:
    page = await get(client, "dairy")
    tags = {tag for tag, _ in page.elements}
    assert {"header", "main", "nav", "footer", "h1", "h2", "caption", "label"} <= tags
    assert "script" not in tags
    assert page.all("html") == [{"lang": "en"}]
    labels = {one["for"] for one in page.all("label")}
    assert labels == {one["id"] for one in page.all("input")}
    identifiers = [one["id"] for _, one in page.elements if "id" in one]
    assert len(identifiers) == len(set(identifiers))
    assert {one["aria-labelledby"] for one in page.all("section")} <= set(identifiers)
    assert page.links[0] == "#content"
    assert not any("style" in one for _, one in page.elements)


async def test_headers_protect_it(client: httpx.AsyncClient) -> None:
    for path in ("/", "/docs/", "/docs/pictures/model.svg", "/static/style.css", "/docs/nothing"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_files_are_kept_by_browsers(client: httpx.AsyncClient) -> None:
    first = await client.get("/static/style.css")
    again = await client.get("/static/style.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get("/static/style.css", headers={"if-none-match": '"x"'})).content
    assert (await client.head("/")).status_code == 200


async def test_it_says_when_the_database_is_away(tmp_path: Path) -> None:
    async with serving(Settings(data_dir=tmp_path, neo4j_uri=None)) as client:
        for path in ("/", "/?search=dairy"):
            response = await client.get(path)
            assert response.status_code == 503
            assert response.headers["retry-after"] == "1"
            page = PageParser(response.text)
            words = " ".join(page.words.split())
            assert "The graph cannot be read" in words
            assert "parley db start" in words
            assert "SERVICE_UNAVAILABLE" in words
            assert "Ten questions" in words
            assert str(tmp_path) not in words
