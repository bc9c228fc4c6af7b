"""What a large file's ids are held by: on disk, and to the same effect as in memory."""

from contextlib import closing

import pytest

from graph_seed.checking.references import Step
from graph_seed.loading.bulk.id_index import DEEPEST, IdIndex
from graph_seed.records import Place


def step(start: str, end: str, line: int = 1, link: str = "partOf") -> Step:
    return Step(link, start, end, Place("made.jsonl", line))


def chain(length: int) -> list[Step]:
    return [step(f"issue:{i}", f"issue:{i + 1}", i) for i in range(length)]


def test_what_comes_to_an_end_leads_in_no_circle() -> None:
    with closing(IdIndex()) as ids:
        ids.add_steps([*chain(DEEPEST - 1), step("issue:a", "issue:0"), step("issue:b", "issue:0")])
        assert list(ids.circling()) == []


@pytest.mark.parametrize("length", [1, 2, DEEPEST + 5])
def test_a_circle_is_left_with_what_leads_to_it(length: int) -> None:
    round_about = [*chain(length), step(f"issue:{length}", "issue:0", length)]
    with closing(IdIndex()) as ids:
        ids.add_steps([*round_about, step("issue:a", "issue:0", 1_000), step("issue:0", "issue:z")])
        ids.add_steps([step("issue:0", f"issue:{length}", 2_000, link="about")])
        assert set(ids.circling()) == {*round_about, step("issue:a", "issue:0", 1_000)}
