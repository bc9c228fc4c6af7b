"""Turn records into nodes and relationships with their properties as they are stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import NamedTuple

from graph_seed.records import Citation, Record
from graph_seed.values import fold, format_amount, join_folded
from graph_seed.values.value_types import value_type
from graph_seed.values.words import search_words
from schema.declare import ComputedField
from schema.model import Link, NodeType, Property, RelationshipType
from schema.names import DIGEST, EVIDENCE, ID, NAMED, SEARCH_WORDS, camel
from schema.scalars import NUMBER
from schema.vocabulary import Vocabulary

Values = Mapping[str, object]
Properties = dict[str, object]
COMPUTE: Mapping[str, Callable[..., str]] = {"words": format_amount}
"""The function of each computed field that the vocabulary declares, by its name."""


class RelationshipKey(NamedTuple):
    """The identity of a relationship: its type and the ids of its ends."""

    type: str
    start: str
    end: str


Relationships = dict[RelationshipKey, dict[str, object]]


@dataclass(slots=True)
class GraphNode:
    """A node: its type and its properties as they are stored, the id included."""

    type: NodeType
    properties: dict[str, object]

    @property
    def id(self) -> str:
        """The node's id."""
        return str(self.properties[ID])


@dataclass(frozen=True, slots=True)
class Elements:
    """Nodes and relationships that are to be created."""

    nodes: list[tuple[str, Properties]]
    """Each with the name of its type."""
    relationships: list[tuple[str, str, str, Properties]]
    """Each with its type and the ids of its ends."""


def elements_of(nodes: Iterable[GraphNode], relationships: Relationships) -> Elements:
    """Return nodes and relationships as elements that can be created."""
    return Elements(
        [(node.type.label, node.properties) for node in nodes],
        [(key.type, key.start, key.end, properties) for key, properties in relationships.items()],
    )


def to_properties(node_type: NodeType, node_id: str, values: Values) -> dict[str, object]:
    """Return the properties of a node: its values, and the columns for filters and search."""
    properties: dict[str, object] = {ID: node_id}
    searched: list[str] = []
    for name, prop in node_type.properties.items():
        value = values.get(name)
        if value is None:
            continue
        properties |= derived_columns(prop, value, values)
        variants = values.get(prop.variants_column) if prop.variants_column else None
        if isinstance(variants, list):
            properties[f"{prop.variants_column}"] = variants
        if prop.searched:
            searched += [str(one) for one in value] if isinstance(value, list) else [str(value)]
            searched += variants if isinstance(variants, list) else []
    for computed in node_type.computed:
        if computed.searched:
            searched += _computed_texts(computed, node_type, values)
    if searched:
        properties[SEARCH_WORDS] = search_words(searched)
    return properties


def _computed_texts(computed: ComputedField, node_type: NodeType, values: Values) -> list[str]:
    """Return a computed text that is searched, and the exact numbers that it is made of."""
    given = {name: values.get(name) for name in computed.needs}
    if any(given[name] is None for name in given if node_type.properties[name].required):
        return []
    numbers = [given[name] for name in exact_numbers(node_type, computed)]
    exact = [str(one) for one in numbers if one is not None]
    return [COMPUTE[computed.name](**given), *exact]


def exact_numbers(node_type: NodeType, computed: ComputedField) -> list[str]:
    """Return which of the properties that a computed text needs are exact numbers."""
    return [n for n in computed.needs if node_type.properties[n].scalar.derives(NUMBER)]


def add_name_words(node: GraphNode, ends: Iterable[str]) -> GraphNode:
    """Add to a node the entities by whose names it is found, as words that no text has.

    Each of these words is an entity's id, which never changes: an entity can be renamed without a
    change of the facts that are found by its names. ``docs/researcher/notebook.md``
    says how a search uses them.
    """
    words = [f"{NAMED}{end}" for end in sorted(set(ends))]
    if words:
        held = node.properties.get(SEARCH_WORDS, "")
        node.properties[SEARCH_WORDS] = " ".join([*([str(held)] if held else []), *words])
    return node


def derived_columns(prop: Property, value: object, values: Values) -> dict[str, object]:
    """Return the columns of a property: its value, and what is derived from it."""
    of = value_type(prop)
    if of.normalize and not prop.attached:
        value = of.normalize(value)
    if prop.many or prop.enumeration:
        return {prop.name: value}
    columns = {prop.name: of.to_stored(value) if of.to_stored else value}
    if prop.folded_column:
        own = fold(str(value))
        columns[prop.folded_column] = join_folded([own])
        if prop.all_folded_column:
            lists = (values.get(name) for name in prop.other_columns)
            others = [fold(one) for some in lists if isinstance(some, list) for one in some]
            columns[prop.all_folded_column] = join_folded([own, *others])
    if of.derive:
        columns |= {k: one for k, one in of.derive(prop.name, value).items() if one is not None}
    return columns


def node_from_record(record: Record) -> GraphNode:
    """Return the node of a source or a fact."""
    properties = to_properties(record.type, record.id, record.values)
    properties[DIGEST] = record.digest
    return GraphNode(record.type, properties)


def naming_entities(
    vocabulary: Vocabulary, node: GraphNode | Record, relationships: Iterable[RelationshipKey]
) -> list[str]:
    """Return the ids of the entities by whose names a node with these relationships is found."""
    kinds, named = _naming(vocabulary, node.type)
    return [
        key.end
        for key in relationships
        if key.type in kinds and key.start == node.id and key.end.partition(":")[0] in named
    ]


@cache
def _naming(vocabulary: Vocabulary, node_type: NodeType) -> tuple[set[str], set[str | None]]:
    """Return the types of the relationships and the kinds of the entities that name a type's."""
    kinds = {relationship_of(link).type for link in vocabulary.name_search_links(node_type)}
    return kinds, {one.kind for one in vocabulary.types_searched_by_name}


def passage_id(source: str, cited: Citation) -> str:
    """Return the id of a passage: its source's key and its offsets."""
    return f"passage:{source.partition(':')[2]}/{cited.start}-{cited.end}"


_OF_CITATION = {field.name: camel(field.name) for field in fields(Citation)}


def passage_node(passage_type: NodeType, source: str, cited: Citation) -> GraphNode:
    """Return the node of a passage."""
    values = {name: getattr(cited, attribute) for attribute, name in _OF_CITATION.items()}
    return GraphNode(passage_type, to_properties(passage_type, passage_id(source, cited), values))


def relationships_of(vocabulary: Vocabulary, record: Record) -> Relationships:
    """Return the relationships of a record as its file gives them: links and evidence."""
    links = vocabulary.links(record.type)
    relationships: Relationships = {}
    for name, references in record.links.items():
        link = links[name]
        for reference in references:
            key = relationship_key(relationship_of(link), record.id, reference.id)
            relationships.setdefault(key, edge_properties(link.properties, reference.properties))
    evidence = relationship_of(links[EVIDENCE])
    for cited in record.evidence:
        relationships[
            RelationshipKey(evidence.type, record.id, passage_id(record.source, cited))
        ] = {}
    return relationships


def edge_properties(declared: Mapping[str, Property], values: Values) -> dict[str, object]:
    """Return a relationship's properties as they are stored, with the columns of each."""
    properties: dict[str, object] = {}
    for name, value in values.items():
        if name in declared and value is not None:
            properties |= derived_columns(declared[name], value, {})
    return properties


def relationship_key(relationship: RelationshipType, start: str, end: str) -> RelationshipKey:
    """Return a relationship's key; a symmetric one is stored once, in the order of its ids."""
    if relationship.symmetric and end < start:
        start, end = end, start
    return RelationshipKey(relationship.type, start, end)


def relationship_of(link: Link) -> RelationshipType:
    """Return the relationship type of a link; raises TypeError for a link along other links."""
    if link.relationship is None:
        raise TypeError(f"{link!r} is read along other links")
    return link.relationship
