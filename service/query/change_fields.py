"""The fields of a change: the node or relationship that it is of, its values, nodes it names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from schema.model import Link, NodeType
from schema.vocabulary import Vocabulary
from service.query.decoding import Answer, DecodeNode, Decoding, ResponsePath, Row
from service.query.emitter import Emitter, TypeName
from service.query.fragments import Cypher, first, list_of, return_row
from service.query.historical import HistoricalReader
from service.query.history import describe_change, recorded_links, recorded_properties
from service.query.nodes import Selection

ADDED, CHANGED, EXPIRED = "ADDED", "CHANGED", "EXPIRED"
CAPTION = "caption"
SAFE = ":/-._~"
"""Characters of ids that the id of a change has as they are."""


@dataclass(frozen=True, slots=True)
class ChangeField:
    """A field of a change; ``pairs`` are the keys and names of the fields of its values."""

    key: str
    name: str
    selection: Selection | None = None
    """What is read of a node, if the field is a node or its caption."""
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSelection:
    """The fields that are read of a change.

    The variable of a change holds a list: the version, the id, the type and the end of the
    relationship, and the values before and since. A second variable, ``caption_version``, holds the
    version in which captions are read: the one before for what has expired.
    """

    load: NodeType
    fields: tuple[TypeName | ChangeField, ...]

    def row(self, emitter: Emitter, node: str) -> Cypher:
        """Return the row of a change, whose variable is ``node``."""
        return list_of([node, *(self._column(emitter, node, one) for one in self._of_nodes)])

    @property
    def has_values(self) -> bool:
        """Return whether the values of the change are selected."""
        return any(isinstance(one, ChangeField) and one.pairs for one in self.fields)

    @property
    def _of_nodes(self) -> list[ChangeField]:
        return [one for one in self.fields if isinstance(one, ChangeField) and one.selection]

    def _column(self, emitter: Emitter, change: str, field: ChangeField) -> Cypher:
        if field.selection is None:
            raise TypeError(f"{field.name} reads no node")
        root = emitter.vocabulary.root
        by_id, of = {
            "load": (f"'{self.load.kind}:' + {change}[0]", self.load),
            "node": (f"{change}[1]", root),
            "caption": (f"{change}[1]", root),
            "target": (f"{change}[3]", root),
            "targetCaption": (f"{change}[3]", root),
        }[field.name]
        if field.name.lower().endswith(CAPTION):
            then = HistoricalReader(emitter.vocabulary, version=caption_version(change))
            emitter = emitter.with_reader(then)
        node = emitter.new_variable("n")
        found = emitter.reader.by_id(node, by_id, of)
        return first(found, return_row(field.selection.row(emitter, node)))

    def decoder(self, vocabulary: Vocabulary) -> DecodeNode:
        """Return the decoder of a change."""
        nodes = {
            one.key: one.selection.decoder(vocabulary) for one in self._of_nodes if one.selection
        }
        describe = _describer(vocabulary)
        describe_values = _values_describer(vocabulary)

        def decode(row: Row | None, path: ResponsePath, decoding: Decoding) -> Answer | None:
            if row is None:
                return None
            change, *columns = row
            left = iter(columns)
            plain = describe(change)
            decoded: Answer = {}
            for one in self.fields:
                if isinstance(one, TypeName):
                    decoded[one.key] = "GraphChange"
                elif one.key in nodes:
                    node = nodes[one.key](next(left), (path, one.key), decoding)
                    is_caption = one.name.lower().endswith(CAPTION)
                    decoded[one.key] = node[CAPTION] if node and is_caption else node
                elif one.pairs:
                    decoded[one.key] = [
                        {key: value[name] for key, name in one.pairs}
                        for value in describe_values(change)
                    ]
                else:
                    decoded[one.key] = plain[one.name]
            return decoded

        return decode


def caption_version(change: str) -> str:
    """Return the variable of the version in which the caption of a change is read."""
    return f"{change}u"


# --- what a change says -------------------------------------------------------------------------


def recorded_types(vocabulary: Vocabulary) -> list[str]:
    """Return the types of relationships whose changes are listed."""
    return sorted(one.type for one in vocabulary.relationships.values() if not one.hidden)


def value_names(vocabulary: Vocabulary) -> list[str]:
    """Return the names of all properties of nodes whose changes are listed."""
    return sorted({p.name for node in vocabulary.concrete for p in recorded_properties(node)})


def edge_value_names(vocabulary: Vocabulary) -> list[str]:
    """Return the names of all properties of relationships whose changes are listed."""
    listed = (one for one in vocabulary.relationships.values() if not one.hidden)
    return sorted({name for one in listed for name in one.properties})


def _links_by_type(vocabulary: Vocabulary) -> Mapping[tuple[str, str], Link]:
    """Return links by the label of the type they are of and the type of their relationship."""
    return {
        (node.label, link.relationship.type): link
        for node in vocabulary.concrete
        for link in recorded_links(vocabulary, node)
        if link.relationship
    }


def _describer(vocabulary: Vocabulary) -> Callable[[Row], Mapping[str, object]]:
    """Return a function that makes the plain fields of a change, by their names."""
    links = _links_by_type(vocabulary)

    def describe(change: Row) -> Mapping[str, object]:
        version, node, kind, end = map(str, change[:4])
        old, new = _states_of(change)
        label = _type_of(vocabulary, node).label
        link = links[label, kind].name if kind else None
        changed = f"?{link}={quote(end, safe=SAFE)}" if link else ""
        return {
            "id": f"change:{version}:{quote(node, safe=SAFE)}{changed}",
            "kind": ADDED if old is None else EXPIRED if new is None else CHANGED,
            "version": int(version),
            "nodeId": node,
            "nodeType": label,
            "link": link,
            "targetId": end if kind else None,
        }

    return describe


def _values_describer(
    vocabulary: Vocabulary,
) -> Callable[[Row], Sequence[Mapping[str, str | None]]]:
    """Return a function that makes the values of a change that differ."""
    links = _links_by_type(vocabulary)
    of_nodes = {name: index for index, name in enumerate(value_names(vocabulary))}
    of_edges = {name: index for index, name in enumerate(edge_value_names(vocabulary))}

    def describe(change: Row) -> Sequence[Mapping[str, str | None]]:
        node, kind = str(change[1]), str(change[2])
        old, new = _states_of(change)
        of = _type_of(vocabulary, node)
        names: Iterable[str]
        if kind:
            places, names = of_edges, links[of.label, kind].properties
        else:
            places, names = of_nodes, (one.name for one in recorded_properties(of))
        values = ((name, old and old[places[name]], new and new[places[name]]) for name in names)
        return [
            describe_change(name, before, since)
            for name, before, since in values
            if before != since
        ]

    return describe


def _states_of(change: Row) -> tuple[Row | None, Row | None]:
    """Return the values before and since; None where it was not there, or no longer is."""
    return change[4], change[5]


def _type_of(vocabulary: Vocabulary, node_id: str) -> NodeType:
    found = vocabulary.type_of_id(node_id)
    if found is None:
        raise ValueError(f"no type has the id {node_id}")
    return found
