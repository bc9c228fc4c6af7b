"""What a load remembers of entities: of one version, and no more than it may hold."""

import pytest

from graph_seed.loading.bulk import merge_shared
from graph_seed.loading.bulk.merge_shared import EntityCache, MergedEntity
from graph_seed.state.elements import GraphNode
from graph_seed.state.entity_merge import Description
from schema.domain import DOMAIN

PERSON = DOMAIN.nodes["Person"]


def entity(said: int) -> MergedEntity:
    descriptions = [Description(f"source:{n}", None, PERSON, {"name": n}) for n in range(said)]
    return MergedEntity(GraphNode(PERSON, {"id": "person:ada"}), {}, descriptions)


def test_what_another_wrote_makes_all_of_it_void() -> None:
    held = EntityCache()
    held.put(1, {"person:ada": entity(1)})
    held.put(2, {"person:bob": entity(1)})
    assert set(held.at(2)) == {"person:ada", "person:bob"}
    assert set(held.at(3)) == set(), "somebody wrote version 3"
    held.put(4, {"person:cleo": entity(1)})
    assert set(held.at(4)) == {"person:cleo"}


def test_those_used_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_shared, "MOST", 5)
    held = EntityCache()
    held.put(1, {"person:ada": entity(2), "person:bob": entity(2)})
    held.put(2, {"person:ada": entity(3)})
    assert set(held.at(2)) == {"person:ada", "person:bob"}
    held.put(3, {"person:cleo": entity(1)})
    assert set(held.at(3)) == {"person:ada", "person:cleo"}
    held.put(4, {"person:dora": entity(6)})
    assert set(held.at(4)) == set(), "what is too much for it is read each time"
