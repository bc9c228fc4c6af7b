"""A search: the full-text index is queried within the one query, its hits have snippets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph_seed.state.elements import COMPUTE, exact_numbers
from schema.declare import ComputedField
from schema.model import Link, NodeType
from schema.names import ID, NAMED
from schema.vocabulary import Vocabulary
from service.query.decoding import Answer, Decode, Decoding, ResponsePath, Row
from service.query.edges import EdgeNode
from service.query.emitter import Emitter, TypeName
from service.query.fragments import (
    Cypher,
    CypherPart,
    aggregation,
    collect,
    cypher,
    join_clauses,
    list_of,
    return_row,
)
from service.query.nodes import ToOne
from service.query.parameters import Parameter
from service.query.snippets import make_snippet

NAMED_BOOST = 0
"""What a word adds to the score that only an entity's name meets: own words decide the order."""
_ODD_ID = r'.*[\s"\\].*'
MAX_CANDIDATES = 1000
"""Matches of a search that are read."""


@dataclass(frozen=True, slots=True)
class HitField:
    """A plain field of a hit or of a count by type: the key, and the name of the field."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of a search, each with these fields."""

    key: str
    fields: tuple[HitField | EdgeNode | ToOne, ...]

    @property
    def has_snippets(self) -> bool:
        """Return whether the texts in which words were found are read."""
        names = {one.name for one in self.fields if isinstance(one, HitField)}
        return bool(names & {"property", "snippet"})


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of hits of each type."""

    key: str
    fields: tuple[HitField, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A full-text search: hits by score, and how many there are by type."""

    key: str
    has_words: bool
    """Whether there are words to look for; without any there are no hits."""
    words: Parameter[Sequence[str]]
    lucene: Parameter[Sequence[str]]
    """Each word as a Lucene query."""
    max_named: Parameter[int]
    """How many entities are read for each word, by whose names facts are found."""
    types: tuple[NodeType, ...]
    limit: Parameter[int]
    fields: tuple["TypeName | Hits | Counts", ...]

    def root_column(self, emitter: Emitter) -> Cypher:
        """Return the Cypher list of this root field: its hits and counts, in the order selected."""
        columns: list[CypherPart] = []
        for part in self.fields:
            if isinstance(part, TypeName):
                continue
            if not self.has_words or not self.types:
                columns.append("[]")
            elif isinstance(part, Hits):
                columns.append(self._hits(emitter, part))
            else:
                columns.append(self._counts(emitter))
        return list_of(columns)

    def _hits(self, emitter: Emitter, hits: Hits) -> Cypher:
        node, found = self._find(emitter)
        columns: list[CypherPart] = [
            "score",
            self._texts(emitter, node) if hits.has_snippets else "[]",
        ]
        for part in hits.fields:
            if isinstance(part, EdgeNode):
                columns.append(part.column(emitter, node, ""))
            elif isinstance(part, ToOne):
                columns.append(part.column(emitter, node))
        by_id = emitter.reader.prop(node, ID)
        carried = ", ".join(emitter.reader.carried_variables(node))
        limit = emitter.parameter(self.limit)
        return collect(
            found,
            f"WITH {carried}, score ORDER BY score DESC, {by_id} LIMIT {limit}",
            return_row(list_of(columns)),
        )

    def _counts(self, emitter: Emitter) -> Cypher:
        node, found = self._find(emitter)
        name = emitter.reader.type_name(node, self.types)
        counted = cypher("WITH {} AS t, {} AS c", name, aggregation("count", "*"))
        return collect(found, counted, "ORDER BY c DESC, t RETURN [t, c]")

    def _find(self, emitter: Emitter) -> tuple[str, Cypher]:
        """Return the node of a hit, and the clauses that find all hits."""
        node = emitter.new_variable("n")
        limit = emitter.parameter(MAX_CANDIDATES)
        query, lucene = self._lucene_query(emitter)
        call = emitter.reader.full_text(node, lucene, limit, lambda: emitter.parameter(self.words))
        of_types = f"{call} WHERE {emitter.reader.is_a(node, self.types)}"
        return node, join_clauses(query, emitter.reader.exclude_invalid(of_types, node, self.types))

    def _lucene_query(self, emitter: Emitter) -> tuple[Cypher, str]:
        """Return the clauses that make the full-text query, and the variable that holds it.

        Every word has to be found: in a fact by its own words, or by those of an entity that it
        names. The index has the ids of the entities, and here these are looked up by their names.
        """
        word, query = emitter.new_variable("w"), emitter.new_variable("q")
        words = emitter.parameter(self.lucene)
        one_word = Cypher(word)
        if any(emitter.vocabulary.name_search_links(one) for one in self.types):
            ids = collect(emitter.reader.ids_by_names(word, emitter.parameter(self.max_named)))
            # An id that a program gave may hold what Lucene takes for the end of a phrase.
            odd = emitter.parameter(_ODD_ID)
            one_word = cypher(
                "reduce(q = {}, id IN [id IN {} WHERE NOT id =~ {}] | "
                "q + ' OR \"{}' + id + '\"^{}')",
                word, ids, odd, NAMED, str(NAMED_BOOST),
            )  # fmt: skip
        each = aggregation("collect", cypher("'(' + {} + ')'", one_word))
        joined = f"reduce(q = head(parts), one IN tail(parts) | q + ' AND ' + one) AS {query}"
        return (
            cypher("UNWIND {} AS {} WITH {} AS parts WITH {}", words, word, each, joined),
            query,
        )

    def _texts(self, emitter: Emitter, node: str) -> Cypher:
        """Return the texts in which words may be found, as ``_texts_decoder`` reads them."""
        reader, vocabulary = emitter.reader, emitter.vocabulary
        own = [reader.prop(node, name) for name in searched_properties(vocabulary)]
        needs = [
            list_of(reader.prop(node, need) for need in one.needs)
            for _, one in searched_fields(vocabulary)
        ]
        names: list[Cypher] = []
        for link in naming_links(vocabulary, self.types):
            end, edge = emitter.new_variable("n"), emitter.new_variable("r")
            step = reader.step(node, link, end, edge, emitter.new_variable)
            found = list_of(reader.prop(end, name) for name in searched_names(vocabulary))
            names.append(collect(step, cypher("RETURN {}", found)))
        return list_of([*own, *needs, *names])

    def decoder(self, vocabulary: Vocabulary) -> Decode:
        """Return the decoder of the column."""
        hits = {
            part.key: self._hit_decoder(part, vocabulary)
            for part in self.fields
            if isinstance(part, Hits)
        }

        def decode(raw: Row, path: ResponsePath, decoding: Decoding) -> Answer:
            columns = iter(raw)
            decoded: Answer = {}
            for part in self.fields:
                if isinstance(part, TypeName):
                    decoded[part.key] = "SearchResult"
                elif isinstance(part, Hits):
                    decode_hit = hits[part.key]
                    decoded[part.key] = [
                        decode_hit(row, ((path, part.key), index), decoding)
                        for index, row in enumerate(next(columns))
                    ]
                else:
                    decoded[part.key] = [
                        {one.key: _count_field(one.name, row) for one in part.fields}
                        for row in next(columns)
                    ]
            return decoded

        return decode

    def _hit_decoder(self, hits: Hits, vocabulary: Vocabulary) -> Decode:
        nodes = {
            one.key: one.decoder(vocabulary) for one in hits.fields if not isinstance(one, HitField)
        }
        read_texts = _texts_decoder(self.types, vocabulary) if hits.has_snippets else None

        def decode(row: Row, path: ResponsePath, decoding: Decoding) -> Answer:
            columns = iter(row)
            score, texts = next(columns), next(columns)
            plain: dict[str, object] = {"__typename": "SearchHit", "score": score}
            if read_texts:
                found = make_snippet(decoding.resolve(self.words), read_texts(texts))
                plain |= {"property": found.property, "snippet": found.marked}
            decoded: Answer = {}
            for one in hits.fields:
                if isinstance(one, HitField):
                    decoded[one.key] = plain[one.name]
                else:
                    decoded[one.key] = nodes[one.key](next(columns), (path, one.key), decoding)
            return decoded

        return decode


def _count_field(name: str, row: Row) -> object:
    return {"__typename": "SearchCount", "type": row[0], "count": row[1]}[name]


def _texts_decoder(
    types: tuple[NodeType, ...], vocabulary: Vocabulary
) -> Callable[[Row], dict[str, object]]:
    """Return what decodes texts by the names of the properties and links that have them."""
    own, computed = searched_properties(vocabulary), searched_fields(vocabulary)
    links = naming_links(vocabulary, types)

    def decode(row: Row) -> dict[str, object]:
        values = iter(row)
        texts: dict[str, object] = {name: next(values) for name in own}
        for node, one in computed:
            needed = dict(zip(one.needs, next(values), strict=True))
            if needed[one.needs[0]] is not None:
                texts[one.name] = COMPUTE[one.name](**needed)
                texts |= {name: needed[name] for name in exact_numbers(node, one)}
        for link in links:
            found = [text for end in next(values) for one in end for text in _as_list(one)]
            before = texts.get(link.name)
            texts[link.name] = [*before, *found] if isinstance(before, list) else found
        return texts

    return decode


def _as_list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


# --- what a search reads ------------------------------------------------------------------------


def searched_properties(vocabulary: Vocabulary) -> list[str]:
    """Return the names of the properties that are searched, in the order in which they are read."""
    found = vocabulary.properties_where(lambda prop: prop.searched)
    return list(dict.fromkeys(prop.name for props in found.values() for prop in props))


def searched_fields(vocabulary: Vocabulary) -> list[tuple[NodeType, ComputedField]]:
    """Return the computed texts that are searched, each with its type."""
    return [(node, one) for node in vocabulary.concrete for one in node.computed if one.searched]


def naming_links(vocabulary: Vocabulary, types: tuple[NodeType, ...]) -> list[Link]:
    """Return the links by the names of whose ends nodes of these types are found."""
    links = [link for one in types for link in vocabulary.name_search_links(one)]
    return list({(one.relationship, one.name): one for one in links}.values())


def searched_names(vocabulary: Vocabulary) -> list[str]:
    """Return the names of the properties that hold names of the entities that facts name."""
    properties = [
        prop
        for node in vocabulary.types_searched_by_name
        for prop in node.properties.values()
        if prop.searched
    ]
    names = (name for prop in properties for name in (prop.name, prop.variants_column))
    return list(dict.fromkeys(filter(None, names)))
