"""A caption is its template filled with what was read."""

import pytest

from schema.captions import parse
from service.query.captions import fill

POSITION = "{holder.name} {stance}: {target.caption}[?voice=third-party, say {reporters.name}]"


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
        ("{speakers.name|Nobody}: {text}", {"speakers": [], "text": "Rain."}, "Nobody: Rain."),
        (
            "{speakers.name}",
            {"speakers": [{"name": n} for n in "ABCD"]},
            "A, B, C and others",
        ),
        ("{speakers.name}", {"speakers": [{"name": "A"}, {"name": "B"}]}, "A and B"),
    ],
)  # fmt: skip
def test_fill(template: str, read: dict[str, object], line: str) -> None:
    assert fill(parse(template), read) == line
