"""Draw the graph's model as SVG: its main types as boxes, the links between them as arrows.

The layout is set by hand: where a box stands, which properties it shows, which links are drawn and
where. All words come from the vocabulary, and a type, property or link that it does not have is a
`KeyError`, so the picture cannot show a model that does not exist. Types are named by their root
field (``tradeFigure``). The colours follow the reader's light or dark theme.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from schema.model import Link, NodeType
from schema.vocabulary import Vocabulary

WIDTH, HEIGHT = 1000, 382
STYLE = """\
svg { font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif }
.paper { fill: #fbfaf7; stroke: #dcd8cf }
.entity { fill: #e2eef6; stroke: #12608f }
.fact { fill: #ffffff; stroke: #58616a }
.source { fill: #ffdf7a; stroke: #a8831a }
.frame { fill: none; stroke: #58616a; stroke-dasharray: 5 4 }
.name { fill: #1c2126; font-size: 15px; font-weight: 600 }
.small { fill: #58616a; font-size: 12px }
.link { fill: #1c2126; font: 12px ui-monospace, "SF Mono", Menlo, "Liberation Mono", monospace }
.halo { fill: #fbfaf7 }
.arrow { stroke: #58616a; stroke-width: 1.4 }
.head { fill: #58616a }
@media (prefers-color-scheme: dark) {
  .paper { fill: #15181b; stroke: #363c42 }
  .entity { fill: #163042; stroke: #82c0e8 }
  .fact { fill: #1c2024; stroke: #a5acb3 }
  .source { fill: #5f4c0a; stroke: #d8b640 }
  .frame { stroke: #a5acb3 }
  .name, .link { fill: #e6e3dc }
  .small { fill: #b9bfc5 }
  .halo { fill: #15181b }
  .arrow { stroke: #a5acb3 }
  .head { fill: #a5acb3 }
}"""
LETTER = 7.3
"""The width of a letter in a link's label."""
HEAD = 8
"""The length of an arrow's head."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a type is drawn, and what is written in it below its name."""

    x: float
    y: float
    width: float
    height: float
    properties: tuple[str, ...] = ()
    shows_subtypes: bool = False
    is_frame: bool = False

    @property
    def right(self) -> float:
        """Return the x coordinate of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y coordinate of the lower side."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link that is drawn from one box straight to another.

    `at` is its x coordinate where one box stands above the other, else its y coordinate. The label
    of a vertical arrow stands on the line, or to the left of it.
    """

    start: str
    link: str
    end: str
    at: float
    label: Literal["on", "left"] = "on"


BOXES = {
    "actor": Box(246, 20, 726, 62, shows_subtypes=True),
    "fact": Box(232, 146, 754, 112, is_frame=True),
    "affiliation": Box(246, 176, 100, 66, ("role", "validFrom")),
    "position": Box(366, 176, 100, 66, ("stance", "heldOn")),
    "tradeFigure": Box(522, 176, 126, 66, ("value", "unit", "period")),
    "statement": Box(704, 176, 126, 66, ("text", "quote", "saidOn")),
    "agendaItem": Box(842, 176, 106, 66, ("agendaStatus",)),
    "agreement": Box(246, 312, 100, 50, ("signedOn",)),
    "issue": Box(366, 312, 366, 50, ("name",)),
    "event": Box(788, 312, 184, 50, ("eventType", "date")),
    "passage": Box(18, 176, 112, 66, ("locator",)),
    "source": Box(18, 312, 112, 50, ("publishedOn",)),
}
ARROWS = (
    Arrow("affiliation", "holder", "actor", 296),
    Arrow("position", "holder", "actor", 416),
    Arrow("tradeFigure", "reporter", "actor", 548),
    Arrow("tradeFigure", "partner", "actor", 622),
    Arrow("statement", "speakers", "actor", 767),
    Arrow("affiliation", "affiliatedWith", "agreement", 296),
    Arrow("position", "target", "issue", 416),
    Arrow("tradeFigure", "about", "issue", 585),
    Arrow("statement", "about", "issue", 720),
    Arrow("statement", "saidAt", "event", 808),
    Arrow("agendaItem", "partOf", "event", 895),
    Arrow("position", "figures", "tradeFigure", 209),
    Arrow("statement", "figures", "tradeFigure", 209),
    Arrow("event", "about", "issue", 337),
    Arrow("event", "participants", "actor", 961, "left"),
    Arrow("fact", "evidence", "passage", 209),
    Arrow("passage", "source", "source", 74),
)


def link_name(link: Link) -> str:
    """Return the name of a link in GraphQL and in facts files."""
    return link.name


def relationship_type(link: Link) -> str:
    """Return the name of a link's relationship in the store."""
    if link.relationship is None:
        raise ValueError(f"{link} is not stored")
    return link.relationship.type


def draw_model(vocabulary: Vocabulary, title: str, name_of: Callable[[Link], str]) -> str:
    """Return the picture as SVG; `name_of` gives the label of a link."""
    types = {node.field: node for node in vocabulary.nodes.values()}
    body = [
        *(line for name, box in BOXES.items() for line in _box(vocabulary, types[name], box)),
        *(line for one in ARROWS for line in _arrow(vocabulary, types, one, name_of)),
        *_legend(types),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{title}</title>\n<style>\n{STYLE}\n</style>\n'
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _box(vocabulary: Vocabulary, node: NodeType, box: Box) -> Iterator[str]:
    place = f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"'
    if box.is_frame:
        yield f'<rect class="frame" {place}/>'
        yield _text("name", box.x + 14, box.y + 21, node.label)
        return
    yield f'<rect class="{_kind(node)}" {place}/>'
    lines = (
        [", ".join(one.label for one in vocabulary.children(node))] if box.shows_subtypes else []
    )
    lines += _lines([node.properties[name].name for name in box.properties], box.width)
    middle, first = box.x + box.width / 2, box.y + box.height / 2 + 5 - 8 * len(lines)
    yield _text("name", middle, first, node.label, "middle")
    for number, line in enumerate(lines, 1):
        yield _text("small", middle, first + 2 + 16 * number, line, "middle")


def _kind(node: NodeType) -> str:
    """Return the class of the style in which a type is drawn."""
    return "fact" if node.is_fact else "source" if not node.is_recorded else "entity"


def _lines(words: list[str], width: float) -> list[str]:
    """Put words on as few lines as their width allows."""
    lines: list[str] = []
    for word in words:
        if lines and 6.2 * len(f"{lines[-1]}, {word}") < width - 12:
            lines[-1] += f", {word}"
        else:
            lines.append(word)
    return lines


def _arrow(
    vocabulary: Vocabulary,
    types: dict[str, NodeType],
    arrow: Arrow,
    name_of: Callable[[Link], str],
) -> Iterator[str]:
    link = vocabulary.links(types[arrow.start])[arrow.link]
    if types[arrow.end] not in link.targets:
        raise KeyError(f"{link} does not lead to {arrow.end}")
    start, end, label = BOXES[arrow.start], BOXES[arrow.end], name_of(link)
    if start.bottom < end.y or end.bottom < start.y:
        down = start.bottom < end.y
        y1, y2 = (start.bottom, end.y) if down else (start.y, end.bottom)
        yield _line(arrow.at, y1, arrow.at, y2)
        # The gap between the rows: an arrow may begin further away.
        gap = max(start.bottom, y2 - 62) if down else min(start.y, y2 + 64)
        yield from _label(arrow, label, (gap + y2) / 2 + 1)
    else:
        x1, x2 = (start.right, end.x) if start.right < end.x else (start.x, end.right)
        yield _line(x1, arrow.at, x2, arrow.at)
        yield _text("link", (x1 + x2) / 2, arrow.at - 7, label, "middle")


def _label(arrow: Arrow, label: str, y: float) -> Iterator[str]:
    if arrow.label == "left":
        yield _text("link", arrow.at - 7, y + 4, label, "end")
        return
    width = LETTER * len(label) + 6
    yield (
        f'<rect class="halo" x="{arrow.at - width / 2:.1f}" y="{y - 9:.1f}" '
        f'width="{width:.1f}" height="18"/>'
    )
    yield _text("link", arrow.at, y + 4, label, "middle")


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line with a head at its second end; it is horizontal or vertical."""
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    bx, by = x2 - HEAD * dx, y2 - HEAD * dy
    head = f"{x2},{y2} {bx - 4 * dy},{by - 4 * dx} {bx + 4 * dy},{by + 4 * dx}"
    return (
        f'<line class="arrow" x1="{x1}" y1="{y1}" x2="{bx}" y2="{by}"/>'
        f'<polygon class="head" points="{head}"/>'
    )


def _legend(types: dict[str, NodeType]) -> Iterator[str]:
    lines = (
        ("entity", f"{types['entity'].label}: one for all sources"),
        ("fact", f"{types['fact'].label}: what one source says"),
        ("source", f"{types['source'].label}: the words that say so"),
    )
    for number, (kind, text) in enumerate(lines):
        y = 22 + 22 * number
        yield f'<rect class="{kind}" x="18" y="{y}" width="14" height="14" rx="3"/>'
        yield _text("small", 40, y + 11.5, text)


def _text(style: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
