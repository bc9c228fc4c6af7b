"""Stored values as the answer writes them, each checked against its type."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from graph_seed.values import edtf_month, edtf_words, parse_edtf
from graph_seed.values.short_cache import cache_short
from schema import scalars
from schema.declare import Word
from schema.terms import Property
from service.query.answer import Answer

INT_MIN, INT_MAX = -(2**31), 2**31 - 1


def written_date(raw: str, fields: Sequence[tuple[str, str]]) -> Answer:
    """Return a date as precise as its source; ``fields`` pairs the answer's keys with what to show.

    ``month`` is for captions.
    """
    shown = _shown_date(raw)
    return {key: shown[name] for key, name in fields}


@cache_short(16_384, longest=64)
def _shown_date(raw: str) -> Mapping[str, object]:
    date = parse_edtf(raw)
    return {
        "__typename": "EdtfDate",
        "edtf": date.edtf,
        "earliest": date.earliest.isoformat() if date.earliest else None,
        "latest": date.latest.isoformat() if date.latest else None,
        "approximate": date.approximate,
        "words": edtf_words(date.edtf),
        "month": edtf_month(date.edtf),
    }


@cache
def _words(enumeration: type[Word]) -> Mapping[object, str]:
    return {word.value: word.name for word in enumeration}


def write(prop: Property, raw: object) -> object:
    """A stored value as the answer writes it; raises ValueError or TypeError for a wrong one."""
    if prop.enumeration:
        return _words(prop.enumeration)[raw]
    scalar = prop.scalar
    if scalar is scalars.INT:
        if not isinstance(raw, int) or isinstance(raw, bool) or not INT_MIN <= raw <= INT_MAX:
            raise ValueError(raw)
        return raw
    if scalar is scalars.LONG:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise TypeError(raw)
        return str(raw)
    if scalar is scalars.BOOLEAN:
        if not isinstance(raw, bool):
            raise TypeError(raw)
        return raw
    if scalar is scalars.DATE:
        if not hasattr(raw, "iso_format"):
            raise TypeError(raw)
        return str(raw.iso_format())
    if scalar is scalars.DATE_TIME:
        if not hasattr(raw, "to_native"):
            raise TypeError(raw)
        moment: dt.datetime = raw.to_native().astimezone(dt.UTC)
        return moment.isoformat().replace("+00:00", "Z")
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw
