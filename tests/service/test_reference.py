"""The reference names every type, property, link, relationship and word of the vocabulary."""

from schema.domain import DOMAIN
from service.reference import reference

PAGE = reference(DOMAIN)


def test_each_type_has_its_properties_and_links() -> None:
    for node in DOMAIN.nodes.values():
        if node is DOMAIN.root:
            continue
        section = PAGE.partition(f"### {node.label}\n")[2].partition("\n### ")[0]
        assert node.doc in section
        names = [*(one.name for one in node.own), *DOMAIN.own_links[node.label]]
        assert [one for one in names if f"| `{one}` |" not in section] == []


def test_a_link_says_how_cypher_follows_it() -> None:
    assert "| `speakers` | Actor, a connection | `-[:SAID_BY]->` |" in PAGE
    assert "| `statements` | Statement, a connection | `<-[:SAID_BY]-` |" in PAGE
    assert "| `differentFrom` | Entity, a connection | `-[:DIFFERENT_FROM]-` |" in PAGE
    assert "| `reporters` | Actor, a connection | through `reportedIn`, `speakers` |" in PAGE


def test_each_relationship_and_word_is_named() -> None:
    assert [one for one in DOMAIN.relationships if f"| `{one}` |" not in PAGE] == []
    words = [word.value for one in DOMAIN.enumerations for word in one]
    assert [one for one in words if f"- `{one}` (" not in PAGE] == []
