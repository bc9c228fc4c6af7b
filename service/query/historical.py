"""The Cypher that reads the graph as it was recorded by a version (its system time).

A node that exists is found under its plain label or its past one; what it was is a copy of it, tied
to it by ``WAS``, if it was changed since. So a node has two variables: ``n`` is the node itself,
from which links lead on, and ``ns`` its state, from which properties are read. Relationships never
change, so one variable is enough. ``docs/researcher/beware.md`` describes how history is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from schema.model import Link, NodeType
from schema.names import EXPIRED_IN, ID, NODE, PAST_NODE, RECORDED_IN, SEARCH_WORDS, WAS, past, was
from schema.storage import FULL_TEXT, NAMES, PAST_FULL_TEXT, PAST_NAMES
from service.query.fragments import Cypher, count, cypher
from service.query.reader import Fresh, Partition, Reader

VERSION = "v"
"""The variable of the query that holds the version."""


@dataclass(frozen=True, slots=True)
class HistoricalReader(Reader):
    """Reads the version that the variable ``v`` of the query holds."""

    own_states: frozenset[str] = frozenset()
    """Variables of nodes that were not changed since: each is its own state."""
    version: str = VERSION
    """The variable of the query that holds the version."""

    def is_current(self, variable: str) -> str:
        """Return whether something is part of the version: recorded by it, and not yet expired."""
        recorded, expired = f"{variable}.{RECORDED_IN}", f"{variable}.{EXPIRED_IN}"
        version = self.version
        return f"{recorded} <= {version} AND ({expired} IS NULL OR {expired} > {version})"

    @property
    def uses_indexes(self) -> bool:
        """Return False: the nodes of a version have two labels, and no index has both."""
        return False

    @property
    def scope(self) -> Sequence[str]:
        """Return the variable of the version."""
        return (self.version,)

    def carried_variables(self, node: str) -> list[str]:
        """Return the node and its state."""
        return [node, _state(node)]

    def is_recorded(self, version: str) -> str:
        """Return whether something was recorded by the version that is read."""
        return f"{version} <= {self.version}"

    def is_visible(self, edge: str) -> list[str]:
        """Return that a relationship was recorded and not yet expired."""
        return [self.is_current(edge)]

    def label(self, node: NodeType) -> str:
        """Return the label of a type's nodes, expired ones included."""
        return f"{node.label}|{past(node.label)}"

    def relationship(self, name: str) -> str:
        """Return the types of a relationship, expired ones included."""
        return f"{name}|{was(name)}"

    def stored_property(self, node: str, name: str) -> str:
        """Return a property of the state; ids and attached texts have no history."""
        is_own = node in self.own_states or name == ID or name in self.vocabulary.attached
        return f"{node if is_own else _state(node)}.{name}"

    def type_name(self, node: str, types: tuple[NodeType, ...]) -> str:
        """Return the name of a node's type, whether the node is expired or not."""
        cases = [f"WHEN {self.is_a(node, (one,))} THEN '{one.label}'" for one in types]
        return f"CASE {' '.join(cases)} END"

    def all_of(self, node: str, of: NodeType) -> str:
        """Return the clause that finds all nodes of a type: unchanged ones, copies of others."""
        unchanged = f"{self._match_unchanged(node, of)} RETURN {node}, {node} AS {_state(node)}"
        changed = (
            f"{self._match_changed(node, of)} RETURN {', '.join(self.carried_variables(node))}"
        )
        return f"CALL ({self.version}) {{ {unchanged} UNION ALL {changed} }} WITH *"

    def partitions(self, of: NodeType, fresh: Fresh) -> Sequence[Partition]:
        """Return unchanged nodes, read from indexes, and those changed since, from their copies.

        To read both as one takes as long as reading all nodes of the type.
        """
        node, unchanged = fresh("n"), fresh("n")
        as_own = replace(self, own_states=self.own_states | {unchanged})
        return (
            Partition(unchanged, self._match_unchanged(unchanged, of), as_own, uses_indexes=True),
            Partition(node, self._match_changed(node, of), self, uses_indexes=False),
        )

    def number_of(self, node: str, of: NodeType) -> Cypher:
        """Return how many nodes a type had: the count of now, less later ones, and expired ones.

        Nodes that were recorded later are few as a rule, and an index has them.
        """
        later = (
            f"MATCH ({node}:{NODE}) WHERE {node}.{RECORDED_IN} > {self.version} "
            f"AND {node}.{ID} IS NOT NULL AND {node}:{of.label}"
        )
        expired = f"MATCH ({node}:{past(of.label)}) WHERE {self.is_current(node)}"
        now = count(f"MATCH ({node}:{of.label})")
        return cypher("({} - {} + {})", now, count(later), count(expired))

    def by_ids(self, node: str, condition: Callable[[str], Cypher]) -> str:
        """Return the clause that finds the nodes whose ids meet a condition."""
        state = _state(node)
        return (
            f"MATCH ({state}:{NODE}|{PAST_NODE}) WHERE {condition(state).text} "
            f"AND {self.is_current(state)} {_find_node(node, state)}"
        )

    def by_id(self, node: str, parameter: str, of: NodeType, *, optional: bool = False) -> str:
        """Return the clause that finds the node of a type with an id, if there was one."""
        state = _state(node)
        label = "" if of.label == NODE else f" AND {state}:{self.label(of)}"
        begin = "OPTIONAL MATCH" if optional else "MATCH"
        current = _current_variable(node)
        return (
            f"{begin} ({state}:{NODE}|{PAST_NODE} {{{ID}: {parameter}}}) "
            f"WHERE {self.is_current(state)}{label} OPTIONAL MATCH ({current})-[:{WAS}]->({state}) "
            f"WITH *, coalesce({current}, {state}) AS {node}"
        )

    def full_text(self, node: str, lucene: str, limit: str, words: Callable[[], str]) -> str:
        """Return the full-text search clause over live and expired nodes.

        Lucene's score depends on the rest of the index, which has changed since the version that
        is read: here the score is the number of words that match, exactly or as a prefix.
        """
        state = _state(node)
        found = f"YIELD node AS {state} WHERE"
        call = "CALL db.index.fulltext.queryNodes"
        options = f"{lucene}, {{limit: {limit}}}"
        begins = f"' ' + {state}.{SEARCH_WORDS} CONTAINS ' ' + word"
        return (
            f"CALL ({self.version}, {lucene}) {{ {call}('{FULL_TEXT}', {options}) {found} "
            f"{state}.{RECORDED_IN} <= {self.version} RETURN {state} AS {node}, {state} UNION ALL "
            f"{call}('{PAST_FULL_TEXT}', {options}) {found} {self.is_current(state)} "
            f"OPTIONAL MATCH ({_current_variable(node)})-[:{WAS}]->({state}) "
            f"RETURN coalesce({_current_variable(node)}, {state}) AS {node}, {state} }} "
            f"WITH *, toFloat(size([word IN {words()} WHERE {begins}])) AS score"
        )

    def ids_by_names(self, lucene: str, limit: str) -> str:
        """Return the query of the ids of entities found by the names that they had."""
        call = "CALL db.index.fulltext.queryNodes"
        options = f"{lucene}, {{limit: {limit}}}"
        return (
            f"CALL ({self.version}, {lucene}) {{ {call}('{NAMES}', {options}) YIELD node AS e "
            f"WHERE e.{RECORDED_IN} <= {self.version} RETURN e.{ID} AS id UNION "
            f"{call}('{PAST_NAMES}', {options}) YIELD node AS e WHERE {self.is_current('e')} "
            f"RETURN e.{ID} AS id }} RETURN id"
        )

    def step(
        self, start: str, link: Link, end: str, edge: str, fresh: Fresh, *, ids_only: bool = False
    ) -> str:
        """Return the clause that follows a link; a relationship exists only while its ends do.

        The state is found without a subquery: hundreds of those take a minute to be planned.
        """
        edges = [fresh("r") for _ in link.steps] or [edge]
        pattern = self.pattern(start, link, end, edges, fresh)
        visible = " AND ".join(self.is_current(one) for one in edges)
        found = f"MATCH {pattern} WHERE {visible}"
        if ids_only and self.valid_time is None:
            return found
        return f"{found} {self._find_state(end, fresh)}"

    def resolve_state(self, node: str, fresh: Fresh) -> str:
        """Return the clause that finds the state of a node."""
        return self._find_state(node, fresh)

    def _find_state(self, node: str, fresh: Fresh) -> str:
        copy = fresh("w")
        return (
            f"OPTIONAL MATCH ({node})-[:{WAS}]->({copy}) "
            f"WHERE {node}.{RECORDED_IN} > {self.version} AND {self.is_current(copy)} "
            f"WITH *, coalesce({copy}, {node}) AS {_state(node)}"
        )

    def _match_unchanged(self, node: str, of: NodeType) -> str:
        """Return the clause that finds the nodes of a type that were not changed since."""
        return f"MATCH ({node}:{of.label} WHERE {node}.{RECORDED_IN} <= {self.version})"

    def _match_changed(self, node: str, of: NodeType) -> str:
        """Return the clause that finds the nodes of a type that were changed or expired since."""
        state = _state(node)
        found = f"MATCH ({state}:{past(of.label)}) WHERE {self.is_current(state)}"
        return f"{found} {_find_node(node, state)}"


def _find_node(node: str, state: str) -> str:
    now = _current_variable(node)
    return (
        f"OPTIONAL MATCH ({now})-[:{WAS}]->({state}) "
        f"WITH coalesce({now}, {state}) AS {node}, {state}"
    )


def _state(node: str) -> str:
    return f"{node}s"


def _current_variable(node: str) -> str:
    """Return the variable of what a node is now: its own, for subqueries see those around them."""
    return f"{node}w"
