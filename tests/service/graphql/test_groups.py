"""Tests of groups by every key that the schema offers."""

from collections.abc import Iterator

import neo4j
import pytest

from schema.domain import DOMAIN
from schema.model import NodeType
from service.graphql.types import names
from service.graphql.types.groups import aggregated_properties
from service.query.groups import PARTS, has_parts
from tests.querying import answer

TYPES = [node for node in DOMAIN.nodes.values() if node is not DOMAIN.root]


def keys_of(node: NodeType) -> Iterator[tuple[str, bool]]:
    """Yield ``by`` for each kind of value, each part of a date and each link, with whether nodes
    are grouped by."""
    yield "id: true", True
    kinds = {prop.enumeration or prop.scalar: prop for prop in aggregated_properties(node)}
    for prop in kinds.values():
        for part in PARTS if has_parts(prop) else ["true"]:
            yield f"{prop.name}: {part}", False
    for link in DOMAIN.links(node).values():
        yield f"{link.name}: {{id: true}}", True
    for kind in names.subtypes(DOMAIN, node):
        yield f"{names.subtype_field(kind)}: {{id: true}}", True


@pytest.mark.parametrize("node", TYPES, ids=lambda node: node.label)
def test_every_key_has_a_value_and_a_node_only_where_nodes_are_grouped_by(
    article: neo4j.Driver, node: NodeType
) -> None:
    keys = list(keys_of(node))
    groups = " ".join(
        f"g{index}: groupBy(by: {{{text}}}, first: 2) {{ key {{ value node {{ id }} }} }}"
        for index, (text, _) in enumerate(keys)
    )
    data = answer(article, f"{{ found: {node.plural} {{ {groups} }} }}")
    for index, (text, by_node) in enumerate(keys):
        for group in data["found"][f"g{index}"]:
            expected = {"id": group["key"]["value"]} if by_node else None
            assert group["key"]["node"] == expected, text
