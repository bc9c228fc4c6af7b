"""Find texts that are too long for an index, before anything is written.

A text that is too long for an index makes Neo4j refuse the whole transaction, with an error that
names neither the record nor the property. A check looks at what one source says, a load at what all
sources together say of an entity.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graph_seed.problems import LISTED, LoadError
from graph_seed.records import Place
from graph_seed.state.desired_state import GraphState
from graph_seed.state.elements import Values, derived_columns
from graph_seed.state.entity_merge import Description, SaidBySource, merge_descriptions
from schema.model import NodeType, Property
from schema.names import ID
from schema.storage import RANGE_INDEX_BYTES, index_limits
from schema.vocabulary import Vocabulary

TOO_LONG = "TOO_LONG"
LONGEST_ID = 100
"""Characters of an id that a message shows."""
GROWTH = 34
"""Bytes of UTF-8 that one character can become, at most, when it is folded: U+FDFA becomes 33."""


@dataclass(frozen=True, slots=True)
class Oversized:
    """A text that an index cannot hold: the properties it comes from, its bytes, how many fit."""

    names: tuple[str, ...]
    size: int
    limit: int

    def __str__(self) -> str:
        *others, last = self.names
        what = f"{', '.join(others)} and {last} together take" if others else f"{last} takes"
        return f"{what} {self.size} bytes, and the database can index {self.limit}; shorten it"


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A text that is indexed: its name in the store, the properties it comes from, its limit."""

    stored: str
    limit: int
    names: tuple[str, ...]
    prop: Property | None
    """The first of these properties; None for the id."""

    def measure(self, properties: Mapping[str, object]) -> Iterator[Oversized]:
        """Measure it among the properties of a node; yield nothing where it fits."""
        text = properties.get(self.stored)
        # No character has more than four bytes.
        if isinstance(text, str) and len(text) * 4 > self.limit:
            size = len(text.encode())
            if size > self.limit:
                yield Oversized(self.names, size, self.limit)


@cache
def _indexed_texts(node_type: NodeType) -> tuple[_Indexed, ...]:
    found = [_Indexed(ID, RANGE_INDEX_BYTES, (ID,), None)]
    limits = index_limits(node_type)
    for prop in node_type.properties.values():
        for name in prop.columns:
            if name in limits:
                folded_with = prop.folded_with if name == prop.all_folded_column else ()
                found.append(_Indexed(name, limits[name], (prop.name, *folded_with), prop))
    return tuple(found)


def oversized_texts(node_type: NodeType, properties: Mapping[str, object]) -> Iterator[Oversized]:
    """Find the texts that no index can hold among the properties of a node as it is stored."""
    for one in _indexed_texts(node_type):
        yield from one.measure(properties)


def oversized_values(node_type: NodeType, node_id: str, values: Values) -> Iterator[Oversized]:
    """Find the texts that no index can hold among the values of a record.

    Only long values are folded to measure them.
    """
    length = len(node_id) + sum(map(text_length, values.values()))
    if longest_when_folded(length) <= RANGE_INDEX_BYTES:
        return
    found: dict[str, Oversized] = {}
    for one in _indexed_texts(node_type):
        if longest_when_folded(length) <= one.limit:
            continue
        properties: Values = {ID: node_id}
        if one.prop is not None:
            value = values.get(one.prop.name)
            properties = {} if value is None else derived_columns(one.prop, value, values)
        for too_long in one.measure(properties):
            # A name that is too long by itself is reported rather than all names together.
            found.setdefault(too_long.names[0], too_long)
    yield from found.values()


def text_length(value: object) -> int:
    """Return how many characters a text or the texts of a list have."""
    if isinstance(value, str):
        return len(value)
    return sum(map(text_length, value)) if isinstance(value, list) else 0


def longest_when_folded(length: int) -> int:
    """Return how many bytes names of so many characters can take, at most, once folded."""
    return length * GROWTH


def oversized_together(
    vocabulary: Vocabulary, entity: str, said: SaidBySource
) -> Iterator[Oversized]:
    """Find the texts that no index can hold of an entity as several sources together have it."""
    descriptions = [Description(source, None, *one) for source, one in said.items()]
    node, _, _ = merge_descriptions(vocabulary, entity, descriptions)
    yield from oversized_texts(node.type, node.properties)


def refuse_oversized(
    state: GraphState, ids: Iterable[str], places: Mapping[str, Place] | None = None
) -> None:
    """Raise LoadError (TOO_LONG) if an index cannot hold a text of these nodes.

    ``places`` says where records are, by their ids.
    """
    found = [
        (node_id, problem)
        for node_id in ids
        for problem in oversized_texts(state.nodes[node_id].type, state.nodes[node_id].properties)
    ]
    if found:
        lines = [
            f"{_locate(node_id, places or {})}{node_id[:LONGEST_ID]}: {problem}"
            for node_id, problem in found[:LISTED]
        ]
        more = [f"and {len(found) - LISTED} more"] if len(found) > LISTED else []
        message = "the database cannot index these, as all sources together have them:"
        raise LoadError(TOO_LONG, "\n  ".join([message, *lines, *more]), [one for one, _ in found])


def _locate(node_id: str, places: Mapping[str, Place]) -> str:
    return f"{places[node_id]}: error {TOO_LONG} " if node_id in places else ""
