"""Find everything in the graph for which a load of large files would be refused.

It is found before anything is written. Facts and descriptions of the files' own sources do not
count: the load replaces them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import orjson

from graph_seed.checking.references import CIRCLE, cycle_in_words
from graph_seed.graph.repository import AT_ONCE, Repository
from graph_seed.loading.bulk.graph_cycles import find_cycles_with_graph
from graph_seed.loading.bulk.id_index import IdIndex
from graph_seed.problems import Problem, join_listed
from graph_seed.records import Place
from graph_seed.state.desired_state import description_type
from graph_seed.state.entity_merge import SaidBySource, names_of
from graph_seed.state.index_limits import (
    TOO_LONG,
    Oversized,
    longest_when_folded,
    oversized_together,
)
from schema import rules
from schema.model import NodeType
from schema.names import EVIDENCE, FACT, ID, SLOTS
from schema.storage import TEXT_INDEX_BYTES, match_id
from schema.vocabulary import Vocabulary


def find_conflicts(store: Repository, vocabulary: Vocabulary, ids: IdIndex) -> Iterator[Problem]:
    """Yield conflicts of the files with what the graph contains of other sources."""
    merged = store.has_merged()
    yield from find_link_conflicts(store, vocabulary, ids, merged=merged)
    yield from find_name_conflicts(vocabulary, ids, store, merged=merged)


def find_link_conflicts(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, *, merged: bool
) -> Iterator[Problem]:
    """Yield cycles of links, and ids that are still used though no source defines them any more."""
    for way in find_cycles_with_graph(store, vocabulary, ids, merged=merged):
        from_files = [index for index, step in enumerate(way) if step.place.file]
        first = max(from_files, key=lambda index: way[index].place.line)
        circle = cycle_in_words([*way[first:], *way[:first]])
        message = f"together with what is loaded, {way[0].link} leads in a circle: {circle}"
        yield Problem(way[first].place, CIRCLE, message)
    record_dropped(store, vocabulary, ids, merged=merged)
    for name, place, needing in find_still_referenced(store, vocabulary, ids):
        message = (
            f"{name} is no longer defined here, but other sources still refer to it: "
            f"{join_listed(needing)}; keep it, or load the files that use it together with this one"
        )
        yield Problem(place, "IN_USE", message)
    for name, place in ids.used_though_dropped():
        message = f"{name} is used here, but the source that defined it no longer does"
        yield Problem(place, "UNKNOWN_ID", message)


def find_name_conflicts(
    vocabulary: Vocabulary, ids: IdIndex, store: Repository | None, *, merged: bool = False
) -> Iterator[Problem]:
    """Yield entities whose names are too long together; those of the graph with a ``store``."""
    for entity, place, too_long in find_oversized_names(vocabulary, ids, store, merged=merged):
        yield Problem(place, TOO_LONG, f"{entity}, as all sources together have it: {too_long}")


SOURCES_AT_ONCE = 200
"""Sources whose ids are read at once."""
DROPPED_AT_ONCE = 1_000
"""Dropped ids for which the graph is asked at once who points at them."""


def record_dropped(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, *, merged: bool
) -> None:
    """Note in ``ids`` what the graph holds of the files' sources and none defines any more."""
    rows = ids.rows.execute("SELECT id FROM source")
    while some := [one for (one,) in rows.fetchmany(AT_ONCE)]:
        there = list(store.node_types(some))
        for start in range(0, len(there), SOURCES_AT_ONCE):
            held = store.run_each(
                _held_ids_query(store, vocabulary), there[start : start + SOURCES_AT_ONCE]
            )
            ids.drop((name, row["id"]) for row in held for name in row["held"])
    dropped = (name for name, _ in list(ids.dropped()))
    while some := list(islice(dropped, DROPPED_AT_ONCE)):
        _keep_described(store, vocabulary, ids, some, merged=merged)


def _held_ids_query(store: Repository, vocabulary: Vocabulary) -> str:
    """Return a query for the ids of the entities that sources describe and of their facts."""
    source = vocabulary.by_kind[rules.SOURCE].label
    part_of = store.type_of(rules.PASSAGE, rules.SOURCE)
    evidence = store.type_of(rules.STATEMENT, EVIDENCE)
    fact = vocabulary.nodes[FACT].label
    return (
        f"UNWIND $rows AS id {match_id('s', 'id', source)} RETURN id, "
        f"[(s)<-[:{description_type(vocabulary)}]-(e) | e.{ID}] + COLLECT {{ "
        f"MATCH (s)<-[:{part_of}]-()<-[:{evidence}]-(f:{fact}) RETURN DISTINCT f.{ID} }} AS held"
    )


def _keep_described(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, some: Sequence[str], *, merged: bool
) -> None:
    """Keep entities that other sources describe, or that files define by an id merged into them."""
    rows = store.run_each(
        f"UNWIND $rows AS id {match_id('e', 'id')} "
        f"MATCH (e)-[:{description_type(vocabulary)}]->(s) RETURN id, collect(s.{ID}) AS sources",
        some,
    )
    ids.keep(row["id"] for row in rows if not all(map(ids.has_source, row["sources"])))
    if merged:
        names = store.names(some)
        ids.keep(one for one, others in names.items() if any(map(ids.defines, others)))


def find_still_referenced(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex
) -> Iterator[tuple[str, Place, list[str]]]:
    """Yield ids that the files no longer define and that other sources still refer to.

    Each comes with the place of its source in the files, and the ids of the nodes that refer to it.
    References from the sources of the files are not considered: the load replaces them.
    """
    dropped = iter(list(ids.dropped()))
    while places := dict(islice(dropped, DROPPED_AT_ONCE)):
        pointing = {(who, whom) for _, who, whom in store.references_to((), places)}
        pointing = {(who, whom) for who, whom in pointing if not ids.drops(who)}
        found: dict[str, list[str]] = {}
        for who, whom in sorted(_said_by_others(store, vocabulary, ids, pointing)):
            found.setdefault(whom, []).append(who)
        for whom, needing in found.items():
            yield whom, places[whom], needing


def _said_by_others(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, pointing: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield who points at what by the word of a source that is not of the files."""
    entities: list[tuple[str, str]] = []
    for who, whom in pointing:
        node_type = vocabulary.type_of_id(who)
        if node_type is not None and node_type.is_entity:
            entities.append((who, whom))
        elif not ids.has_source(f"{rules.SOURCE}:{who.partition(':')[2].partition('/')[0]}"):
            yield who, whom
    names = store.names({whom for _, whom in entities})
    quoted = {one: [orjson.dumps(n).decode() for n in others] for one, others in names.items()}
    rows = store.run_each(
        f"UNWIND $rows AS row {match_id('e', 'row[0]')} "
        f"MATCH (e)-[d:{description_type(vocabulary)}]->(s) "
        f"WHERE any(name IN row[2] WHERE d.{SLOTS} CONTAINS name) "
        f"RETURN row[0] AS who, row[1] AS whom, collect(s.{ID}) AS sources",
        [[who, whom, quoted[whom]] for who, whom in entities],
    )
    for row in rows:
        if not all(map(ids.has_source, row["sources"])):
            yield row["who"], row["whom"]


WIDEST = 4
"""Bytes of UTF-8 that one character has at most."""


def find_oversized_names(
    vocabulary: Vocabulary, ids: IdIndex, store: Repository | None, *, merged: bool
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
            now = store.merged_ids(some) if merged else {}
            asked = {one: now.get(one) or one for one in some}
            suspects = {one: asked[one] for one in suspects}
            suspects |= _long_with_graph(store, vocabulary, some, asked)
            elsewhere = _names_in_graph(store, vocabulary, ids, suspects.values())
        for entity, one in suspects.items():
            said = _names_in_files(vocabulary, ids, entity) | elsewhere.get(one, {})
            for too_long in oversized_together(vocabulary, entity, said):
                yield entity, ids.place_of_entity(entity), too_long


def _names_in_files(vocabulary: Vocabulary, ids: IdIndex, entity: str) -> SaidBySource:
    """Return the different names that the files give an entity, each under a name of its own."""
    node_type = vocabulary.type_of_id(entity)
    rows = ids.rows.execute("SELECT names FROM names WHERE entity = ?", (entity,))
    return {
        f"file {number}": (node_type, orjson.loads(names))
        for number, (names,) in enumerate(rows)
        if node_type is not None
    }


def _long_with_graph(
    store: Repository, vocabulary: Vocabulary, lengths: Mapping[str, int], now: Mapping[str, str]
) -> dict[str, str]:
    """Return the entities whose names may be too long with those that the graph holds of them."""
    held = " + ".join(f"size(coalesce(n.{name}, ''))" for name in _stored_names(vocabulary))
    rows = store.run_each(
        f"UNWIND $rows AS row {match_id('n', 'row[1]')} "
        f"WHERE ({held}) * {WIDEST} + row[2] > $limit RETURN row[0] AS entity, row[1] AS now",
        [[one, now[one], longest_when_folded(length)] for one, length in lengths.items()],
        limit=TEXT_INDEX_BYTES,
    )
    return {row["entity"]: row["now"] for row in rows}


def _names_in_graph(
    store: Repository, vocabulary: Vocabulary, ids: IdIndex, entities: Iterable[str]
) -> dict[str, SaidBySource]:
    """Return the different names that sources other than those of the files give entities."""
    names = _given_names(vocabulary)
    given = ", ".join(f"d.{name}" for name in names)
    source = vocabulary.by_kind[rules.SOURCE].label
    # Sources that say the same are united first: an entity may have a hundred thousand.
    rows = store.run_each(
        f"UNWIND $rows AS id {match_id('e', 'id')} "
        f"MATCH (e)-[d:{description_type(vocabulary)}]->(s:{source}) "
        f"RETURN id, [{given}] AS said, collect(s.{ID}) AS sources",
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
    return [one for one in vocabulary.concrete if one.is_entity]


def _given_names(vocabulary: Vocabulary) -> Sequence[str]:
    """Return the properties that hold names of entities."""
    return sorted({name for one in _entity_types(vocabulary) for name in names_of(one)})


def _stored_names(vocabulary: Vocabulary) -> Sequence[str]:
    """Return the properties in the store that hold all names of an entity, folded."""
    types = _entity_types(vocabulary)
    return sorted(
        {p.all_folded_column for t in types for p in t.properties.values() if p.all_folded_column}
    )
