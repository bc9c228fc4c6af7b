"""Whether citations hold in another copy. Every text is made up of random words."""

import random
import time

import pytest

from graph_seed.text import Held, text_sha256, verify

Passage = tuple[int, int, str]


def cite(text: str, *quotes: str) -> list[Passage]:
    return [(text.index(q), text.index(q) + len(q), text_sha256(q)) for q in quotes]


def test_in_the_same_text_all_hold() -> None:
    text = "Water first. Then tolls."
    assert verify(text, cite(text, "Water", "Then tolls.")) == Held((0, 1))


def test_what_has_moved_is_found_and_what_has_changed_is_lost() -> None:
    old = "Water first. Then tolls, said Ada. Boats last."
    new = "Water first. (Corrected 🛶.) Then tolls, said Ada. Rafts last."
    held = verify(new, cite(old, "Water", "Then tolls", "said Ada", "Boats last"))
    assert held.holding == (0,)
    assert {at: new[start:end] for at, (start, end) in held.moved.items()} == {
        1: "Then tolls",
        2: "said Ada",
    }
    assert list(held.lost) == [3]


def test_of_several_places_the_one_beside_its_neighbours_counts() -> None:
    old = "Ada waits. Jan leaves the upper basin at noon. Ada waits."
    new = f"Ada waits. Ada waits. {old}"
    passages = cite(old, "Jan leaves the upper basin")
    last = old.rindex("Ada")
    passages.append((last, last + 3, text_sha256("Ada")))
    assert verify(new, passages).moved[1] == (new.rindex("Ada"), new.rindex("Ada") + 3)


def test_scripts_without_spaces_are_searched_at_every_character() -> None:
    old, new = "水が先だ。通行料は後だ。", "訂正。水が先だ。通行料は後だ。"
    assert verify(new, cite(old, "料は後")).moved == {0: (10, 13)}


def test_a_passage_beyond_the_end_is_lost() -> None:
    passages = [(0, 99, text_sha256("x")), (5, 5, text_sha256("")), (98, 99, "not a hash")]
    held = verify("short", passages)
    assert (held.holding, held.moved, list(held.lost)) == ((), {}, [0, 1, 2])


@pytest.mark.slow
def test_thousands_of_passages_take_seconds() -> None:
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefgh", k=chance.randint(2, 9))) for _ in range(150_000)]
    old = " ".join(words)
    passages = []
    for _ in range(5000):
        start = old.index(" ", chance.randrange(len(old) - 1000)) + 1
        end = old.index(" ", start + chance.randint(5, 200))
        passages.append((start, end, text_sha256(old[start:end])))
    for _ in range(30):
        words.insert(chance.randrange(len(words)), "inserted 🛶")
    new = " ".join(words)
    begun = time.perf_counter()
    held = verify(new, passages)
    assert time.perf_counter() - begun < 20
    assert len(held.holding) + len(held.moved) > 4900
    assert all(text_sha256(new[s:e]) == passages[at][2] for at, (s, e) in held.moved.items())
