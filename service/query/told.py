"""What groups are chosen and ordered by: their keys, and what their nodes say together."""

from dataclasses import dataclass

from schema.terms import Property
from service.query.filters import Compare


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a group's nodes say together: how many they are, or ``name`` of a property.

    The names are those of aggregates: ``countDistinct``, ``min``, ``max``, ``sum``, ``avg``.
    """

    prop: Property
    name: str = ""


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """By what groups are ordered: what they say together, or their keys."""

    told: Told | None
    descending: bool


@dataclass(frozen=True, slots=True)
class Having:
    """What a group has to meet."""

    told: Told
    compare: Compare
