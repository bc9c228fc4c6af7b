"""A search: the full-text index asked within the one query, its hits shaped with their snippets."""

from schema.names import ID
from schema.vocabulary import Vocabulary, unique
from service.query.answer import Answer, Row
from service.query.emitter import Emitter, returned
from service.query.lists import EdgeNode, TypeName
from service.query.operation import Counts, HitField, Hits, Search
from service.query.plan import One
from service.query.shaping import At, NodeShape, Shape, Shaping
from service.query.snippets import snippet

CANDIDATES = 1000
"""How many matches of a search are looked at."""


def searched(vocabulary: Vocabulary) -> list[str]:
    """The names of the properties that a search looks in, in the order their texts are read."""
    found = vocabulary.select(lambda prop: prop.searched)
    return unique(prop.name for properties in found.values() for prop in properties)


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
    lucene = emitter.parameter(search.lucene)
    call = emitter.reader.matches(node, lucene, limit, lambda: emitter.parameter(search.words))
    found = f"{call} WHERE {emitter.reader.is_a(node, search.types)}"
    return node, emitter.reader.listed(found, node, search.types)


def _hits(emitter: Emitter, search: Search, hits: Hits) -> str:
    node, call = _matches(emitter, search)
    names = searched(emitter.vocabulary) if hits.shows_text else []
    texts = ", ".join(emitter.reader.prop(node, name) for name in names)
    columns = ["score", f"[{texts}]"]
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
    names = searched(vocabulary)

    def shape(row: Row, at: At, shaping: Shaping) -> Answer:
        values = iter(row)
        score, texts = next(values), next(values)
        plain: dict[str, object] = {"__typename": "SearchHit", "score": score}
        if hits.shows_text:
            found = snippet(shaping.given(search.words), dict(zip(names, texts, strict=True)))
            plain |= {"property": found.property, "snippet": found.marked}
        shaped: Answer = {}
        for one in hits.fields:
            if isinstance(one, HitField):
                shaped[one.key] = plain[one.name]
            else:
                shaped[one.key] = nodes[one.key](next(values), (at, one.key), shaping)
        return shaped

    return shape
