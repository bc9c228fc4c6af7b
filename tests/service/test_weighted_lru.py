"""Tests of the weighted cache: least recently used values are evicted."""

from service.weighted_lru import WeightedLRU


def test_what_was_longest_not_asked_for_goes_first() -> None:
    held: WeightedLRU[str, int] = WeightedLRU(3)
    for number, name in enumerate("abc"):
        held.put(name, number)
    assert held.get("a") == 0
    held.put("d", 3)
    assert held.get("b") is None
    assert [held.get(name) for name in "acd"] == [0, 2, 3]
    assert held.counters() == {"held": 3, "weight": 3, "hits": 4, "misses": 1}


def test_weights_are_summed_and_what_is_too_heavy_is_not_held() -> None:
    held: WeightedLRU[str, str] = WeightedLRU(10)
    held.put("a", "x", 6)
    held.put("b", "y", 5)
    assert held.get("a") is None
    held.put("b", "z", 4)
    held.put("c", "w", 11)
    assert (held.get("b"), held.get("c"), held.weight) == ("z", None, 4)
