"""Order lists in Cypher, and page through them: keys, ORDER BY, cursors and what follows one."""

import base64
import binascii
from collections.abc import Callable, Sequence

import orjson

from graph_seed.values.short_cache import cache_short
from schema.model import Link
from schema.names import ID
from service.errors import BadUserInput
from service.query.emitter import Emitter
from service.query.filters import OrderKey
from service.query.fragments import Cypher, count, cypher, first, join_clauses
from service.query.parameters import Parameter
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


Keys = Sequence[tuple[str, OrderKey]]
"""The keys of an ordering, each with its Cypher: a property or a variable."""


def write_keys(
    emitter: Emitter, order: Sequence[OrderKey], node: str, edge: str
) -> tuple[Keys, list[Cypher]]:
    """Return the keys of an ordering, and the expressions that compute those behind links.

    ``edge`` is the relationship that led to the node. Each expression is ``value AS variable``.
    """
    keys: list[tuple[str, OrderKey]] = []
    computed: list[Cypher] = []
    for key in order:
        if key.on_edge:
            keys.append((emitter.reader.edge_prop(edge, key.prop.order_column), key))
        elif is_computed(key):
            name = emitter.new_variable("k")
            computed.append(cypher("{} AS {}", _value_behind_links(emitter, key, node), name))
            keys.append((name, key))
        else:
            keys.append((emitter.reader.prop(node, key.prop.order_column), key))
    return keys, computed


def is_computed(key: OrderKey) -> bool:
    """Return whether a key is not a property of the node or of the relationship that led to it."""
    return bool(key.links or key.counted)


def cursor_value(text: str, key: OrderKey) -> str:
    """Return a key as a cursor has it: the driver takes long to make a date of each row's day."""
    return f"toString({text})" if value_type(key.prop).key_as_text else text


def _value_behind_links(emitter: Emitter, key: OrderKey, node: str) -> Cypher:
    steps: list[str] = []
    for link in key.links:
        end, edge = emitter.new_variable("n"), emitter.new_variable("r")
        steps.append(emitter.reader.step(node, link, end, edge, emitter.new_variable))
        node = end
    if key.counted is None:
        value = Cypher(emitter.reader.prop(node, key.prop.order_column))
    else:
        value = count_linked(emitter, key.counted, node)
        if not steps:
            return value
    return first(*steps, cypher("RETURN {}", value))


def count_linked(emitter: Emitter, link: Link, node: str) -> Cypher:
    """Return how many nodes a link leads to; where no condition applies, that is a degree."""
    end, edge = emitter.new_variable("n"), emitter.new_variable("r")
    found = emitter.reader.step(node, link, end, edge, emitter.new_variable, ids_only=True)
    found = emitter.reader.valid_along(found, end, link, edge)
    return count(join_clauses(found, f"RETURN DISTINCT {end}" if link.steps else ""))


def keyset_predicate(
    emitter: Emitter,
    keys: Keys,
    node: str,
    cursor: Sequence[Parameter[object] | None],
    *,
    backward: bool,
    inclusive: bool = False,
) -> Cypher:
    """Return whether a node comes after a cursor in an ordering, or before it when ``backward``.

    Nulls come last, ties are ordered by id. Whether a value of the cursor is null is part of the
    text.
    """
    *values, last = cursor
    terms: list[str] = []
    equal: list[str] = []
    for (text, key), value in zip(keys, values, strict=True):
        terms += [
            " AND ".join([*equal, one]) for one in _key_terms(emitter, text, key, value, backward)
        ]
        equal.append(f"{text} IS NULL" if value is None else f"{text} = {emitter.parameter(value)}")
    sign = ("<" if backward else ">") + ("=" if inclusive else "")
    final = f"{emitter.reader.prop(node, ID)} {sign} {emitter.parameter(last)}"
    terms.append(" AND ".join([*equal, final]))
    return Cypher(
        terms[0] if len(terms) == 1 else "(" + " OR ".join(f"({one})" for one in terms) + ")"
    )


def _key_terms(
    emitter: Emitter, text: str, key: OrderKey, value: Parameter[object] | None, backward: bool
) -> list[str]:
    if value is None:
        return [f"{text} IS NOT NULL"] if backward else []
    sign = "<" if key.descending != backward else ">"
    term = f"{text} {sign} {emitter.parameter(value)}"
    return [f"({term} OR {text} IS NULL)" if key.nullable and not backward else term]


def order_by(emitter: Emitter, keys: Keys, node: str, *, backward: bool) -> str:
    """Return an ORDER BY clause with nulls last and ties by id, reversed when ``backward``."""
    return "ORDER BY " + ", ".join(order_terms(emitter, keys, node, backward=backward))


def order_terms(emitter: Emitter, keys: Keys, node: str, *, backward: bool) -> list[str]:
    """Return the terms of such an ORDER BY clause."""
    parts: list[str] = []
    for text, key in keys:
        down = key.descending != backward
        # Neo4j takes null for the greatest value: last going up, first going down.
        if key.nullable and key.descending:
            parts.append(f"{text} IS NULL{' DESC' if backward else ''}")
        parts.append(f"{text}{' DESC' if down else ''}")
    parts.append(f"{emitter.reader.prop(node, ID)}{' DESC' if backward else ''}")
    return parts
