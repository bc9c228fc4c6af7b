"""Reading what the graph had recorded by a version: three rewrites of reading the present.

A node that holds is found under its plain label or its past one; what it was is a copy of it, tied
to it by ``WAS``, where it was changed since. So a node has two variables: ``n`` is itself, from
which links lead on, and ``ns`` its state, from which properties are read. A relationship never
changes, so one variable serves. ``docs/cypher.md`` says how history is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from schema.constraints import FULL_TEXT, NAMES, PAST_FULL_TEXT, PAST_NAMES
from schema.names import (
    EXPIRED_IN,
    ID,
    NODE,
    PAST_NODE,
    RECORDED_IN,
    SEARCH_WORDS,
    WAS,
    past,
    was,
)
from schema.terms import Link, NodeType
from service.query.reader import Fresh, Reader

VERSION = "v"
"""The variable that holds the version."""


def held(variable: str) -> str:
    """Whether something was recorded and not yet over: from ``recordedIn`` to before its end."""
    recorded, expired = f"{variable}.{RECORDED_IN}", f"{variable}.{EXPIRED_IN}"
    return f"{recorded} <= {VERSION} AND ({expired} IS NULL OR {expired} > {VERSION})"


@dataclass(frozen=True, slots=True)
class Known(Reader):
    """Reads what was recorded by the version that the variable ``v`` of the query holds."""

    standing: set[str] = field(default_factory=set, compare=False)
    """Variables of nodes that stand as they were: each is its own state."""

    @property
    def plain(self) -> bool:
        """What was known lies under two labels."""
        return False

    @property
    def outer(self) -> str:
        """The version."""
        return VERSION

    def stored(self, node: str, name: str) -> str:
        """A property as it was; what history leaves alone stands where it stands: ids, texts."""
        stays = node in self.standing or name == ID or name in self.vocabulary.attached
        return f"{node if stays else _state(node)}.{name}"

    def recorded(self, version: str) -> str:
        """What came after is hidden."""
        return f"{version} <= {VERSION}"

    def seen(self, edge: str) -> list[str]:
        """A relationship is seen if it was recorded and not yet over."""
        return [held(edge)]

    def kept(self, node: str) -> list[str]:
        """The node and its state."""
        return [node, _state(node)]

    def label(self, node: NodeType) -> str:
        """The labels of a type's nodes, those that are over included."""
        return f"{node.label}|{past(node.label)}"

    def relationship(self, name: str) -> str:
        """The types of a relationship, those that are over included."""
        return f"{name}|{was(name)}"

    def type_name(self, node: str, types: tuple[NodeType, ...]) -> str:
        """The name of a node's type, whether it is over or not."""
        cases = [f"WHEN {self.is_a(node, (one,))} THEN '{one.label}'" for one in types]
        return f"CASE {' '.join(cases)} END"

    def all_of(self, node: str, of: NodeType) -> str:
        """Every node of a type that held: those that stand as they were, and copies of others."""
        live = f"{self.all_standing(node, of)} RETURN {node}, {node} AS {_state(node)}"
        over = f"{self.all_over(node, of)} RETURN {', '.join(self.kept(node))}"
        return f"CALL ({VERSION}) {{ {live} UNION ALL {over} }} WITH *"

    def all_standing(self, node: str, of: NodeType) -> str:
        """Every node of a type that held and stands as it was."""
        return f"MATCH ({node}:{of.label} WHERE {node}.{RECORDED_IN} <= {VERSION})"

    def all_over(self, node: str, of: NodeType) -> str:
        """Every node of a type that held and was changed since, or is over."""
        state = _state(node)
        return f"MATCH ({state}:{past(of.label)}) WHERE {held(state)} {_as_it_is_now(node, state)}"

    def number_of(self, node: str, of: NodeType) -> str:
        """How many nodes of a type held: those of now, which are counted, but for later ones.

        Those that were recorded since are few as a rule, and an index has them.
        """
        later = (
            f"MATCH ({node}:{NODE}) WHERE {node}.{RECORDED_IN} > {VERSION} AND {node}:{of.label}"
        )
        over = f"MATCH ({node}:{past(of.label)}) WHERE {held(node)}"
        return f"(COUNT {{ MATCH ({node}:{of.label}) }} - COUNT {{ {later} }} + COUNT {{ {over} }})"

    def named(self, node: str, condition: Callable[[str], str]) -> str:
        """The nodes that held whose ids satisfy a condition."""
        state = _state(node)
        return (
            f"MATCH ({state}:{NODE}|{PAST_NODE}) WHERE {condition(state)} AND {held(state)} "
            f"{_as_it_is_now(node, state)}"
        )

    def by_id(self, node: str, parameter: str, of: NodeType, *, optional: bool = False) -> str:
        """The node of a type that held with an id, or nothing."""
        state = _state(node)
        label = "" if of.label == NODE else f" AND {state}:{self.label(of)}"
        begin = "OPTIONAL MATCH" if optional else "MATCH"
        return (
            f"{begin} ({state}:{NODE}|{PAST_NODE} {{{ID}: {parameter}}}) "
            f"WHERE {held(state)}{label} OPTIONAL MATCH (now)-[:{WAS}]->({state}) "
            f"WITH *, coalesce(now, {state}) AS {node}"
        )

    def matches(self, node: str, lucene: str, limit: str, words: Callable[[], str]) -> str:
        """What is found among what holds and what is over, ranked by itself alone.

        Lucene's score depends on the rest of the graph, which has changed: here it is the number of
        words that are met, as they are or as beginnings.
        """
        state = _state(node)
        found = f"YIELD node AS {state} WHERE"
        call = "CALL db.index.fulltext.queryNodes"
        options = f"{lucene}, {{limit: {limit}}}"
        begins = f"' ' + {state}.{SEARCH_WORDS} CONTAINS ' ' + word"
        return (
            f"CALL ({VERSION}, {lucene}) {{ {call}('{FULL_TEXT}', {options}) {found} "
            f"{state}.{RECORDED_IN} <= {VERSION} RETURN {state} AS {node}, {state} UNION ALL "
            f"{call}('{PAST_FULL_TEXT}', {options}) {found} {held(state)} "
            f"OPTIONAL MATCH (now)-[:{WAS}]->({state}) "
            f"RETURN coalesce(now, {state}) AS {node}, {state} }} "
            f"WITH *, toFloat(size([word IN {words()} WHERE {begins}])) AS score"
        )

    def ids_by_names(self, lucene: str, limit: str) -> str:
        """Return what gives the ids of the entities whose names, as they were, are found."""
        call = "CALL db.index.fulltext.queryNodes"
        options = f"{lucene}, {{limit: {limit}}}"
        return (
            f"CALL ({VERSION}, {lucene}) {{ {call}('{NAMES}', {options}) YIELD node AS e "
            f"WHERE e.{RECORDED_IN} <= {VERSION} RETURN e.{ID} AS id UNION "
            f"{call}('{PAST_NAMES}', {options}) YIELD node AS e WHERE {held('e')} "
            f"RETURN e.{ID} AS id }} RETURN id"
        )

    def step(
        self, start: str, link: Link, end: str, edge: str, fresh: Fresh, *, bare: bool = False
    ) -> str:
        """What led along a link; a slot lives only while both its ends do, so they need no test.

        The state is looked up without a subquery: hundreds of those take a minute to be planned.
        """
        edges = [fresh("r") for _ in link.steps] or [edge]
        pattern = self.pattern(start, link, end, edges, fresh)
        holds = " AND ".join(held(one) for one in edges)
        found = f"MATCH {pattern} WHERE {holds}"
        if bare and self.day is None:
            return found
        return f"{found} {self._as_it_was(end, fresh)}"

    def later(self, node: str, fresh: Fresh) -> str:
        """The state of a node that a bare step led to."""
        return f" {self._as_it_was(node, fresh)}"

    def _as_it_was(self, node: str, fresh: Fresh) -> str:
        copy = fresh("w")
        return (
            f"OPTIONAL MATCH ({node})-[:{WAS}]->({copy}) "
            f"WHERE {node}.{RECORDED_IN} > {VERSION} AND {held(copy)} "
            f"WITH *, coalesce({copy}, {node}) AS {_state(node)}"
        )


def _as_it_is_now(node: str, state: str) -> str:
    return (
        f"OPTIONAL MATCH (now)-[:{WAS}]->({state}) WITH coalesce(now, {state}) AS {node}, {state}"
    )


def _state(node: str) -> str:
    return f"{node}s"
