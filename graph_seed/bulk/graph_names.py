"""Names that all sources together give an entity and that the store cannot index together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import orjson

from graph_seed.bulk.ids import Ids
from graph_seed.limits import Oversized, longest_when_folded, oversized_together
from graph_seed.records import Place
from graph_seed.shared import SaidBySource, names_of
from graph_seed.store import AT_ONCE, Store
from graph_seed.wanted import describes, is_entity
from schema import rules
from schema.constraints import TEXT_INDEX_BYTES
from schema.names import ID, NODE
from schema.terms import NodeType
from schema.vocabulary import Vocabulary

WIDEST = 4
"""Bytes of UTF-8 that one character has at most."""


def oversized_names(
    vocabulary: Vocabulary, ids: Ids, store: Store | None, *, merged: bool
) -> Iterator[tuple[str, Place, Oversized]]:
    """Yield the entities of the files whose names the store cannot index together, and where.

    With a ``store`` the names count that sources in the graph give, other than those of the files.
    Only what could be too long, by the number of characters, is looked at closely.
    """
    rows = ids.rows.execute("SELECT entity, sum(length) FROM names GROUP BY entity")
    while some := dict(rows.fetchmany(AT_ONCE)):
        suspects = {
            entity: entity
            for entity, length in some.items()
            if longest_when_folded(length) > TEXT_INDEX_BYTES
        }
        elsewhere: dict[str, SaidBySource] = {}
        if store is not None:
            now = store.merged_into(some) if merged else {}
            asked = {one: now.get(one) or one for one in some}
            suspects = {one: asked[one] for one in suspects}
            suspects |= _long_with_graph(store, vocabulary, some, asked)
            elsewhere = _names_in_graph(store, vocabulary, ids, suspects.values())
        for entity, one in suspects.items():
            said = _names_in_files(vocabulary, ids, entity) | elsewhere.get(one, {})
            for too_long in oversized_together(vocabulary, entity, said):
                yield entity, ids.place_of_entity(entity), too_long


def _names_in_files(vocabulary: Vocabulary, ids: Ids, entity: str) -> SaidBySource:
    """Return the different names that the files give an entity, each under a name of its own."""
    node_type = vocabulary.type_of_id(entity)
    rows = ids.rows.execute("SELECT names FROM names WHERE entity = ?", (entity,))
    return {
        f"file {number}": (node_type, orjson.loads(names))
        for number, (names,) in enumerate(rows)
        if node_type is not None
    }


def _long_with_graph(
    store: Store, vocabulary: Vocabulary, lengths: Mapping[str, int], now: Mapping[str, str]
) -> dict[str, str]:
    """Return the entities whose names may be too long with those that the graph holds of them."""
    held = " + ".join(f"size(coalesce(n.{name}, ''))" for name in _stored_names(vocabulary))
    rows = store.run_each(
        f"UNWIND $rows AS row MATCH (n:{NODE} {{{ID}: row[1]}}) "
        f"WHERE ({held}) * {WIDEST} + row[2] > $limit RETURN row[0] AS entity, row[1] AS now",
        [[one, now[one], longest_when_folded(length)] for one, length in lengths.items()],
        limit=TEXT_INDEX_BYTES,
    )
    return {row["entity"]: row["now"] for row in rows}


def _names_in_graph(
    store: Store, vocabulary: Vocabulary, ids: Ids, entities: Iterable[str]
) -> dict[str, SaidBySource]:
    """Return the different names that sources other than those of the files give entities."""
    names = _given_names(vocabulary)
    given = ", ".join(f"d.{name}" for name in names)
    source = vocabulary.by_kind[rules.SOURCE].label
    # Sources that say the same are united first: an entity may have a hundred thousand.
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (:{NODE} {{{ID}: id}})-[d:{describes(vocabulary)}]->"
        f"(s:{source}) RETURN id, [{given}] AS said, collect(s.{ID}) AS sources",
        set(entities),
    )
    found: dict[str, SaidBySource] = {}
    for number, row in enumerate(rows):
        node_type = vocabulary.type_of_id(row["id"])
        if node_type is not None and not all(map(ids.has_source, row["sources"])):
            said = zip(names, row["said"], strict=True)
            values = {name: value for name, value in said if value is not None}
            found.setdefault(row["id"], {})[f"graph {number}"] = (node_type, values)
    return found


def _entity_types(vocabulary: Vocabulary) -> list[NodeType]:
    return [one for one in vocabulary.concrete if is_entity(vocabulary, one)]


def _given_names(vocabulary: Vocabulary) -> Sequence[str]:
    """Return the properties that hold names of entities."""
    return sorted({name for one in _entity_types(vocabulary) for name in names_of(one)})


def _stored_names(vocabulary: Vocabulary) -> Sequence[str]:
    """Return the properties in the store that hold all names of an entity, folded."""
    types = _entity_types(vocabulary)
    return sorted({p.all_folded for t in types for p in t.properties.values() if p.all_folded})
