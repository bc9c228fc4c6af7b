"""Searches restricted to types: each type that the schema names can be searched for."""

import neo4j
import pytest

from schema.domain import DOMAIN
from tests.querying import answer

SELECTION = """{
  __typename hits { score property snippet passage { id } node { id } } counts { type count }
}"""


@pytest.mark.parametrize("types", ["", *(node.label for node in DOMAIN.concrete)])
@pytest.mark.parametrize("as_of", ["", "@asOf"])
def test_a_search_of_types_finds_nodes_of_these_types_alone(
    article: neo4j.Driver, types: str, as_of: str
) -> None:
    text = f'query {as_of} {{ search(text: "nafta trade", types: [{types}]) {SELECTION} }}'
    found = answer(article, text)["search"]
    assert {one["type"] for one in found["counts"]} <= {types}
    assert bool(found["hits"]) == bool(found["counts"])
