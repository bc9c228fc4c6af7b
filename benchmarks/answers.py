"""Answers of different rivals brought to one form, so that they can be compared.

A list is a list whether it comes as ``nodes`` or as ``edges`` that say no more than their node;
what is one of one's kind is not in a list; dates are as written; words of enumerations are small.
"""

from collections.abc import Mapping

from benchmarks.operations import PEER

TO_ONE = {"affiliatedWith", "holder"}
"""Links to one node, which are lists to the peer."""
BY_ID = {
    "point": {"statements"},
    "actor-latest": {"actors"},
    "issue-deep": {"issues"},
    "participants": {"events"},
    "several-roots": {"issues", "actors"},
}
"""Where the peer answers with a list though one node is asked for by its id."""
PAGE = 20
"""Rows of a page from the middle."""
UNLIKE = {"endCursor"}
"""What each rival says in its own way."""


def alike(rival: str, operation: str, data: object) -> object:
    """The data of an answer in the form that all answers are compared in."""
    plain = _plain(data)
    if rival == PEER and isinstance(plain, dict):
        plain = dict(_peer_root(operation, key, value) for key, value in plain.items())
    if operation == "search":
        return _ranked(plain)
    if operation == "page-middle":
        return _paged(plain)
    return plain


def _peer_root(operation: str, key: str, value: object) -> tuple[str, object]:
    if key in BY_ID.get(operation, ()) and isinstance(value, list):
        return key.removesuffix("s"), value[0] if value else None
    return key, value


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return value.lower().replace("_", "-") if value.isupper() else value
    if isinstance(value, float):
        return round(value, 4)
    if not isinstance(value, Mapping):
        return value
    return _mapping({k: _plain(v) for k, v in value.items() if k not in UNLIKE})


def _mapping(given: dict[str, object]) -> object:
    match given:
        case {"edtf": date, **rest} if not rest:
            return date
        case {"nodes": nodes, **rest} if not rest:
            return nodes
        case {"edges": list(edges), **rest}:
            nodes = [e["node"] if set(e) == {"node"} else e for e in edges]
            return _mapping({**rest, "nodes": nodes})
        case {"aggregate": {"count": count}, **rest} if not rest:
            return {"totalCount": count}
        case {"properties": dict(properties), **rest}:
            return {**rest, **properties}
    return {
        key: value[0] if key in TO_ONE and isinstance(value, list) and value else value
        for key, value in given.items()
    }


def _ranked(found: object) -> object:
    """What a search found; of equals at the end each rival may leave out others."""
    match found:
        case {"search": list(hits) | {"hits": list(hits)}}:
            last = hits[-1]["score"] if hits else 0
            surely = [one for one in hits if one["score"] > last]
            surely.sort(key=lambda one: (-one["score"], one["node"]["id"]))
            return {"sure": surely, "scores": [one["score"] for one in hits]}
    return found


def _paged(found: object) -> object:
    """A page with whether there is more, which the peer says by one too many."""
    match found:
        case {"statements": list(rows)}:
            more = len(rows) > PAGE
            return {"statements": {"nodes": rows[:PAGE], "pageInfo": {"hasNextPage": more}}}
    return found
