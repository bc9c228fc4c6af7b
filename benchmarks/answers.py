"""Normalize the answers of rivals to one form, so that they can be compared.

``nodes``, and ``edges`` that have only their nodes, become lists; links to one node are no lists;
dates are texts; enumeration values are in small letters.
"""

from collections.abc import Mapping

from benchmarks.operations import PEER

TO_ONE = {"affiliatedWith", "holder"}
"""Links to one node, which the peer answers as lists."""
BY_ID = {
    "point": {"statements"},
    "actor-latest": {"actors"},
    "issue-deep": {"issues"},
    "participants": {"events"},
    "several-roots": {"issues", "actors"},
}
"""By operation, the root fields that find one node and that the peer answers as lists."""
PAGE = 20
"""The length of the page of ``page-middle``."""
IGNORED = {"endCursor"}
"""Keys whose values each rival makes in its own way."""


def normalize(rival: str, operation: str, data: object) -> object:
    """Return the data of an answer in the form in which answers are compared."""
    plain = _normalize_value(data)
    if rival == PEER and isinstance(plain, dict):
        plain = dict(_normalize_peer_root(operation, key, value) for key, value in plain.items())
    if operation == "search":
        return _normalize_search(plain)
    if operation == "page-middle":
        return _normalize_page(plain)
    return plain


def _normalize_peer_root(operation: str, key: str, value: object) -> tuple[str, object]:
    if key in BY_ID.get(operation, ()) and isinstance(value, list):
        return key.removesuffix("s"), value[0] if value else None
    return key, value


def _normalize_value(value: object) -> object:
    if isinstance(value, list):
        return [_normalize_value(one) for one in value]
    if isinstance(value, str):
        return value.lower().replace("_", "-") if value.isupper() else value
    if isinstance(value, float):
        return round(value, 4)
    if not isinstance(value, Mapping):
        return value
    return _normalize_mapping(
        {k: _normalize_value(v) for k, v in value.items() if k not in IGNORED}
    )


def _normalize_mapping(given: dict[str, object]) -> object:
    match given:
        case {"edtf": date, **rest} if not rest:
            return date
        case {"nodes": nodes, **rest} if not rest:
            return nodes
        case {"edges": list(edges), **rest}:
            nodes = [e["node"] if set(e) == {"node"} else e for e in edges]
            return _normalize_mapping({**rest, "nodes": nodes})
        case {"aggregate": {"count": count}, **rest} if not rest:
            return {"totalCount": count}
        case {"properties": dict(properties), **rest}:
            return {**rest, **properties}
    return {
        key: value[0] if key in TO_ONE and isinstance(value, list) and value else value
        for key, value in given.items()
    }


def _normalize_search(found: object) -> object:
    """Return the hits of a search; of equal hits at its end each rival may omit others."""
    match found:
        case {"search": list(hits) | {"hits": list(hits)}}:
            last = hits[-1]["score"] if hits else 0
            surely = [one for one in hits if one["score"] > last]
            surely.sort(key=lambda one: (-one["score"], one["node"]["id"]))
            return {"sure": surely, "scores": [one["score"] for one in hits]}
    return found


def _normalize_page(found: object) -> object:
    """Return a page with whether it has a next one, which the peer shows by one row too many."""
    match found:
        case {"statements": list(rows)}:
            more = len(rows) > PAGE
            return {"statements": {"nodes": rows[:PAGE], "pageInfo": {"hasNextPage": more}}}
    return found
