"""Fill the template of a caption with the values that were read for it."""

from collections.abc import Mapping, Sequence

from schema.captions import OptionalSection, Placeholder, TemplatePart

SHOWN = 3
"""How many names of a list a caption shows; one more is read, to know whether there are more."""


def fill(template: Sequence[TemplatePart], read: Mapping[str, object]) -> str:
    """Return a template with its places filled; sections with an empty place are left out."""
    parts: list[str] = []
    for part in template:
        if isinstance(part, OptionalSection):
            parts.append(_section(part, read))
        elif isinstance(part, Placeholder):
            parts.append(_place(part, read))
        else:
            parts.append(part)
    return "".join(parts)


def _section(section: OptionalSection, read: Mapping[str, object]) -> str:
    if section.condition:
        name, wanted = section.condition
        if read.get(name) != wanted:
            return ""
    filled = [_place(p, read) if isinstance(p, Placeholder) else p for p in section.parts]
    if any(
        isinstance(p, Placeholder) and not text
        for p, text in zip(section.parts, filled, strict=True)
    ):
        return ""
    return "".join(filled)


def _place(place: Placeholder, read: Mapping[str, object]) -> str:
    found = _follow(place.path, read)
    if found:
        return found
    return (
        _place(place.substitute, read)
        if isinstance(place.substitute, Placeholder)
        else place.substitute
    )


def _follow(path: Sequence[str], read: object) -> str:
    if read is None:
        return ""
    if isinstance(read, list):
        names = [_follow(path, one) for one in read[:SHOWN]]
        if len(read) > SHOWN:
            names.append("others")
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if not path:
        return str(read)
    return _follow(path[1:], read.get(path[0])) if isinstance(read, dict) else ""
