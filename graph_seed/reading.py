"""Written values as records hold them: parsed by their kind, refused with advice."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import orjson

from graph_seed.problems import nearest
from graph_seed.records import Place, Value
from graph_seed.values import ValueProblem, canonical_decimal, parse_decimal, parse_edtf
from graph_seed.values.units import unit_of
from graph_seed.written import Written
from schema import rules, scalars
from schema.vocabulary import Property

Say = Callable[[Place, str, str], None]
"""Told of a problem: where, its code, in words."""


class Reader:
    """Reads values, and says what is wrong with them."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def value(self, prop: Property, written: Written) -> Value | None:
        """A property's value, or None where it cannot be read; then that was said."""
        if prop.many:
            parsed = [self._one(prop, one) for one in written.items]
            return [one for one in parsed if one is not None]  # type: ignore[return-value]
        if isinstance(written.value, list):
            message = f"{prop.name} is one value"
            if prop.scalar is scalars.EDTF:
                message += "; put a date in brackets into quotes"
            self._say(written.place, "NOT_ONE_VALUE", message)
            return None
        return self._one(prop, written)

    def _one(self, prop: Property, written: Written) -> str | int | bool | None:
        text = written.text
        if text is None:
            self._say(written.place, "NOT_A_VALUE", f"{prop.name} is a plain value")
            return None
        if not text.strip():
            self._say(written.place, "EMPTY", f"{prop.name} is empty; leave it out")
            return None
        try:
            return parsed(prop, text)
        except (ValueProblem, ValueError) as problem:
            code = "EDTF" if prop.scalar is scalars.EDTF else "VALUE"
            self._say(written.place, code, f"{prop.name}: {problem}")
            return None


def parsed(prop: Property, text: str) -> str | int | bool:
    """A written value in the form that records hold; raises ValueError with advice."""
    if prop.enumeration:
        words = [str(word.value) for word in prop.enumeration]
        if text not in words:
            advice = nearest(text, words) or f"; it is one of {', '.join(words)}"
            raise ValueError(f"{text!r} is none of its words{advice}")
        return text
    match prop.scalar:
        case scalars.INT | scalars.LONG:
            return int(text)
        case scalars.BOOLEAN:
            if text not in {"true", "false"}:
                raise ValueError(f"{text!r} is neither true nor false")
            return text == "true"
        case scalars.DECIMAL:
            return canonical_decimal(parse_decimal(text))
        case scalars.EDTF:
            return parse_edtf(text).edtf
        case scalars.DATE:
            return date.fromisoformat(text).isoformat()
        case scalars.DATE_TIME:
            return datetime.fromisoformat(text).isoformat()
        case _:
            return unit_of(text) if prop.name == rules.UNIT else text.strip()


def digest_of(written: Written) -> int:
    """A signed 64-bit hash of a record as written; places and layout do not count."""
    raw = orjson.dumps(_plain(written), option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), signed=True)


def _plain(written: Written) -> object:
    if isinstance(written.value, dict):
        return {key: _plain(value) for key, value in written.value.items()}
    if isinstance(written.value, list):
        return [_plain(one) for one in written.value]
    return written.value
