"""Compute the standing of superseded claims, and the day from which on they are superseded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from graph_seed.records import Facts
from graph_seed.state.elements import Relationships, edge_properties, relationship_of
from graph_seed.values import parse_edtf
from schema import rules
from schema.enumerations import Standing, Supersession
from schema.model import RelationshipType
from schema.names import FACT
from schema.vocabulary import Vocabulary

Values = Mapping[str, object]


def supersedes_of(vocabulary: Vocabulary) -> RelationshipType:
    """Return the relationship type by which a claim supersedes another."""
    return relationship_of(vocabulary.links(vocabulary.nodes[FACT])[rules.SUPERSEDES])


def standing_for(reasons: Iterable[str]) -> str:
    """Return the standing of a claim that is superseded for these reasons.

    A retraction outweighs a correction.
    """
    given = set(reasons)
    if Supersession.RETRACTION.value in given:
        return str(Standing.RETRACTED.value)
    if Supersession.CORRECTION.value in given:
        return str(Standing.CORRECTED.value)
    return str(Standing.STANDING.value)


class Claims(Protocol):
    """Claims, by their ids: their values, links and sources."""

    def values_of(self, claim: str) -> Values:
        """Return the values of a claim."""

    def published_on(self, claim: str) -> object:
        """Return when the source of a claim was published, as EDTF, or None."""

    def linked(self, claim: str, link: str) -> Iterable[str]:
        """Return the claims of the same source that a link leads to, in either direction."""


def date_said(claims: Claims, vocabulary: Vocabulary, claim: str) -> str | None:
    """Return the date on which a claim was said, as EDTF, or None if nothing says so.

    The first path of ``rules.SAID_ON`` that leads to a date decides; of several claims at the end
    of a path, the earliest does.
    """
    node_type = vocabulary.type_of_id(claim)
    for path in rules.SAID_ON.get(node_type.label, ()) if node_type else ():
        *links, name = path.split(".")
        ends = [claim]
        for link in links:
            ends = [end for one in ends for end in claims.linked(one, link)]
        dates = [d for end in ends if isinstance(d := claims.values_of(end).get(name), str)]
        if dates:
            return min(dates, key=lambda edtf: (parse_edtf(edtf).earliest or date.min, edtf))
    published = claims.published_on(claim)
    return published if isinstance(published, str) else None


class _ClaimsOfFacts:
    """The claims of a source as its facts file gives them."""

    def __init__(self, vocabulary: Vocabulary, facts: Facts) -> None:
        self._published = facts.source.values.get(rules.PUBLISHED)
        self._values = {one.id: one.values for one in facts.records}
        self._linked: dict[tuple[str, str], list[str]] = defaultdict(list)
        for record in facts.records:
            for name, references in record.links.items():
                ends = relationship_of(vocabulary.links(record.type)[name]).ends
                backs = {one.back for one in ends if record.type.is_a(one.start)}
                for to in references:
                    if to.id in self._values:
                        self._linked[record.id, name].append(to.id)
                        for back in backs:
                            self._linked[to.id, back].append(record.id)

    def values_of(self, claim: str) -> Values:
        return self._values[claim]

    def published_on(self, claim: str) -> object:  # noqa: ARG002 - all are of one source
        return self._published

    def linked(self, claim: str, link: str) -> Iterable[str]:
        return self._linked.get((claim, link), ())


def date_supersessions(vocabulary: Vocabulary, facts: Facts, relationships: Relationships) -> None:
    """Set the day from which on a claim supersedes another on each such relationship."""
    relationship = supersedes_of(vocabulary)
    found = [key for key in relationships if key.type == relationship.type]
    if not found:
        return
    claims = _ClaimsOfFacts(vocabulary, facts)
    for key in found:
        relationships[key] |= since(relationship, date_said(claims, vocabulary, key.start))


def since(relationship: RelationshipType, said: str | None) -> dict[str, object]:
    """Return the properties of a relationship by which a claim supersedes another since a day."""
    declared = {rules.SUPERSEDED_ON: relationship.properties[rules.SUPERSEDED_ON]}
    return edge_properties(declared, {rules.SUPERSEDED_ON: said})
