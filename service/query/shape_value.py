"""Shaping values: a stored value as the answer writes it, checked against its type."""

from collections.abc import Sequence

from schema import scalars
from schema.terms import Property
from service.query.answer import Row
from service.query.shaping import At, Shape, Shaping
from service.query.values import write, written_date

TEXTS = {scalars.TEXT, scalars.TOKEN, scalars.DECIMAL}
"""Kinds of values that are written as the text that is stored."""


def is_text(prop: Property) -> bool:
    """Whether a property's value is written as the text that is stored."""
    return not prop.many and not prop.enumeration and prop.scalar in TEXTS


def value_shape(prop: Property) -> Shape:
    """What shapes a property's value; one that breaks its type is an error there."""

    def checked(raw: Row | None, at: At, shaping: Shaping) -> object:
        if raw is None:
            return _absent(prop, at, shaping)
        try:
            return [write(prop, one) for one in raw] if prop.many else write(prop, raw)
        except (KeyError, ValueError, TypeError, AttributeError):
            return _wrong(prop, at, shaping)

    def text(raw: Row | None, at: At, shaping: Shaping) -> object:
        return raw if raw.__class__ is str else checked(raw, at, shaping)

    return text if is_text(prop) else checked


def date_shape(prop: Property, fields: Sequence[tuple[str, str]]) -> Shape:
    """What shapes a date as precise as its source."""
    asked = tuple(fields)

    def shape(raw: Row | None, at: At, shaping: Shaping) -> object:
        if raw is None:
            return _absent(prop, at, shaping)
        try:
            return written_date(str(raw), asked)
        except ValueError:
            return _wrong(prop, at, shaping)

    return shape


def _absent(prop: Property, at: At, shaping: Shaping) -> object:
    if prop.required:
        raise shaping.refuse(f"{prop.name} is missing.", at)
    return None


def _wrong(prop: Property, at: At, shaping: Shaping) -> object:
    broken = shaping.refuse(f"{prop.name} holds a value that its type does not allow.", at)
    if prop.required:
        raise broken from None
    return None
