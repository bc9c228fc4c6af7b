"""Tests of filling caption templates."""

import pytest

from schema.captions import parse_template
from schema.domain import DOMAIN
from service.query.captions import fill

POSITION = DOMAIN.nodes["Position"].caption or ""
SOURCE = DOMAIN.nodes["Source"].caption or ""


@pytest.mark.parametrize(
    ("template", "read", "line"),
    [
        ("{name}", {"name": "Dairy"}, "Dairy"),
        ("{name}[ ({date.words})]", {"name": "Round", "date": None}, "Round"),
        ("{name}[ ({date.words})]", {"name": "Round", "date": {"words": "May"}}, "Round (May)"),
        ("{title|{id}}[, {publisher}]", {"title": None, "id": "source:x"}, "source:x"),
        (
            POSITION,
            {
                "holder": {"name": "Mexico"},
                "stance": "opposes",
                "target": {"caption": "dairy"},
                "voice": "third-party",
                "reporters": [{"name": "officials"}],
            },
            "Mexico opposes: dairy, say officials",
        ),
        (
            POSITION,
            {
                "holder": {"name": "Mexico"},
                "stance": "opposes",
                "target": {"caption": "dairy"},
                "voice": "own",
                "reporters": [{"name": "Mexico"}],
            },
            "Mexico opposes: dairy",
        ),
        (
            POSITION,
            {
                "holder": {"name": "Mexico"},
                "stance": "criticizes",
                "target": {"caption": "tolls"},
                "voice": "third-party",
                "reporters": [{"name": "officials"}],
                "content": "As a yardstick.",
            },
            "Mexico criticizes: tolls, say officials – As a yardstick.",
        ),
        (
            SOURCE,
            {"type": "news article", "publishedOn": {"month": "November 2017"}},
            "news article, November 2017",
        ),
        (SOURCE, {"type": "report", "title": "Tolls", "publisher": "A desk"}, "Tolls, A desk"),
        ("{speakers.name|Nobody}: {text}", {"speakers": [], "text": "Rain."}, "Nobody: Rain."),
        (
            "{speakers.name}",
            {"speakers": [{"name": n} for n in "ABCD"]},
            "A, B, C and others",
        ),
        ("{speakers.name}", {"speakers": [{"name": n} for n in "ABC"]}, "A, B and C"),
        ("{speakers.name}", {"speakers": [{"name": "A"}, {"name": "B"}]}, "A and B"),
    ],
)  # fmt: skip
def test_fill(template: str, read: dict[str, object], line: str) -> None:
    assert fill(parse_template(template), read) == line
