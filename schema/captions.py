"""Caption templates: the pattern of the one line that describes a node to a reader.

A template is text with placeholders in braces: ``{name}``, ``{date.words}``, ``{holder.name}``,
``{target.caption}``. A placeholder may have a substitute that is shown if it is empty:
``{title|{id}}``. A section in brackets is left out if a placeholder in it is empty,
``[ ({date.words})]``, or unless a property has a value,
``[?voice=third-party, say {reporters.name}]``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A path of names whose value is shown, and what is shown if there is none."""

    path: tuple[str, ...]
    substitute: "str | Placeholder"


@dataclass(frozen=True, slots=True)
class OptionalSection:
    """Parts that are shown together or not at all.

    ``condition`` is a property and the value that it must have.
    """

    parts: tuple["str | Placeholder", ...]
    condition: tuple[str, str] | None = None


TemplatePart = str | Placeholder | OptionalSection
_TOKEN = re.compile(
    r"\[(?:\?(?P<name>\w+)=(?P<value>[\w-]+))?(?P<section>[^\[\]]*)\]"
    r"|(?P<place>\{(?:[^{}]|\{[^{}]*\})*\})"
    r"|(?P<text>[^\[\]{}]+)"
)


class TemplateError(ValueError):
    """A caption template is not well formed."""


@cache
def parse_template(template: str) -> tuple[TemplatePart, ...]:
    """Return the parts of a template; raises TemplateError where it is not well formed."""
    return tuple(_parse_parts(template))


def _parse_parts(template: str) -> Iterable[TemplatePart]:
    position = 0
    while position < len(template):
        match = _TOKEN.match(template, position)
        if match is None:
            raise TemplateError(f"{template!r} is not well formed at {template[position:]!r}")
        if match["section"] is not None:
            inner = tuple(
                p for p in _parse_parts(match["section"]) if not isinstance(p, OptionalSection)
            )
            condition = (match["name"], match["value"]) if match["name"] else None
            yield OptionalSection(inner, condition)
        elif match["place"]:
            yield _parse_placeholder(match["place"])
        else:
            yield match["text"]
        position = match.end()


def _parse_placeholder(text: str) -> Placeholder:
    path, _, substitute = text[1:-1].partition("|")
    if not re.fullmatch(r"\w+(\.\w+)*", path):
        raise TemplateError(f"{path!r} is not a path of names")
    other = _parse_placeholder(substitute) if substitute.startswith("{") else substitute
    return Placeholder(tuple(path.split(".")), other)


def placeholders_of(template: str) -> Iterable[Placeholder]:
    """Yield the placeholders of a template, including substitutes."""
    for part in parse_template(template):
        inner = part.parts if isinstance(part, OptionalSection) else (part,)
        for one in inner:
            place: str | Placeholder = one
            while isinstance(place, Placeholder):
                yield place
                place = place.substitute


def conditions_of(template: str) -> Iterable[str]:
    """Return the properties that sections of a template have as their condition."""
    return [
        p.condition[0]
        for p in parse_template(template)
        if isinstance(p, OptionalSection) and p.condition
    ]
