"""Cursors: where an edge stands in the order of its list, as opaque text.

A cursor holds the values of the order's keys and the id, never an offset, so that it stays true
while others write.
"""

import base64
import binascii
from collections.abc import Callable, Sequence

import orjson

from graph_seed.values.short_cache import cache_short
from service.errors import BadUserInput
from service.query.filters import OrderKey
from service.query.value_types import value_type


def write_cursor(order: Sequence[OrderKey], values: Sequence[object]) -> str:
    """Return the cursor of values of an ordering's keys, the id last."""
    return cursor_writer(order)(values)


def cursor_writer(order: Sequence[OrderKey]) -> Callable[[Sequence[object]], str]:
    """Return a function that writes the cursors of a list in this order."""
    signature = _signature(order)

    def write(values: Sequence[object]) -> str:
        plain = [one.iso_format() if hasattr(one, "iso_format") else one for one in values]
        return base64.urlsafe_b64encode(orjson.dumps([signature, *plain])).decode().rstrip("=")

    return write


def read_cursor(order: Sequence[OrderKey], text: str) -> tuple[object, ...]:
    """Return the values in a cursor; raises BadUserInput for a cursor of another ordering."""
    try:
        signature, *keys, last = _decode_cursor(text)
        if not isinstance(signature, str) or not isinstance(last, str):
            raise TypeError(text)
        if signature != _signature(order):
            raise BadUserInput("This cursor is of a list in another order; keep orderBy as it was.")
        read = [_read(key, value) for key, value in zip(order, keys, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadUserInput("This is not a cursor; give one that an answer held.") from error
    return (*read, last)


@cache_short(256, longest=4000)
def _decode_cursor(text: str) -> Sequence[object]:
    """Return the content of a cursor; it is cached, as each value is read by itself."""
    raw = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return list(raw)


def _signature(order: Sequence[OrderKey]) -> str:
    return ",".join(_path(key) + ("-" if key.descending else "") for key in order)


def _path(key: OrderKey) -> str:
    links = [link.name for link in (*key.links, key.counted) if link]
    return ".".join([*links, *(["edge"] if key.on_edge else []), key.prop.name])


def _read(key: OrderKey, value: object) -> object:
    if value is not None:
        return value_type(key.prop).parse_key(value)
    if not key.nullable:
        raise ValueError(key)
    return None
