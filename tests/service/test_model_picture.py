"""The picture of the model: well-formed, true to the vocabulary, and nothing in it overlaps."""

import re
from collections.abc import Iterator
from itertools import combinations
from xml.parsers import expat

import pytest

from schema.domain import DOMAIN
from schema.vocabulary import Vocabulary
from service.model_picture import (
    ARROWS,
    BOXES,
    HEIGHT,
    WIDTH,
    Box,
    draw_model,
    link_name,
    relationship_type,
)

TEXT = r'<text class="(\w+)" x="(.*?)" y="(.*?)" text-anchor="(\w+)">(.*?)</text>'
LETTERS = {"name": 8.8, "small": 6.6, "link": 7.3}


@pytest.fixture(params=[link_name, relationship_type], ids=["links", "relationships"])
def drawn(request: pytest.FixtureRequest) -> str:
    return draw_model(DOMAIN, "A model", request.param)


def spans(drawn: str) -> Iterator[tuple[float, float, float, str]]:
    """Yield where each text stands: its height, its left and right end, and what it says."""
    for style, x, y, anchor, said in re.findall(TEXT, drawn):
        width = LETTERS[style] * len(said)
        left = float(x) - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        yield float(y), left, left + width, said


def test_it_is_well_formed(drawn: str) -> None:
    expat.ParserCreate().Parse(drawn, True)


def test_every_text_has_room(drawn: str) -> None:
    texts = list(spans(drawn))
    assert all(left > 0 and right < WIDTH and 0 < y < HEIGHT for y, left, right, _ in texts)
    for (y, left, right, one), (y2, left2, right2, other) in combinations(texts, 2):
        apart = right < left2 or right2 < left or abs(y - y2) > 11
        assert apart, f"{one} and {other}"


def test_boxes_stand_apart_but_for_the_frame() -> None:
    boxes = [box for box in BOXES.values() if not box.is_frame]

    def apart(one: Box, other: Box) -> bool:
        beside = one.right < other.x or other.right < one.x
        return beside or one.bottom < other.y or other.bottom < one.y

    assert all(apart(one, other) for one, other in combinations(boxes, 2))


def test_it_names_each_link_that_it_draws(drawn: str) -> None:
    assert drawn.count('class="link"') == len(ARROWS)


def test_a_link_that_the_vocabulary_does_not_have_cannot_be_drawn() -> None:
    links = {**DOMAIN.own_links, "Statement": {}}
    poorer = Vocabulary(DOMAIN.nodes, DOMAIN.relationships, links, DOMAIN.enumerations)
    with pytest.raises(KeyError, match="speakers"):
        draw_model(poorer, "A model", link_name)
