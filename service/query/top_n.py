"""The first nodes of a list in its order, read from indexes where these have the order.

An index holds no nulls, so it serves an order only where nulls are ruled out: they come last, and
are read apart, only if the list was not long enough without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schema.names import ID
from schema.scalars import EARLIEST
from service.query.access_paths import AccessPath, NodeSet
from service.query.emitter import Emitter
from service.query.filters import OrderKey, Page, nesting
from service.query.fragments import Cypher, CypherPart, collect, cypher, first, join, join_clauses
from service.query.ordering import Keys, is_computed, keyset_predicate, order_by, order_terms
from service.query.parameters import Parameter


@dataclass(frozen=True, slots=True)
class TopN:
    """Clauses that find the first nodes of a list in several steps, each after the one before.

    A step is read only where the steps before it found too few. ``found`` names the lists of what
    they found, for all steps but the last.
    """

    node: str
    order: str
    limit: str
    steps: Sequence[Cypher]
    found: Sequence[str]

    def collect_rows(self, row: Cypher) -> Cypher:
        """Return the list of the nodes' rows, given the clause that returns a row."""
        if len(self.steps) == 1:
            return collect(self.steps[0], row)
        # A row without subqueries is cheaper written twice than read anew for the order.
        return collect(self.join_clauses(), row) if row.subqueries else self._collect(row)

    def join_clauses(self) -> Cypher:
        """Return clauses that find the nodes in their order."""
        if len(self.steps) == 1:
            return self.steps[0]
        nodes = self._collect(Cypher(f"RETURN {self.node}"))
        return cypher("UNWIND {} AS {} {}", nodes, self.node, self.order)

    def _collect(self, row: Cypher) -> Cypher:
        start, *more = self.steps
        found = [cypher("UNWIND [{}] AS {}", collect(start, row), self.found[0])]
        for step, before, now in zip(more, self.found, [*self.found[1:], ""], strict=True):
            is_short = (
                f"UNWIND CASE WHEN size({before}) < {self.limit} THEN [0] ELSE [] END AS short"
            )
            # Beside another clause, a step would not be read in the order of its index.
            rest = collect(is_short, cypher("UNWIND {} AS one", collect(step, row)), "RETURN one")
            both = cypher("{} + {}", before, rest)
            found.append(
                cypher("UNWIND [{}] AS {}", both, now) if now else cypher("RETURN {}", both)
            )
        return first(*found)


def top_n(
    emitter: Emitter, path: AccessPath, keys: Keys, page: Page, limit: Parameter[int]
) -> TopN:
    """Return what finds the first nodes of an access path that reads all nodes of a label."""
    node, limit_name = path.node, emitter.parameter(limit)
    backward, cursor = page.backward, page.cursor
    order = f"WITH {node} {order_by(emitter, keys, node, backward=backward)} LIMIT {limit_name}"

    def make_top_n(*steps: Cypher) -> TopN:
        return TopN(node, order, limit_name, steps, [emitter.new_variable("l") for _ in steps[1:]])

    def ordered_clauses(*predicates: CypherPart) -> Cypher:
        return join_clauses(path.where(emitter, *predicates), order)

    def after_cursor(keys: Keys, cursor: Sequence[Parameter[object] | None]) -> Cypher:
        return keyset_predicate(emitter, keys, node, cursor, backward=backward)

    if not keys:
        has_id = f"{emitter.reader.prop(node, ID)} IS NOT NULL"
        return make_top_n(ordered_clauses(after_cursor(keys, cursor) if cursor else has_id))
    (text, key), *more = keys
    # What is read twice has to be cheap to plan: a filter over links is not.
    reads_once = bool(backward or (cursor and cursor[0] is None) or nesting(path.condition))
    if not key.prop.indexed or (key.nullable and reads_once):
        return make_top_n(ordered_clauses(after_cursor(keys, cursor) if cursor else ""))
    ranges: list[list[CypherPart]] = [[f"{text} IS NOT NULL"]]
    if cursor and cursor[0] is not None:
        sign, value = "<" if key.descending != backward else ">", emitter.parameter(cursor[0])
        rest = after_cursor(more, cursor[1:])
        if key.prop.order_column.endswith(EARLIEST) and not more and not reads_once:
            # Many may share a day; an index holds their ids too.
            ranges = [[f"{text} = {value}", rest], [f"{text} {sign} {value}"]]
        else:
            # The index is sought by the first key alone: the rest of the predicate has an OR.
            within = cypher("({} {} {} OR {})", text, sign, value, rest)
            ranges = [[f"{text} {sign}= {value}", within]]
    elif cursor:
        ranges[0].append(after_cursor(keys, cursor))
    if not key.nullable:
        return make_top_n(*(ordered_clauses(*one) for one in ranges))
    later = order_terms(emitter, more, node, backward=False)
    by_all = ", ".join([f"{text}{' DESC' if key.descending else ''}", *later])
    present = [
        join_clauses(path.where(emitter, *one), f"WITH {node} ORDER BY {by_all} LIMIT {limit_name}")
        for one in ranges
    ]
    absent = join_clauses(
        path.where(emitter, f"{text} IS NULL"),
        f"WITH {node} ORDER BY {', '.join(later)} LIMIT {limit_name}",
    )
    return make_top_n(*present, absent)


def top_n_of_partitions(
    emitter: Emitter, nodes: NodeSet, order: Sequence[OrderKey], page: Page, limit: Parameter[int]
) -> tuple[str, Cypher] | None:
    """Return a node and what finds the first of all nodes of a type for it, part by part.

    None where the type is not read in parts, or where the order has keys behind links.
    """
    if any(map(is_computed, order)):
        return None
    partitions = emitter.reader.partitions(
        nodes.of or emitter.vocabulary.root, emitter.new_variable
    )
    if not partitions:
        return None
    node, reader = partitions[-1].node, partitions[-1].reader
    carried, limit_name = reader.carried_variables(node), emitter.parameter(limit)

    def first_in_order(of: str) -> str:
        keys = _own_keys(emitter, order, of)
        by = order_by(emitter, keys, of, backward=page.backward)
        return f"WITH {', '.join(carried)} {by} LIMIT {limit_name}"

    parts: list[Cypher] = []
    for one in partitions:
        within = emitter.with_reader(one.reader)
        path = AccessPath(
            one.node, "", Cypher(one.clauses), nodes.condition, uses_indexes=one.uses_indexes
        )
        keys = _own_keys(within, order, one.node)
        if one.uses_indexes:
            found = top_n(within, path, keys, page, limit).join_clauses()
            as_carried = ", ".join(f"{one.node} AS {name}" for name in carried)
            parts.append(join_clauses(found, f"RETURN {as_carried}"))
        else:
            after: CypherPart = ""
            if page.cursor:
                after = keyset_predicate(
                    within, keys, one.node, page.cursor, backward=page.backward
                )
            found = path.where(within, after)
            parts.append(
                join_clauses(found, first_in_order(one.node), f"RETURN {', '.join(carried)}")
            )
    scope = ", ".join(reader.scope)
    union = cypher("CALL ({}) {{ {} }}", scope, join(" UNION ALL ", parts))
    return node, join_clauses(union, first_in_order(node))


def _own_keys(emitter: Emitter, order: Sequence[OrderKey], node: str) -> Keys:
    return [(emitter.reader.prop(node, key.prop.order_column), key) for key in order]
