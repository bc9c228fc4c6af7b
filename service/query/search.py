"""A search: the full-text index asked within the one query, its hits shaped with their snippets."""

from collections.abc import Callable

from graph_seed.rows import COMPUTE, exact_numbers
from schema.declare import Computed
from schema.names import ID, NAMED
from schema.terms import Link, NodeType
from schema.vocabulary import Vocabulary, unique
from service.query.answer import Answer, Row
from service.query.emitter import Emitter, returned
from service.query.lists import EdgeNode, TypeName
from service.query.operation import Counts, HitField, Hits, Search
from service.query.plan import One
from service.query.shaping import At, NodeShape, Shape, Shaping
from service.query.snippets import snippet

NAMED_BOOST = 0
"""What a word adds to the score that only an entity's name meets: own words decide the order."""
_ODD_ID = r'.*[\s"\\].*'
CANDIDATES = 1000
"""How many matches of a search are looked at."""


def searched(vocabulary: Vocabulary) -> list[str]:
    """The names of the properties that a search looks in, in the order their texts are read."""
    found = vocabulary.select(lambda prop: prop.searched)
    return unique(prop.name for properties in found.values() for prop in properties)


def computed(vocabulary: Vocabulary) -> list[tuple[NodeType, Computed]]:
    """Return the computed texts that a search looks in, each with its type."""
    return [(node, one) for node in vocabulary.concrete for one in node.computed if one.searched]


def naming(vocabulary: Vocabulary, types: tuple[NodeType, ...]) -> list[Link]:
    """Return the links by the names of whose ends nodes of these types are found."""
    links = [link for one in types for link in vocabulary.found_by_names(one)]
    return list({(one.relationship, one.name): one for one in links}.values())


def searched_names(vocabulary: Vocabulary) -> list[str]:
    """Return the names of the properties that hold names of the entities that facts name."""
    properties = [
        prop
        for node in vocabulary.searched_names
        for prop in node.properties.values()
        if prop.searched
    ]
    return unique(name for prop in properties for name in (prop.name, prop.variants) if name)


def search_columns(emitter: Emitter, search: Search) -> str:
    """A search as one expression: a list with what is wanted of it, in order."""
    parts: list[str] = []
    for part in search.fields:
        if isinstance(part, TypeName):
            continue
        if not search.found or not search.types:
            parts.append("[]")
        elif isinstance(part, Hits):
            parts.append(_hits(emitter, search, part))
        else:
            parts.append(_counts(emitter, search))
    return f"[{', '.join(parts)}]"


def _matches(emitter: Emitter, search: Search) -> tuple[str, str]:
    node = emitter.fresh("n")
    limit = emitter.parameter(CANDIDATES)
    text, lucene = _lucene(emitter, search)
    call = emitter.reader.matches(node, lucene, limit, lambda: emitter.parameter(search.words))
    found = f"{text} {call} WHERE {emitter.reader.is_a(node, search.types)}"
    return node, emitter.reader.listed(found, node, search.types)


def _lucene(emitter: Emitter, search: Search) -> tuple[str, str]:
    """Return what makes the full-text query of a search, and its variable.

    Each word has to be met. A fact meets it by its own words or by those of an entity that it
    names: the index holds the ids of those, and here they are looked up by their names.
    """
    word, query = emitter.fresh("w"), emitter.fresh("q")
    words = emitter.parameter(search.lucene)
    met = word
    if any(emitter.vocabulary.found_by_names(one) for one in search.types):
        ids = emitter.reader.ids_by_names(word, emitter.parameter(search.named))
        # An id that a program gave may hold what Lucene takes for the end of a phrase.
        odd = emitter.parameter(_ODD_ID)
        met = (
            f"reduce(q = {word}, id IN [id IN COLLECT {{ {ids} }} WHERE NOT id =~ {odd}] | "
            f"q + ' OR \"{NAMED}' + id + '\"^{NAMED_BOOST}')"
        )
    clauses = f"collect('(' + {met} + ')')"
    joined = f"reduce(q = head(parts), one IN tail(parts) | q + ' AND ' + one) AS {query}"
    return f"UNWIND {words} AS {word} WITH {clauses} AS parts WITH {joined}", query


def _hits(emitter: Emitter, search: Search, hits: Hits) -> str:
    node, call = _matches(emitter, search)
    columns = ["score", _texts(emitter, search, node) if hits.shows_text else "[]"]
    for part in hits.fields:
        if isinstance(part, EdgeNode):
            columns.append(emitter.reads(part.reads, node))
        elif isinstance(part, One):
            columns.append(emitter.one(part, node))
    by_id = emitter.reader.prop(node, ID)
    kept = ", ".join(emitter.reader.kept(node))
    read = returned(f"[{', '.join(columns)}]")
    return (
        f"COLLECT {{ {call} WITH {kept}, score ORDER BY score DESC, {by_id} "
        f"LIMIT {emitter.parameter(search.limit)} {read} }}"
    )


def _texts(emitter: Emitter, search: Search, node: str) -> str:
    """Return the texts in which the words of a search may be found, as ``_texts_of`` takes them."""
    reader = emitter.reader
    own = [reader.prop(node, name) for name in searched(emitter.vocabulary)]
    needs = [
        f"[{', '.join(reader.prop(node, need) for need in one.needs)}]"
        for _, one in computed(emitter.vocabulary)
    ]
    names: list[str] = []
    for link in naming(emitter.vocabulary, search.types):
        end, edge = emitter.fresh("n"), emitter.fresh("r")
        step = reader.step(node, link, end, edge, emitter.fresh)
        read = ", ".join(reader.prop(end, name) for name in searched_names(emitter.vocabulary))
        names.append(f"COLLECT {{ {step} RETURN [{read}] }}")
    return f"[{', '.join([*own, *needs, *names])}]"


def _texts_of(search: Search, vocabulary: Vocabulary) -> Callable[[Row], dict[str, object]]:
    """Return what makes of the row that ``_texts`` wrote texts by where they stand."""
    own, made = searched(vocabulary), computed(vocabulary)
    links = naming(vocabulary, search.types)

    def texts_of(row: Row) -> dict[str, object]:
        values = iter(row)
        texts: dict[str, object] = {name: next(values) for name in own}
        for node, one in made:
            needed = dict(zip(one.needs, next(values), strict=True))
            if needed[one.needs[0]] is not None:
                texts[one.name] = COMPUTE[one.name](**needed)
                texts |= {name: needed[name] for name in exact_numbers(node, one)}
        for link in links:
            found = [text for end in next(values) for one in end for text in _listed(one)]
            before = texts.get(link.name)
            texts[link.name] = [*before, *found] if isinstance(before, list) else found
        return texts

    return texts_of


def _listed(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _counts(emitter: Emitter, search: Search) -> str:
    node, call = _matches(emitter, search)
    name = emitter.reader.type_name(node, search.types)
    return f"COLLECT {{ {call} WITH {name} AS t, count(*) AS c ORDER BY c DESC, t RETURN [t, c] }}"


def search_shape(search: Search, vocabulary: Vocabulary, node: NodeShape) -> Shape:
    """What shapes a search of the list that ``search_columns`` wrote."""
    hits = {
        part.key: _hit_shape(search, part, vocabulary, node)
        for part in search.fields
        if isinstance(part, Hits)
    }

    def shape(raw: Row, at: At, shaping: Shaping) -> Answer:
        parts = iter(raw)
        shaped: Answer = {}
        for part in search.fields:
            match part:
                case TypeName():
                    shaped[part.key] = "SearchResult"
                case Hits():
                    each = hits[part.key]
                    shaped[part.key] = [
                        each(row, ((at, part.key), index), shaping)
                        for index, row in enumerate(next(parts))
                    ]
                case Counts():
                    shaped[part.key] = [
                        {one.key: _count(one.name, row) for one in part.fields}
                        for row in next(parts)
                    ]
        return shaped

    return shape


def _count(name: str, row: Row) -> object:
    return {"__typename": "SearchCount", "type": row[0], "count": row[1]}[name]


def _hit_shape(search: Search, hits: Hits, vocabulary: Vocabulary, node: NodeShape) -> Shape:
    nodes = {one.key: node(one.reads) for one in hits.fields if not isinstance(one, HitField)}
    texts_of = _texts_of(search, vocabulary) if hits.shows_text else None

    def shape(row: Row, at: At, shaping: Shaping) -> Answer:
        values = iter(row)
        score, texts = next(values), next(values)
        plain: dict[str, object] = {"__typename": "SearchHit", "score": score}
        if texts_of:
            found = snippet(shaping.given(search.words), texts_of(texts))
            plain |= {"property": found.property, "snippet": found.marked}
        shaped: Answer = {}
        for one in hits.fields:
            if isinstance(one, HitField):
                shaped[one.key] = plain[one.name]
            else:
                shaped[one.key] = nodes[one.key](next(values), (at, one.key), shaping)
        return shaped

    return shape
