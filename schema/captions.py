"""Caption templates: the one line a person would read, written beside a type.

A template is text with places in braces: ``{name}``, ``{date.words}``, ``{holder.name}``,
``{target.caption}``. A place may have a substitute for when it is empty, ``{title|{id}}``. What
stands in brackets is left out when a place in it is empty, ``[ ({date.words})]``, or unless a
property has a value, ``[?voice=third-party, say {reporters.name}]``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fill: the names to follow, and what stands there if nothing is found."""

    path: tuple[str, ...]
    substitute: "str | Place"


@dataclass(frozen=True, slots=True)
class Section:
    """Parts that stand or fall together; ``condition`` is a property and the value it must have."""

    parts: tuple["str | Place", ...]
    condition: tuple[str, str] | None = None


Part = str | Place | Section
_TOKEN = re.compile(
    r"\[(?:\?(?P<name>\w+)=(?P<value>[\w-]+))?(?P<section>[^\[\]]*)\]"
    r"|(?P<place>\{(?:[^{}]|\{[^{}]*\})*\})"
    r"|(?P<text>[^\[\]{}]+)"
)


class TemplateError(ValueError):
    """A caption template cannot be read."""


@cache
def parse(template: str) -> tuple[Part, ...]:
    """The parts of a template; raises TemplateError where it is not well formed."""
    return tuple(_parts(template))


def _parts(template: str) -> Iterable[Part]:
    position = 0
    while position < len(template):
        match = _TOKEN.match(template, position)
        if match is None:
            raise TemplateError(f"{template!r} is not well formed at {template[position:]!r}")
        if match["section"] is not None:
            inner = tuple(p for p in _parts(match["section"]) if not isinstance(p, Section))
            condition = (match["name"], match["value"]) if match["name"] else None
            yield Section(inner, condition)
        elif match["place"]:
            yield _place(match["place"])
        else:
            yield match["text"]
        position = match.end()


def _place(text: str) -> Place:
    path, _, substitute = text[1:-1].partition("|")
    if not re.fullmatch(r"\w+(\.\w+)*", path):
        raise TemplateError(f"{path!r} is not a path of names")
    other = _place(substitute) if substitute.startswith("{") else substitute
    return Place(tuple(path.split(".")), other)


def places(template: str) -> Iterable[Place]:
    """Every place of a template, substitutes included."""
    for part in parse(template):
        inner = part.parts if isinstance(part, Section) else (part,)
        for one in inner:
            place: str | Place = one
            while isinstance(place, Place):
                yield place
                place = place.substitute


def conditions(template: str) -> Iterable[str]:
    """The properties that sections of a template ask for."""
    return [p.condition[0] for p in parse(template) if isinstance(p, Section) and p.condition]
