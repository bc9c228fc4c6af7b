"""Draw groups of bars as SVG, on a logarithmic scale."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

COLOURS = ("#2f6db5", "#8a8a8a", "#c9a227", "#b5482f")
LEFT, WIDTH, BAR, GAP, TOP = 120, 560, 11, 12, 56
STYLE = "text{font:12px sans-serif;fill:#333}line{stroke:#ddd}rect.back{fill:#fff}"

Groups = Sequence[tuple[str, Sequence[tuple[str, float]]]]


def draw_bars(groups: Groups, title: str) -> str:
    """Return the SVG of groups of bars; the values have to be greater than 0."""
    values = [value for _, bars in groups for _, value in bars]
    low, high = floor(log10(min(values))), ceil(log10(max(values)) + 1e-9)
    names = list(dict.fromkeys(name for _, bars in groups for name, _ in bars))
    colours = dict(zip(names, COLOURS, strict=False))
    parts: list[str] = [f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>']
    for place, name in enumerate(names):
        x = LEFT + place * 110
        parts.append(_rect(x, 30, 10, colours[name]))
        parts.append(f'<text x="{x + 16}" y="40">{escape(name)}</text>')

    def across(value: float) -> float:
        return (log10(value) - low) / (high - low) * WIDTH

    y = TOP
    for group, bars in groups:
        parts.append(f'<text x="8" y="{y + BAR}">{escape(group)}</text>')
        for name, value in bars:
            wide = max(across(value), 1)
            parts.append(_rect(LEFT, y, wide, colours[name]))
            parts.append(f'<text x="{LEFT + wide + 4:.0f}" y="{y + BAR - 1}">{value:,.0f}</text>')
            y += BAR + 1
        y += GAP
    grid = [
        f'<line x1="{LEFT + across(10**n):.0f}" x2="{LEFT + across(10**n):.0f}" '
        f'y1="{TOP - 6}" y2="{y}"/>'
        for n in range(low, high + 1)
    ]
    size = f'width="{LEFT + WIDTH + 80}" height="{y + 8}"'
    body = "\n".join([*grid, *parts])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<style>{STYLE}</style>\n'
        f'<rect class="back" {size}/>\n{body}\n</svg>\n'
    )


def _rect(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x:.0f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>'
