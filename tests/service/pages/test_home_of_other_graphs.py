"""Tests of the page at ``/`` over an empty graph, and over one with markup in its texts."""

import neo4j

import graph_seed
from service.settings import Settings
from tests.conftest import DATABASE
from tests.service.pages.test_home import get, serving


async def test_text_of_the_graph_is_escaped(empty: neo4j.Driver, settings: Settings) -> None:
    text = "<script>alert(1)</script> & dairy"
    source = {"id": "source:made", "type": "x", "title": "<script>alert(2)</script>"}
    records: list[dict[str, object]] = [
        {"source": source},
        {"issue": "bad", "name": text, "find": "alert(1)"},
    ]
    graph_seed.load(empty, records, texts={"source:made": text}, database=DATABASE)
    async with serving(settings) as client:
        page = await get(client, "dairy")
    assert not page.all("script")
    assert "<script>alert(1)</script> & dairy" in page.words
    assert "<script>alert(2)</script>" in page.words


async def test_an_empty_graph_says_how_to_load(empty: neo4j.Driver, settings: Settings) -> None:
    async with serving(settings) as client:
        assert "Nothing is loaded yet" in (await get(client)).words
