"""Tests of the descriptions in the vocabulary, which GraphiQL and the reference show."""

import re

import pytest

from schema.domain import DOMAIN
from schema.relationships import About, ReportedBy

LINKS = [link for links in DOMAIN.own_links.values() for link in links.values()]
DOCS = {
    **{f"{one.owner.label}.{one.name}": one.doc for one in LINKS},
    **{one.label: one.doc for one in DOMAIN.nodes.values()},
    **{
        f"{node.label}.{prop.name}": prop.doc
        for node in DOMAIN.nodes.values()
        for prop in node.properties.values()
    },
}


@pytest.mark.parametrize("name", DOCS)
def test_a_description_is_a_sentence(name: str) -> None:
    doc = DOCS[name]
    assert re.fullmatch(r"[A-Z`].{14,}[.`]", doc, re.DOTALL), doc
    assert "``" not in doc, "GraphQL's descriptions are Markdown"


def test_each_link_is_described_from_both_ends() -> None:
    """The description of the relationship type would serve for both directions otherwise."""
    for relationship in DOMAIN.relationships.values():
        for ends in relationship.ends:
            own = {ends.doc, *([] if relationship.symmetric else [ends.back_doc])}
            assert len(own) == (1 if relationship.symmetric else 2), ends
            assert relationship.doc not in own, ends


def test_a_link_back_is_described_by_the_type_that_it_leads_to() -> None:
    issue = DOMAIN.links(DOMAIN.nodes["Issue"])
    assert issue["tradeFigures"].doc == "The trade figures about this issue or agreement."
    assert issue["agendaItems"].doc == "The agenda items about this issue or agreement."
    declared = [one.endpoints for one in (About, ReportedBy)]
    every = [e for one in declared for e in (one if isinstance(one, tuple) else (one,))]
    assert all(one.doc and one.back_doc for one in every)
