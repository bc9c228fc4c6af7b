"""Fragments of Cypher: text, with what the code around it has to know of it.

A fragment carries how many subqueries it contains and whether it aggregates, so that no code reads
Cypher back. A fragment is put into others by the functions of this module; in an f-string, where
that would be lost, it raises TypeError.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cypher:
    """A fragment of Cypher: an expression, or one or more clauses. An empty one is false."""

    text: str
    subqueries: int = 0
    """COLLECT, EXISTS and COUNT subqueries. The database plans each by itself, within those around
    it, so this number tells how long a query takes to be planned."""
    aggregates: bool = False
    """Whether an aggregating function is called, in subqueries too."""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        raise TypeError("put a fragment into another with cypher()")


CypherPart = Cypher | str
EMPTY = Cypher("")


def cypher(template: str, *parts: CypherPart) -> Cypher:
    """Return the fragment that ``str.format`` makes of a template and its parts."""
    fragments = [one for one in parts if isinstance(one, Cypher)]
    return Cypher(
        template.format(*(one.text if isinstance(one, Cypher) else one for one in parts)),
        sum(one.subqueries for one in fragments),
        any(one.aggregates for one in fragments),
    )


def join(separator: str, parts: Iterable[CypherPart]) -> Cypher:
    """Return fragments joined by a text."""
    listed = list(parts)
    return cypher(separator.join(["{}"] * len(listed)), *listed)


def join_clauses(*parts: CypherPart) -> Cypher:
    """Join Cypher clauses in order, separated by spaces; empty ones are skipped."""
    return join(" ", (one for one in parts if one))


def list_of(parts: Iterable[CypherPart]) -> Cypher:
    """Return a list expression."""
    return cypher("[{}]", join(", ", parts))


def collect(*parts: CypherPart) -> Cypher:
    """Return the list of what a subquery returns."""
    return _subquery("COLLECT", *parts)


def exists(*parts: CypherPart) -> Cypher:
    """Return whether a subquery finds anything."""
    return _subquery("EXISTS", *parts)


def count(*parts: CypherPart) -> Cypher:
    """Return how many rows a subquery finds."""
    return _subquery("COUNT", *parts)


def first(*parts: CypherPart) -> Cypher:
    """Return the first of what a subquery returns; null if it returns nothing."""
    return cypher("head({})", collect(*parts))


def _subquery(kind: str, *parts: CypherPart) -> Cypher:
    inner = join_clauses(*parts)
    text = f"{kind} {{ {inner.text} }}"
    return Cypher(text, inner.subqueries + 1, inner.aggregates)


def aggregation(function: str, argument: CypherPart) -> Cypher:
    """Return a call of an aggregating function."""
    inner = cypher("{}({})", function, argument)
    return Cypher(inner.text, inner.subqueries, aggregates=True)


def conjunction(parts: Iterable[CypherPart]) -> Cypher:
    """Return the predicate that all predicates hold; empty if there are none but empty ones."""
    return join(" AND ", (one for one in parts if one))


def where(found: CypherPart, *predicates: CypherPart) -> Cypher:
    """Return clauses that find nodes, followed by WHERE if there is any predicate."""
    condition = conjunction(predicates)
    return cypher("{} WHERE {}", found, condition) if condition else cypher("{}", found)


def return_row(row: Cypher) -> Cypher:
    """Return the clause that returns a row.

    Neo4j 5.26 takes an aggregation within a subquery for one of the row around it, and refuses the
    other parts of that row; where the row's variables are kept beside it, it does not.
    """
    template = "WITH *, {} AS row RETURN row" if row.aggregates else "RETURN {}"
    return cypher(template, row)
