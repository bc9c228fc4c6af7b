"""Fields that are values: properties, dates, computed texts, validity."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph_seed.values import format_edtf, format_month, parse_edtf
from graph_seed.values.short_cache import cache_short
from schema.declare import Enumeration
from schema.model import NodeType, Property
from schema.vocabulary import Vocabulary
from service.query.decoding import Answer, Decode, Decoding, ResponsePath, Row, decode_as_is
from service.query.emitter import Emitter
from service.query.fragments import Cypher, list_of
from service.query.value_types import value_type


@dataclass(frozen=True, slots=True)
class Value:
    """A property; with ``raw`` it is returned as it is stored."""

    key: str
    prop: Property
    raw: bool = False

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the Cypher expression of the property."""
        return Cypher(emitter.reader.prop(node, self.prop.name))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of the property's scalar."""
        return decode_as_is if self.raw else value_decoder(self.prop)


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date as precise as its source; ``fields`` pairs keys with names of the date's fields."""

    key: str
    prop: Property
    fields: tuple[tuple[str, str], ...]

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the date as EDTF."""
        return Cypher(emitter.reader.prop(node, self.prop.name))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of the date's fields."""
        return date_decoder(self.prop, self.fields)


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """A text that ``compute`` makes of other properties of the node."""

    key: str
    needs: tuple[Property, ...]
    compute: Callable[..., str]

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the list of the properties."""
        return list_of(emitter.reader.prop(node, prop.name) for prop in self.needs)

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return what computes the text."""
        names = [prop.name for prop in self.needs]
        compute = self.compute
        return lambda raw, _, __: compute(**dict(zip(names, raw, strict=True)))


@dataclass(frozen=True, slots=True)
class ValidityField:
    """The validity of a node of a type at the valid time of the operation; null without one."""

    key: str
    of: NodeType

    def column(self, emitter: Emitter, node: str) -> Cypher:
        """Return the name of the validity."""
        return Cypher(emitter.reader.validity(node, self.of))

    def decoder(self, vocabulary: Vocabulary) -> Decode:  # noqa: ARG002
        """Return the decoder of a name."""
        return decode_as_is


# --- decoders -----------------------------------------------------------------------------------


def is_text(prop: Property) -> bool:
    """Return whether a property's stored text is the text of the response."""
    return not prop.many and not prop.enumeration and value_type(prop).is_text


def value_decoder(prop: Property) -> Decode:
    """Return the decoder of a property; a value that breaks its type is an error."""

    def decode(raw: Row | None, path: ResponsePath, decoding: Decoding) -> object:
        if raw is None:
            return _decode_null(prop, path, decoding)
        try:
            return [serialize(prop, one) for one in raw] if prop.many else serialize(prop, raw)
        except (KeyError, ValueError, TypeError, AttributeError):
            return _reject_value(prop, path, decoding)

    def decode_text(raw: Row | None, path: ResponsePath, decoding: Decoding) -> object:
        return raw if raw.__class__ is str else decode(raw, path, decoding)

    return decode_text if is_text(prop) else decode


def date_decoder(prop: Property, fields: Sequence[tuple[str, str]]) -> Decode:
    """Return the decoder of a date; ``fields`` pairs keys with names of the date's fields."""

    def decode(raw: Row | None, path: ResponsePath, decoding: Decoding) -> object:
        if raw is None:
            return _decode_null(prop, path, decoding)
        try:
            return serialize_date(str(raw), fields)
        except ValueError:
            return _reject_value(prop, path, decoding)

    return decode


def _decode_null(prop: Property, path: ResponsePath, decoding: Decoding) -> object:
    if prop.required:
        raise decoding.reject(f"{prop.name} is missing.", path)
    return None


def _reject_value(prop: Property, path: ResponsePath, decoding: Decoding) -> object:
    error = decoding.reject(f"{prop.name} holds a value that its type does not allow.", path)
    if prop.required:
        raise error from None
    return None


# --- serialization ------------------------------------------------------------------------------


def serialize_date(edtf: str, fields: Sequence[tuple[str, str]]) -> Answer:
    """Return the fields of a date; ``fields`` pairs keys with names. ``month`` is for captions."""
    named = _date_fields(edtf)
    return {key: named[name] for key, name in fields}


@cache_short(16_384, longest=64)
def _date_fields(edtf: str) -> Mapping[str, object]:
    date = parse_edtf(edtf)
    return {
        "__typename": "EdtfDate",
        "edtf": date.edtf,
        "earliest": date.earliest.isoformat() if date.earliest else None,
        "latest": date.latest.isoformat() if date.latest else None,
        "approximate": date.approximate,
        "words": format_edtf(date.edtf),
        "month": format_month(date.edtf),
    }


@cache
def _names_of(enumeration: type[Enumeration]) -> Mapping[object, str]:
    return {word.value: word.name for word in enumeration}


def serialize(prop: Property, raw: object) -> object:
    """Return a stored value as the response has it.

    Raises KeyError, TypeError or ValueError for a value that the type of the property does not
    allow.
    """
    if prop.enumeration:
        return _names_of(prop.enumeration)[raw]
    return value_type(prop).serialize(raw)
