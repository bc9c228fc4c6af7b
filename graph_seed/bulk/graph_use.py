"""Ids that the files no longer define and that other sources in the graph still use."""

from collections.abc import Iterator, Sequence
from itertools import islice

import orjson

from graph_seed.bulk.ids import Ids
from graph_seed.records import Place
from graph_seed.store import AT_ONCE, Store
from graph_seed.wanted import describes, is_entity
from schema import rules
from schema.names import EVIDENCE, ID, NODE, SLOTS
from schema.vocabulary import Vocabulary

SOURCES_AT_ONCE = 200
"""Sources whose ids are read at once."""
DROPPED_AT_ONCE = 1_000
"""Dropped ids for which the graph is asked at once who points at them."""


def note_dropped(store: Store, vocabulary: Vocabulary, ids: Ids, *, merged: bool) -> None:
    """Note in ``ids`` what the graph holds of the files' sources and none defines any more."""
    rows = ids.rows.execute("SELECT id FROM source")
    while some := [one for (one,) in rows.fetchmany(AT_ONCE)]:
        there = list(store.labels(some))
        for start in range(0, len(there), SOURCES_AT_ONCE):
            held = store.run_each(_held(store, vocabulary), there[start : start + SOURCES_AT_ONCE])
            ids.drop((name, row["id"]) for row in held for name in row["held"])
    dropped = (name for name, _ in list(ids.dropped()))
    while some := list(islice(dropped, DROPPED_AT_ONCE)):
        _keep_described(store, vocabulary, ids, some, merged=merged)


def _held(store: Store, vocabulary: Vocabulary) -> str:
    """Return a query for the ids of the entities that sources describe and of their facts."""
    source = vocabulary.by_kind[rules.SOURCE].label
    part_of = store.type_of(rules.PASSAGE, rules.SOURCE)
    evidence = store.type_of(rules.STATEMENT, EVIDENCE)
    fact = vocabulary.nodes[rules.FACT].label
    return (
        f"UNWIND $rows AS id MATCH (s:{source} {{{ID}: id}}) RETURN id, "
        f"[(s)<-[:{describes(vocabulary)}]-(e) | e.{ID}] + COLLECT {{ "
        f"MATCH (s)<-[:{part_of}]-()<-[:{evidence}]-(f:{fact}) RETURN DISTINCT f.{ID} }} AS held"
    )


def _keep_described(
    store: Store, vocabulary: Vocabulary, ids: Ids, some: Sequence[str], *, merged: bool
) -> None:
    """Keep entities that other sources describe, or that files define by an id merged into them."""
    rows = store.run_each(
        f"UNWIND $rows AS id MATCH (:{NODE} {{{ID}: id}})-[:{describes(vocabulary)}]->(s) "
        f"RETURN id, collect(s.{ID}) AS sources",
        some,
    )
    ids.keep(row["id"] for row in rows if not all(map(ids.has_source, row["sources"])))
    if merged:
        names = store.names(some)
        ids.keep(one for one, others in names.items() if any(map(ids.defines, others)))


def still_needed(
    store: Store, vocabulary: Vocabulary, ids: Ids
) -> Iterator[tuple[str, Place, list[str]]]:
    """Yield what is dropped and still needed: its id, where it was, and what points at it.

    Only what other sources say counts: what the files' own sources say is replaced.
    """
    dropped = iter(list(ids.dropped()))
    while places := dict(islice(dropped, DROPPED_AT_ONCE)):
        pointing = {(who, whom) for _, who, whom in store.pointing_at((), places)}
        pointing = {(who, whom) for who, whom in pointing if not ids.drops(who)}
        found: dict[str, list[str]] = {}
        for who, whom in sorted(_said_by_others(store, vocabulary, ids, pointing)):
            found.setdefault(whom, []).append(who)
        for whom, needing in found.items():
            yield whom, places[whom], needing


def _said_by_others(
    store: Store, vocabulary: Vocabulary, ids: Ids, pointing: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield who points at what by the word of a source that is not of the files."""
    entities: list[tuple[str, str]] = []
    for who, whom in pointing:
        node_type = vocabulary.type_of_id(who)
        if node_type is not None and is_entity(vocabulary, node_type):
            entities.append((who, whom))
        elif not ids.has_source(f"{rules.SOURCE}:{who.partition(':')[2].partition('/')[0]}"):
            yield who, whom
    names = store.names({whom for _, whom in entities})
    quoted = {one: [orjson.dumps(n).decode() for n in others] for one, others in names.items()}
    rows = store.run_each(
        f"UNWIND $rows AS row MATCH (:{NODE} {{{ID}: row[0]}})-[d:{describes(vocabulary)}]->(s) "
        f"WHERE any(name IN row[2] WHERE d.{SLOTS} CONTAINS name) "
        f"RETURN row[0] AS who, row[1] AS whom, collect(s.{ID}) AS sources",
        [[who, whom, quoted[whom]] for who, whom in entities],
    )
    for row in rows:
        if not all(map(ids.has_source, row["sources"])):
            yield row["who"], row["whom"]
