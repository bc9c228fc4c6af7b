"""History: the present is what a fresh graph would be, and nothing that ever was is gone."""

import itertools
import os
import random
from dataclasses import dataclass, field
from typing import Any

import neo4j
import pytest

from graph_seed import LoadError, load, unload
from graph_seed.graph.repository import to_native
from graph_seed.records import Facts
from graph_seed.state.desired_state import (
    DescriptionsByEntity,
    GraphState,
    description_type,
    descriptions_of,
    desired_state,
)
from graph_seed.state.elements import RelationshipKey
from graph_seed.state.entity_merge import merge_descriptions
from schema import rules
from schema.domain import DOMAIN
from schema.names import DIGEST, EXPIRED_IN, RECORDED_IN, was
from tests.conftest import DATABASE
from tests.random_facts import FactsGenerator, list_claims

HISTORIES = int(os.environ.get("PARLEY_TEST_HISTORIES", "12"))
STEPS = 6
"""Versions of one history; what is refused or changes nothing comes besides."""
KEYS = ("one", "two", "three")
STAMPS = {RECORDED_IN, EXPIRED_IN}
FACTS = {"statement", "figure", "position", "affiliation", "agenda"}
STORED = {r.type for r in DOMAIN.relationships.values() if not r.hidden}


@dataclass
class Snapshot:
    """Nodes with their values, and relationships with theirs, without stamps."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    relationships: dict[RelationshipKey, dict[str, Any]] = field(default_factory=dict)


def bare(properties: Any) -> dict[str, Any]:
    return {k: v for k, v in to_native(properties).items() if k not in STAMPS}


def present(driver: neo4j.Driver) -> Snapshot:
    """What lies under the plain names, Loads left out."""
    with driver.session(database=DATABASE) as session:
        nodes = session.run("MATCH (n:Node) WHERE NOT n:Load RETURN properties(n) AS p").values()
        relationships = session.run(
            "MATCH (a:Node)-[r]->(b:Node) WHERE type(r) IN $types "
            "RETURN type(r), a.id, b.id, properties(r)",
            types=list(STORED),
        ).values()
        assert len(relationships) == len({(t, a, b) for t, a, b, _ in relationships}), (
            "a relationship is recorded twice"
        )
        return Snapshot(
            {p["id"]: bare(p) for (p,) in nodes},
            {RelationshipKey(t, a, b): bare(p) for t, a, b, p in relationships},
        )


def at_version(driver: neo4j.Driver, version: int) -> Snapshot:
    """What was at a version, read by the rules: live or past, recorded ≤ v < expired."""
    inside = "x.recordedIn <= $v AND (x.expiredIn IS NULL OR x.expiredIn > $v)"
    with driver.session(database=DATABASE) as session:
        nodes = session.run(
            f"MATCH (x:Node|PastNode) WHERE {inside} AND NOT x:Load RETURN properties(x)", v=version
        ).values()
        assert len(nodes) == len({p["id"] for (p,) in nodes}), "a node has two states at a version"
        relationships = session.run(
            f"MATCH (a)-[x]->(b) WHERE type(x) IN $types AND {inside} "
            "RETURN type(x), a.id, b.id, properties(x)",
            v=version,
            types=[*STORED, *(was(one) for one in STORED)],
        ).values()
        return Snapshot(
            {p["id"]: bare(p) for (p,) in nodes},
            {
                RelationshipKey(t.removeprefix("WAS_"), a, b): bare(p)
                for t, a, b, p in relationships
            },
        )


def expected(loaded: dict[str, Facts]) -> Snapshot:
    """What a fresh graph loaded with these files would be, computed without a graph."""
    said: DescriptionsByEntity = {}
    state = GraphState()
    for facts in loaded.values():
        alone = desired_state(DOMAIN, facts, {}, {}, {})
        state = GraphState(state.nodes | alone.nodes, state.relationships | alone.relationships)
        for entity, description in descriptions_of(DOMAIN, facts, {}).items():
            said.setdefault(entity, []).append(description)
    shown = desired_state(DOMAIN, None, {}, said, {})
    described = description_type(DOMAIN)
    owned = {i: n for i, n in state.nodes.items() if i not in said}
    own_relationships = {
        s: p for s, p in state.relationships.items() if s.start not in said or s.type == described
    }
    nodes = {i: bare(n.properties) for i, n in (owned | shown.nodes).items()}
    relationships = {s: bare(p) for s, p in (own_relationships | shown.relationships).items()}
    for node_id, values in nodes.items():
        if node_id.partition(":")[0] in FACTS:
            reasons = [p[rules.SUPERSESSION] for s, p in relationships.items()
                       if s.type == "SUPERSEDES" and s.end == node_id]  # fmt: skip
            values["standing"] = (
                "retracted" if "retraction" in reasons
                else "corrected" if reasons else "standing"
            )  # fmt: skip
    return Snapshot(nodes, relationships)


def undigested(snapshot: Snapshot) -> Snapshot:
    """Without digests: they tell loads what the files said last, and are outside of history."""
    for values in (*snapshot.nodes.values(), *snapshot.relationships.values()):
        values.pop(DIGEST, None)
    return snapshot


def same(found: Snapshot, wanted_: Snapshot) -> None:
    assert found.nodes.keys() == wanted_.nodes.keys()
    for node_id, values in wanted_.nodes.items():
        assert found.nodes[node_id] == values, node_id
    assert found.relationships.keys() == wanted_.relationships.keys()
    for key, values in wanted_.relationships.items():
        assert found.relationships[key] == values, key


def test_histories_hold_corrections_and_retractions_of_all_kinds_and_sources() -> None:
    found: set[tuple[str, ...]] = set()
    for seed in range(60):
        chance = random.Random(seed)
        generator = FactsGenerator(DOMAIN, chance, entities=2, facts=2, order=str(seed))
        for key in KEYS:
            facts = generator.source(key)
            generator.claims += list_claims(DOMAIN, facts)
            found |= {
                (record.id.partition(":")[0], to.id.partition(":")[0], str(why))
                for record in facts.records
                for to in record.links.get("supersedes", ())
                if f":{key}/" not in to.id
                for why in to.properties.values()
            }
    kinds = ("statement", "figure", "position")
    assert found >= set(itertools.product(kinds, kinds, ("correction", "retraction")))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_random_histories(empty: neo4j.Driver, seed: int) -> None:
    chance = random.Random(seed)
    generator = FactsGenerator(DOMAIN, chance, entities=2, facts=2, order=str(seed), cyclic=0.02)
    loaded: dict[str, Facts] = {}
    kept: dict[int, Snapshot] = {}
    version = 0
    while len(kept) < STEPS:
        key = chance.choice(KEYS)
        source = f"source:{key}"
        generator.claims = [one for facts in loaded.values() for one in list_claims(DOMAIN, facts)]
        before = present(empty)
        try:
            if source in loaded and chance.random() < 0.25:
                report = unload(empty, source, database=DATABASE)
                del loaded[source]
            elif source in loaded and chance.random() < 0.2:
                (report,) = load(empty, loaded[source], database=DATABASE)
                assert not report.made_version, "what is there already makes no version"
            else:
                facts = generator.source(key)
                (report,) = load(empty, facts, database=DATABASE)
                loaded[source] = facts
        except LoadError as error:
            assert error.code in {"UNKNOWN_ID", "IN_USE", "CIRCLE"}
            same(present(empty), before)
            continue
        assert report.version in {version, version + 1}
        version = report.version
        now = present(empty)
        same(now, expected(loaded))
        kept[version] = now
    for at, snapshot in kept.items():
        same(undigested(at_version(empty, at)), undigested(snapshot))


def test_merging_does_not_depend_on_the_order_of_descriptions() -> None:
    chance = random.Random(1)
    generator = FactsGenerator(DOMAIN, chance, entities=3)
    said: DescriptionsByEntity = {}
    for key in KEYS:
        for entity, one in descriptions_of(DOMAIN, generator.source(key), {}).items():
            said.setdefault(entity, []).append(one)
    assert any(len(descriptions) > 1 for descriptions in said.values())
    for entity, descriptions in said.items():
        forward = merge_descriptions(DOMAIN, entity, descriptions)
        assert merge_descriptions(DOMAIN, entity, descriptions[::-1]) == forward
