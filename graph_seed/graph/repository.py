"""Read what the graph contains of sources, within the transaction of a load.

Names come from the vocabulary, values are parameters, types are listed in every pattern: an
untyped one would walk into the past.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import neo4j
import orjson
from neo4j.exceptions import Neo4jError

from graph_seed.problems import LoadError, refused_by_database
from graph_seed.state.desired_state import DescriptionsByEntity, description_type, symmetric_types
from graph_seed.state.elements import GraphNode, RelationshipKey, Relationships
from graph_seed.state.entity_merge import Description, parse_relationships, resolve_ids
from schema import rules
from schema.model import NodeType
from schema.names import DIGEST, EVIDENCE, FACT, ID, PAST_NODE, SLOTS
from schema.scalars import EARLIEST
from schema.storage import match_id
from schema.vocabulary import Vocabulary

AT_ONCE = 10_000
"""Rows that one query takes: what it holds in memory is bounded."""
TWICE = "*"
"""Marks a relationship that is stored twice between the same ends, which a merge can cause."""


class Repository:
    """Queries in one write transaction."""

    def __init__(self, transaction: neo4j.Transaction, vocabulary: Vocabulary) -> None:
        self._transaction = transaction
        self.address = ""
        """Of the server, once a query was run."""
        self._vocabulary = vocabulary
        relationships = vocabulary.relationships.values()
        self._describes = description_type(vocabulary)
        self._symmetric = "|".join(symmetric_types(vocabulary))
        self._merged = "|".join(r.type for r in relationships if r.hidden)
        self._live = "|".join(r.type for r in relationships if not r.describes and not r.hidden)

    def run(self, text: str, **parameters: object) -> list[neo4j.Record]:
        """Run a query and return its rows."""
        result = self._transaction.run(f"CYPHER 5 {text}", parameters)
        rows = list(result)
        if not self.address:
            self.address = str(result.consume().server.address)
        return rows

    def run_each(
        self, text: str, rows: Iterable[object], **parameters: object
    ) -> list[neo4j.Record]:
        """Run a query for many parameter rows, ``AT_ONCE`` at a time; return all rows.

        Raises LoadError (DATABASE_ERROR), with ids, for what the database refuses.
        """
        given = list(rows)
        found: list[neo4j.Record] = []
        for start in range(0, len(given), AT_ONCE):
            some = given[start : start + AT_ONCE]
            try:
                found += self.run(text, rows=some, **parameters)
            except Neo4jError as error:
                if error.is_retryable():
                    raise
                raise refused_by_database(error, longest_first(some)) from error
        return found

    def merged_ids(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the ids that merged ids stand for, whether or not those are there now."""
        rows = self.run_each(
            f"UNWIND $rows AS id {match_id('p', 'id', PAST_NODE)} "
            f"MATCH (p)-[:{self._merged}*1..20]->(n) "
            f"WHERE NOT EXISTS {{ (n)-[:{self._merged}]->() }} RETURN id, n.{ID} AS now",
            ids,
        )
        return {row["id"]: row["now"] for row in rows}

    def names(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Return each of these ids with the ids that were merged into it."""
        rows = self.run_each(
            f"UNWIND $rows AS id OPTIONAL {match_id('n', 'id')} "
            f"OPTIONAL MATCH (p:{PAST_NODE})-[:{self._merged}*1..20]->(n) "
            f"RETURN id, [id] + collect(p.{ID}) AS names",
            ids,
        )
        return {row["id"]: row["names"] for row in rows}

    def has_merged(self) -> bool:
        """Return whether any id was merged into another; the database counts without looking."""
        (row,) = self.run(f"MATCH ()-[r:{self._merged}]->() RETURN count(r) AS n")
        return bool(row["n"])

    def node_types(self, ids: Iterable[str]) -> dict[str, NodeType]:
        """Return the types of live nodes by id; other ids are left out."""
        rows = self.run_each(
            f"UNWIND $rows AS id {match_id('n', 'id')} RETURN id, labels(n) AS labels", ids
        )
        return {row["id"]: self._type(row["labels"]) for row in rows}

    def _type(self, labels: Iterable[str]) -> NodeType:
        held = set(labels)
        found = next((one for one in self._vocabulary.concrete if one.label in held), None)
        if found is None:
            message = f"no type of this vocabulary has the labels {', '.join(sorted(held))}"
            raise LoadError("UNDECLARED", message)
        return found

    def own_nodes(self, sources: Collection[str]) -> dict[str, GraphNode]:
        """Return the nodes that belong to sources: the sources, their passages and facts, by id."""
        kinds = self._vocabulary.by_kind
        part_of = self.type_of(rules.PASSAGE, rules.SOURCE)
        evidence = self.type_of(rules.STATEMENT, EVIDENCE)
        fact = self._vocabulary.nodes[FACT].label
        source = match_id("s", "id", kinds[rules.SOURCE].label)
        passage = f"(s)<-[:{part_of}]-(p:{kinds[rules.PASSAGE].label})"
        found: dict[str, GraphNode] = {}
        for matched in (
            f"{source} WITH s AS n",
            f"{source} MATCH {passage} WITH p AS n",
            f"{source} MATCH {passage}<-[:{evidence}]-(n:{fact}) WITH DISTINCT n",
        ):
            text = f"UNWIND $rows AS id {matched} RETURN labels(n) AS l, properties(n) AS p"
            for row in self.run_each(text, sources):
                node = GraphNode(self._type(row["l"]), to_native(row["p"]))
                found[node.id] = node
        return found

    def type_of(self, kind: str, link: str) -> str:
        """Return the relationship type of a link of a kind."""
        found = self._vocabulary.links(self._vocabulary.by_kind[kind])[link].relationship
        return found.type if found else ""

    def nodes(self, ids: Iterable[str]) -> dict[str, GraphNode]:
        """Return live nodes by id."""
        rows = self.run_each(
            f"UNWIND $rows AS id {match_id('n', 'id')} RETURN labels(n) AS l, properties(n) AS p",
            ids,
        )
        return {row["p"][ID]: GraphNode(self._type(row["l"]), to_native(row["p"])) for row in rows}

    def relationships(
        self, sources: Collection[str], owned: Iterable[str], entities: Iterable[str]
    ) -> Relationships:
        """Return live relationships of own nodes and of entities, and the sources' descriptions.

        A symmetric relationship belongs to the entity at either end. Descriptions by other sources
        are not included.
        """
        described = list(entities)
        row = "RETURN type(r) AS t, a.id AS a, b.id AS b, properties(r) AS p"
        rows = self.run_each(
            f"UNWIND $rows AS id {match_id('a', 'id')} MATCH (a)-[r:{self._live}]->(b) {row}",
            [*owned, *described],
        )
        rows += self.run_each(
            f"UNWIND $rows AS id {match_id('b', 'id')} MATCH (a)-[r:{self._describes}]->(b) {row}",
            sources,
        )
        if self._symmetric:
            rows += self.run_each(
                f"UNWIND $rows AS id {match_id('b', 'id')} "
                f"MATCH (a)-[r:{self._symmetric}]->(b) WHERE NOT a.{ID} IN $own {row}",
                described,
                own=described,
            )
        found: Relationships = {}
        for one in rows:
            key = RelationshipKey(one["t"], one["a"], one["b"])
            found[key] = to_native(one["p"]) | ({TWICE: True} if key in found else {})
        return found

    def entities_described_by(self, sources: Collection[str]) -> dict[str, list[str]]:
        """Return the entities that sources describe, each with the ids of the sources that do."""
        rows = self.run_each(
            f"UNWIND $rows AS source {match_id('s', 'source')} MATCH (s)<-[:{self._describes}]-(e) "
            f"RETURN e.{ID} AS id, collect(DISTINCT source) AS by",
            sources,
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row["id"], []).extend(row["by"])
        return found

    def descriptions(
        self, ids: Iterable[str], *, but: Collection[str] = ()
    ) -> DescriptionsByEntity:
        """Return the descriptions of entities by all sources ``but`` these, by the entity's id."""
        source = self._vocabulary.by_kind[rules.SOURCE]
        wanted = list(ids)
        rows = self.run_each(
            f"UNWIND $rows AS id {match_id('e', 'id')} MATCH (e)-[d:{self._describes}]->"
            f"(s:{source.label}) WHERE NOT s.{ID} IN $but "
            f"RETURN id, labels(e) AS l, s.{ID} AS source, "
            f"s.{rules.PUBLISHED}{EARLIEST} AS published, properties(d) AS p",
            wanted,
            but=list(but),
        )
        found: DescriptionsByEntity = defaultdict(list)
        for one in wanted:
            found[one] = []
        for row in rows:
            values = to_native(row["p"])
            relationships = parse_relationships(self._vocabulary, row["p"].get(SLOTS, "[]"))
            published = row["published"]
            day = published.to_native() if published is not None else None
            node_type = self._type(row["l"])
            said = {name: one for name, one in values.items() if name in node_type.properties}
            digest = row["p"].get(DIGEST, 0)
            found[row["id"]].append(
                Description(row["source"], day, node_type, said, relationships, digest)
            )
        self._rename([one for some in found.values() for one in some])
        return found

    def _rename(self, descriptions: Sequence[Description]) -> None:
        """Resolve merged ids in descriptions, which are stored with the ids of their files."""
        named = {end for d in descriptions for s in d.relationships for end in (s.start, s.end)}
        resolve = self.merged_ids(named)
        if resolve:
            for one in descriptions:
                one.relationships = resolve_ids(self._vocabulary, one.relationships, resolve)

    def references_to(
        self, sources: Collection[str], ids: Iterable[str]
    ) -> list[tuple[RelationshipKey | None, str, str]]:
        """Return references to nodes that are to expire: the relationship, from which id, to which.

        A link to one shows only the value of the source that was published first. For a reference
        of another source, which does not show, the relationship is None.
        """
        gone = list(ids)
        found: list[tuple[RelationshipKey | None, str, str]] = []
        patterns = [(f"(n)<-[r:{self._live}]-(m)", "m", "n")]
        if self._symmetric:
            patterns.append((f"(n)-[r:{self._symmetric}]->(m)", "n", "m"))
        for pattern, start, end in patterns:
            rows = self.run_each(
                f"UNWIND $rows AS id {match_id('n', 'id')} MATCH {pattern} "
                f"WHERE NOT m.{ID} IN $gone "
                f"RETURN type(r) AS t, {start}.{ID} AS a, {end}.{ID} AS b, m.{ID} AS m, id",
                gone,
                gone=gone,
            )
            found += [(RelationshipKey(r["t"], r["a"], r["b"]), r["m"], r["id"]) for r in rows]
        return found + self._hidden_references(sources, gone)

    def _hidden_references(
        self, sources: Collection[str], gone: Iterable[str]
    ) -> list[tuple[RelationshipKey | None, str, str]]:
        """Return references in descriptions of other sources that do not show."""
        single = [
            (node.label, link.relationship.type, target)
            for node in self._vocabulary.concrete
            if node.is_entity
            for link in self._vocabulary.links(node).values()
            if link.one and link.relationship is not None
            for target in self._vocabulary.concrete_of(*link.targets)
        ]
        ids = [i for i in gone if self._vocabulary.type_of_id(i) in {t for _, _, t in single}]
        if not ids:
            return []
        quoted = [
            [one, [orjson.dumps(name).decode() for name in names]]
            for one, names in self.names(ids).items()
        ]
        rows = self.run(
            f"MATCH (e:{'|'.join({label for label, _, _ in single})})-[d:{self._describes}]->(s) "
            f"WHERE NOT s.{ID} IN $sources AND NOT e.{ID} IN $gone "
            f"AND any(link IN $links WHERE d.{SLOTS} CONTAINS link) UNWIND $quoted AS q "
            f"WITH e, d, q WHERE any(name IN q[1] WHERE d.{SLOTS} CONTAINS name) "
            f"RETURN DISTINCT e.{ID} AS m, q[0] AS id",
            sources=list(sources),
            gone=ids,
            links=sorted({f'["{kind}",' for _, kind, _ in single}),
            quoted=quoted,
        )
        return [(None, row["m"], row["id"]) for row in rows]


def longest_first(rows: Sequence[object]) -> list[str]:
    """Return the ids that rows of a query name, those of the longest rows first."""
    longest = sorted(rows, key=lambda row: len(str(row)), reverse=True)
    return list(dict.fromkeys(_id(row) for row in longest))


def _id(row: object) -> str:
    if isinstance(row, Mapping):
        return str(row[ID]) if ID in row else f"{row.get('a')} → {row.get('b')}"
    return str(row[0]) if isinstance(row, Sequence) and not isinstance(row, str) else str(row)


def to_native(properties: Mapping[str, object]) -> dict[str, object]:
    """Return properties with Python's dates in place of the driver's."""
    return {k: v.to_native() if hasattr(v, "to_native") else v for k, v in properties.items()}
